// SPDX-License-Identifier: Apache-2.0
//
// Which finding is a cause and which a symptom, by replay: a finding is a symptom of another if it
// is gone in the facts without the other's condition.
#pragma once

#include "checks/check.hpp"

#include <vector>

namespace hfauth::diagnose {

/// One check that found something.
struct Hit {
  const Check* check = nullptr;
  Finding finding;
};

/// The hits of all checks on these facts, in the table's order.
[[nodiscard]] std::vector<Hit> run_checks(const Facts& facts);

/// Fills is_root and caused_by, and marks a fix as verified if its replay shows a token that the
/// Hub accepts.
void find_causes(const Facts& facts, std::vector<Hit>& hits);

}  // namespace hfauth::diagnose
