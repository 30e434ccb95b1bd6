// SPDX-License-Identifier: Apache-2.0
//
// The probes in their order: the client's version decides which files are looked at, and the Hub
// comes last, because it is asked about what the others found.
#include "hfauth/diagnose/probe.hpp"

#include "hfauth/token/token_text.hpp"
#include "probes.hpp"
#include "stand_in.hpp"

#include <system_error>

namespace hfauth::diagnose {

TokenValue take_value(const ProbeInput& input, ValueSource source, std::string where,
                      std::string_view raw, Secrets& secrets) {
  TokenValue value = describe_value(source, std::move(where), raw, input.fingerprinter);
  if (!value.sent.empty()) {
    secrets.emplace(value.sent, token::clean_as_huggingface_hub(raw));
  }
  std::vector<token::TokenFault> repairs;
  if (!value.repaired.empty() && value.repaired != value.sent) {
    if (Result<Secret> core = token::accept_token(raw, repairs)) {
      secrets.emplace(value.repaired, std::move(*core));
    }
  }
  return value;
}

Facts take_facts(const ProbeInput& input) {
  Facts facts;
  Secrets secrets;
  facts.taken = input.clock.now();
  facts.home = input.paths.home.string();
  facts.working_directory = input.working_directory.string();
  probe_environment(input, facts, secrets);
  probe_runtime(input, facts);
  probe_client(input, facts);
  probe_files(input, facts, secrets);
  probe_setting_lines(input, facts);
  probe_agent(input, facts);
  probe_hub(input, facts, secrets);
  return facts;
}

Fingerprinter doctor_fingerprinter(const UserPaths& paths) {
  const std::filesystem::path key_file = paths.state / "fingerprint.key";
  std::error_code ignored;
  if (std::filesystem::exists(key_file, ignored)) {
    if (Result<Fingerprinter> shared = Fingerprinter::load_or_create(key_file)) {
      return std::move(*shared);
    }
  }
  return Fingerprinter::ephemeral();
}

}  // namespace hfauth::diagnose
