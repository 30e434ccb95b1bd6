// SPDX-License-Identifier: Apache-2.0
//
// hfauth cache verify: every cached file against its etag and its commit's listing, by content.
#include "cache_command.hpp"
#include "cache_json.hpp"
#include "commands.hpp"
#include "hfauth/hub/cache_verify.hpp"
#include "hub_access.hpp"
#include "progress_line.hpp"
#include "shown_name.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr const char* kName = "cache verify";
constexpr int kBad = 1;

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()                                                        //
      ("repo", po::value<std::vector<std::string>>()->value_name("REPO"), "")  //
      ("revision", po::value<std::string>()->value_name("REVISION"),
       tr("only this branch, tag or commit; else all that are cached"))              //
      ("online", po::bool_switch(), tr("ask the Hub which files the commits have"))  //
      ("fail-on-missing-files", po::bool_switch(),
       tr("files of the commit that were never downloaded are a failure too"));
  describe_repo_type(options);
  describe_cache_folder(options);
  positional.add("repo", -1);
}

/// The repositories to look at; all without a word. Errors: as scan_cache; not_found.
Result<std::vector<hub::CachedRepo>> chosen_repos(const po::variables_map& values,
                                                  Context& context) {
  const std::filesystem::path root = cache_folder(values, context);
  if (values.count("repo") == 0) {
    Result<hub::CacheScan> scan = hub::scan_cache(root);
    if (!scan) return with_cache_cure(scan.error());
    return std::move(scan->repos);
  }
  std::vector<hub::CachedRepo> repos;
  for (const std::string& word : values["repo"].as<std::vector<std::string>>()) {
    const Result<hub::Repo> repo = parse_repo_argument(word, values);
    if (!repo) return repo.error();
    Result<std::optional<hub::CachedRepo>> scanned = hub::scan_repo(root, *repo);
    if (!scanned) return with_cache_cure(scanned.error());
    if (!*scanned) return not_cached(*repo);
    repos.push_back(**std::move(scanned));
  }
  return repos;
}

/// Pointers into `repos`. Errors: not_found if a revision was named that a repository lacks.
Result<std::vector<VerifiedRevision>> chosen_revisions(const std::vector<hub::CachedRepo>& repos,
                                                       const po::variables_map& values) {
  std::vector<VerifiedRevision> chosen;
  for (const hub::CachedRepo& repo : repos) {
    if (values.count("revision") == 0) {
      for (const hub::CachedRevision& revision : repo.revisions)
        chosen.push_back({&repo, &revision, {}});
      continue;
    }
    const auto& name = values["revision"].as<std::string>();
    const hub::CachedRevision* revision = find_revision(repo, name);
    if (revision == nullptr) {
      return Error{Errc::not_found,
                   filled(tr("{0} has no revision {1} in the cache; see 'hfauth cache ls "
                             "--revisions'"),
                          shown_name(cache_id(repo)), shown_name(name))};
    }
    chosen.push_back({&repo, revision, {}});
  }
  return chosen;
}

std::string show_finding(const hub::FileCheck& found, const Context& context) {
  using hub::FileVerdict;
  const std::string content = shown_path(found.content, context);
  const auto hash = [](const std::string& text) { return text.substr(0, 12); };
  switch (found.verdict) {
    case FileVerdict::corrupt:
      return filled(tr("damaged: its hash is {0}..., not {1}...; delete {2}"), hash(found.actual),
                    hash(found.expected), content);
    case FileVerdict::wrong_size:
      return filled(tr("broken off: it has {0} bytes, not {1}; delete {2}"), found.actual,
                    found.expected, content);
    case FileVerdict::exchanged:
      return filled(tr("it holds another file's content; delete {}"), content);
    case FileVerdict::missing:
      return filled(tr("its content is gone ({})"), content);
    case FileVerdict::outside:
      return filled(tr("a link that leaves the cache; delete {}"), content);
    case FileVerdict::unreadable:
      return filled(tr("it cannot be read; correct owner or mode of {}"), content);
    case FileVerdict::unchecked:
      return tr("not checked: no hash of it is known here");
    case FileVerdict::good:
      break;
  }
  return {};
}

bool is_failure(const hub::FileCheck& found) {
  return found.verdict != hub::FileVerdict::unchecked;
}

std::size_t n_failures(const VerifiedRevision& verified, bool absent_fails) {
  const auto& findings = verified.check.findings;
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), is_failure)) +
         (absent_fails ? verified.check.absent.size() : 0);
}

