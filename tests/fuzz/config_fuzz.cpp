// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as the configuration file: rules, or one line that says what is wrong and where. Rules
// that were taken can be asked, and the patterns in them answer.
#include "config.hpp"
#include "hfauth/core/utf8.hpp"
#include "property.hpp"
#include "routes.hpp"

#include <cstdint>
#include <string_view>

using hfauth::fuzzing::require;
namespace hfauthd = hfauth::daemon;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const hfauth::Result<hfauthd::Config> config = hfauthd::parse_config(bytes, "config.toml");
  if (!config) {
    const std::string& told = config.error().detail;
    require(config.error().code == hfauth::Errc::usage, "a mistake is a mistake of the user's");
    require(told.starts_with("config.toml:"), "a mistake has a place");
    require(told.find('\n') == std::string::npos, "a mistake is one line");
    require(!hfauth::utf8::first_invalid(told), "a mistake is UTF-8");
    return 0;
  }
  const hfauthd::Subject subject{.profile = "work",
                                 .purpose = {"org/name", "model", true},
                                 .program = {true, "/usr/bin/python3", "a.service"}};
  const hfauthd::Decision decision = hfauthd::Policy(config->policy).decide(subject);
  require(decision.verdict == hfauthd::Verdict::allow || !decision.rule.empty(),
          "who refuses names a rule");
  hfauthd::Routes routes;
  routes.take_file(config->routes);
  const hfauth::token::Endpoint hub = hfauth::token::Endpoint::hub();
  const auto at_the_hub = [&hub](const std::string& /*profile*/) { return &hub; };
  const std::string chosen = routes.choose(subject.purpose, hub, at_the_hub, nullptr);
  require(chosen.empty() || hfauth::token::ProfileName::parse(chosen).has_value(),
          "a route leads to a name");
  return 0;
}
