// SPDX-License-Identifier: Apache-2.0
//
// Scores of a Unigram model, to the last bit as the reference reads them.
#pragma once

namespace hfauth::tokenizer {

/// What the reference's JSON parser makes of a number whose nearest double is `nearest` (finite):
/// it takes the digits as an integer and divides once, which for 17 digits is off by a bit at
/// times. On that bit depends which of two equally good ways through a word is taken. The digits
/// are taken to be the fewest that give `nearest` back, which is what every known writer of these
/// files puts out.
[[nodiscard]] double score_as_read(double nearest) noexcept;

}  // namespace hfauth::tokenizer
