// SPDX-License-Identifier: Apache-2.0
//
// Work in another process, and waiting for what it does: for tests in which two use one folder, or
// one is killed.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <functional>
#include <system_error>
#include <thread>

namespace hfauth::testing {

/// Runs `work` in a child, which ends with its result as exit status, or with 125 after an
/// exception.
inline pid_t in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child > 0) return child;
  int status = 125;
  try {
    status = work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "child: %s\n", error.what());
  }
  ::_exit(status);
}

/// Waits for the end; the exit status, or the negative number of the signal.
inline int status_of(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child)
    throw std::system_error(errno, std::generic_category(), "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// True as soon as `event` is; false after `deadline`.
inline bool happens(const std::function<bool()>& event, std::chrono::seconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (std::chrono::steady_clock::now() < end) {
    if (event()) return true;
    std::this_thread::yield();
  }
  return false;
}

}  // namespace hfauth::testing
