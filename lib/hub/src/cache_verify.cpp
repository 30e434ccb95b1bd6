// SPDX-License-Identifier: Apache-2.0
//
// The etag is the blob's name; a copy has none, then the commit's listing tells. Where both are
// known they must agree.
#include "hfauth/hub/cache_verify.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/hex.hpp"
#include "http_module.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>

namespace hfauth::hub {
namespace {

constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kPiece = std::size_t{1} << 18;  // of a megabyte most falls out of the cache

bool is_hash(std::string_view etag) {
  return hex::is_lower(etag, kSha1Digits) || hex::is_lower(etag, kSha256Digits);
}

const TreeEntry* entry_of(const TreeListing* listing, const std::string& path) {
  if (listing == nullptr) return nullptr;
  const auto found = listing->find(path);
  const bool tells = found != listing->end() && !found->second.etag.empty();
  return tells ? &found->second : nullptr;
}

FileVerdict verdict_of(BlobState state) {
  switch (state) {
    case BlobState::missing:
      return FileVerdict::missing;
    case BlobState::outside:
      return FileVerdict::outside;
    case BlobState::unreadable:
      return FileVerdict::unreadable;
    case BlobState::present:
      break;
  }
  return FileVerdict::good;
}

/// Files of one side only.
void compare_names(const CachedRevision& revision, const TreeListing& listing,
                   RevisionCheck& check) {
  std::set<std::string_view> seen;
  for (const CachedFile& file : revision.files) {
    seen.insert(file.path);
    if (listing.count(file.path) == 0) check.strange.push_back(file.path);
  }
  for (const auto& [path, entry] : listing) {
    if (seen.count(path) == 0) check.absent.push_back(path);
  }
}

}  // namespace

std::string_view name_of(FileVerdict verdict) noexcept {
  constexpr std::array<std::string_view, 8> kNames{"good",    "corrupt", "wrong_size", "exchanged",
                                                   "missing", "outside", "unreadable", "unchecked"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

Result<std::string> CacheVerifier::digest_of(const CachedBlob& blob, const std::string& path,
                                             std::size_t n_digits) {
  const std::string key = fmt::format("{}:{}", n_digits, blob.path.string());
  if (const auto known = digests_.find(key); known != digests_.end()) return known->second;
  std::string& answer = digests_[key];
  const UniqueFd file(::open(blob.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));

  struct stat status {};

  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return answer;
  Result<std::unique_ptr<Digest>> digest =
      make_digest(n_digits == kSha1Digits ? DigestKind::sha1 : DigestKind::sha256);
  if (!digest) return digest.error();
  bool good = true;
  if (n_digits == kSha1Digits) good = (*digest)->add(fmt::format("blob {}", status.st_size) + '\0');
  static_cast<void>(::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL));
  std::string buffer(kPiece, '\0');
  while (good) {
    const ssize_t n_bytes = ::read(file.get(), buffer.data(), buffer.size());
    if (n_bytes < 0 && errno == EINTR) continue;
    if (n_bytes < 0) return answer;
    if (n_bytes == 0) break;
    good = (*digest)->add({buffer.data(), static_cast<std::size_t>(n_bytes)});
    if (progress_) progress_(path, static_cast<std::uint64_t>(n_bytes));
  }
  if (!good) return Error{Errc::internal, "libcrypto failed to hash"};
  answer = (*digest)->finish();
  return answer;
}

Result<FileCheck> CacheVerifier::check_file(const CachedBlob& blob, const std::string& path,
                                            const TreeEntry* entry) {
  FileCheck found{.path = path,
                  .verdict = verdict_of(blob.state),
                  .content = blob.path,
                  .expected = entry != nullptr ? entry->etag : blob.etag,
                  .actual = {}};
  if (found.verdict != FileVerdict::good) return found;
  if (entry != nullptr && entry->size != blob.size) {
    found.verdict = FileVerdict::wrong_size;
    found.expected = std::to_string(entry->size);
    found.actual = std::to_string(blob.size);
    return found;
  }
  if (!is_hash(found.expected)) {
    found.verdict = FileVerdict::unchecked;
    return found;
  }
  Result<std::string> digest = digest_of(blob, path, found.expected.size());
  if (!digest) return digest.error();
  found.actual = std::move(*digest);
  if (found.actual.empty()) {
    found.verdict = FileVerdict::unreadable;
  } else if (found.actual != found.expected) {
    // A blob that is true to its name was linked to by the wrong file.
    found.verdict = found.actual == blob.etag ? FileVerdict::exchanged : FileVerdict::corrupt;
  }
  return found;
}

Result<RevisionCheck> CacheVerifier::verify(const CachedRepo& repo, const CachedRevision& revision,
                                            const TreeListing* listing) {
  RevisionCheck check;
  check.has_listing = listing != nullptr;
  for (const CachedFile& file : revision.files) {
    Result<FileCheck> found =
        check_file(repo.blobs[file.blob], file.path, entry_of(listing, file.path));
    if (!found) return found.error();
    if (found->verdict == FileVerdict::exchanged)
      found->content = repo.folder / "snapshots" / revision.commit / file.path;
    if (found->verdict == FileVerdict::good) {
      ++check.n_good;
    } else {
      check.findings.push_back(std::move(*found));
    }
  }
  if (listing != nullptr) compare_names(revision, *listing, check);
  return check;
}

}  // namespace hfauth::hub
