// SPDX-License-Identifier: Apache-2.0
//
// The picture of the HTML page: for one client, the places in which it looks, in its order, and
// what comes of each: the one that wins with an arrow to the client, one that is shadowed with a
// line that ends before it.
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"

#include <string>

namespace hfauth::diagnose {

/// An inline <svg> element; colours are classes of report_page.css. Everything that the picture
/// tells stands in it as text too.
[[nodiscard]] std::string source_picture(const ClientReport& client, const Report& report);

}  // namespace hfauth::diagnose
