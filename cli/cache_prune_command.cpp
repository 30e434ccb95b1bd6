// SPDX-License-Identifier: Apache-2.0
//
// hfauth cache prune: shows what nobody reaches any more and what it weighs; removes it after a
// yes.
#include "cache_command.hpp"
#include "cache_json.hpp"
#include "commands.hpp"
#include "hfauth/hub/cache_prune.hpp"
#include "shown_name.hpp"
#include "talk.hpp"

#include <istream>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr const char* kName = "cache prune";

void describe(po::options_description& options, po::positional_options_description& /*none*/) {
  options.add_options()                                                                       //
      ("dry-run,n", po::bool_switch(), tr("show what would be removed, and remove nothing"))  //
      ("yes,y", po::bool_switch(), tr("do not ask"));
  describe_cache_folder(options);
}

const char* show_reason(hub::KeptBecause reason) {
  switch (reason) {
    case hub::KeptBecause::running:
      return tr("a download is under way");
    case hub::KeptBecause::linked:
      return tr("its folder is a link to another place");
    case hub::KeptBecause::refs_unclear:
      return tr("a ref of it cannot be read");
  }
  return "";
}

void print_plan(const hub::PrunePlan& plan, Context& context) {
  for (const hub::PruneRepo& repo : plan.repos) {
    context.out << filled(tr("{0}: {1}"), shown_name(repo.id), show_size(repo.size));
    if (repo.is_whole) context.out << ", " << tr("no revision remains");
    context.out << '\n';
    for (const std::string& commit : repo.revisions)
      context.out << "  " << filled(tr("revision {}"), shown_name(commit)) << '\n';
    for (const hub::IncompleteFile& file : repo.incomplete) {
      context.out << "  "
                  << filled(tr("broken-off download {0} ({1})"),
                            shown_name(file.path.filename().string()), show_size(file.size))
                  << '\n';
    }
  }
  for (const hub::SharedPayload& payload : plan.payloads)
    context.out << filled(tr("shared content {0}: {1}"), payload.name, show_size(payload.size))
                << '\n';
}

void tell_kept(const hub::PrunePlan& plan, Context& context) {
  for (const hub::PruneKept& kept : plan.kept) {
    context.err << filled(tr("{0} is left alone: {1}"), shown_name(kept.id),
                          show_reason(kept.reason))
                << '\n';
  }
}

/// The plan's sum, for the question and the dry run.
std::string show_sum(const hub::PrunePlan& plan) {
  return filled(tr("{0} revisions, {1} broken-off downloads, {2} shared contents, {3} in all"),
                plan.n_revisions(), plan.n_incomplete(), plan.payloads.size(),
                show_size(plan.size));
}

/// Asks on the terminal. Errors: usage where nobody can answer.
Result<bool> is_wanted(Context& context) {
  if (!context.terminal.in_is_terminal || context.format != Format::human) {
    return Error{Errc::usage, tr("this removes files and nobody can be asked: say --yes, or look "
                                 "first with --dry-run")};
  }
  context.err << tr("Remove this? [y/N] ") << std::flush;
  std::string answer;
  std::getline(context.in, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

int report(const hub::PrunePlan& plan, const hub::PruneOutcome& outcome, Context& context) {
  if (context.format == Format::json) {
    context.out << json_of(plan, &outcome);
  } else if (context.format != Format::quiet) {
    context.out << filled(
                       tr("Removed {0} revisions, {1} broken-off downloads, {2} shared contents; "
                          "{3} are free."),
                       outcome.n_revisions, outcome.n_incomplete, outcome.n_payloads,
                       show_size(outcome.freed))
                << '\n';
  }
  context.out.flush();
  int status = 0;
  for (const Error& failure : outcome.failures)
    status = fail(context, kName, {failure.code, shown_name(failure.detail)});
  return status;
}

void print_names(const hub::PrunePlan& plan, std::ostream& out) {
  for (const hub::PruneRepo& repo : plan.repos) {
    for (const std::string& commit : repo.revisions)
      out << shown_name(commit) << '\n';
    for (const hub::IncompleteFile& file : repo.incomplete)
      out << shown_name(file.path.string()) << '\n';
  }
  for (const hub::SharedPayload& payload : plan.payloads)
    out << payload.name << '\n';
}

int run(const po::variables_map& values, Context& context) {
  const Result<hub::CacheScan> scan = hub::scan_cache(cache_folder(values, context));
  if (!scan) return fail(context, kName, with_cache_cure(scan.error()));
  const hub::PrunePlan plan = plan_prune(*scan);
  const bool is_dry = values["dry-run"].as<bool>();
  const bool is_plain = context.format != Format::json && context.format != Format::quiet;
  if (is_plain) {
    print_plan(plan, context);
    context.out.flush();
    tell_kept(plan, context);
    if (plan.empty()) context.err << tr("Nothing to remove.") << '\n';
  }
  if (is_dry || plan.empty()) {
    if (context.format == Format::json) context.out << json_of(plan, nullptr);
    if (context.format == Format::quiet) print_names(plan, context.out);
    if (is_plain && !plan.empty())
      context.out << filled(tr("Would remove {}."), show_sum(plan)) << '\n';
    return 0;
  }
  if (!values["yes"].as<bool>()) {
    if (is_plain) context.err << show_sum(plan) << '\n';
    const Result<bool> wanted = is_wanted(context);
    if (!wanted) return fail(context, kName, wanted.error());
    if (!*wanted) {
      context.err << tr("Nothing was removed.") << '\n';
      return 0;
    }
  }
  return report(plan, prune(plan), context);
}

}  // namespace

const Command kCachePruneCommand{
    .name = "cache prune",
    .usage = "[--dry-run] [--yes]",
    .summary = tr_later("Remove revisions that nothing names, and broken-off downloads"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
