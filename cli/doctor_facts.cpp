// SPDX-License-Identifier: Apache-2.0
#include "doctor_facts.hpp"

#include "doctor_context.hpp"
#include "doctor_git.hpp"
#include "git_answers.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/diagnose/probe.hpp"
#include "hfauth/diagnose/python_answer.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace hfauth::cli {
namespace {

// Static: a probe that hangs is left behind with what it refers to.
const Fingerprinter& fingerprinter_of(const Context& context) {
  static const Fingerprinter fingerprinter = diagnose::doctor_fingerprinter(context.paths);
  return fingerprinter;
}

diagnose::ProbeInput input_for(const Context& context, const Clock& clock,
                               const DoctorQuestion& question) {
  std::error_code ignored;
  return {.environment = context.environment,
          .paths = context.paths,
          .working_directory = std::filesystem::current_path(ignored),
          .fingerprinter = fingerprinter_of(context),
          .clock = clock,
          .offline = context.offline,
          .write = question.write,
          .security = question.security,
          .targets = question.targets,
          .client = question.client,
          .printed = question.printed,
          .said = question.said,
          .scripts = question.scripts,
          .try_all = question.try_all,
          .agent = diagnose::agent_access(context.environment, context.paths),
          .hub = diagnose::hub_access(context.environment, "hfauth/" HFAUTH_VERSION),
          .git_leaks = git_leaks(context.environment, context.paths, fingerprinter_of(context)),
          .git_helper = git_helper(context.environment)};
}

/// What Python would send from the shell that asks, by its own places alone.
diagnose::HeldPlace token_of_shell(const Context& context, const Clock& clock) {
  diagnose::ProbeInput input = input_for(context, clock, {});
  input.scope = diagnose::ProbeScope::sources;
  const diagnose::Facts facts = diagnose::take_facts(input);
  const diagnose::PythonAnswer python = diagnose::ask_python(facts);
  const diagnose::TokenValue* value = diagnose::value_at(facts, python.where);
  if (!python.has_token() || value == nullptr) return {};
  return {value->where, {value->sent, value->mask, value->fingerprint}};
}

diagnose::AgentAccess no_agent() {
  diagnose::AgentAccess access;
  access.look = []() -> Result<diagnose::AgentAccess::Snapshot> {
    diagnose::AgentAccess::Snapshot none;
    none.status.store = "none";
    return none;
  };
  return access;
}

Result<diagnose::Facts> facts_of_context(const Context& context, const Clock& clock,
                                         const DoctorQuestion& question) {
  const Result<SeenContext> seen = look_into(question.context, context);
  if (!seen) return seen.error();
  UserPaths paths = context.paths;
  paths.home = seen->home;
  diagnose::ProbeInput asked = input_for(context, clock, question);
  diagnose::ProbeInput input{
      .environment = seen->environment,
      .paths = paths,
      .working_directory = seen->working_directory,
      .fingerprinter = asked.fingerprinter,
      .clock = clock,
      .offline = asked.offline,
      .write = asked.write,
      .security = asked.security,
      .targets = std::move(asked.targets),
      .client = std::move(asked.client),
      .printed = std::move(asked.printed),
      .said = std::move(asked.said),
      .scripts = std::move(asked.scripts),
      .context = seen->name,
      .shell = token_of_shell(context, clock),
      .unknown = seen->unknown,
      .on_host = seen->on_host,
      .foreign = seen->foreign,
      .try_all = asked.try_all,
      .agent = seen->has_agent ? std::move(asked.agent) : no_agent(),
      .hub = diagnose::hub_access(seen->environment, "hfauth/" HFAUTH_VERSION)};
  if (!seen->interpreter.empty() && !input.client) {
    input.interpreter = seen->interpreter;
  }
  return diagnose::take_facts(input);
}

}  // namespace

Result<diagnose::Facts> facts_of_this_machine(const Context& context, const Clock& clock,
                                              const DoctorQuestion& question) {
  if (!question.context.empty()) return facts_of_context(context, clock, question);
  return diagnose::take_facts(input_for(context, clock, question));
}

Result<diagnose::Facts> facts_of_file(const std::string& path) {
  const Result<std::string> document = read_file(path);
  if (!document) return document.error();
  Result<diagnose::Facts> facts = diagnose::facts_from_json(*document);
  if (!facts) return Error{facts.error().code, path + ": " + facts.error().detail};
  return facts;
}

diagnose::Facts facts_of_sessions(const Context& context, const Clock& clock) {
  diagnose::ProbeInput input = input_for(context, clock, {});
  input.scope = diagnose::ProbeScope::sessions;
  return diagnose::take_facts(input);
}

Result<Examination> examine(const Context& context, const Clock& clock,
                            const DoctorQuestion& question) {
  Result<diagnose::Facts> facts = facts_of_this_machine(context, clock, question);
  if (!facts) return facts.error();
  diagnose::Report report = diagnose::diagnose(*facts, question.judging);
  return Examination{std::move(*facts), std::move(report)};
}

}  // namespace hfauth::cli
