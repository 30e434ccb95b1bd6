// SPDX-License-Identifier: Apache-2.0
//
// The options that every command takes, before or behind its name.
#pragma once

#include "command.hpp"
#include "terminal.hpp"

#include <optional>
#include <string>

namespace hfauth::cli {

struct GlobalOptions {
  std::optional<Format> format;  ///< nullopt: automatic
  ReportForm report_form = ReportForm::none;
  ColourWish colour = ColourWish::automatic;
  bool ascii = false;
  std::optional<std::string> language;
  bool offline = false;
  int verbosity = 0;
  bool help = false;
  bool version = false;

  /// Adds their descriptions. Texts by tr().
  static void describe(po::options_description& options);

  /// The format to use: what was asked for, else `agent` if AI_AGENT or AGENT is set and not empty
  /// (the variables that every coding agent may set; huggingface_hub 2.4 _detect_agent.py; its list
  /// of further ones comes from the Hub, and no command asks the Hub for its own format), else
  /// `human`.
  [[nodiscard]] Format format_for(const Environment& environment) const;

  /// Takes over what was given in `values`. Errors: usage (an unknown format, colour word or
  /// language).
  [[nodiscard]] Result<void> take(const po::variables_map& values);
};

}  // namespace hfauth::cli
