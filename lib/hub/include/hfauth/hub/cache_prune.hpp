// SPDX-License-Identifier: Apache-2.0
//
// Removing what nobody reaches: revisions that no branch or tag names, downloads that broke off,
// payloads of the shared store without a link. The same things as `hf cache prune` (huggingface_hub
// 2.4), less what somebody may be using at this moment.
#pragma once

#include "hfauth/hub/cache_scan.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hfauth::hub {

/// All that goes from one repository.
struct PruneRepo {
  std::string id;                      ///< cache_id
  std::filesystem::path folder;        ///< in the cache
  std::vector<std::string> revisions;  ///< commits, sorted
  std::vector<std::string> blobs;      ///< names below blobs/ that only these revisions need
  std::vector<IncompleteFile> incomplete;
  bool is_whole = false;   ///< no revision remains
  std::uint64_t size = 0;  ///< bytes of the above, shared payloads apart
};

enum class KeptBecause {
  running,       ///< somebody holds a lock of the repository
  linked,        ///< the repository's folder is a link: what lies elsewhere is not touched
  refs_unclear,  ///< a ref cannot be read: any revision may be the one it names
};

struct PruneKept {
  KeptBecause reason = KeptBecause::running;
  std::string id;  ///< cache_id
};

struct PrunePlan {
  std::filesystem::path root;
  std::vector<PruneRepo> repos;         ///< those of which something goes
  std::vector<SharedPayload> payloads;  ///< that no blob needs after that
  std::vector<PruneKept> kept;          ///< repositories that have something to prune, left alone
  std::uint64_t size = 0;               ///< bytes that become free

  [[nodiscard]] bool empty() const { return repos.empty() && payloads.empty(); }

  [[nodiscard]] std::size_t n_revisions() const;
  [[nodiscard]] std::size_t n_incomplete() const;
};

/// Looks at locks and the shared store's lists; changes nothing.
[[nodiscard]] PrunePlan plan_prune(const CacheScan& scan);

struct PruneOutcome {
  std::size_t n_revisions = 0;
  std::size_t n_incomplete = 0;
  std::size_t n_payloads = 0;
  std::uint64_t freed = 0;
  std::vector<Error> failures;  ///< what stayed: busy (in use meanwhile), permission, io
};

/// Removes what the plan names, links before contents, each content under its lock; whatever has
/// come into use since the plan was made stays. Walks by descriptors and follows no link. Does not
/// wait for locks.
[[nodiscard]] PruneOutcome prune(const PrunePlan& plan);

}  // namespace hfauth::hub
