// SPDX-License-Identifier: Apache-2.0
//
// Will a repository load without a network? A client that is offline takes what the snapshot of the
// revision holds (facts/hub-auth.md §2.7), so the question is which files of the commit that lacks.
#pragma once

#include "hfauth/hub/cache_scan.hpp"
#include "hfauth/hub/tree_listing.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hfauth::hub {

enum class Readiness {
  complete,    ///< every file of the commit is there
  incomplete,  ///< some are not, or cannot be used
  not_cached,  ///< the revision cannot be resolved, or has no snapshot
  unknown,     ///< all that is there can be used; whether it is all nobody knows
};

[[nodiscard]] std::string_view name_of(Readiness readiness) noexcept;  ///< "not_cached"

struct OfflineReport {
  Readiness readiness = Readiness::unknown;
  std::string commit;       ///< "" if the revision is not in the cache
  std::size_t n_files = 0;  ///< of the commit, where that is known
  std::size_t n_usable = 0;
  std::vector<std::string> lacking;  ///< files of the commit that no link stands for
  std::vector<CacheProblem> broken;  ///< files of the snapshot that cannot be used
  std::uint64_t lacking_size = 0;    ///< bytes of `lacking`, where the listing tells
};

/// `listing` is what the commit holds; nullptr if it is not known. Pure: `repo` was scanned before.
[[nodiscard]] OfflineReport judge_offline(const CachedRepo& repo, const std::string& revision,
                                          const TreeListing* listing);

}  // namespace hfauth::hub
