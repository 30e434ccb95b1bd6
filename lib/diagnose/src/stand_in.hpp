// SPDX-License-Identifier: Apache-2.0
//
// From a raw token value to its stand-in (facts.hpp): the one place of the diagnosis where a secret
// is looked at.
#pragma once

#include "hfauth/core/fingerprint.hpp"
#include "hfauth/diagnose/facts.hpp"

#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// Everything that the facts keep of `raw`. The result holds no part of the token but its last four
/// characters in the mask.
[[nodiscard]] TokenValue describe_value(ValueSource source, std::string where, std::string_view raw,
                                        const Fingerprinter& fingerprinter);

/// "hf_" and a fingerprint.
[[nodiscard]] std::string stand_in_for(std::string_view fingerprint);

}  // namespace hfauth::diagnose
