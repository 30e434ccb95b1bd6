// SPDX-License-Identifier: Apache-2.0
//
// What a client without a network would find for a repository, or for one file of it, step by step,
// and why: the algorithm of facts/hub-auth.md §2.7 with its reasons kept. Reads only; the cache is
// scanned for the repository alone.
#pragma once

#include "hfauth/hub/cache.hpp"
#include "hfauth/hub/cache_offline.hpp"
#include "hfauth/hub/cache_scan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hfauth::hub {

/// What ended the search. In the order of the steps.
enum class CacheCause {
  found,           ///< the file, or every file of the snapshot, can be used
  no_cache,        ///< the cache's folder is not there
  unreadable,      ///< `detail` names what cannot be entered or read
  other_type,      ///< not cached as this type, but as `detail`
  other_case,      ///< cached under `detail`, which differs in capital letters
  not_downloaded,  ///< nothing of the repository is cached
  no_such_ref,     ///< the revision is not cached; `names` are those that are
  bad_ref,         ///< the ref holds no commit
  no_snapshot,     ///< the commit is known, and nothing of it is cached
  known_missing,   ///< the Hub said that the commit has no such file
  contradiction,   ///< noted as absent, and yet it is there: clients believe the note
  not_in_commit,   ///< the commit's listing has no such file; `detail` is the nearest name, or ""
  file_not_downloaded,  ///< the commit has the file (or nobody knows); this machine does not
  running,              ///< a download of the content is under way
  broken_off,           ///< a download of the content broke off
  odd_entry,            ///< a folder, a pipe, or a link to one
  missing_blob,         ///< the snapshot's link leads to a blob that is gone
  missing_payload,      ///< the blob's link leads to a payload of the shared store that is gone
  outside,              ///< the link leaves the cache
  wrong_size,           ///< another length than the commit's listing says
  incomplete,           ///< without a file named: some files of the commit lack or are broken
};

[[nodiscard]] std::string_view name_of(CacheCause cause) noexcept;  ///< "no_such_ref"

enum class StepKind {
  cache,
  repository,
  revision,
  absence,
  listing,
  snapshot,
  blob,
  shared,
  download
};

[[nodiscard]] std::string_view name_of(StepKind kind) noexcept;  ///< "revision"

/// One look: what was looked at, whether it is as it should be, what was found there.
struct CacheStep {
  enum class State { good, bad, note } state = State::good;
  StepKind kind = StepKind::cache;
  std::filesystem::path path;
  std::string found;             ///< a commit, an etag, a count; "" if the path says all
  std::optional<WallTime> time;  ///< when that was written
};

struct CacheExplanation {
  std::vector<CacheStep> steps;
  CacheCause cause = CacheCause::found;
  std::filesystem::path culprit;       ///< the path that the cure is about
  std::string detail;                  ///< see the causes
  std::vector<std::string> names;      ///< refs that are cached
  std::string commit;                  ///< "" if the revision is not in the cache
  std::optional<OfflineReport> files;  ///< without a file named, if there is a snapshot
};

/// `file` is a checked path in the repository, nullopt for the repository as a whole. Errors:
/// invalid_input (a revision or file that cannot be one).
[[nodiscard]] Result<CacheExplanation> explain_cache(const std::filesystem::path& root,
                                                     const Repo& repo, const std::string& revision,
                                                     const std::optional<std::string>& file);

}  // namespace hfauth::hub
