// SPDX-License-Identifier: Apache-2.0
//
// hfauth scan: tokens that lie where others find them. Reads only; a token goes to the Hub if
// --verify-leaks or --revoke asks for it, and to no other server. Exit status 1 if one was found, 3
// if something could not be read.
#include "commands.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/diagnose/leaks.hpp"
#include "hfauth/diagnose/probe.hpp"
#include "hub_session.hpp"
#include "question.hpp"
#include "scan_git.hpp"
#include "talk.hpp"

#include <chrono>
#include <filesystem>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

namespace hfauth::cli {
namespace {

using diagnose::LeakedToken;
using diagnose::LeakReport;
using diagnose::LeakScan;
using diagnose::LeakVerdict;
using diagnose::Severity;

constexpr std::size_t kMostAsked = 20;  // whoami is strictly limited

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()("path", po::value<std::vector<std::string>>()->value_name("PATH"), "")  //
      ("no-history", po::bool_switch(), tr("of git the files of now alone, not every commit"))  //
      ("verify-leaks", po::bool_switch(),
       tr("ask the Hub which of the tokens that were found still work"))  //
      ("revoke", po::bool_switch(),
       tr("end the ones that still work, for everybody, after a question for each"))  //
      ("fail-on", po::value<std::string>()->value_name("LEVEL")->default_value("warning"),
       tr("exit status 1 from this severity on: error, warning or never"));
  positional.add("path", -1);
}

Result<Severity> fail_on(const po::variables_map& values) {
  const std::string level = values["fail-on"].as<std::string>();
  if (level == "error") return Severity::error;
  if (level == "warning") return Severity::warning;
  if (level == "never") return Severity::ok;
  return Error{Errc::usage, "--fail-on " + level + ": error, warning or never"};
}

void scan_path(LeakScan& scan, const Context& context, const std::filesystem::path& path,
               bool history) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    scan.scan_file(path);
    return;
  }
  scan.scan_tree(path);
  scan_git(scan, context.environment, path, {.history = history});
}

/// The user's own places; and the repository of the current folder, if it is in one.
void scan_machine(LeakScan& scan, const Context& context, bool history) {
  scan.scan_home(context.environment, context.paths.home);
  scan.scan_processes();
  std::error_code fault;
  const std::filesystem::path here = std::filesystem::current_path(fault);
  if (!fault) scan_git(scan, context.environment, here, {.history = history});
}

/// Errors: those of HubSession::open.
Result<void> verify(LeakReport& report, Context& context) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  Result<HubSession> hub = HubSession::open(context, *endpoint);
  if (!hub) return hub.error();
  std::size_t asked = 0;
  for (LeakedToken& token : report.tokens) {
    if (++asked > kMostAsked) {
      token.verdict = LeakVerdict::unknown;
      continue;
    }
    const hub::Whoami answer = hub->client().whoami(token.token);
    token.verdict = answer.verdict == hub::Verdict::valid     ? LeakVerdict::alive
                    : answer.verdict == hub::Verdict::unknown ? LeakVerdict::unknown
                                                              : LeakVerdict::dead;
    token.account = answer.verdict == hub::Verdict::valid ? answer.user : "";
  }
  return {};
}

/// Ends each token that works, if its mask is typed.
Result<void> revoke(LeakReport& report, Context& context) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  Result<HubSession> hub = HubSession::open(context, *endpoint);
  if (!hub) return hub.error();
  for (LeakedToken& token : report.tokens) {
    if (token.verdict != LeakVerdict::alive) continue;
    context.err << filled(
                       tr("The token {0} of {1} works. If it is ended, every machine and program "
                          "that uses it loses it at once, and nothing brings it back."),
                       token.mask, token.account)
                << '\n';
    const std::string typed =
        ask_line(context, filled(tr("To end it, type {}; anything else leaves it: "), token.mask));
    if (typed != token.mask) continue;
    const Result<void> ended = hub->client().revoke(token.token);
    if (!ended) return ended.error();
    token.verdict = LeakVerdict::dead;
    context.err << filled(tr("Ended: {}. Its owner is told by e-mail."), token.mask) << '\n';
  }
  return {};
}

int run(const po::variables_map& values, Context& context) {
  const Result<Severity> level = fail_on(values);
  if (!level) return fail(context, "scan", level.error());
  const bool revokes = values["revoke"].as<bool>();
  if (revokes && !can_ask(context)) {
    return fail(
        context, "scan",
        {Errc::usage, tr("--revoke asks before each token, and nobody is there to answer; one that "
                         "hfauth keeps can be ended with 'hfauth revoke NAME --yes'")});
  }
  const SystemClock clock;
  const WallTime started = clock.now();
  const MonotonicTime begin = clock.monotonic();
  const Fingerprinter fingerprinter = diagnose::doctor_fingerprinter(context.paths);
  LeakScan scan(fingerprinter);
  const bool history = !values["no-history"].as<bool>();
  if (values.count("path") == 0) {
    scan_machine(scan, context, history);
  } else {
    for (const std::string& path : values["path"].as<std::vector<std::string>>())
      scan_path(scan, context, path, history);
  }
  scan.ask_whether_ignored(
      [&](const std::string& path) { return would_be_committed(context.environment, path); });
  LeakReport report = std::move(scan).finish();
  if (!report.tokens.empty() && (revokes || values["verify-leaks"].as<bool>())) {
    const Result<void> asked = verify(report, context);
    if (!asked) return fail(context, "scan", asked.error());
  }
  if (revokes) {
    const Result<void> ended = revoke(report, context);
    if (!ended) return fail(context, "scan", ended.error());
  }
  const int status = diagnose::exit_code_of(report, *level);
  if (context.format == Format::json) {
    const auto duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic() - begin);
    context.out << diagnose::leaks_json(
        report, {started, duration, context.offline, HFAUTH_VERSION}, status);
  } else if (context.format == Format::quiet) {
    for (const diagnose::Finding& finding : diagnose::findings_of(report))
      context.out << finding.id << '\n';
  } else {
    context.out << diagnose::render_leaks(
        report, {context.terminal.columns, context.terminal.colour, context.terminal.ascii});
  }
  return status;
}

}  // namespace

const Command kScanCommand{
    .name = "scan",
    .usage = "[PATH...] [--no-history] [--verify-leaks] [--revoke] [--fail-on LEVEL]",
    .summary = tr_later("Find tokens in histories, dotfiles, notebooks, git and running programs"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
