// SPDX-License-Identifier: Apache-2.0
//
// A program run as if we were not there, while its output is read along: it gets a terminal where
// the user has one (window size, keys, job control pass through), else the user's own input and
// pipes whose bytes are handed on unchanged and in order; signals reach it, its end is ours. Used
// by `hfauth doctor -- PROGRAM`. Blocks until the program has ended. One at a time in a process,
// and before any thread was started.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/diagnose/explain.hpp"

#include <string>
#include <vector>

namespace hfauth::cli {

struct WrappedEnd {
  int status = 0;                          ///< as a shell counts: 128 + the signal's number
  bool interrupted = false;                ///< it ended by SIGINT, SIGTERM or SIGHUP
  std::vector<diagnose::Explained> heard;  ///< one for each stream with a known message in it
};

/// `words` is not empty; the first is looked up in PATH. The environment is this process's own, as
/// it is. What the program leaves behind in the background loses its output when the program ends.
/// Errors: not_found and permission (the program), io, busy.
[[nodiscard]] Result<WrappedEnd> run_wrapped(const std::vector<std::string>& words);

}  // namespace hfauth::cli
