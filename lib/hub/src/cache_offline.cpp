// SPDX-License-Identifier: Apache-2.0
//
// Sets of names: what the commit has, less what can be used.
#include "hfauth/hub/cache_offline.hpp"

#include <array>
#include <set>

namespace hfauth::hub {
namespace {

CacheTrouble trouble_of(BlobState state) {
  if (state == BlobState::outside) return CacheTrouble::outside_blob;
  return state == BlobState::missing ? CacheTrouble::missing_blob : CacheTrouble::unreadable;
}

}  // namespace

std::string_view name_of(Readiness readiness) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"complete", "incomplete", "not_cached",
                                                   "unknown"};
  return kNames.at(static_cast<std::size_t>(readiness));
}

OfflineReport judge_offline(const CachedRepo& repo, const std::string& revision,
                            const TreeListing* listing) {
  OfflineReport report;
  const CachedRevision* snapshot = find_revision(repo, revision);
  if (snapshot == nullptr) {
    report.readiness = Readiness::not_cached;
    const auto ref = repo.refs.find(revision);
    if (ref != repo.refs.end()) report.commit = ref->second;
    return report;
  }
  report.commit = snapshot->commit;
  std::set<std::string_view> there;
  for (const CachedFile& file : snapshot->files) {
    const BlobState state = repo.blobs[file.blob].state;
    there.insert(file.path);
    if (state == BlobState::present) {
      ++report.n_usable;
    } else {
      report.broken.push_back(
          {trouble_of(state), repo.folder / "snapshots" / snapshot->commit / file.path});
    }
  }
  if (listing != nullptr) {
    report.n_files = listing->size();
    for (const auto& [path, entry] : *listing) {
      if (there.count(path) != 0) continue;
      report.lacking.push_back(path);
      report.lacking_size += entry.size;
    }
  }
  const bool has_gap = !report.broken.empty() || !report.lacking.empty();
  report.readiness = has_gap              ? Readiness::incomplete
                     : listing == nullptr ? Readiness::unknown
                                          : Readiness::complete;
  return report;
}

}  // namespace hfauth::hub
