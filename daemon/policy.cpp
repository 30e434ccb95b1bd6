// SPDX-License-Identifier: Apache-2.0
#include "policy.hpp"

#include "glob.hpp"

#include <algorithm>

namespace hfauth::daemon {
namespace {

bool fits(const std::string& pattern, const std::string& text) {
  return pattern.empty() || glob_matches(pattern, text);
}

/// "" if the rule fits.
std::string_view mismatch(const PolicyRule& rule, const Subject& subject) {
  if (!fits(rule.profile, subject.profile)) return "other_profile";
  const bool names_program = !rule.program.empty() || !rule.unit.empty();
  if (names_program && !subject.program.known) {
    if (rule.verdict == Verdict::allow) return "other_program";
  } else {
    if (!fits(rule.program, subject.program.program)) return "other_program";
    if (!fits(rule.unit, subject.program.unit)) return "other_unit";
  }
  const bool names_repo = !subject.purpose.repo.empty();
  if (!rule.repo.empty() && !(names_repo && glob_matches(rule.repo, subject.purpose.repo)))
    return "other_repo";
  if (!rule.access.empty() && !(names_repo && rule.access == agent::access_of(subject.purpose)))
    return "other_access";
  return "";
}

std::string show(const PolicyRule& rule) {
  std::string text;
  const auto add = [&text](std::string_view word, const std::string& pattern) {
    if (pattern.empty()) return;
    text += (text.empty() ? "" : ", ") + std::string(word) + " " + pattern;
  };
  add("profile", rule.profile);
  add("program", rule.program);
  add("unit", rule.unit);
  add("repo", rule.repo);
  add("access", rule.access);
  return text.empty() ? "everybody" : text;
}

}  // namespace

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::allow:
      return "allow";
    case Verdict::confirm:
      return "confirm";
    case Verdict::deny:
      return "deny";
  }
  return "deny";
}

Policy::Policy(std::vector<PolicyRule> rules) : rules_(std::move(rules)) {
  looks_at_programs_ = std::any_of(rules_.begin(), rules_.end(), [](const PolicyRule& rule) {
    return !rule.program.empty() || !rule.unit.empty();
  });
}

Decision Policy::decide(const Subject& subject, std::vector<agent::Step>* steps) const {
  for (const PolicyRule& rule : rules_) {
    const std::string_view why = mismatch(rule, subject);
    if (steps != nullptr) {
      steps->push_back({.kind = "policy",
                        .source = rule.source,
                        .pattern = show(rule),
                        .profile = subject.profile,
                        .outcome = std::string(why.empty() ? name_of(rule.verdict) : why)});
    }
    if (why.empty()) return {.verdict = rule.verdict, .rule = rule.source};
  }
  return {};
}

}  // namespace hfauth::daemon
