// SPDX-License-Identifier: Apache-2.0
//
// One process as /proc shows it. The folder is opened once and everything is read through it, so
// that a number which is given to another process meanwhile is never mixed up with it: what is read
// of a process that has ended is an error. Other users' processes are not looked into, whatever the
// system would allow.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/environment.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// What the system says of a process in one line (/proc/PID/stat), as it was at one moment.
struct ProcessStatus {
  char state = '\0';     ///< 'R', 'S', 'Z' (ended, and not waited for yet), ...; '\0': not known
  int parent = 0;        ///< who started it, or took it over; 0: not known
  long long began = -1;  ///< in ticks since the system's start; negative: not known
};

class ProcessFolder {
 public:
  /// `proc` is "/proc", or a test's. Errors: not_found (there is no such process), permission (it
  /// is another user's; the detail names whose).
  [[nodiscard]] static Result<ProcessFolder> open(const std::filesystem::path& proc, int pid);

  [[nodiscard]] int pid() const noexcept { return pid_; }

  [[nodiscard]] ProcessStatus status() const;
  /// When the process of that status began; nullopt if it is not known.
  [[nodiscard]] std::optional<WallTime> started(const ProcessStatus& status, WallTime now) const;

  /// The words of the command line; empty for a zombie and for threads of the kernel.
  [[nodiscard]] std::vector<std::string> words() const;
  /// The variables with which it was started; what it changed since is not there (proc(5)). Errors:
  /// permission (it changed its identity, or forbids it), not_found (it has ended).
  [[nodiscard]] Result<Environment> environment() const;
  /// "cwd", "exe", "root". Errors: as environment().
  [[nodiscard]] Result<std::filesystem::path> link(const char* name) const;
  /// Whether a file whose path holds one of the words is mapped into it: a library.
  [[nodiscard]] bool maps_any(const std::vector<std::string_view>& words) const;

 private:
  ProcessFolder(UniqueFd folder, std::filesystem::path proc, int pid)
      : folder_(std::move(folder)), proc_(std::move(proc)), pid_(pid) {}

  [[nodiscard]] Result<Secret> read(const char* name) const;

  UniqueFd folder_;
  std::filesystem::path proc_;
  int pid_;
};

/// The numbers of all processes, sorted.
[[nodiscard]] std::vector<int> process_numbers(const std::filesystem::path& proc);

}  // namespace hfauth::diagnose
