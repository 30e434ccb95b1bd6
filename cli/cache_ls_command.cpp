// SPDX-License-Identifier: Apache-2.0
//
// hfauth cache ls: what the Hub cache holds, as a table with totals, and what is wrong with it.
#include "cache_command.hpp"
#include "cache_filter.hpp"
#include "cache_json.hpp"
#include "commands.hpp"
#include "hfauth/hub/cache_prune.hpp"
#include "shown_name.hpp"
#include "table.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr std::size_t kShownProblems = 5;  // -v shows all

void describe(po::options_description& options, po::positional_options_description& /*none*/) {
  options.add_options()                                                                        //
      ("revisions", po::bool_switch(), tr("one line a revision instead of one a repository"))  //
      ("filter,f", po::value<std::vector<std::string>>()->composing()->value_name("FILTER"),
       tr("only what fits size>1GB, accessed>7d, modified<2w, type=dataset or refs=main; may be "
          "repeated"))  //
      ("sort", po::value<std::string>()->value_name("KEY"),
       tr("accessed, modified, name or size; :asc or :desc may follow"))  //
      ("limit", po::value<std::size_t>()->value_name("NUMBER"), tr("at most so many lines"));
  describe_cache_folder(options);
}

/// What the lines are made from and how they are chosen.
struct Wanted {
  bool revisions = false;
  std::vector<CacheFilter> filters;
  std::optional<CacheOrder> order;
  std::optional<std::size_t> limit;
};

Result<Wanted> wanted_from(const po::variables_map& values) {
  Wanted wanted;
  wanted.revisions = values["revisions"].as<bool>();
  if (values.count("filter") != 0) {
    for (const std::string& text : values["filter"].as<std::vector<std::string>>()) {
      Result<CacheFilter> filter = CacheFilter::parse(text);
      if (!filter) return filter.error();
      wanted.filters.push_back(std::move(*filter));
    }
  }
  if (values.count("sort") != 0) {
    const Result<CacheOrder> order = CacheOrder::parse(values["sort"].as<std::string>());
    if (!order) return order.error();
    wanted.order = *order;
  }
  if (values.count("limit") != 0) wanted.limit = values["limit"].as<std::size_t>();
  return wanted;
}

std::vector<CacheRow> choose_rows(const hub::CacheScan& scan, const Wanted& wanted) {
  std::vector<CacheRow> rows;
  const WallTime now = SystemClock().now();
  const auto add = [&](const CacheRow& row) {
    const bool fits = std::all_of(wanted.filters.begin(), wanted.filters.end(),
                                  [&](const CacheFilter& f) { return f.matches(row, now); });
    if (fits) rows.push_back(row);
  };
  for (const hub::CachedRepo& repo : scan.repos) {
    if (!repo.has_snapshots) continue;
    if (!wanted.revisions) add({&repo, nullptr});
    for (const hub::CachedRevision& revision : repo.revisions) {
      if (wanted.revisions) add({&repo, &revision});
    }
  }
  if (wanted.order) wanted.order->sort(rows);
  if (wanted.limit && rows.size() > *wanted.limit) rows.resize(*wanted.limit);
  return rows;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : " ") + shown_name(name);
  return text;
}

std::string refs_of(const hub::CachedRepo& repo) {
  std::vector<std::string> names;
  for (const hub::CachedRevision& revision : repo.revisions)
    names.insert(names.end(), revision.refs.begin(), revision.refs.end());
  std::sort(names.begin(), names.end());
  return names.empty() ? "-" : joined(names);
}

void print_repos(const std::vector<CacheRow>& rows, Context& context) {
  std::vector<std::vector<std::string>> cells;
  for (const CacheRow& row : rows) {
    const hub::CachedRepo& repo = *row.repo;
    cells.push_back({shown_name(cache_id(repo)), show_size(repo.size), std::to_string(repo.n_files),
                     std::to_string(repo.revisions.size()), show_day(repo.accessed),
                     refs_of(repo)});
  }
  print_table(context,
              {{tr("REPOSITORY")},
               {tr("SIZE"), true},
               {tr("FILES"), true},
               {tr("REVISIONS"), true},
               {tr("LAST USED")},
               {tr("REFS")}},
              cells);
}

void print_revisions(const std::vector<CacheRow>& rows, Context& context) {
  std::vector<std::vector<std::string>> cells;
  for (const CacheRow& row : rows) {
    const hub::CachedRevision& revision = *row.revision;
    cells.push_back({shown_name(cache_id(*row.repo)), shown_name(revision.commit),
                     show_size(revision.size), std::to_string(revision.files.size()),
                     show_day(revision.modified),
                     revision.refs.empty() ? tr("(none)") : joined(revision.refs)});
  }
  print_table(context,
              {{tr("REPOSITORY")},
               {tr("REVISION")},
               {tr("SIZE"), true},
               {tr("FILES"), true},
               {tr("MODIFIED")},
               {tr("REFS")}},
              cells);
}

