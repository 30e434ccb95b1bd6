// SPDX-License-Identifier: Apache-2.0
//
// hfauth audit: who asked the agent for what, and what came of it. --verify needs no agent: it
// reads the files, so that it also tells of one that is not running.
#include "agent_json.hpp"
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/utf8.hpp"
#include "repo_purpose.hpp"
#include "talk.hpp"

#include <charconv>
#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()  //
      ("since", po::value<std::string>()->value_name("TIME"),
       tr("only what is not older: 30min, 2h, 7d, 2026-11-22, 2026-11-22T10:00:00Z"))  //
      ("follow", po::bool_switch(), tr("go on with what comes, until Ctrl-C"))         //
      ("verify", po::bool_switch(),
       tr("check that no entry was changed, removed or cut off, and show none"));
}

/// "30min", "2h", "7d", a date, or a date with its time in UTC. Errors: usage.
Result<WallTime> parse_since(const std::string& text, WallTime now) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  constexpr std::int64_t kMost = 100'000;
  if (failure == std::errc() && number >= 0 && number <= kMost) {
    if (unit == "s") return now - std::chrono::seconds(number);
    if (unit == "min") return now - std::chrono::minutes(number);
    if (unit == "h") return now - std::chrono::hours(number);
    if (unit == "d") return now - std::chrono::days(number);
  }
  const Result<WallTime> date = parse_utc(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (date) return *date;
  return Error{
      Errc::usage,
      filled(tr("--since {}: no time; write 30min, 2h, 7d or 2026-11-22T10:00:00Z"), text)};
}

/// Where, for what, by whom: in one line, the constant parts first.
std::string show(const agent::AuditEntry& entry) {
  std::string line = format_utc(entry.time) + "  " + entry.event;
  if (entry.outcome != "ok") line += " " + entry.outcome;
  if (!entry.profile.empty()) line += "  " + entry.profile;
  if (!entry.fingerprint.empty()) line += " [" + entry.fingerprint + "]";
  if (!entry.repo.empty())
    line += "  " + entry.repo + (entry.access.empty() ? "" : " (" + entry.access + ")");
  if (entry.times > 1) line += "  x" + std::to_string(entry.times);
  if (entry.pid != 0) line += "  " + std::to_string(entry.pid);
  if (!entry.program.empty()) line += " " + entry.program;
  if (!entry.unit.empty()) line += " @" + entry.unit;
  if (!entry.rule.empty()) line += "  " + entry.rule;
  return utf8::visible(line);
}

int verify(Context& context) {
  const Result<agent::AuditCheck> check = agent::verify_audit(agent::AuditFiles::in(context.paths));
  if (!check) return fail(context, "audit", check.error());
  if (context.format == Format::json) {
    context.out << json_of(*check);
  } else if (check->broken.empty()) {
    if (context.verbosity >= 0)
      context.out << filled(tr("{0} entries, {1} to {2}: the chain is whole."), check->entries,
                            check->first, check->last)
                  << '\n';
  } else {
    for (const std::string& broken : check->broken)
      context.out << utf8::visible(broken) << '\n';
    context.err << tr("The audit was changed by another program than the agent.") << '\n';
  }
  return check->broken.empty() ? 0 : exit_status(Errc::corrupt);
}

int run(const po::variables_map& values, Context& context) {
  if (values["verify"].as<bool>()) {
    if (values.count("since") > 0 || values["follow"].as<bool>())
      return fail(context, "audit", {Errc::usage, tr("--verify stands alone")});
    return verify(context);
  }
  std::optional<WallTime> since;
  if (values.count("since") > 0) {
    const Result<WallTime> time =
        parse_since(values["since"].as<std::string>(), SystemClock().now());
    if (!time) return fail(context, "audit", time.error());
    since = *time;
  }
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return fail(context, "audit", agent.error());
  const auto print = [&context](const std::vector<agent::AuditEntry>& entries) {
    for (const agent::AuditEntry& entry : entries)
      context.out << (context.format == Format::json ? json_of(entry) : show(entry) + "\n");
    context.out.flush();
    return context.out.good();
  };
  const Result<void> told = agent->audit(since, values["follow"].as<bool>(), print);
  return told ? 0 : fail(context, "audit", told.error());
}

}  // namespace

const Command kAuditCommand{
    .name = "audit",
    .usage = "[--since TIME] [--follow] | --verify",
    .summary = tr_later("Show who asked the agent for which token"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
