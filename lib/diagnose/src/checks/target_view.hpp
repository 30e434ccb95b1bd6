// SPDX-License-Identifier: Apache-2.0
//
// How checks look at the targets: what is sent to them, and what was answered.
#pragma once

#include "check.hpp"

#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// What an ordinary request of Python carries: its token, "" if it is anonymous.
[[nodiscard]] std::string sent_now(const View& view);

/// The Hub's answer on the target to what was sent; nullptr if it was not asked.
[[nodiscard]] const TargetAnswer* answer_to(const TargetFacts& target, std::string_view sent);

/// "org/gated for hf_****abcd (alice): 403 Access to ...".
[[nodiscard]] Evidence target_evidence(const Facts& facts, const TargetFacts& target,
                                       const TargetAnswer& answer);

/// A target that nobody may use without a token: gated, or not shown to the anonymous and shown to
/// somebody; nullptr if there is none.
[[nodiscard]] const TargetFacts* target_that_needs_a_token(const Facts& facts);

/// What is known of not being logged in becomes an error where a target needs a token.
void judge_by_targets(const Facts& facts, Finding& finding);

}  // namespace hfauth::diagnose
