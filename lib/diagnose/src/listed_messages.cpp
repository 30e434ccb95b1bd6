// SPDX-License-Identifier: Apache-2.0
//
// From a row of listed_*.cpp to its explanation.
#include "hfauth/diagnose/catalogue.hpp"
#include "messages.hpp"
#include "remedies.hpp"
#include "wording.hpp"

namespace hfauth::diagnose {
namespace {

/// "{repo}" in a command or an address becomes the text's repository, or a word for one.
std::string with_repo(std::string_view text, const std::string& repo) {
  static constexpr std::string_view kPlace = "{repo}";
  const std::size_t at = text.find(kPlace);
  if (at == std::string_view::npos) {
    return std::string(text);
  }
  return std::string(text.substr(0, at)) + (repo.empty() ? "ORG/NAME" : repo) +
         std::string(text.substr(at + kPlace.size()));
}

std::string translated(const char* text) {
  return *text == '\0' ? "" : tr(text);  // gettext's "" is the catalogue's header
}

}  // namespace

std::span<const std::span<const ListedMessage>> listed_messages() noexcept {
  static const std::array kAll{listed_notebook(), listed_login(),   listed_token(),
                               listed_network(),  listed_access(),  listed_limits(),
                               listed_git(),      listed_storage(), listed_notices()};
  return kAll;
}

Explanation explain_listed(const Sighting& sighting, const TextFacts& text) {
  const ListedMessage& row = *sighting.listed;
  Explanation result = begin_explanation(row.check, row.id, row.impact, sighting);
  result.finding.title = tr(row.title);
  result.finding.why = translated(row.says);
  result.finding.severity = row.impact == Impact::blocks   ? Severity::error
                            : row.impact == Impact::limits ? Severity::warning
                                                           : Severity::info;
  result.printed_by = row.printed_by;
  result.quote = quote_of_wording(row.wordings.front());
  result.says = translated(row.says);
  result.means = tr(row.means);
  result.again = translated(row.again);
  if (row.part == Part::hidden || row.part == Part::status_line) {
    result.finding.confidence = Confidence::possible;
  } else if (row.part == Part::wrapper) {
    result.finding.confidence = Confidence::likely;
  }
  if (row.sets_token) {
    result.finding.fixes = ways_to_set_a_token(text.runtime);
  }
  Fix fix;
  for (const ListedStep& step : row.steps) {
    if (*step.text != '\0' || *step.command != '\0' || *step.url != '\0') {
      fix.steps.push_back({translated(step.text), with_repo(step.command, sighting.repo),
                           with_repo(step.url, sighting.repo)});
    }
  }
  if (!fix.steps.empty()) {
    result.finding.fixes.push_back(std::move(fix));
  }
  return result;
}

}  // namespace hfauth::diagnose
