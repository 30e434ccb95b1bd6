// SPDX-License-Identifier: Apache-2.0
//
// The plan. A blob goes if every file that names it goes, and if its content is not the content of
// anything that stays, by whatever chain of links, in whatever repository.
#include "hfauth/hub/cache_prune.hpp"

#include "blob_probe.hpp"
#include "folder_walk.hpp"
#include "shared_store.hpp"

#include <fcntl.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using Content = std::pair<std::uint64_t, std::uint64_t>;  // device, inode

/// What must not go, in the whole cache.
struct Needed {
  std::set<Content> contents;
  std::set<std::string> paths;
};

bool is_detached(const CachedRevision& revision) {
  return revision.refs.empty();
}

/// A writer of hfauth writes the ref last: until then its revision looks detached.
bool has_writer(const fs::path& root, const CachedRepo& repo) {
  const fs::path folder = root / ".locks" / repo.folder.filename();
  const UniqueFd locks = open_folder(AT_FDCWD, folder.string());
  if (!locks) return false;
  const FolderListing listing = list_folder(locks.get());
  return listing.error_number != 0 ||
         std::any_of(listing.entries.begin(), listing.entries.end(), [&](const FolderEntry& entry) {
           return entry.kind != FolderEntry::Kind::folder && is_locked(folder / entry.name);
         });
}

bool has_unclear_ref(const CachedRepo& repo) {
  const std::string refs = (repo.folder / "refs").string();
  return std::any_of(repo.problems.begin(), repo.problems.end(), [&](const CacheProblem& problem) {
    return problem.trouble != CacheTrouble::stale_ref && problem.path.string().starts_with(refs);
  });
}

std::optional<KeptBecause> reason_to_keep(const fs::path& root, const CachedRepo& repo) {
  if (repo.is_link) return KeptBecause::linked;
  if (has_unclear_ref(repo)) return KeptBecause::refs_unclear;
  if (has_writer(root, repo)) return KeptBecause::running;
  return std::nullopt;
}

bool has_something(const CachedRepo& repo) {
  return std::any_of(repo.revisions.begin(), repo.revisions.end(), is_detached) ||
         !repo.incomplete.empty();
}

/// How many files of the revisions that go name each blob.
std::vector<std::size_t> uses_that_go(const CachedRepo& repo) {
  std::vector<std::size_t> uses(repo.blobs.size());
  for (const CachedRevision& revision : repo.revisions) {
    if (!is_detached(revision)) continue;
    for (const CachedFile& file : revision.files)
      ++uses[file.blob];
  }
  return uses;
}

void add_needed(const CachedRepo& repo, bool is_kept, Needed& needed) {
  const std::vector<std::size_t> uses =
      is_kept ? std::vector<std::size_t>(repo.blobs.size()) : uses_that_go(repo);
  for (std::size_t i = 0; i < repo.blobs.size(); ++i) {
    const CachedBlob& blob = repo.blobs[i];
    if (blob.n_files <= uses[i]) continue;
    if (blob.inode != 0) needed.contents.insert({blob.device, blob.inode});
    needed.paths.insert(blob.path.string());
  }
}

/// Links to payloads that go, by payload.
using LinksThatGo = std::map<std::string, std::size_t>;

/// Whether the blob goes; `uses` of its files do.
bool goes(const CachedBlob& blob, std::size_t uses, bool is_whole, const Needed& needed) {
  const bool is_used = blob.n_files > uses || (blob.n_files == 0 && !is_whole);
  if (is_used || needed.paths.count(blob.path.string()) != 0) return false;
  return !blob.shared.empty() || blob.inode == 0 ||
         needed.contents.count({blob.device, blob.inode}) == 0;
}

/// Content that lies in a snapshot itself and goes with it; other links' targets are not touched.
bool is_copy(const CachedRepo& repo, const CachedBlob& blob) {
  return blob.path.string().starts_with((repo.folder / "snapshots" / "").string());
}

PruneRepo plan_repo(const CachedRepo& repo, const Needed& needed, LinksThatGo& links) {
  PruneRepo plan;
  plan.id = cache_id(repo);
  plan.folder = repo.folder;
  for (const CachedRevision& revision : repo.revisions) {
    if (is_detached(revision)) plan.revisions.push_back(revision.commit);
  }
  plan.is_whole = !plan.revisions.empty() && plan.revisions.size() == repo.revisions.size();
  const std::vector<std::size_t> uses = uses_that_go(repo);
  for (std::size_t i = 0; i < repo.blobs.size(); ++i) {
    const CachedBlob& blob = repo.blobs[i];
    if (blob.etag.empty() && (uses[i] == 0 || !is_copy(repo, blob))) continue;
    if (!goes(blob, uses[i], plan.is_whole, needed)) continue;
    if (!blob.shared.empty()) {
      ++links[blob.shared];
    } else if (blob.state != BlobState::missing && blob.state != BlobState::outside) {
      plan.size += blob.size;
    }
    if (!blob.etag.empty()) plan.blobs.push_back(blob.etag);
  }
  for (const IncompleteFile& file : repo.incomplete) {
    if (file.is_running) continue;
    plan.size += file.size;
    plan.incomplete.push_back(file);
  }
  return plan;
}

void plan_payloads(const CacheScan& scan, const LinksThatGo& links, PrunePlan& plan) {
  for (const SharedPayload& payload : scan.payloads) {
    const auto found = links.find(payload.name);
    const std::size_t n_going = found == links.end() ? 0 : found->second;
    if (n_going < payload.n_blobs) continue;
    const std::optional<std::vector<std::string>> references =
        payload_references(scan.root, payload.name);
    if (!references || references->size() > n_going) continue;
    plan.payloads.push_back(payload);
    plan.size += payload.size;
  }
}

}  // namespace

std::size_t PrunePlan::n_revisions() const {
  std::size_t n = 0;
  for (const PruneRepo& repo : repos)
    n += repo.revisions.size();
  return n;
}

std::size_t PrunePlan::n_incomplete() const {
  std::size_t n = 0;
  for (const PruneRepo& repo : repos)
    n += repo.incomplete.size();
  return n;
}

PrunePlan plan_prune(const CacheScan& scan) {
  PrunePlan plan;
  plan.root = scan.root;
  Needed needed;
  std::vector<const CachedRepo*> candidates;
  for (const CachedRepo& repo : scan.repos) {
    const std::optional<KeptBecause> reason =
        has_something(repo) ? reason_to_keep(scan.root, repo) : std::nullopt;
    const bool is_candidate = has_something(repo) && !reason;
    add_needed(repo, !is_candidate, needed);
    if (is_candidate) candidates.push_back(&repo);
    if (reason) plan.kept.push_back({*reason, cache_id(repo)});
  }
  LinksThatGo links;
  for (const CachedRepo* repo : candidates) {
    PruneRepo part = plan_repo(*repo, needed, links);
    if (part.revisions.empty() && part.incomplete.empty()) continue;
    plan.size += part.size;
    plan.repos.push_back(std::move(part));
  }
  plan_payloads(scan, links, plan);
  return plan;
}

}  // namespace hfauth::hub
