// SPDX-License-Identifier: Apache-2.0
//
// What every command is given: the environment as it was at start, where hfauth's files are, the
// streams and the terminal. Made once in main; commands take nothing from globals.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"

#include <cstddef>
#include <iosfwd>

namespace hfauth::cli {

struct Terminal {
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool in_is_terminal = false;
  bool colour = false;       ///< --color, NO_COLOR, CLICOLOR_FORCE, TERM=dumb already weighed
  bool ascii = false;        ///< --ascii, or the locale is not UTF-8
  std::size_t columns = 80;  ///< at most what the terminal has; 80 if unknown
};

/// How a command prints data, as `hf` has it: `human` for people; `agent` for coding agents, the
/// same facts without colour, marks and questions; `json` for programs; `quiet` the bare values.
enum class Format { human, agent, json, quiet };

/// The forms of other programs, which the doctor alone has; the format is `human` beside one.
enum class ReportForm { none, sarif, junit, markdown, github };

struct Context {
  const Environment& environment;
  const UserPaths& paths;
  Terminal terminal;
  Format format = Format::human;
  ReportForm report_form = ReportForm::none;
  bool offline = false;  ///< --offline, or HF_HUB_OFFLINE is true
  int verbosity = 0;     ///< -q is -1, -v is 1, -vv is 2
  std::istream& in;
  std::ostream& out;  ///< data
  std::ostream& err;  ///< talk
};

}  // namespace hfauth::cli
