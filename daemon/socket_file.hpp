// SPDX-License-Identifier: Apache-2.0
//
// The listening socket's place in the file system: made with mode 0600 in a folder of 0700, taken
// over from an agent that was killed, refused where it is a link, somebody else's, or alive.
#pragma once

#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace hfauth::daemon {

/// Waiting connections. Fifty racing clients are a test, a thousand a storm.
inline constexpr int kBacklog = 512;

/// Which file stands at a path, so that one can see later whether it is still the same.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// nullopt if there is nothing.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::filesystem::path& path);

/// Binds and listens; a stale socket of ours is replaced in one step. Makes the folder. The caller
/// holds the agent's lock, so a socket that answers is not another hfauthd's of this folder.
/// Errors: denied (foreign, a link, no socket, an unsafe folder), conflict (a live program listens
/// there), too_large (path), permission, io.
[[nodiscard]] Result<UniqueFd> listen_on(const std::filesystem::path& path);

}  // namespace hfauth::daemon