void print_revision(const VerifiedRevision& verified, bool absent_fails, Context& context) {
  const hub::RevisionCheck& check = verified.check;
  const std::size_t n_bad = n_failures(verified, false);
  const std::string name = fmt::format("{} {}", shown_name(cache_id(*verified.repo)),
                                       shown_name(verified.revision->commit.substr(0, 7)));
  context.out << filled(tr("{0}: {1} of {2} files are good"), name, check.n_good,
                        verified.revision->files.size());
  const std::size_t n_unchecked = check.findings.size() - n_bad;
  if (n_unchecked > 0)
    context.out << filled(tr(", {} could not be checked (no hash is known here)"), n_unchecked);
  if (!check.absent.empty())
    context.out << filled(tr(", {} of the commit were not downloaded"), check.absent.size());
  if (!check.strange.empty())
    context.out << filled(tr(", {} are not the Hub's"), check.strange.size());
  context.out << '\n';
  for (const hub::FileCheck& found : check.findings) {
    if (!is_failure(found) && context.verbosity < 1) continue;
    context.out << "  " << shown_name(found.path) << ": " << show_finding(found, context) << '\n';
  }
  for (const std::string& path : check.strange) {
    if (context.verbosity > 0)
      context.out << "  " << shown_name(path) << ": " << tr("the commit has no such file") << '\n';
  }
  if (absent_fails || context.verbosity > 0) {
    for (const std::string& path : check.absent)
      context.out << "  " << shown_name(path) << ": " << tr("not downloaded") << '\n';
  }
}

/// The command that mends it, once a revision.
void tell_cure(const VerifiedRevision& verified, Context& context) {
  const hub::CachedRevision& revision = *verified.revision;
  context.err << filled(tr("Then download it again: {}"),
                        download_command(
                            verified.repo->type, verified.repo->id,
                            revision.refs.empty() ? revision.commit : revision.refs.front(), ""))
              << '\n';
}

std::uint64_t size_of(const std::vector<VerifiedRevision>& revisions) {
  std::uint64_t size = 0;
  const hub::CachedRepo* last = nullptr;
  for (const VerifiedRevision& verified : revisions) {
    size += verified.repo != last ? verified.repo->size : 0;  // shared content is read once
    last = verified.repo;
  }
  return size;
}

/// What the commit holds: the Hub's word if it is asked, else the list in the cache, if there is
/// one. Errors: of the Hub alone; a list that cannot be read is told and passed over.
Result<std::optional<hub::TreeListing>> listing_for(const VerifiedRevision& verified, bool online,
                                                    Context& context) {
  if (online) {
    const Result<hub::Repo> repo = hub::Repo::parse(verified.repo->id, verified.repo->type);
    if (!repo) return repo.error();
    Result<hub::TreeListing> told = ask_hub_for_listing(context, *repo, verified.revision->commit);
    if (!told) return told.error();
    return std::optional(std::move(*told));
  }
  Result<std::optional<hub::TreeListing>> kept =
      hub::read_tree_listing(listing_path(*verified.repo, verified.revision->commit));
  if (kept) return kept;
  context.err << "hfauth " << kName << ": " << kept.error().detail << '\n';
  return std::optional<hub::TreeListing>();
}

Result<void> verify_all(std::vector<VerifiedRevision>& revisions, bool online, Context& context) {
  ProgressLine progress(context, tr("verifying"), size_of(revisions));
  hub::CacheVerifier verifier([&](const std::string& path, std::uint64_t n_bytes) {
    progress.advance(n_bytes, shown_name(path));
  });
  for (VerifiedRevision& verified : revisions) {
    const Result<std::optional<hub::TreeListing>> listing = listing_for(verified, online, context);
    if (!listing) return listing.error();
    Result<hub::RevisionCheck> check =
        verifier.verify(*verified.repo, *verified.revision, *listing ? &**listing : nullptr);
    if (!check) return check.error();
    verified.check = std::move(*check);
  }
  return {};
}

int run(const po::variables_map& values, Context& context) {
  const Result<std::vector<hub::CachedRepo>> repos = chosen_repos(values, context);
  if (!repos) return fail(context, kName, repos.error());
  Result<std::vector<VerifiedRevision>> revisions = chosen_revisions(*repos, values);
  if (!revisions) return fail(context, kName, revisions.error());
  const Result<void> verified_all = verify_all(*revisions, values["online"].as<bool>(), context);
  if (!verified_all) return fail(context, kName, verified_all.error());
  const bool absent_fails = values["fail-on-missing-files"].as<bool>();
  std::size_t n_bad = 0;
  for (const VerifiedRevision& verified : *revisions)
    n_bad += n_failures(verified, absent_fails);
  if (context.format == Format::json) {
    context.out << json_of(*revisions, n_bad == 0);
    return n_bad == 0 ? 0 : kBad;
  }
  for (const VerifiedRevision& verified : *revisions) {
    const bool is_bad = n_failures(verified, absent_fails) > 0;
    if (context.format == Format::quiet) {
      for (const hub::FileCheck& found : verified.check.findings) {
        if (is_failure(found)) context.out << shown_name(found.content.string()) << '\n';
      }
      continue;
    }
    print_revision(verified, absent_fails, context);
    context.out.flush();
    if (is_bad) tell_cure(verified, context);
  }
  return n_bad == 0 ? 0 : kBad;
}

}  // namespace

const Command kCacheVerifyCommand{
    .name = "cache verify",
    .usage = "[REPO...] [--revision REVISION]",
    .summary = tr_later("Check cached files against their hashes; name what is damaged"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
