// SPDX-License-Identifier: Apache-2.0
//
// Which changes take a finding's condition away, and what they are called. Pure. What hfauth does
// not do by itself, and why: docs/decisions/0010-repairs.md.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/finding.hpp"

#include <string>
#include <vector>

namespace hfauth::diagnose {

struct PlannedChange {
  FixChange change;
  FixSafety safety = FixSafety::unsafe;
};

/// In the order in which to make them: of several lines of a file the last one first. Empty if
/// there is none.
[[nodiscard]] std::vector<PlannedChange> changes_for(const Facts& facts, const Finding& finding);

/// "comment out line 3 of ~/.bashrc", in the chosen language.
[[nodiscard]] std::string title_of(const Facts& facts, const FixChange& change);

/// The profile of that token; nullptr if there is none for the endpoint.
[[nodiscard]] const AgentProfile* profile_with(const Facts& facts, std::string_view stand_in);

}  // namespace hfauth::diagnose
