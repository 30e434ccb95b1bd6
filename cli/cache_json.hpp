// SPDX-License-Identifier: Apache-2.0
//
// What `hfauth cache ...` prints with --json: one object and a newline; keys are never translated,
// sizes are bytes, times ISO 8601 in UTC, names that are no UTF-8 have U+FFFD.
#pragma once

#include "cache_filter.hpp"
#include "hfauth/hub/cache_explain.hpp"
#include "hfauth/hub/cache_offline.hpp"
#include "hfauth/hub/cache_prune.hpp"
#include "hfauth/hub/cache_scan.hpp"
#include "hfauth/hub/cache_verify.hpp"

#include <string>
#include <vector>

namespace hfauth::cli {

/// {"cache","size","repos":[{"id","repo_id","repo_type","path","size","files","last_accessed",
/// "last_modified","refs","revisions":[...],"incomplete":[...],"problems":[...]}],"problems":[...]};
/// with rows of revisions, each repository has those alone.
[[nodiscard]] std::string json_of(const hub::CacheScan& scan, const std::vector<CacheRow>& rows);

/// One revision that was looked at.
struct VerifiedRevision {
  const hub::CachedRepo* repo = nullptr;
  const hub::CachedRevision* revision = nullptr;
  hub::RevisionCheck check;
};

/// {"good","revisions":[{"id","revision","refs","good","absent":[...],"strange":[...],"listing","findings":[{"file",
/// "verdict","path","expected","actual"}]}]}.
[[nodiscard]] std::string json_of(const std::vector<VerifiedRevision>& revisions, bool is_good);

/// {"id","revision","commit","readiness","files","usable","lacking":[...],"lacking_size",
/// "problems":[...]}.
[[nodiscard]] std::string json_of(const hub::OfflineReport& report, const hub::Repo& repo,
                                  const std::string& revision);

/// {"id","revision","commit","found","cause","culprit","text","cure","cached_refs","steps":[{"step",
/// "state","path","found","written"}]}; text and cure are for people.
[[nodiscard]] std::string json_of(const hub::CacheExplanation& told, const hub::Repo& repo,
                                  const std::string& revision, const std::string& text,
                                  const std::string& cure);

/// {"cache","dry_run","size","repos":[...],"shared":[...],"kept":[...]}, and after removing
/// "removed":{"revisions","incomplete","shared","size","failures"}; `outcome` may be null.
[[nodiscard]] std::string json_of(const hub::PrunePlan& plan, const hub::PruneOutcome* outcome);

}  // namespace hfauth::cli
