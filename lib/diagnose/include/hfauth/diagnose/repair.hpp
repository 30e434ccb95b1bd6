// SPDX-License-Identifier: Apache-2.0
//
// What hfauth itself can mend: for each root among the findings the one change of a file that takes
// its condition away, as data, and the world after it. Pure; nothing is read or written here
// (file_edit.hpp does).
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"

#include <string>
#include <vector>

namespace hfauth::diagnose {

/// One change, with what is needed to make it.
struct Repair {
  FixChange change;     ///< where.path is absolute
  std::string finding;  ///< "HFA101"
  FixSafety safety = FixSafety::unsafe;
  std::string title;  ///< what it does, in the chosen language
  bool verified = false;
};

/// In the order in which the findings are to be fixed. `report` is the diagnosis of `facts`.
/// Verified: the diagnosis of the world after it lacks the finding and is better.
[[nodiscard]] std::vector<Repair> plan_repairs(const Facts& facts, const Report& report);

/// The facts as the next shell would have them after the change.
[[nodiscard]] Facts after_repair(const Facts& facts, const Repair& repair);

/// More errors, or as many and more warnings, among the roots; or a token that Python had is gone.
[[nodiscard]] bool is_worse(const Report& after, const Report& before);

/// Adds what plan_repairs() finds to the fixes of the findings. For diagnose().
void add_repairs(const Facts& facts, Report& report);

}  // namespace hfauth::diagnose
