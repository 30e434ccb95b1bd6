// SPDX-License-Identifier: Apache-2.0
//
// Parts of the facts (facts.hpp) on a program or a notebook that was named as a target: what in its
// text has to do with the Hub. It was read, not run, so all of it is what the text says.
#pragma once

#include "hfauth/diagnose/facts_places.hpp"

#include <string>
#include <vector>

namespace hfauth::diagnose {

/// One place in the text.
struct ScriptPlace {
  std::string kind;     ///< see script_reading.hpp
  int line = 0;         ///< from 1; in a notebook counted in its cell
  int cell = 0;         ///< of a notebook, from 1; 0 in a script
  std::string subject;  ///< repository, variable or function; never a token
  HeldToken token;      ///< of a literal that stands there; empty if there is none

  friend bool operator==(const ScriptPlace&, const ScriptPlace&) = default;
};

struct ScriptFacts {
  std::string path;  ///< absolute
  bool notebook = false;
  std::string problem;  ///< why it could not be read; "" if it could
  std::vector<ScriptPlace> places;
  bool tracked = false;  ///< by git, so that whoever clones it has it

  friend bool operator==(const ScriptFacts&, const ScriptFacts&) = default;
};

}  // namespace hfauth::diagnose
