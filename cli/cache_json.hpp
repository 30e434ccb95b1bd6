// SPDX-License-Identifier: Apache-2.0
//
// What `hfauth cache ...` prints with --json: one object and a newline; keys are never translated,
// sizes are bytes, times ISO 8601 in UTC, names that are no UTF-8 have U+FFFD.
#pragma once

#include "cache_filter.hpp"
#include "hfauth/hub/cache_scan.hpp"

#include <string>
#include <vector>

namespace hfauth::cli {

/// {"cache","size","repos":[{"id","repo_id","repo_type","path","size","files","last_accessed",
/// "last_modified","refs","revisions":[...],"incomplete":[...],"problems":[...]}],"problems":[...]};
/// with rows of revisions, each repository has those alone.
[[nodiscard]] std::string json_of(const hub::CacheScan& scan, const std::vector<CacheRow>& rows);

}  // namespace hfauth::cli
