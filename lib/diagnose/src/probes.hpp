// SPDX-License-Identifier: Apache-2.0
//
// One function a probe; each fills its part of the facts. `Secrets` carries the raw tokens from the
// probes that read them to the one that asks the Hub, and ends with the run.
#pragma once

#include "hfauth/core/secret.hpp"
#include "hfauth/diagnose/probe.hpp"

#include <map>
#include <string>

namespace hfauth::diagnose {

/// Raw tokens by the stand-in under which the facts know them.
using Secrets = std::map<std::string, Secret>;

/// What a raw value contributes to the facts; what it would send is kept in `secrets`.
[[nodiscard]] TokenValue take_value(const ProbeInput& input, ValueSource source, std::string where,
                                    std::string_view raw, Secrets& secrets);

void probe_environment(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_files(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_setting_lines(const ProbeInput& input, Facts& facts);
void probe_runtime(const ProbeInput& input, Facts& facts);
void probe_client(const ProbeInput& input, Facts& facts);
void probe_agent(const ProbeInput& input, Facts& facts);
void probe_hub(const ProbeInput& input, Facts& facts, Secrets& secrets);

}  // namespace hfauth::diagnose
