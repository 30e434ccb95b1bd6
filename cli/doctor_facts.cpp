// SPDX-License-Identifier: Apache-2.0
#include "doctor_facts.hpp"

#include "hfauth/diagnose/probe.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace hfauth::cli {

diagnose::Facts facts_of_this_machine(const Context& context, const Clock& clock,
                                      DoctorQuestion question) {
  std::error_code ignored;
  // Static: a probe that hangs is left behind with what it refers to.
  static const Fingerprinter fingerprinter = diagnose::doctor_fingerprinter(context.paths);
  return diagnose::take_facts(
      {.environment = context.environment,
       .paths = context.paths,
       .working_directory = std::filesystem::current_path(ignored),
       .fingerprinter = fingerprinter,
       .clock = clock,
       .offline = context.offline,
       .write = question.write,
       .targets = std::move(question.targets),
       .printed = std::move(question.printed),
       .agent = diagnose::agent_access(context.environment, context.paths),
       .hub = diagnose::hub_access(context.environment, "hfauth/" HFAUTH_VERSION)});
}

}  // namespace hfauth::cli
