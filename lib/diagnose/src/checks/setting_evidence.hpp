// SPDX-License-Identifier: Apache-2.0
//
// The lines that set a variable, as proof: with file and line, for reports that lead there.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/finding.hpp"

#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// "set in ~/.bashrc line 3", one for each line.
[[nodiscard]] std::vector<Evidence> evidence_of_setting(const Facts& facts, std::string_view name);

}  // namespace hfauth::diagnose
