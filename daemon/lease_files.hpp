// SPDX-License-Identifier: Apache-2.0
//
// The files below <runtime> that hold a token for programs that read HF_TOKEN_PATH:
// lease/<profile>/token, and default/token for what is the default profile. 0600 in folders of
// 0700, swapped by rename, so a reader sees a whole token or none. Every folder is opened without
// following links and must be ours. The runtime folder is in RAM.
#pragma once

#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/token/profile_name.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace hfauth::daemon {

/// nullopt is the default file. Its folder is beside "lease", so that a profile may be named
/// "default".
using LeaseSlot = std::optional<token::ProfileName>;

class LeaseFiles {
 public:
  explicit LeaseFiles(std::filesystem::path runtime) : runtime_(std::move(runtime)) {}

  [[nodiscard]] std::filesystem::path path_of(const LeaseSlot& slot) const;

  /// Writes or swaps the file. Errors: denied (a folder is a link or not ours), permission,
  /// no_space, io.
  [[nodiscard]] Result<void> put(const LeaseSlot& slot, std::string_view token) const;

  /// Removes the file and its folder if nothing else is in it. A missing file is no error. Errors:
  /// denied, permission, io.
  [[nodiscard]] Result<void> remove(const LeaseSlot& slot) const;

  /// Removes every token file that an agent which was killed left behind. Errors: as remove; the
  /// first one, but all are tried.
  [[nodiscard]] Result<void> sweep() const;

 private:
  std::filesystem::path runtime_;
};

}  // namespace hfauth::daemon
