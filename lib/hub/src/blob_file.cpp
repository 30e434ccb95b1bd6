// SPDX-License-Identifier: Apache-2.0
//
// The lock and the unfinished file by POSIX calls. The digest runs while the bytes arrive, so that
// no file is read twice; libcrypto is in the network module, which a download has loaded anyway.
#include "blob_file.hpp"

#include "hfauth/core/crypto.hpp"
#include "hfauth/core/hex.hpp"
#include "http_module.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kLockMode = 0664;  // huggingface_hub 1.29: a cache may belong to a group
constexpr mode_t kBlobMode = 0666;  // less the umask
/// Below that, writing tells as soon as reserving would, for one call less.
constexpr std::uint64_t kWorthReserving = std::uint64_t{256} << 10;
constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;

/// Whether `fd` is still what the name means: some versions of python-filelock remove the file when
/// they let go.
bool is_current(int fd, const fs::path& path) {
  struct stat ours {};

  struct stat named {};

  return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &named) == 0 &&
         ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

int lock(int fd, int operation) {
  int result = 0;
  do {
    result = ::flock(fd, operation);
  } while (result != 0 && errno == EINTR);
  return result;
}

}  // namespace

Result<std::unique_ptr<Digest>> digest_for(const std::string& etag, std::uint64_t size) {
  if (!hex::is_lower(etag, kSha1Digits) && !hex::is_lower(etag, kSha256Digits))
    return std::unique_ptr<Digest>();
  if (etag.size() == kSha256Digits) return make_digest(DigestKind::sha256);
  Result<std::unique_ptr<Digest>> digest = make_digest(DigestKind::sha1);
  if (!digest) return digest;
  const std::string header = fmt::format("blob {}", size) + '\0';
  if (!(*digest)->add(header)) return Error{Errc::internal, "libcrypto failed to hash"};
  return digest;
}

std::string random_suffix() {
  return crypto::hex(crypto::random_bytes(4));
}

Result<std::optional<BlobLock>> BlobLock::try_acquire(const fs::path& path) {
  while (true) {
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode));
    if (!fd) return error_from_errno(errno, path.string());
    // The umask took the group's right away; a lock of somebody else's cannot be changed and need
    // not be.
    (void)::fchmod(fd.get(), kLockMode);
    if (lock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) return std::optional<BlobLock>();
      return error_from_errno(errno, path.string());
    }
    if (is_current(fd.get(), path)) return std::optional(BlobLock(std::move(fd)));
  }
}

Result<BlobLock> BlobLock::acquire(const fs::path& path,
                                   const std::function<void(const std::string&)>& note) {
  bool is_told = false;
  while (true) {
    Result<std::optional<BlobLock>> taken = try_acquire(path);
    if (!taken) return taken.error();
    if (*taken) return **std::move(taken);
    if (note && !is_told)
      note(fmt::format("waiting for another process that downloads the same file ({})",
                       path.string()));
    is_told = true;
    // Waits for whoever has it, and begins again: it may be another file by then.
    const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (fd && lock(fd.get(), LOCK_EX) != 0) return error_from_errno(errno, path.string());
  }
}

IncompleteBlob::IncompleteBlob(fs::path blob, fs::path path, UniqueFd fd, std::string etag,
                               std::unique_ptr<Digest> digest)
    : blob_(std::move(blob)),
      path_(std::move(path)),
      fd_(std::move(fd)),
      etag_(std::move(etag)),
      digest_(std::move(digest)) {}

IncompleteBlob::IncompleteBlob(IncompleteBlob&& other) noexcept
    : blob_(std::move(other.blob_)),
      path_(std::exchange(other.path_, fs::path())),
      fd_(std::move(other.fd_)),
      etag_(std::move(other.etag_)),
      digest_(std::move(other.digest_)) {}

IncompleteBlob::~IncompleteBlob() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<IncompleteBlob> IncompleteBlob::create(const fs::path& blob, const std::string& etag,
                                              std::uint64_t size, const fs::path& stem) {
  Result<std::unique_ptr<Digest>> digest = digest_for(etag, size);
  if (!digest) return digest.error();
  fs::path path = stem.empty() ? blob : stem;
  path += "." + random_suffix() + ".incomplete";
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kBlobMode));
  if (!fd) return error_from_errno(errno, path.string());
  IncompleteBlob incomplete(blob, path, std::move(fd), etag, *std::move(digest));
  // A full disk shows before the first byte is fetched; what cannot promise room (tmpfs can, NFS 3
  // cannot) tells later.
  if (size >= kWorthReserving &&
      ::fallocate(incomplete.fd_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)) != 0 &&
      (errno == ENOSPC || errno == EDQUOT)) {
    return error_from_errno(
        errno, fmt::format("no room for {} bytes in {}", size, blob.parent_path().string()));
  }
  return incomplete;
}

Result<void> IncompleteBlob::write(std::string_view piece) {
  if (digest_ && !digest_->add(piece)) return Error{Errc::internal, "libcrypto failed to hash"};
  while (!piece.empty()) {
    const ssize_t n_bytes = ::write(fd_.get(), piece.data(), piece.size());
    if (n_bytes < 0 && errno == EINTR) continue;
    if (n_bytes < 0) return error_from_errno(errno, path_.string());
    piece.remove_prefix(static_cast<std::size_t>(n_bytes));
  }
  return {};
}

Result<void> IncompleteBlob::write_at(std::uint64_t offset, std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t n_bytes =
        ::pwrite(fd_.get(), piece.data(), piece.size(), static_cast<off_t>(offset));
    if (n_bytes < 0 && errno == EINTR) continue;
    if (n_bytes < 0) return error_from_errno(errno, path_.string());
    offset += static_cast<std::uint64_t>(n_bytes);
    piece.remove_prefix(static_cast<std::size_t>(n_bytes));
  }
  return {};
}

Result<void> IncompleteBlob::verify() {
  return digest_ ? verify(digest_->finish()) : Result<void>();
}

Result<void> IncompleteBlob::verify(const std::string& digest) const {
  if (digest == etag_) return {};
  return Error{
      Errc::corrupt,
      fmt::format("the download of {} has another hash than the Hub announced: try again", etag_)};
}

Result<void> IncompleteBlob::sync() const {
  // Without it a power cut can leave a whole name on an empty file, and nobody would look at it
  // again.
  if (::fdatasync(fd_.get()) != 0) return error_from_errno(errno, path_.string());
  return {};
}

Result<void> IncompleteBlob::publish() {
  if (::close(fd_.release()) != 0) return error_from_errno(errno, path_.string());
  if (::rename(path_.c_str(), blob_.c_str()) != 0) return error_from_errno(errno, blob_.string());
  path_.clear();
  return {};
}

Result<void> IncompleteBlob::finish() {
  if (Result<void> verified = verify(); !verified) return verified;
  if (Result<void> synced = sync(); !synced) return synced;
  return publish();
}

}  // namespace hfauth::hub
