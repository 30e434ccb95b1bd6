// SPDX-License-Identifier: Apache-2.0
//
// Findings as people and programs read them. The same values feed the text and the JSON
// (docs/schema/doctor-1.json), so the two never disagree. Pure; texts are in the chosen language,
// ids, commands and JSON keys are not translated.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/explain.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

struct TextStyle {
  std::size_t columns = 80;  ///< commands, paths and URLs are never broken and may stand out beyond
  bool colour = false;       ///< ANSI colours by role; nothing is told by colour alone
  bool ascii = false;        ///< no ornament outside ASCII
};

/// How and when a report was made: the `run` object of the JSON.
struct RunInfo {
  WallTime started;
  std::chrono::milliseconds duration{0};
  bool offline = false;
  std::string version;                    ///< of hfauth
  std::string mode = "doctor";            ///< "wrap": around a program
  std::vector<std::string> targets = {};  ///< the repositories that it is for
  std::string folder = {};  ///< the current one, with "~" for the home; "" if it is not told
};

/// The answer of `hfauth explain`. Ends with a line break.
[[nodiscard]] std::string render_explained(const Explained& explained, const TextStyle& style);

/// The same as one JSON document in one line, run.mode "explain".
[[nodiscard]] std::string explained_json(const Explained& explained, const RunInfo& run);

/// 0 if a message was recognised, else 1.
[[nodiscard]] int exit_code_of(const Explained& explained) noexcept;

/// The doctor's report for people. `verbosity` above 0 adds each client's sources and the list of
/// checks; `duration` is told when all is well. A healthy report has at most 8 lines.
[[nodiscard]] std::string render_report(const Report& report, const TextStyle& style, int verbosity,
                                        std::chrono::milliseconds duration);

/// The same as one JSON document in one line, run.mode "doctor".
[[nodiscard]] std::string report_json(const Report& report, const RunInfo& run);

/// A page to look up without any text: a check ("HFA701" or its slug), a message ("M-001"), or the
/// topic "restart" (what needs a restart, and why). nullopt if there is no such page.
[[nodiscard]] std::optional<std::string> render_page(std::string_view topic,
                                                     const TextStyle& style);

/// What a page of a check or a message says, as explained_json() takes it: no lines, since no text
/// was read. nullopt: no such page, or "restart", which is for people.
[[nodiscard]] std::optional<Explained> explain_topic(std::string_view topic);

/// Every topic that render_page knows, for suggestions.
[[nodiscard]] std::vector<std::string> page_topics();

/// docs/checks/<id>.md and docs/checks/README.md, from the same texts as the pages above. English
/// only.
[[nodiscard]] std::string check_page_markdown(const CheckInfo& info);
[[nodiscard]] std::string check_index_markdown();

/// docs/messages/<id>.md and docs/messages/README.md, in the same way.
[[nodiscard]] std::string message_page_markdown(std::string_view id);
[[nodiscard]] std::string message_index_markdown();

}  // namespace hfauth::diagnose
