// SPDX-License-Identifier: Apache-2.0
//
// Every token that lies on this machine in plain text where a client of the Hub looks: what
// `import` takes over and what `logout` names.
#pragma once

#include "context.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::cli {

enum class PlainPlace { variable, token_file, stored_tokens, git_store, netrc };

/// "variables", "token", "stored_tokens", "git", "netrc": the words of --from.
[[nodiscard]] std::string_view name_of(PlainPlace place) noexcept;

struct PlainToken {
  PlainPlace place = PlainPlace::variable;
  std::string where{};           ///< the variable's name
  std::filesystem::path file{};  ///< where it is one
  std::string section{};         ///< of stored_tokens: the token's name there
  Secret token{};                ///< cleaned as huggingface_hub cleans it
  Secret refresh{};
  std::optional<WallTime> expires{};
};

struct PlainTokens {
  std::vector<PlainToken> tokens;  ///< in the order of PlainPlace
  std::vector<Error> faults;       ///< files that could not be read or understood, each named
};

/// Looks at the variables that Hub clients read, `token` and `stored_tokens` (both forms), git's
/// store files and ~/.netrc. A lease of our own is no plain copy and is left out. Empty ones and
/// placeholders are left out too. Reads only.
[[nodiscard]] PlainTokens find_plain_tokens(const Context& context,
                                            const token::Endpoint& endpoint);

/// "~/.cache/huggingface/stored_tokens [name]", "HF_TOKEN".
[[nodiscard]] std::string show_place(const PlainToken& found, const Context& context);

}  // namespace hfauth::cli
