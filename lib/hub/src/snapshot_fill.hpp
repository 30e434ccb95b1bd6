// SPDX-License-Identifier: Apache-2.0
//
// A plan carried out in the shared cache: blobs, snapshot links, the list of files, the ref.
#pragma once

#include "cache_layout.hpp"
#include "hfauth/hub/download.hpp"

namespace hfauth::hub {

/// Whether `file` of `commit` can be had without fetching: its snapshot is there, or its blob.
[[nodiscard]] Result<bool> is_in_cache(const CachePaths& paths, const std::string& commit,
                                       const TreeFile& file);

/// The order is blob, link, list, ref: offline readers keep the old snapshot until the new one is
/// whole. Errors: as fill_blobs.
[[nodiscard]] Result<void> fill_snapshot(HubClient& client, const Repo& repo,
                                         const CachePaths& paths, const DownloadPlan& plan,
                                         const std::string& revision, const Secret* token,
                                         bool may_link, const DownloadWatch& watch);

}  // namespace hfauth::hub
