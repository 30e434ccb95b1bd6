// SPDX-License-Identifier: Apache-2.0
//
// The pages of docs/checks/: the catalogue's rows and the messages that name them, as Markdown. A
// test compares the committed files with what this makes, so the program, its offline pages and the
// documents say the same.
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/render.hpp"

namespace hfauth::diagnose {
namespace {

constexpr std::string_view kGenerated =
    "<!-- Made from lib/diagnose/src/catalogue.cpp and messages_*.cpp; HFAUTH_ACCEPT=1 "
    "check_pages_test writes it. -->\n\n";

std::string section(std::string_view title, std::string_view text) {
  return text.empty() ? "" : "**" + std::string(title) + ".** " + std::string(text) + "\n\n";
}

std::string fix_markdown(const Fix& fix) {
  std::string text = "- " + (fix.title.empty() ? std::string("fix") : fix.title) + ":\n";
  for (const FixStep& step : fix.steps) {
    text += step.text.empty() ? "" : "  - " + step.text + "\n";
    text += step.url.empty() ? "" : "  - <" + step.url + ">\n";
    text += step.command.empty() ? "" : "\n    ```\n    " + step.command + "\n    ```\n\n";
  }
  return text;
}

std::string message_markdown(const Explanation& explanation) {
  // Two back-quotes, because the messages hold single ones.
  std::string text = "## " + explanation.message + "\n\n`` " + explanation.quote + " ``\n\n";
  text += section("Says", explanation.says);
  text += section("Means", explanation.means);
  for (const Fix& fix : explanation.finding.fixes) {
    text += fix_markdown(fix);
  }
  text += "\n" + section("Note", explanation.again);
  return text;
}

}  // namespace

std::string check_page_markdown(const CheckInfo& info) {
  std::string page =
      "# " + std::string(info.id) + " `" + std::string(info.slug) + "`: " + info.title + "\n\n";
  page += kGenerated;
  page += section("Severity", name_of(info.severity));
  page += section("Cause", info.why);
  page += section("Proof", info.proof);
  page += section("Cure", info.remedy);
  for (const std::string& id : message_ids()) {
    for (const Explanation& explanation : explain_message_id(id)) {
      if (explanation.finding.id == info.id) {
        page += message_markdown(explanation);
      }
    }
  }
  page.erase(page.find_last_not_of('\n') + 1);
  return page + "\n";
}

std::string check_index_markdown() {
  std::string index = "# Checks\n\n";
  index += kGenerated;
  index +=
      "`hfauth explain ID` prints a page offline, in the language of the terminal.\n\n| id | name "
      "| severity | says |\n"
      "|---|---|---|---|\n";
  for (const CheckInfo& info : catalogue()) {
    index += "| [" + std::string(info.id) + "](" + std::string(info.id) + ".md) | `" +
             std::string(info.slug) + "` | " + std::string(name_of(info.severity)) + " | " +
             info.title + " |\n";
  }
  return index;
}

}  // namespace hfauth::diagnose
