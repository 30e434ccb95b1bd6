// SPDX-License-Identifier: Apache-2.0
//
// hfauth ps: the running programs of this user that use the Hub, the token that each has, and
// whether it is behind what a new program would use. Reads /proc and the token files; the Hub is
// not asked, and no process is touched.
#include "commands.hpp"
#include "doctor_facts.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/sessions.hpp"
#include "table.hpp"
#include "talk.hpp"

#include <nlohmann/json.hpp>

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

using diagnose::SessionState;
using diagnose::SessionView;

constexpr int kSomeAreBehind = 1;

void describe(po::options_description& options, po::positional_options_description& /*unused*/) {
  options.add_options()  //
      ("all,a", po::bool_switch(), tr("also shells and other programs that were given a token"));
}

/// "3 d", "5 h", "12 min", "4 s": how long ago.
std::string age_of(const std::string& started, WallTime now) {
  const Result<WallTime> time = parse_utc(started);
  if (!time) return "?";
  const auto seconds =
      std::max<long long>(0, std::chrono::duration_cast<std::chrono::seconds>(now - *time).count());
  if (seconds < 60) return filled(tr("{} s"), seconds);
  if (seconds < 3600) return filled(tr("{} min"), seconds / 60);
  if (seconds < 2LL * 86400) return filled(tr("{} h"), seconds / 3600);
  return filled(tr("{} d"), seconds / 86400);
}

const char* label_of(SessionState state) {
  switch (state) {
    case SessionState::ok:
      return tr("ok");
    case SessionState::stale:
      return tr("stale");
    case SessionState::missing:
      return tr("missing");
    case SessionState::unknown:
      break;
  }
  return tr("unknown");
}

std::string kind_label(const std::string& kind) {
  if (kind == "kernel") return tr("kernel");
  if (kind == "notebook-server") return tr("notebooks");
  if (kind == "editor") return tr("editor");
  if (kind == "server") return tr("server");
  if (kind == "training") return tr("training");
  if (kind == "shell") return tr("shell");
  if (kind == "program") return tr("program");
  return kind;  // "python", "client" are names
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : utf8::visible(text);
}

/// The end of the text, cut at a character, so that it fits.
std::string cut_to(std::string text, std::size_t columns) {
  if (utf8::columns(text) <= columns || columns < 4) return text;
  while (!text.empty() && utf8::columns(text) > columns - 3) {
    do {
      text.pop_back();
    } while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U);
    // A lead byte is left of a character whose rest is gone.
    while (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xC0U)
      text.pop_back();
  }
  return text + "...";
}

/// The end of a path says more than its beginning.
std::string cut_front(const std::string& text, std::size_t columns) {
  if (text.size() <= columns || columns < 8 || utf8::columns(text) != text.size()) return text;
  return "..." + text.substr(text.size() - columns + 3);
}

void print_rows(const std::vector<SessionView>& views, const diagnose::Facts& facts,
                Context& context) {
  const bool accounts = std::any_of(views.begin(), views.end(),
                                    [](const SessionView& view) { return !view.account.empty(); });
  constexpr std::size_t kBeforeSource = 58;  // columns of a row, with names of usual length
  const std::size_t left = context.terminal.columns > kBeforeSource
                               ? context.terminal.columns - kBeforeSource + (accounts ? 0 : 9)
                               : 0;
  std::vector<Column> columns{{tr("PID"), true}, {tr("KIND")},  {tr("AGE"), true},
                              {tr("STATE")},     {tr("TOKEN")}, {tr("PRINT")}};
  if (accounts) columns.push_back({tr("ACCOUNT")});
  columns.push_back({tr("SOURCE")});
  std::vector<std::vector<std::string>> rows;
  for (const SessionView& view : views) {
    const bool is_path = view.where.starts_with('/');
    rows.push_back({std::to_string(view.session.pid), kind_label(view.session.kind),
                    age_of(view.session.started, facts.taken), label_of(view.state),
                    or_dash(view.mask), or_dash(view.fingerprint)});
    if (accounts) rows.back().push_back(or_dash(view.account));
    rows.back().push_back(
        cut_front(or_dash(is_path ? show_path(view.where, facts.home) : view.where), left));
  }
  print_table(context, columns, rows);
}

void print_people(const std::vector<SessionView>& views, const diagnose::Facts& facts,
                  Context& context) {
  print_rows(views, facts, context);
  if (context.format == Format::agent || context.verbosity < 0) return;
  static constexpr std::string_view kIndent = "    ";
  for (const SessionView& view : views) {
    if (view.state == SessionState::ok && context.verbosity == 0) continue;
    const std::string head = std::to_string(view.session.pid) + "  ";
    context.out << '\n'
                << head
                << cut_to(utf8::visible(view.session.command),
                          context.terminal.columns - head.size())
                << '\n'
                << kIndent
                << utf8::wrap(utf8::visible(view.reason), context.terminal.columns - kIndent.size(),
                              kIndent)
                << '\n';
  }
}

std::string json_of(const std::vector<SessionView>& views) {
  using Json = nlohmann::ordered_json;
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
  };
  Json list = Json::array();
  for (const SessionView& view : views) {
    list.push_back({{"pid", view.session.pid},
                    {"kind", view.session.kind},
                    {"command", view.session.command},
                    {"started", text_or_null(view.session.started)},
                    {"state", name_of(view.state)},
                    {"needs_restart", view.needs_restart},
                    {"source", text_or_null(view.where)},
                    {"mask", text_or_null(view.mask)},
                    {"fingerprint", text_or_null(view.fingerprint)},
                    {"account", text_or_null(view.account)},
                    {"reason", view.reason}});
  }
  return list.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

int run(const po::variables_map& values, Context& context) {
  static const SystemClock clock;  // a probe that hangs is left behind with it
  const diagnose::Facts facts = facts_of_sessions(context, clock);
  std::vector<SessionView> views = diagnose::judge_sessions(facts);
  if (!values["all"].as<bool>()) {
    std::erase_if(views, [](const SessionView& view) {
      return view.session.kind == "shell" || view.session.kind == "program";
    });
  }
  if (context.format == Format::json) {
    context.out << json_of(views);
  } else if (context.format == Format::quiet) {
    for (const SessionView& view : views) {
      if (view.needs_restart) context.out << view.session.pid << '\n';
    }
  } else if (views.empty()) {
    context.err << tr("Nothing is running that uses the Hub.") << '\n';
  } else {
    print_people(views, facts, context);
  }
  const bool behind = std::any_of(views.begin(), views.end(),
                                  [](const SessionView& view) { return view.needs_restart; });
  return behind ? kSomeAreBehind : 0;
}

}  // namespace

const Command kPsCommand{
    .name = "ps",
    .usage = "[--all]",
    .summary = tr_later("List running programs that use the Hub, and which need a restart"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
