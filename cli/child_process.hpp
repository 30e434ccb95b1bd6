// SPDX-License-Identifier: Apache-2.0
//
// A short-lived program of another's that a command asks something (git), or hands something to (a
// browser). It has a session of its own without a terminal, so it can neither prompt nor hold one.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

struct ChildResult {
  int status = 0;      ///< as a shell counts: 128 + the signal's number
  std::string output;  ///< standard output; nothing secret is ever asked for
};

/// Runs `words` (the first is looked up in PATH) with `input` as its standard input and standard
/// error thrown away, and kills it at the deadline. `input` may be a secret: it goes through a
/// socket, never through argv or a file. Errors: not_found (no such program), timeout, too_large
/// (more than 256 KiB of output), io.
[[nodiscard]] Result<ChildResult> run_child(const std::vector<std::string>& words,
                                            const Environment& environment, std::string_view input,
                                            std::chrono::milliseconds deadline);

/// As run_child, for output of any length that may hold secrets: `take` is given each piece as it
/// comes, and the buffer is wiped behind it. `input` may be of any length too. Returns the exit
/// status. Errors: not_found, timeout, io.
[[nodiscard]] Result<int> stream_child(const std::vector<std::string>& words,
                                       const Environment& environment,
                                       const std::function<void(std::string_view)>& take,
                                       std::chrono::milliseconds deadline,
                                       std::string_view input = "");

/// Starts `words` and leaves it to itself. Errors: not_found, io.
[[nodiscard]] Result<void> start_and_leave(const std::vector<std::string>& words,
                                           const Environment& environment);

}  // namespace hfauth::cli
