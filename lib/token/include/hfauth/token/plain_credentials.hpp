// SPDX-License-Identifier: Apache-2.0
//
// Tokens that lie in plain text where other programs keep passwords: the files of git's helper
// `store` (git-credential-store(1)) and ~/.netrc (the GNU ftp manual; Python's netrc, curl).
// Parsing only; what is malformed is passed over, because these files are other programs'.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::token {

struct PlainCredential {
  std::string scheme;  ///< "https" or "http"; "" in a netrc, which has none
  std::string host;    ///< lower case; with the port if there is one
  std::string user;
  Secret password;
  std::size_t begin = 0;  ///< of the entry in the file: without it the file is as if it never was
  std::size_t end = 0;

  /// Whether a client would send it there; hf.co is the Hub too. A netrc knows hosts only.
  [[nodiscard]] bool is_for(const Endpoint& endpoint) const;
};

/// Lines such as https://user:password@host, percent-decoded.
[[nodiscard]] std::vector<PlainCredential> parse_git_store(std::string_view content);

/// "machine HOST login USER password PASSWORD", over any number of lines; a macdef is passed over,
/// the entry `default` too, because nobody means it for the Hub.
[[nodiscard]] std::vector<PlainCredential> parse_netrc(std::string_view content);

/// `content` without the entries that begin and end at these offsets, in guarded memory.
[[nodiscard]] Secret without_entries(std::string_view content,
                                     const std::vector<const PlainCredential*>& entries);

/// ~/.git-credentials and $XDG_CONFIG_HOME/git/credentials: where `store` looks by itself.
[[nodiscard]] std::vector<std::filesystem::path> git_store_files(const Environment& environment,
                                                                 const std::filesystem::path& home);

}  // namespace hfauth::token
