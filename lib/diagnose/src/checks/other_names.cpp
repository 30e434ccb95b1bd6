// SPDX-License-Identifier: Apache-2.0
//
// HFA102, HFA108, HFA111, HFA114, HFA115: tokens that stand where this client does not look.
#include "check.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

// Names that some library reads: facts/hub-auth.md §1.3.
constexpr std::array<std::string_view, 3> kReadBySomebody{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN",
                                                          "HUGGINGFACEHUB_API_TOKEN"};

bool is_read_by_somebody(std::string_view name) {
  return std::find(kReadBySomebody.begin(), kReadBySomebody.end(), name) != kReadBySomebody.end();
}

std::string rename_command(const Facts& facts, const std::string& name) {
  return facts.runtime.shell == "fish" ? "set -gx HF_TOKEN $" + name + "; set -e " + name
                                       : "export HF_TOKEN=\"$" + name + "\"; unset " + name;
}

// A file with a token that Python does not read now.
const TokenValue* other_file(const View& view) {
  const auto found = std::find_if(
      view.facts.values.begin(), view.facts.values.end(), [&](const TokenValue& value) {
        return value.source == ValueSource::file && value.where != view.python.where &&
               !value.sent.empty() && value.sent != view.python.sent &&
               !is_lease_path(value.where, view.facts.agent.runtime);
      });
  return found == view.facts.values.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Finding> find_several_variables(const View& view) {
  Finding finding = finding_of("HFA102");
  std::string first;
  bool differ = false;
  for (const TokenValue& value : view.facts.values) {
    if (value.source != ValueSource::env || value.fingerprint.empty()) {
      continue;
    }
    differ = differ || (!first.empty() && value.fingerprint != first);
    first = first.empty() ? value.fingerprint : first;
    finding.evidence.push_back(value_evidence(view.facts, value));
  }
  if (!differ) {
    return std::nullopt;
  }
  finding.fixes.push_back({FixSafety::manual,
                           false,
                           "",
                           {{tr("keep one of them, and give the other names its value"), "", ""}}});
  return finding;
}

std::optional<Finding> find_token_in_other_home(const View& view) {
  const TokenValue* other = other_file(view);
  const TokenValue* used = view.effective();
  const bool used_is_lease =
      used != nullptr && is_lease_path(used->where, view.facts.agent.runtime);
  const bool path_is_another_checks = view.facts.environment.get("HF_HOME") == "" ||
                                      view.facts.environment.get("HF_TOKEN_PATH") ||
                                      view.facts.environment.get("XDG_CACHE_HOME") == "";
  if (other == nullptr || view.python.raises || used_is_lease || path_is_another_checks ||
      (used != nullptr && used->source != ValueSource::file)) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA108");
  finding.severity = view.python.has_token()           ? Severity::warning
                     : is_bad(view.facts, other->sent) ? Severity::warning
                                                       : Severity::error;
  for (const token::ResolutionStep& step : view.python.steps) {
    if (step.source == token::TokenSource::token_file) {
      finding.evidence.push_back(
          {EvidenceKind::file,
           fmt::format(fmt::runtime(tr("Python reads {}")), shown(view.facts, step.where)), "",
           ""});
    }
  }
  finding.evidence.push_back(value_evidence(view.facts, *other));
  if (used != nullptr) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  std::string names;
  for (const char* name : {"HF_HOME", "XDG_CACHE_HOME", "HF_TOKEN_PATH"}) {
    if (view.facts.environment.non_empty(name)) {
      names += (names.empty() ? "" : " ") + std::string(name);
    }
  }
  if (!names.empty()) {
    finding.fixes.push_back(command_fix(FixSafety::manual, unset_command(view.facts, names),
                                        tr("if the usual place is meant")));
  }
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth import " + other->where,
                                      tr("to take that token into the agent")));
  return finding;
}

std::optional<Facts> with_other_file_read(const View& view) {
  const TokenValue* other = other_file(view);
  if (other == nullptr) {
    return std::nullopt;
  }
  Facts changed = view.facts;
  changed.environment.set("HF_TOKEN_PATH", other->where);
  return changed;
}

std::optional<Finding> find_active_not_stored(const View& view) {
  const TokenValue* used = view.effective();
  const auto& logins = view.facts.stored.logins;
  if (used == nullptr || used->source != ValueSource::file || logins.empty() ||
      is_lease_path(used->where, view.facts.agent.runtime) ||
      std::any_of(logins.begin(), logins.end(), [&](const StoredLoginFacts& login) {
        return login.token.stand_in == used->sent;
      })) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA111");
  finding.evidence.push_back(value_evidence(view.facts, *used));
  finding.fixes.push_back(command_fix(
      FixSafety::safe, "hfauth login --token-stdin --name NAME < '" + used->where + "'"));
  return finding;
}

std::optional<Finding> find_wrong_variable_name(const View& view) {
  if (view.python.has_token() || view.python.raises) {
    return std::nullopt;
  }
  for (const TokenValue& value : view.facts.values) {
    if (value.source == ValueSource::env && !is_read_by_somebody(value.where) &&
        !value.sent.empty() && !is_bad(view.facts, value.sent)) {
      Finding finding = finding_of("HFA114");
      finding.title = fmt::format(fmt::runtime(tr("{} holds a token, and nobody reads that name")),
                                  value.where);
      finding.evidence.push_back(value_evidence(view.facts, value));
      finding.fixes.push_back(
          replayed_fix(FixSafety::manual, rename_command(view.facts, value.where)));
      return finding;
    }
  }
  return std::nullopt;
}

std::optional<Facts> with_variable_renamed(const View& view) {
  const auto wrong = find_wrong_variable_name(view);
  if (!wrong) {
    return std::nullopt;
  }
  const std::string name = wrong->evidence.front().where;
  Facts changed = view.facts;
  changed.environment.set("HF_TOKEN", changed.environment.get(name).value_or(""));
  for (TokenValue& value : changed.values) {
    if (value.where == name) {
      value.where = "HF_TOKEN";
    }
  }
  changed.environment.unset(name);
  return changed;
}

std::optional<Finding> find_staging(const View& view) {
  if (!view.facts.environment.is_true("HUGGINGFACE_CO_STAGING")) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA115");
  finding.evidence.push_back({EvidenceKind::env,
                              "HUGGINGFACE_CO_STAGING=" +
                                  view.facts.environment.get("HUGGINGFACE_CO_STAGING").value_or(""),
                              "HUGGINGFACE_CO_STAGING", ""});
  finding.fixes.push_back(
      command_fix(FixSafety::manual, unset_command(view.facts, "HUGGINGFACE_CO_STAGING")));
  return finding;
}

}  // namespace hfauth::diagnose
