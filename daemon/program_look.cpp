// SPDX-License-Identifier: Apache-2.0
//
// The order matters: first the pidfd, then /proc, then whether the process of the pidfd still
// lives. If it does, its number was its own all the time.
#include "program_look.hpp"

#include "hfauth/core/text_pieces.hpp"
#include "hfauth/core/utf8.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <string>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

namespace hfauth::daemon {
namespace {

std::string read_link(const std::string& path) {
  std::string target(PATH_MAX, '\0');
  const ssize_t size = readlink(path.c_str(), target.data(), target.size());
  target.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return target;
}

/// Where systemd keeps its units: version 2's hierarchy, or version 1's of its own where both are
/// mounted and where only that one is; else the first one that says more than "/".
std::string_view control_group(std::string_view cgroup) {
  std::string_view found;
  int best = 0;
  while (!cgroup.empty()) {
    std::string_view rest = take_until(cgroup, '\n');
    const std::string_view hierarchy = take_until(rest, ':');
    const std::string_view controllers = take_until(rest, ':');
    int rank = 1;
    if (hierarchy == "0") rank = 3;
    if (controllers == "name=systemd") rank = 2;
    if (rest.starts_with('/') && rest.size() > 1 && rank > best) {
      best = rank;
      found = rest;
    }
  }
  return found;
}

bool is_unit(std::string_view part) {
  return part.ends_with(".service") || part.ends_with(".scope");
}

}  // namespace

std::string unit_of(std::string_view cgroup) {
  std::string_view path = control_group(cgroup);
  std::string_view unit;
  while (!path.empty()) {
    const std::string_view part = take_until(path, '/');
    if (is_unit(part) || !is_unit(unit)) unit = part;
  }
  return utf8::make_valid(unit);
}

UniqueFd open_peer_process(int socket, pid_t pid) {
  int fd = -1;
  socklen_t size = sizeof fd;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &fd, &size) == 0) return UniqueFd(fd);
  return UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

bool process_lives(int pidfd) {
  pollfd entry{.fd = pidfd, .events = POLLIN, .revents = 0};
  return poll(&entry, 1, 0) == 0;
}

ProgramFacts look_at_program(int pidfd, pid_t pid) {
  constexpr std::size_t kLongestCgroup = 4096;
  if (pidfd < 0) return {};
  const std::string folder = "/proc/" + std::to_string(pid);
  ProgramFacts facts;
  facts.program = utf8::make_valid(read_link(folder + "/exe"));
  if (const Result<std::string> cgroup = read_file(folder + "/cgroup", kLongestCgroup))
    facts.unit = unit_of(*cgroup);
  if (facts.program.empty() || !process_lives(pidfd)) return {};
  facts.known = true;
  return facts;
}

}  // namespace hfauth::daemon
