// SPDX-License-Identifier: Apache-2.0
//
// The socket is bound beside its place and renamed there: the name is never without a listener, and
// a stale file is replaced without a moment in which a second one could slip in.
#include "socket_file.hpp"

#include "hfauth/core/paths.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace hfauth::daemon {
namespace {

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{Errc::too_large,
                 path + ": longer than a socket's path may be (107 bytes); set HFAUTH_SOCK"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(
      &address);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

/// Whether what stands at `path` may be replaced: nothing, or a socket of ours that nobody listens
/// on.
Result<void> check_replaceable(const std::filesystem::path& path) {
  struct stat info {};

  if (lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return {};
    return error_from_errno(errno, path.native());
  }
  if (!S_ISSOCK(info.st_mode)) {
    return Error{Errc::denied,
                 path.native() + " is not a socket (a link, a file): remove it if it is of no use"};
  }
  if (info.st_uid != geteuid())
    return Error{Errc::denied, path.native() + " belongs to another user"};
  const Result<sockaddr_un> address = address_of(path.native());
  if (!address) return address.error();
  const UniqueFd probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!probe) return error_from_errno(errno, "socket");
  const bool answered =
      connect(probe.get(), generic(*address), sizeof *address) == 0 || errno == EAGAIN;
  if (answered) return Error{Errc::conflict, "another program listens on " + path.native()};
  return {};
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::filesystem::path& path) {
  struct stat info {};

  if (lstat(path.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{.device = info.st_dev, .inode = info.st_ino};
}

Result<UniqueFd> listen_on(const std::filesystem::path& path) {
  if (Result<void> made = make_private_directory(path.parent_path()); !made) return made.error();
  if (Result<void> free = check_replaceable(path); !free) return free.error();
  const std::string unfinished = path.native() + ".new";
  const Result<sockaddr_un> address = address_of(unfinished);
  if (!address) return address.error();
  UniqueFd listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener) return error_from_errno(errno, "socket");
  unlink(unfinished.c_str());
  if (bind(listener.get(), generic(*address), sizeof *address) != 0)
    return error_from_errno(errno, unfinished);
  if (chmod(unfinished.c_str(), 0600) != 0 || listen(listener.get(), kBacklog) != 0 ||
      rename(unfinished.c_str(), path.c_str()) != 0) {
    const Error error = error_from_errno(errno, path.native());
    unlink(unfinished.c_str());
    return error;
  }
  return listener;
}

}  // namespace hfauth::daemon
