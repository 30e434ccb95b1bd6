// SPDX-License-Identifier: Apache-2.0
//
// Bytes from anywhere to text that a tokenizer takes.
#pragma once

#include <string>

namespace hfauth::tokenizer {

/// `bytes` as UTF-8: each maximal part that is none becomes one U+FFFD, as in Python's
/// bytes.decode(errors="replace"). O(n); without a copy if all is well.
[[nodiscard]] std::string with_replacements(std::string bytes);

}  // namespace hfauth::tokenizer
