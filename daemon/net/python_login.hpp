// SPDX-License-Identifier: Apache-2.0
//
// The same login in huggingface_hub's own files: who refreshes it there too must take the same lock
// and leave both files as Python does. One thread.
#pragma once

#include "hfauth/token/hub_paths.hpp"
#include "hfauth/token/stored_tokens_file.hpp"
#include "hfauth/token/token_record.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::net {

/// A pair of Python's files.
struct PythonPlace {
  std::filesystem::path stored_tokens;
  std::filesystem::path token;
};

/// The pair that HF_TOKEN_PATH leads to and the pair in HF_HOME: programs with and without the
/// variable use one each. Absolute paths only.
[[nodiscard]] std::vector<PythonPlace> python_places(const token::HubPaths& paths);

/// What a section says.
struct PythonTokens {
  Secret token;
  Secret refresh;  ///< empty if there is none
  std::optional<WallTime> expires;
};

/// One section of one stored_tokens, under Python's lock.
class PythonLogin {
 public:
  /// The section that holds the login of `record`: the one with its token; else one that this token
  /// was refreshed into, by the claims in both, or, where they tell nothing, by the name that
  /// `hf auth login` gives ("oauth-" and the user). nullopt if there is none. Waits up to 30 s for
  /// the lock, if a section was found. Errors: timeout, and those of files.
  [[nodiscard]] static Result<std::optional<PythonLogin>> lock(
      const std::vector<PythonPlace>& places, const token::TokenRecord& record);

  /// As it stands under the lock.
  [[nodiscard]] const PythonTokens& tokens() const noexcept { return tokens_; }

  [[nodiscard]] const std::filesystem::path& stored_tokens() const noexcept {
    return place_.stored_tokens;
  }

  /// Writes the token file if it still holds `replaced`, then the section. May be done again by
  /// another run that cannot know how far this one came. Errors: those of files, corrupt.
  [[nodiscard]] Result<void> replace(const PythonTokens& fresh, const Secret& replaced);

 private:
  PythonLogin(PythonPlace place, std::string section, token::StoredTokensLock lock,
              PythonTokens tokens)
      : place_(std::move(place)),
        section_(std::move(section)),
        lock_(std::move(lock)),
        tokens_(std::move(tokens)) {}

  PythonPlace place_;
  std::string section_;
  token::StoredTokensLock lock_;
  PythonTokens tokens_;
};

}  // namespace hfauth::net
