// SPDX-License-Identifier: Apache-2.0
//
// Text from outside as text of a document, whatever it holds: for XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// As the content of an element or of a quoted attribute: tokens are masked (before the escapes
/// hide them from the masks), control characters are spelled out, what has a meaning in markup is
/// an entity. Valid UTF-8 whatever comes in.
[[nodiscard]] std::string in_markup(std::string_view text);

}  // namespace hfauth::diagnose
