// SPDX-License-Identifier: Apache-2.0
//
// The shared cache of the Hub's clients: read and filled with the exact layout of huggingface_hub
// (facts/hub-auth.md §2.4 to §2.7), so that each can use what the other wrote, also at the same
// time.
#pragma once

#include "hfauth/hub/hub_client.hpp"
#include "hfauth/hub/repo.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace hfauth::hub {

struct CacheAnswer {
  enum class Kind { hit, known_missing, not_cached } kind = Kind::not_cached;
  std::filesystem::path file;  ///< in snapshots/, if hit
  std::string commit;          ///< 40 hex, if the revision is known
};

class HubCache {
 public:
  /// `root` is HubPaths::hub_cache. Touches nothing.
  explicit HubCache(std::filesystem::path root) : root_(std::move(root)) {}

  /// The offline algorithm (§2.7): no lock, no network. A symbolic link that leaves the cache is an
  /// error. Errors: permission (an unreadable cache, saying which folder), corrupt, invalid_input.
  [[nodiscard]] Result<CacheAnswer> find(const Repo& repo, const std::string& revision,
                                         const std::string& file) const;

  /// The file of the newest state: HEAD, then what is cached if the etag is known, else download
  /// into blobs/ under the client's lock, ref and snapshot link written. If the HEAD fails and the
  /// file is cached, the cached one is the answer (§2.7) and `note` is told why; entry or revision
  /// not found is never papered over. Errors: as HubClient::file_info, permission, no_space, io,
  /// corrupt (length or hash differ).
  [[nodiscard]] Result<CacheAnswer> fetch(HubClient& client, const Repo& repo,
                                          const std::string& revision, const std::string& file,
                                          const Secret* token,
                                          const std::function<void(const std::string&)>& note);

  [[nodiscard]] const std::filesystem::path& root() const noexcept { return root_; }

 private:
  std::filesystem::path root_;
};

}  // namespace hfauth::hub
