// SPDX-License-Identifier: Apache-2.0
//
// Values with every field set, so that a forgotten field shows in a golden file.
#include "samples.hpp"

#include "support/test_tokens.hpp"

namespace hfauth::testing {

token::ProfileName profile_name(std::string_view name) {
  return token::ProfileName::parse(name).value();
}

token::Endpoint endpoint(std::string_view url) {
  return token::Endpoint::parse(url, true).value();
}

token::TokenRecord record(std::string_view profile, std::string_view url) {
  token::TokenFacts facts = full_facts();
  facts.profile = profile_name(profile);
  facts.endpoint = endpoint(url);
  facts.expires.reset();
  facts.generation = 0;
  facts.login_again = false;
  return {.facts = std::move(facts),
          .token = Secret::copy_of(test_token(std::string(profile))),
          .refresh = {}};
}

token::TokenFacts full_facts() {
  return {.profile = profile_name("work"),
          .endpoint = endpoint("https://hub.example:8443"),
          .kind = token::TokenKind::fine_grained,
          .user = "ada",
          .role = "fineGrained",
          .display_name = "line\nbreak, \"quotes\", \\ and 한국어",
          .scopes = {"repo.content.read", "inference.serverless.write"},
          .orgs = {"engines"},
          .created = parse_utc("2026-01-02T03:04:05Z").value(),
          .expires = parse_utc("2027-01-02T03:04:05Z").value(),
          .generation = 7,
          .oauth_client = "client-of-tests",
          .login_again = true};
}

agent::StoredProfile full_profile() {
  return {.facts = full_facts(),
          .mask = "hf_****QxQx",
          .fingerprint = "0123abcd",
          .is_default = true,
          .refreshable = true};
}

agent::Route full_route() {
  return {.pattern = {.endpoint = endpoint("https://hub.example:8443"),
                      .repo_type = "dataset",
                      .repo = "engines/*",
                      .access = "write"},
          .profile = "work",
          .source = "config.toml:12"};
}

agent::WhichAnswer full_which() {
  return {.profile = full_profile(),
          .fault = "Expired",
          .steps = {{.kind = "route",
                     .source = "config.toml:12",
                     .pattern = "engines/*",
                     .profile = "work",
                     .outcome = "chosen"}},
          .decision = "confirm",
          .rule = "config.toml:20"};
}

agent::AuditEntry full_entry() {
  return {.sequence = 12,
          .time = parse_utc("2026-01-02T03:04:05Z").value(),
          .event = "GetToken",
          .outcome = "Denied",
          .profile = "work",
          .endpoint = "https://hub.example:8443",
          .repo = "engines/difference",
          .access = "write",
          .fingerprint = "0123abcd",
          .pid = 4712,
          .program = "/usr/bin/python3.11",
          .unit = "jupyter.service",
          .rule = "config.toml:20",
          .times = 3,
          .hash = std::string(64, 'a')};
}

agent::Event full_event() {
  return {.event = "default",
          .time = parse_utc("2026-01-02T03:04:05Z").value(),
          .profile = "work",
          .detail = "https://hub.example:8443"};
}

agent::AgentRules full_rules() {
  return {.config = "config.toml:3: unknown key",
          .audit = "off",
          .locks_at = parse_utc("2027-01-02T03:04:05Z").value()};
}

agent::AgentStatus full_status() {
  return {
      .version = "0.1.0",
      .pid = 4711,
      .uptime = std::chrono::seconds(90),
      .locked = false,
      .store = "vault",
      .store_place = "/home/ada/.local/share/hfauth/vault",
      .store_protection = "One sentence.",
      .store_state = "ok",
      .refusals = {{.store = "secret-service", .reason = "no D-Bus session"}},
      .memory_protection = "locked",
      .profiles = 2,
      .connections = 3,
      .leases = {{.profile = "work",
                  .path = "/run/user/1000/hfauth/lease/work/token",
                  .expires = parse_utc("2027-01-02T03:04:05Z").value()},
                 {.profile = "work", .path = "/run/user/1000/hfauth/default/token", .expires = {}}},
      .activation = "autospawn"};
}

}  // namespace hfauth::testing
