// SPDX-License-Identifier: Apache-2.0
//
// What programs put in front of each line of a message: times, levels, the names of services and
// workers, the marks of quotes. Pure; used by squeeze.cpp, line by line.
#pragma once

#include <cstddef>
#include <string_view>

namespace hfauth::diagnose {

/// The length of the beginning that a line shares with the one before it, a digit being like any
/// other, as far as it may be what a program put in front of both ("[rank0]: ", "worker-0: ",
/// "10:00:00.123 | ", pytest's "E       "): up to a mark with a space behind it, or to two spaces.
/// A sentence that is repeated is no prefix; it has more words in a row.
[[nodiscard]] std::size_t common_prefix(std::string_view line, std::string_view before);

/// `line` behind its quote marks, time, stream, service, unit and level.
[[nodiscard]] std::string_view without_prefix(std::string_view line);

}  // namespace hfauth::diagnose
