// SPDX-License-Identifier: Apache-2.0
#include "doctor_facts.hpp"

#include "hfauth/diagnose/probe.hpp"

#include <filesystem>
#include <system_error>

namespace hfauth::cli {

diagnose::Facts facts_of_this_machine(const Context& context, const Clock& clock) {
  std::error_code ignored;
  const Fingerprinter fingerprinter = diagnose::doctor_fingerprinter(context.paths);
  return diagnose::take_facts(
      {.environment = context.environment,
       .paths = context.paths,
       .working_directory = std::filesystem::current_path(ignored),
       .fingerprinter = fingerprinter,
       .clock = clock,
       .offline = context.offline,
       .agent = diagnose::agent_access(context.environment, context.paths),
       .hub = diagnose::hub_access(context.environment, "hfauth/" HFAUTH_VERSION)});
}

}  // namespace hfauth::cli
