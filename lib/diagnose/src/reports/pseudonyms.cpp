// SPDX-License-Identifier: Apache-2.0
//
// Masks are replaced wherever they stand; account and token names only as whole words, for they may
// be words of a sentence too ("read").
#include "hfauth/core/ascii.hpp"
#include "hfauth/diagnose/reports.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kShortestName = 3;  // "a" or "me" would take ordinary text apart

bool is_word(char c) {
  return ascii::is_alnum(c) || c == '_' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  return (at == 0 || !is_word(text[at - 1])) &&
         (at + size == text.size() || !is_word(text[at + size]));
}

std::string replaced(std::string_view text, std::string_view real, std::string_view shown,
                     bool whole_word) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t at = text.find(real); at != std::string_view::npos;
       at = text.find(real, at + 1)) {
    if (at < done || (whole_word && !stands_alone(text, at, real.size()))) continue;
    result.append(text.substr(done, at - done)).append(shown);
    done = at + real.size();
  }
  return result.append(text.substr(done));
}

void apply_to_texts(nlohmann::ordered_json& value, const Pseudonyms& pseudonyms) {
  if (value.is_string()) {
    value = pseudonyms.applied_to(std::string_view(value.get_ref<const std::string&>()));
    return;
  }
  if (!value.is_structured()) return;
  for (auto& inner : value)
    apply_to_texts(inner, pseudonyms);
}

}  // namespace

Pseudonyms::Pseudonyms(const Report& report) {
  std::vector<std::string> users;
  for (const TokenReport& token : report.tokens) {
    if (!token.mask.empty() && token.mask != "****")
      names_.push_back({token.mask, token.ref, false});
    if (token.display_name.size() >= kShortestName)
      names_.push_back({"\"" + token.display_name + "\"", "\"" + token.ref + "\"", false});
    if (token.account.size() >= kShortestName &&
        std::find(users.begin(), users.end(), token.account) == users.end()) {
      users.push_back(token.account);
      names_.push_back({token.account, "user-" + std::to_string(users.size()), true});
    }
  }
}

std::string Pseudonyms::applied_to(std::string_view text) const {
  std::string result(text);
  for (const Name& name : names_)
    result = replaced(result, name.real, name.shown, name.whole_word);
  return result;
}

Report Pseudonyms::applied_to(Report report) const {
  const auto apply = [this](std::string& text) { text = applied_to(std::string_view(text)); };
  apply(report.headline);
  apply(report.account);
  for (TokenReport& token : report.tokens) {
    token.mask = token.ref;
    token.display_name.clear();
    apply(token.account);
    for (TokenReport::Source& source : token.sources)
      apply(source.where);
  }
  for (Finding& finding : report.findings) {
    apply(finding.title);
    apply(finding.why);
    for (Evidence& evidence : finding.evidence)
      apply(evidence.text);
    for (Fix& fix : finding.fixes) {
      for (FixStep& step : fix.steps)
        apply(step.text);
    }
  }
  for (Incomplete& incomplete : report.incomplete)
    apply(incomplete.reason);
  return report;
}

std::string Pseudonyms::applied_to_json(std::string_view document) const {
  nlohmann::ordered_json value = nlohmann::ordered_json::parse(document);
  apply_to_texts(value, *this);
  return value.dump(2) + "\n";
}

}  // namespace hfauth::diagnose
