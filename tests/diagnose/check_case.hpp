// SPDX-License-Identifier: Apache-2.0
//
// A row of the checks' tables: a machine, what is changed in its facts, and what one check says.
#pragma once

#include "diagnose/machine.hpp"

#include <functional>
#include <iosfwd>
#include <string>

namespace hfauth::testing {

struct CheckCase {
  std::string name;
  std::string id;
  std::string expected;  ///< "error root", "info", "": not found
  std::function<void(Machine&)> build;
  std::function<void(diagnose::Facts&)> change;
};

std::ostream& operator<<(std::ostream& out, const CheckCase& one);

/// Builds, changes, writes the facts to JSON and back, and compares; every root has a proof.
void judge(const CheckCase& one);

/// alice is logged in by her token file.
void alice(Machine& machine);

extern const std::string kTokenA;
extern const std::string kTokenB;
extern const std::string kTokenX;

/// The stand-in of a token that the Hub was asked about.
[[nodiscard]] std::string sent_of(const diagnose::Facts& facts, std::size_t index = 0);

}  // namespace hfauth::testing
