// SPDX-License-Identifier: Apache-2.0
//
// Changing huggingface_hub's own files the way it does itself (utils/_auth.py, 1.20 to 2.4), so
// that each can read what the other wrote: the lock of both, one section of stored_tokens replaced,
// and a file swapped whole. Used by whoever refreshes a token that Python has too.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::token {

/// `<stored_tokens>.lock`, taken as python-filelock does: flock(2), mode 0664 when it is made, left
/// in place; a lock on a file that was unlinked meanwhile does not count. Held until destruction.
class StoredTokensLock {
 public:
  /// Blocks up to `patience` (huggingface_hub: 30 s) and looks every 50 ms. Errors: timeout
  /// (another program holds it), permission, io, unsupported (a file system without flock).
  [[nodiscard]] static Result<StoredTokensLock> acquire(const std::filesystem::path& stored_tokens,
                                                        std::chrono::milliseconds patience);

 private:
  explicit StoredTokensLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

/// What a section is replaced by.
struct StoredLogin {
  const Secret& token;
  const Secret& refresh;  ///< may be empty: no such line
  std::optional<WallTime> expires;
};

/// The INI `content` with the section `name` replaced, or added: all sections sorted by name,
/// unknown keys of the others kept, [DEFAULT] written out into each, as configparser leaves it.
/// Errors: corrupt (as parse_stored_tokens, and for the JSON of hfrs).
[[nodiscard]] Result<Secret> with_login(std::string_view content, std::string_view name,
                                        const StoredLogin& login);

/// The INI `content` without these sections, otherwise as with_login writes it; empty if no section
/// is left. Errors: corrupt.
[[nodiscard]] Result<Secret> without_logins(std::string_view content,
                                            const std::vector<std::string>& names);

/// The INI `content` with every line behind "# " that keeps configparser from reading it, and with
/// the whole of a section whose name was there before; nothing is taken away. Errors: corrupt (the
/// JSON of hfrs; it cannot be read even so), conflict (there is no such line).
[[nodiscard]] Result<Secret> with_faults_commented(std::string_view content);

/// Swaps the content of one of Python's secret files, 0600 and durable when it returns. A symbolic
/// link stays and its target is swapped. Errors: as write_file_atomically.
[[nodiscard]] Result<void> write_hub_secret(const std::filesystem::path& file,
                                            std::string_view content);

}  // namespace hfauth::token
