// SPDX-License-Identifier: Apache-2.0
//
// Many files of one commit on their way into their places: as many exchanges at once as HttpClient
// makes, each file under its lock, hashed, made durable and renamed whole. Who calls says what a
// place is: the cache's blobs (snapshot_fill.cpp) or a user's own folder (local_folder.cpp).
#pragma once

#include "hfauth/hub/download.hpp"
#include "hfauth/hub/hub_client.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hfauth::hub {

/// One file that is wanted.
struct BlobWish {
  std::string file;  ///< in the repository
  std::string etag;
  std::uint64_t size = 0;
  std::filesystem::path lock;
  std::filesystem::path target;  ///< what it is renamed to
  std::filesystem::path stem;    ///< of its name while unfinished; empty: `target`
};

/// A file is fetched in parts from this size on. Below, one connection is as good: 64 MiB take a
/// second at 0.5 Gbit/s, and a part costs a request.
inline constexpr std::uint64_t kLargeFile = std::uint64_t{64} << 20;

/// One part: large enough that its request does not count, small enough that the hash follows close
/// behind the writers, out of the page cache.
inline constexpr std::uint64_t kPartBytes = std::uint64_t{16} << 20;
inline constexpr std::size_t kPartsAtOnce = 8;

struct FillRules {
  /// Asked under the lock, before anything is fetched: another process may have been here.
  std::function<Result<bool>(const BlobWish& wish)> is_there;
  /// Called under the lock once `target` is there.
  std::function<Result<void>(const BlobWish& wish)> placed;
};

/// Fills all or stops at the first failure; what was placed by then stays, nothing unfinished does.
/// The folders of locks, targets and stems exist. `token` may be null. Drops whatever else was
/// started on the client's HttpClient. Errors: as HubClient::download; corrupt (a hash or length
/// that is not the listed one), permission, no_space, io, interrupted.
[[nodiscard]] Result<void> fill_blobs(HubClient& client, const Repo& repo,
                                      const std::string& commit, const Secret* token,
                                      const std::vector<BlobWish>& wishes, const FillRules& rules,
                                      const DownloadWatch& watch);

}  // namespace hfauth::hub
