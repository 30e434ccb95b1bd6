// SPDX-License-Identifier: Apache-2.0
//
// From the words of the command line to a running command: finds the command, parses its options
// and the global ones, answers --help and --version, prints usage errors with the nearest match.
#pragma once

#include "context.hpp"
#include "hfauth/core/result.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace hfauth::cli {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Runs the program for `words` (without argv[0]) and returns its exit status. Chooses the language
/// of the process. `paths` may be an error (no home directory): only commands that need no files
/// run then.
int run_command_line(const std::vector<std::string>& words, const Environment& environment,
                     const Result<UserPaths>& paths, Streams streams);

}  // namespace hfauth::cli
