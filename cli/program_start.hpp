// SPDX-License-Identifier: Apache-2.0
//
// Starts the program of wrapped_program.hpp: in our own session and process group, so that the
// user's shell and terminal drive it as they drive us; or, on a terminal of its own, in a new
// session, under a small process that tells when it stops and how it ends. (A program whose parent
// is in another session cannot be stopped by Ctrl-Z: its process group counts as orphaned.)
#pragma once

#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"

#include <sys/types.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

namespace hfauth::cli {

/// What the program tells by ProgramStart::news, in this order; more than once only `stopped`.
struct ProgramNews {
  enum class Kind { failed, started, stopped, ended };
  Kind kind = Kind::failed;
  int value = 0;  ///< errno; process id; signal; status as waitpid(2) has it
};

struct ProgramSettings {
  std::array<int, 3> streams{0, 1, 2};  ///< what the program has as its standard streams
  int terminal = -1;                    ///< its controlling terminal; -1: ours
  sigset_t signals{};                   ///< the mask that it starts with
  std::vector<int> defaults;            ///< signals that we ignore and that it does not
};

struct ProgramStart {
  pid_t child = -1;  ///< to wait for: the program, or the process that watches it
  bool is_watched = false;
  UniqueFd news;  ///< whole ProgramNews values
};

/// Forks; call before any thread was started. Errors: busy, io. That the program cannot be run
/// comes as `failed`.
[[nodiscard]] Result<ProgramStart> start_program(const std::vector<std::string>& words,
                                                 const ProgramSettings& settings);

/// The next news; `failed` with EPIPE if there will be none.
[[nodiscard]] ProgramNews read_news(int fd) noexcept;

}  // namespace hfauth::cli
