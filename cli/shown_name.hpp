// SPDX-License-Identifier: Apache-2.0
//
// Names that others chose (files, folders, refs), made safe for a terminal and a single line.
#pragma once

#include <string>
#include <string_view>

namespace hfauth::cli {

/// Valid UTF-8 without control characters: these, and the invisible ones that turn the direction of
/// writing, become "\x1b" or "\u{202e}"; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string shown_name(std::string_view name);

}  // namespace hfauth::cli
