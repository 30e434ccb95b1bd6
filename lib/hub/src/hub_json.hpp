// SPDX-License-Identifier: Apache-2.0
//
// Reads the Hub's JSON. Unknown fields are ignored, a field of another type than expected counts as
// absent, except where the answer makes no sense without it. Pure; hub_json.cpp alone knows the
// JSON library.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/hub/hub_client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

/// "error" of {"error":"..."}; nullopt if `body` is no such object.
[[nodiscard]] std::optional<std::string> read_error_body(std::string_view body);

/// Fills identity, kind, role and dates from the body of a 200 of whoami-v2 (facts/hub-auth.md
/// §4.2); verdict, answer and failure are the caller's. `token_text` decides the kind where the
/// body does not (hf_oauth_, hf_jwt_, api_org_). Errors: network (not JSON, or without the name of
/// an account: this is not the Hub's answer).
[[nodiscard]] Result<void> read_whoami(std::string_view body, std::string_view token_text,
                                       Whoami& whoami);

struct TreePage {
  std::vector<TreeFile> files;
  std::size_t n_entries = 0;  ///< folders too
};

/// One page of /api/{type}s/{id}/tree/{revision}. Errors: network (no list, or a file without path,
/// size or a usable object id), corrupt (a path that could escape a folder).
[[nodiscard]] Result<TreePage> read_tree_page(std::string_view body);

/// trees/<commit>.json as huggingface_hub writes it.
[[nodiscard]] std::string write_tree_file(const Tree& tree);

/// The body of /api/{type}s/{id}. Errors: network (not JSON, no commit).
[[nodiscard]] Result<RepoInfo> read_repo_info(std::string_view body);

}  // namespace hfauth::hub
