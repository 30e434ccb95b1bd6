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
  Format format = Format::human;
  ColourWish colour = ColourWish::automatic;
  bool ascii = false;
  std::optional<std::string> language;
  bool offline = false;
  int verbosity = 0;
  bool help = false;
  bool version = false;

  /// Adds their descriptions. Texts by tr().
  static void describe(po::options_description& options);

  /// Takes over what was given in `values`. Errors: usage (an unknown format, colour word or
  /// language).
  [[nodiscard]] Result<void> take(const po::variables_map& values);
};

}  // namespace hfauth::cli
