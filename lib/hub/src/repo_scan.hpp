// SPDX-License-Identifier: Apache-2.0
//
// One repository's folder of the cache, read into a CachedRepo.
#pragma once

#include "hfauth/hub/cache_scan.hpp"

#include <string>

namespace hfauth::hub {

/// Where the cache is: as the user names it, behind all links, and its descriptor.
struct CacheRoot {
  std::filesystem::path path;
  std::filesystem::path real;
  int folder = -1;
};

/// `name` is the folder's name in the cache. A folder that cannot be read is a problem of the repo.
[[nodiscard]] CachedRepo read_repo(const CacheRoot& root, const std::string& name,
                                   const FolderName& parsed);

/// The name of the payload in the shared store that `path` is, absolute and normalised; "" if it is
/// none.
[[nodiscard]] std::string payload_name(const std::filesystem::path& cache_root,
                                       const std::filesystem::path& path);

}  // namespace hfauth::hub
