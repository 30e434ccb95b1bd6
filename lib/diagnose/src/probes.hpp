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

/// The variables of `environment` that matter, tokens as stand-ins: what the facts keep of it. The
/// tokens that stand in variables go to `values`.
[[nodiscard]] Environment kept_variables(const ProbeInput& input, const Environment& environment,
                                         std::vector<TokenValue>& values, Secrets& secrets);

/// A raw value as another place has it.
[[nodiscard]] HeldToken held_token(const ProbeInput& input, std::string_view raw, Secrets& secrets);

void probe_environment(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_files(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_setting_lines(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_runtime(const ProbeInput& input, Facts& facts);
void probe_client(const ProbeInput& input, Facts& facts);
/// All Pythons but those that probe_client found; behind probe_programs.
void probe_pythons(const ProbeInput& input, Facts& facts);
/// Those of the sessions; behind probe_sessions.
void probe_session_pythons(Facts& facts);
void probe_services(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_sessions(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_logins(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_git(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_folders(const ProbeInput& input, Facts& facts);
void probe_programs(const ProbeInput& input, Facts& facts);
void probe_surroundings(const ProbeInput& input, Facts& facts);
void probe_exposed(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_scripts(const ProbeInput& input, Facts& facts, Secrets& secrets);
void probe_printed(const ProbeInput& input, Facts& facts);
void probe_agent(const ProbeInput& input, Facts& facts);
void probe_hub(const ProbeInput& input, Facts& facts, Secrets& secrets);
/// Whether a question to the Hub could still end before the whole run must; if not, notes it once.
[[nodiscard]] bool has_time_left(const ProbeInput& input, Facts& facts);
/// Behind probe_hub: asks for nothing unless the Hub was reached.
void probe_targets(const ProbeInput& input, Facts& facts, Secrets& secrets);

/// The tokens that are worth a question, the most telling first (probe_hub.cpp).
[[nodiscard]] std::vector<std::string> tokens_worth_asking(const Facts& facts);

}  // namespace hfauth::diagnose
