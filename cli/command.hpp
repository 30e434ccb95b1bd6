// SPDX-License-Identifier: Apache-2.0
//
// One command of the program: a row of the table in commands.cpp. A new command is one file with a
// `const Command` and one line in that table; help, completions and the test that compares them
// with the man page read the same row.
#pragma once

#include "context.hpp"
#include "hfauth/core/error.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include <string_view>

namespace hfauth::cli {

namespace po = boost::program_options;

/// Which words of a command line belong to another program.
enum class ProgramWords {
  none,
  behind_options,  ///< behind "--", or from the first word that is no option: exec
  behind_dashes,   ///< behind "--" alone: doctor, which has words of its own
};

struct Command {
  std::string_view name;   ///< "login"; of a group "cache ls"
  std::string_view usage;  ///< what follows the name: "[--token-stdin] [--name NAME]"
  const char* summary;     ///< one line, tr_later()
  /// Adds the command's own options; names of positional arguments too. Texts by tr().
  void (*describe)(po::options_description& options,
                   po::positional_options_description& positional);
  /// Runs; returns the exit status. Global options are in the context.
  int (*run)(const po::variables_map& values, Context& context);
  /// Where another program's words are; they come as values["program"], a vector of strings, which
  /// is missing if there is no "--" where one is needed.
  ProgramWords program = ProgramWords::none;
  /// True for a command that knows the forms of ReportForm.
  bool has_report_forms = false;
  /// False for commands that work without a home directory: help, version.
  bool needs_home = true;
};

/// Prints "hfauth COMMAND: detail" in one line to the error stream, redacted, and gives the exit
/// status of the code.
int fail(Context& context, std::string_view command, const Error& error);

}  // namespace hfauth::cli
