// SPDX-License-Identifier: Apache-2.0
//
// Which of the findings hfauth can mend by itself, tried in a replay. For diagnose(), which has run
// the checks already. Pure.
#pragma once

#include "causes.hpp"
#include "hfauth/diagnose/repair.hpp"

#include <compare>
#include <cstddef>
#include <vector>

namespace hfauth::diagnose {

/// How many roots there are. What is good to know weighs least: more of it makes nothing worse.
struct RootCount {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notes = 0;

  friend auto operator<=>(const RootCount&, const RootCount&) = default;
};

/// Of all checks, before anything is acknowledged or left out.
[[nodiscard]] RootCount count_roots(const std::vector<Hit>& hits);

/// In the order in which the findings are to be fixed. `report` is the diagnosis of `facts`,
/// `before` the roots of all checks on them, whatever the report was asked for.
[[nodiscard]] std::vector<Repair> plan_repairs(const Facts& facts, const Report& report,
                                               const RootCount& before);

/// The same into the report, and to the fixes of its findings.
void add_repairs(const Facts& facts, const RootCount& before, Report& report);

}  // namespace hfauth::diagnose
