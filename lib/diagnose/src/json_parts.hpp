// SPDX-License-Identifier: Apache-2.0
//
// The objects that the JSON of the doctor and of explain share (docs/schema/doctor-1.json). Private
// to the renderers.
#pragma once

#include "hfauth/diagnose/finding.hpp"
#include "hfauth/diagnose/render.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace hfauth::diagnose {

[[nodiscard]] nlohmann::ordered_json json_of(const Finding& finding);

/// schema, tool and run: what every report begins with.
[[nodiscard]] nlohmann::ordered_json begin_json(const RunInfo& run, std::string_view mode,
                                                std::string_view runtime);

/// One line, invalid UTF-8 replaced, redacted once more as the last net.
[[nodiscard]] std::string dump(const nlohmann::ordered_json& document);

}  // namespace hfauth::diagnose
