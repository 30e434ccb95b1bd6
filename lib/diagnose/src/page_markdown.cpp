// SPDX-License-Identifier: Apache-2.0
//
// The pages of docs/checks/ and docs/messages/: the catalogue's rows and the messages, as Markdown.
// A test compares the committed files with what this makes, so the program, its offline pages and
// the documents say the same.
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/render.hpp"
#include "placed_remedies.hpp"

#include <algorithm>

namespace hfauth::diagnose {
namespace {

constexpr std::string_view kGenerated =
    "<!-- Made from lib/diagnose/src/catalogue.cpp, messages_*.cpp and listed_*.cpp; "
    "HFAUTH_ACCEPT=1 "
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

/// A list, because a line may hold what would end a table's cell.
std::string places_markdown(const CheckInfo& info) {
  std::string text;
  for (const PlacedRemedy& one : remedies_by_place(info.id)) {
    text += "- " + one.place + ":";
    text += one.line.empty() ? "" : " `` " + one.line + " ``";
    text += *one.note == '\0' ? "\n" : std::string(one.line.empty() ? " " : ", ") + one.note + "\n";
  }
  return text.empty() ? "" : text + "\n";
}

std::string printer_text(const PrintedBy& by) {
  std::string text(by.product == "Hub" ? "the Hub's server" : by.product);
  if (!by.from.empty() || !by.to.empty()) {
    text += by.from == by.to  ? " " + std::string(by.from)
            : by.to.empty()   ? " " + std::string(by.from) + " or newer"
            : by.from.empty() ? " up to " + std::string(by.to)
                              : " " + std::string(by.from) + " to " + std::string(by.to);
  }
  return text;
}

std::string message_markdown(const Explanation& explanation) {
  std::string text = "## " + explanation.finding.title + "\n\n";
  // Two back-quotes, because the messages hold single ones.
  text += "`` " + explanation.quote + " ``\n\n";
  text += section("Printed by", printer_text(explanation.printed_by));
  text += section("Does", name_of(explanation.impact));
  text += section("Check", explanation.finding.id);
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
  page += places_markdown(info);
  std::string messages;
  for (const std::string& id : message_ids()) {
    const std::vector<Explanation> rows = explain_message_id(id);
    if (std::any_of(rows.begin(), rows.end(), [&](const Explanation& explanation) {
          return explanation.finding.id == info.id;
        })) {
      messages += (messages.empty() ? "[" : ", [") + id + "](../messages/" + id + ".md)";
    }
  }
  page += section("Messages", messages);
  page.erase(page.find_last_not_of('\n') + 1);
  return page + "\n";
}

std::string message_page_markdown(std::string_view id) {
  std::string page = "# " + std::string(id) + "\n\n";
  page += kGenerated;
  for (const Explanation& explanation : explain_message_id(id)) {
    page += message_markdown(explanation);
  }
  page.erase(page.find_last_not_of('\n') + 1);
  return page + "\n";
}

std::string message_index_markdown() {
  std::string index = "# Messages\n\n";
  index += kGenerated;
  index +=
      "What `hfauth explain` recognises in pasted text; `hfauth explain M-001` prints a page "
      "offline.\n\n| id | from | does | says |\n|---|---|---|---|\n";
  for (const std::string& id : message_ids()) {
    for (const Explanation& explanation : explain_message_id(id)) {
      index += "| [" + id + "](" + id + ".md) | " + printer_text(explanation.printed_by) + " | " +
               std::string(name_of(explanation.impact)) + " | " + explanation.finding.title +
               " |\n";
    }
  }
  return index;
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
