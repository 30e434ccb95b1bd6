// SPDX-License-Identifier: Apache-2.0
//
// Which token would clients other than huggingface_hub send by themselves, and why; and which
// changes a running process notices. Pure.
#pragma once

#include "hfauth/token/resolver.hpp"

#include <string_view>

namespace hfauth::token {

/// The clients whose rules are known, huggingface_hub apart (facts/hub-auth.md §1.5 to 1.7).
enum class OtherClient {
  hfrs,          ///< the Rust command line of hf-hub 1.1
  rust_library,  ///< hf-hub as a crate: up to 0.5 the file alone, from 1.0 on nothing by itself
  javascript_library,  ///< @huggingface/hub: what the program passes, nothing by itself
  hfjs,                ///< its command line: HF_TOKEN alone
  git,                 ///< its own credential helpers, never HF_TOKEN or the token file
  curl,                ///< nothing by itself; ~/.netrc with -n
};

[[nodiscard]] std::string_view name_of(OtherClient client) noexcept;

/// Which token another client would send by itself, from where, and why not from elsewhere. Pure.
/// `version` matters to rust_library alone.
[[nodiscard]] Resolution resolve_other(OtherClient client, const ResolverInput& input,
                                       ClientVersion version = {});

/// When a running process takes notice of a change at a source.
enum class Notice {
  next_request,  ///< read on every call
  next_start,    ///< copied when the process started, or read when the library was imported
  next_session,  ///< asked once a process, and the answer is kept
};

/// For what stands at the source: a variable's value, a file's content, a secret of Colab's. Where
/// a file is looked for (HF_HOME, HF_TOKEN_PATH) is Notice::next_start in every client.
[[nodiscard]] Notice notice_of(TokenSource source) noexcept;

}  // namespace hfauth::token
