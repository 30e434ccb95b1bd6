// SPDX-License-Identifier: Apache-2.0
//
// What `hfauth doctor -- PROGRAM` says when the program has ended: the messages about
// authentication in its output, and what the doctor finds on this machine. Pure.
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/render.hpp"

#include <string>
#include <vector>

namespace hfauth::diagnose {

/// One box of lines, each within the style's columns where words allow it; ends with a line break.
/// `heard` has at least one explanation: one value for each stream that was read.
[[nodiscard]] std::string render_box(const std::vector<Explained>& heard, const Report& report,
                                     const TextStyle& style);

/// The messages as the facts keep them, so that the diagnosis counts them among its proofs.
[[nodiscard]] std::vector<SaidMessage> said_in(const Explained& explained);

}  // namespace hfauth::diagnose
