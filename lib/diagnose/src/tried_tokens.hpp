// SPDX-License-Identifier: Apache-2.0
//
// --try-all: which of the tokens would work.
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"

namespace hfauth::diagnose {

/// Fills Report::tried from the Hub's answers; the tokens of the report are there already.
void add_tried(const Facts& facts, Report& report);

}  // namespace hfauth::diagnose
