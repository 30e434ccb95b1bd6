// SPDX-License-Identifier: Apache-2.0
//
// hfauth cache offline: will this repository load with HF_HUB_OFFLINE=1? What the commit holds is
// known from its listing in the cache, else from the Hub.
#include "cache_command.hpp"
#include "cache_json.hpp"
#include "commands.hpp"
#include "hfauth/hub/cache_offline.hpp"
#include "hub_access.hpp"
#include "shown_name.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr const char* kName = "cache offline";
constexpr std::size_t kShownFiles = 10;  // -v shows all

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()                                           //
      ("repo", po::value<std::string>()->value_name("REPO"), "")  //
      ("revision", po::value<std::string>()->default_value("main", "")->value_name("REVISION"),
       tr("a branch, tag or commit; else main"));
  describe_repo_type(options);
  describe_cache_folder(options);
  positional.add("repo", 1);
}

/// What the commit holds, from the cache or else from the Hub, and why that is not known.
struct KnownListing {
  std::optional<hub::TreeListing> listing;
  std::optional<Error> why_not;
};

KnownListing listing_of(const hub::CachedRepo& cached, const hub::Repo& repo,
                        const std::string& revision, Context& context) {
  KnownListing known;
  const hub::CachedRevision* snapshot = find_revision(cached, revision);
  if (snapshot == nullptr) return known;
  Result<std::optional<hub::TreeListing>> kept =
      hub::read_tree_listing(listing_path(cached, snapshot->commit));
  if (kept && kept->has_value()) {
    known.listing = std::move(*kept);
    return known;
  }
  Result<hub::TreeListing> told = ask_hub_for_listing(context, repo, snapshot->commit);
  if (told) {
    known.listing = std::move(*told);
  } else {
    known.why_not = told.error();
  }
  return known;
}

void print_files(const hub::OfflineReport& report, Context& context) {
  std::size_t n_left = context.verbosity > 0 ? report.lacking.size() : kShownFiles;
  for (const hub::CacheProblem& problem : report.broken)
    context.out << "  " << show_problem(problem, context) << '\n';
  for (const std::string& path : report.lacking) {
    if (n_left == 0) break;
    --n_left;
    context.out << "  " << shown_name(path) << '\n';
  }
  const std::size_t n_shown =
      context.verbosity > 0 ? report.lacking.size() : std::min(kShownFiles, report.lacking.size());
  if (report.lacking.size() > n_shown)
    context.out << "  " << filled(tr("and {} more; -v shows all"), report.lacking.size() - n_shown)
                << '\n';
}

void print_report(const hub::OfflineReport& report, const hub::Repo& repo,
                  const std::string& revision, const std::optional<Error>& why_not,
                  Context& context) {
  const std::string& name = repo.id();
  const std::string download = download_command(repo.type(), repo.id(), revision, "");
  const std::string commit = report.commit.substr(0, 7);
  switch (report.readiness) {
    case hub::Readiness::complete:
      context.out << filled(tr("{0} loads without network: all {1} files of commit {2} are cached"),
                            name, report.n_files, commit)
                  << '\n';
      return;
    case hub::Readiness::incomplete:
      context.out << filled(tr("{0} is incomplete at commit {1}: {2} of {3} files can be used. It "
                               "lacks:"),
                            name, commit, report.n_usable,
                            report.n_usable + report.broken.size() + report.lacking.size())
                  << '\n';
      print_files(report, context);
      context.out << filled(
                         tr("Without network it loads only if it needs none of them. Fetch them: "
                            "{}"),
                         download)
                  << '\n';
      return;
    case hub::Readiness::not_cached:
      context.out << filled(
                         tr("{0} does not load without network: revision {1} is not cached. Fetch "
                            "it: {2}"),
                         name, shown_name(revision), download)
                  << '\n';
      return;
    case hub::Readiness::unknown:
      context.out << filled(
                         tr("Unknown: {0} files of {1} at commit {2} are cached and can be used, "
                            "but which files the commit has is noted nowhere here ({3})"),
                         report.n_usable, name, commit,
                         why_not ? shown_name(why_not->detail) : std::string())
                  << '\n';
      context.out << filled(tr("To be sure: {}"), download) << '\n';
      return;
  }
}

int status_of(hub::Readiness readiness) {
  switch (readiness) {
    case hub::Readiness::complete:
      return 0;
    case hub::Readiness::unknown:
      return exit_status(Errc::network);  // could not be determined
    case hub::Readiness::incomplete:
    case hub::Readiness::not_cached:
      break;
  }
  return exit_status(Errc::not_found);
}

int run(const po::variables_map& values, Context& context) {
  if (values.count("repo") == 0)
    return fail(context, kName, {Errc::usage, tr("which repository? hfauth cache offline REPO")});
  const Result<hub::Repo> repo = parse_repo_argument(values["repo"].as<std::string>(), values);
  if (!repo) return fail(context, kName, repo.error());
  const auto& revision = values["revision"].as<std::string>();
  const Result<std::optional<hub::CachedRepo>> cached =
      hub::scan_repo(cache_folder(values, context), *repo);
  if (!cached && cached.error().code != Errc::not_found)
    return fail(context, kName, cached.error());
  hub::OfflineReport report;
  report.readiness = hub::Readiness::not_cached;
  KnownListing known;
  if (cached && *cached) {
    known = listing_of(**cached, *repo, revision, context);
    report = judge_offline(**cached, revision, known.listing ? &*known.listing : nullptr);
  }
  if (context.format == Format::json) {
    context.out << json_of(report, *repo, revision);
  } else if (context.format == Format::quiet) {
    for (const std::string& path : report.lacking)
      context.out << shown_name(path) << '\n';
  } else {
    print_report(report, *repo, revision, known.why_not, context);
  }
  return status_of(report.readiness);
}

}  // namespace

const Command kCacheOfflineCommand{
    .name = "cache offline",
    .usage = "REPO [--revision REVISION]",
    .summary = tr_later("Say whether a repository loads without network, and what it lacks"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
