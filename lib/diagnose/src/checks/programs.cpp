// SPDX-License-Identifier: Apache-2.0
//
// HFA602, HFA607: programs of other installations, and programs that no shell starts. What a
// context (--context) finds is context.cpp's.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "resolver_input.hpp"
#include "session_answer.hpp"
#include "target_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

// What Python started by the service finds.
PythonAnswer ask_service(const Facts& facts, const ServiceFacts& service) {
  return ask_python_from(facts, {service.environment, facts.home, facts.home});
}

// The shell's token is a variable's, and the service has none, or one that the Hub refuses.
bool is_behind(const View& view, const PythonAnswer& inside) {
  if (!comes_from_environment(view.python) || !view.python.has_token() ||
      is_bad(view.facts, view.python.sent) || inside.raises) {
    return false;
  }
  return !inside.has_token() ||
         (inside.sent != view.python.sent && is_bad(view.facts, inside.sent));
}

Fix fix_for(const ServiceFacts& service) {
  if (service.kind == "systemd") {
    return {FixSafety::manual,
            false,
            tr("or give the unit a file of its own"),
            {{"", "systemctl --user edit " + service.name, ""},
             {"", "[Service]\nEnvironmentFile=%h/.config/hf.env", ""}}};
  }
  if (service.kind == "cron") {
    return {FixSafety::manual,
            false,
            tr("or name the file in the crontab"),
            {{"", "HF_TOKEN_PATH=$HOME/.cache/huggingface/token", ""}}};
  }
  return {FixSafety::manual,
          false,
          tr("or set the variable for the whole session"),
          {{"", "~/.config/environment.d/hf.conf", ""}}};
}

}  // namespace

std::optional<Finding> find_service_without_variables(const View& view) {
  Finding finding = finding_of("HFA602");
  finding.severity = Severity::warning;
  finding.confidence = Confidence::likely;  // it may need no token
  const ServiceFacts* first = nullptr;
  for (const ServiceFacts& service : view.facts.services) {
    if (!service.uses_hub) {
      continue;
    }
    const PythonAnswer inside = ask_service(view.facts, service);
    if (!is_behind(view, inside)) {
      continue;
    }
    first = first == nullptr ? &service : first;
    const std::string path = shown(view.facts, service.where);
    finding.evidence.push_back(
        {EvidenceKind::config,
         fmt::format(fmt::runtime(inside.has_token()
                                      ? tr("{0} ({1}) finds a token that the Hub refuses: {2}")
                                      : tr("{0} ({1}) finds no token: {2}")),
                     service.name, service.kind, service.command),
         path, ""});
  }
  if (first == nullptr) {
    return std::nullopt;
  }
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  judge_by_targets(view.facts, finding);
  finding.fixes.push_back(
      command_fix(FixSafety::manual, "hf auth login",
                  tr("save the token in its file, which is found without variables")));
  finding.fixes.push_back(fix_for(*first));
  return finding;
}

std::optional<Finding> find_different_interpreters(const View& view) {
  const ClientFacts& library = view.facts.client;
  const auto program = std::find_if(view.facts.programs.begin(), view.facts.programs.end(),
                                    [](const ProgramFacts& one) { return one.name == "hf"; });
  if (program == view.facts.programs.end() || program->version.empty() || library.version.empty() ||
      program->version == library.version) {
    return std::nullopt;  // two of one release answer alike
  }
  Finding finding = finding_of("HFA607");
  finding.evidence = {{EvidenceKind::file,
                       fmt::format(fmt::runtime(tr("hf: {0}, huggingface_hub {1}")),
                                   shown(view.facts, program->where), program->version),
                       shown(view.facts, program->where), ""},
                      {EvidenceKind::file,
                       fmt::format(fmt::runtime(tr("python3: {0}, huggingface_hub {1}")),
                                   shown(view.facts, library.where), library.version),
                       shown(view.facts, library.where), ""}};
  const PythonAnswer by_program =
      ask_python(view.facts, token::ClientVersion::parse(program->version));
  const bool differ =
      by_program.sent != view.python.sent || by_program.raises != view.python.raises;
  if (differ) {
    finding.severity = Severity::warning;
    finding.evidence.push_back(
        {EvidenceKind::replay, tr("the two releases come to different tokens here"), "", ""});
    finding.fixes.push_back(command_fix(FixSafety::manual,
                                        "python3 -m huggingface_hub.cli.hf auth whoami",
                                        tr("the command of this Python")));
  }
  return finding;
}

}  // namespace hfauth::diagnose
