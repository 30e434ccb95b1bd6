// SPDX-License-Identifier: Apache-2.0
//
// Are the cached files what the Hub has? Every content is hashed once and compared with its etag:
// git's SHA-1 of a blob (40 digits) or SHA-256 (64 digits). Reads only; no network.
#pragma once

#include "hfauth/hub/cache_scan.hpp"
#include "hfauth/hub/tree_listing.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

enum class FileVerdict {
  good,
  corrupt,     ///< the content has another hash than its etag: damaged on the disk or in transit
  wrong_size,  ///< shorter or longer than the listing says: a copy that broke off
  exchanged,   ///< whole, but not the content that the commit has at this path
  missing,     ///< the link dangles
  outside,     ///< the link leaves the cache
  unreadable,
  unchecked,  ///< a copy without an etag, and no listing: nothing to compare with
};

[[nodiscard]] std::string_view name_of(FileVerdict verdict) noexcept;  ///< "wrong_size"

struct FileCheck {
  std::string path;  ///< in the repository
  FileVerdict verdict = FileVerdict::unchecked;
  std::filesystem::path content;  ///< what to delete so that it is downloaded again
  std::string expected;           ///< etag or size, as text
  std::string actual;
};

struct RevisionCheck {
  std::vector<FileCheck> findings;  ///< everything but `good`, in the order of the snapshot
  std::size_t n_good = 0;
  std::vector<std::string> absent;   ///< in the listing, not in the snapshot: never downloaded
  std::vector<std::string> strange;  ///< in the snapshot, not in the listing: not the Hub's
  bool has_listing = false;
};

class CacheVerifier {
 public:
  /// Called while a file is read, with the bytes since the last call.
  using Progress = std::function<void(const std::string& path, std::uint64_t n_bytes)>;

  explicit CacheVerifier(Progress progress = {}) : progress_(std::move(progress)) {}

  /// `revision` belongs to `repo`. `listing` is what the commit holds, nullptr if it is not known.
  /// Content that several revisions share is read once in the life of this object. Blocks as long
  /// as reading takes. Errors: internal (no network module, which has the digests).
  [[nodiscard]] Result<RevisionCheck> verify(const CachedRepo& repo, const CachedRevision& revision,
                                             const TreeListing* listing);

 private:
  [[nodiscard]] Result<FileCheck> check_file(const CachedBlob& blob, const std::string& path,
                                             const TreeEntry* entry);

  /// The digest of the file in the form of an etag of `n_digits`; "" if it cannot be read.
  [[nodiscard]] Result<std::string> digest_of(const CachedBlob& blob, const std::string& path,
                                              std::size_t n_digits);

  Progress progress_;
  std::map<std::string, std::string> digests_;  ///< by path and kind
};

}  // namespace hfauth::hub