/// The whole cache weighs less than its repositories together where they share content.
void print_totals(const hub::CacheScan& scan, const std::vector<CacheRow>& rows,
                  const Wanted& wanted, Context& context) {
  std::size_t n_revisions = 0;
  std::size_t n_repos = 0;
  std::uint64_t size = 0;
  const hub::CachedRepo* last = nullptr;
  for (const CacheRow& row : rows) {
    n_revisions += row.revision != nullptr ? 1 : row.repo->revisions.size();
    n_repos += row.repo != last ? 1 : 0;
    size += size_of(row);
    last = row.repo;
  }
  const bool is_whole = wanted.filters.empty() && !wanted.limit && !wanted.revisions;
  context.out << '\n'
              << filled(tr("{0} repositories, {1} revisions, {2} on disk in {3}"), n_repos,
                        n_revisions, show_size(is_whole ? scan.size : size),
                        shown_path(scan.root, context))
              << '\n';
}

void tell_problems(const hub::CacheScan& scan, Context& context) {
  std::vector<const hub::CacheProblem*> problems;
  for (const hub::CachedRepo& repo : scan.repos) {
    for (const hub::CacheProblem& problem : repo.problems)
      problems.push_back(&problem);
  }
  for (const hub::CacheProblem& problem : scan.problems)
    problems.push_back(&problem);
  const std::size_t n_shown =
      context.verbosity > 0 ? problems.size() : std::min(problems.size(), kShownProblems);
  for (std::size_t i = 0; i < n_shown; ++i)
    context.err << "hfauth cache ls: " << show_problem(*problems[i], context) << '\n';
  if (problems.size() > n_shown) {
    context.err << filled(tr("hfauth cache ls: {} more problems; -v shows all"),
                          problems.size() - n_shown)
                << '\n';
  }
}

/// What `cache prune` would take; the plan is made only if there may be something.
void tell_leftovers(const hub::CacheScan& scan, Context& context) {
  const auto has_leftover = [](const hub::CachedRepo& repo) {
    return !repo.incomplete.empty() ||
           std::any_of(repo.revisions.begin(), repo.revisions.end(),
                       [](const hub::CachedRevision& revision) { return revision.refs.empty(); });
  };
  const bool has_unlinked =
      std::any_of(scan.payloads.begin(), scan.payloads.end(),
                  [](const hub::SharedPayload& payload) { return payload.n_blobs == 0; });
  if (!has_unlinked && std::none_of(scan.repos.begin(), scan.repos.end(), has_leftover)) return;
  const hub::PrunePlan plan = plan_prune(scan);
  if (plan.empty()) return;
  context.err << filled(
                     tr("{0} revisions that no branch or tag names, {1} broken-off downloads, {2} "
                        "shared contents without a link: {3}; see 'hfauth cache prune --dry-run'"),
                     plan.n_revisions(), plan.n_incomplete(), plan.payloads.size(),
                     show_size(plan.size))
              << '\n';
}

void print_names(const std::vector<CacheRow>& rows, std::ostream& out) {
  for (const CacheRow& row : rows) {
    out << shown_name(row.revision != nullptr ? row.revision->commit : cache_id(*row.repo)) << '\n';
  }
}

int run(const po::variables_map& values, Context& context) {
  const Result<Wanted> wanted = wanted_from(values);
  if (!wanted) return fail(context, "cache ls", wanted.error());
  const Result<hub::CacheScan> scan = hub::scan_cache(cache_folder(values, context));
  if (!scan) return fail(context, "cache ls", with_cache_cure(scan.error()));
  const std::vector<CacheRow> rows = choose_rows(*scan, *wanted);
  if (context.format == Format::json) {
    context.out << json_of(*scan, rows);
    return 0;
  }
  if (context.format == Format::quiet) {
    print_names(rows, context.out);
    return 0;
  }
  if (!rows.empty()) {
    if (wanted->revisions) {
      print_revisions(rows, context);
    } else {
      print_repos(rows, context);
    }
    print_totals(*scan, rows, *wanted, context);
  } else {
    context.err << filled(tr("Nothing that fits is cached in {}."), shown_path(scan->root, context))
                << '\n';
  }
  context.out.flush();
  tell_problems(*scan, context);
  tell_leftovers(*scan, context);
  return 0;
}

}  // namespace

const Command kCacheLsCommand{
    .name = "cache ls",
    .usage = "[--revisions] [--filter FILTER] [--sort KEY]",
    .summary = tr_later("List what the Hub cache holds, and what is wrong with it"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
