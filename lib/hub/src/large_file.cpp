// SPDX-License-Identifier: Apache-2.0
//
// Parts are handed out from the front, so the frontier (everything before it is written) moves
// steadily and the digest reads what is still in memory.
#include "large_file.hpp"

#include "file_get.hpp"

#include <algorithm>

namespace hfauth::hub {

Result<std::unique_ptr<LargeFile>> LargeFile::create(const BlobWish& wish, BlobLock lock) {
  Result<std::unique_ptr<Digest>> digest = digest_for(wish.etag, wish.size);
  if (!digest) return digest.error();
  Result<IncompleteBlob> blob =
      IncompleteBlob::create(wish.target, wish.etag, wish.size, wish.stem);
  if (!blob) return blob.error();
  return std::unique_ptr<LargeFile>(
      new LargeFile(wish, std::move(lock), *std::move(blob), *std::move(digest)));
}

LargeFile::LargeFile(const BlobWish& wish, BlobLock lock, IncompleteBlob blob,
                     std::unique_ptr<Digest> digest)
    : wish_(wish),
      lock_(std::move(lock)),
      blob_(std::move(blob)),
      has_digest_(digest != nullptr),
      n_parts_(static_cast<std::size_t>((wish.size + kPartBytes - 1) / kPartBytes)),
      ended_(n_parts_),
      digest_(blob_.fd(), std::move(digest)) {}

bool LargeFile::has_part_to_begin() const {
  if (n_begun_ == n_parts_) return false;
  return n_begun_ == 0 || !found_at_.empty();
}

LargeFile::Part& LargeFile::begin_part() {
  Part part;
  part.number = n_begun_++;
  part.begin = part.number * kPartBytes;
  part.end = std::min(part.begin + kPartBytes, wish_.size);
  running_.push_back(part);
  return running_.back();
}

void LargeFile::learn_from_first() {
  if (!found_at_.empty() || running_.empty() || running_.front().get == nullptr) return;
  const FileGet& first = *running_.front().get;
  found_at_ = first.found_at();
  if (first.is_whole()) {  // no parts here: the first one brings everything
    n_parts_ = 1;
    running_.front().end = wish_.size;
  }
}

Result<void> LargeFile::write(Part& part, std::string_view piece) {
  learn_from_first();
  if (Result<void> written = blob_.write_at(part.begin + part.written, piece); !written)
    return written;
  part.written += piece.size();
  if (part.number == front_) move_frontier();
  return {};
}

void LargeFile::end_part(Part& part) {
  learn_from_first();
  ended_[part.number] = true;
  ++n_ended_;
  const std::size_t number = part.number;
  running_.remove_if([number](const Part& one) { return one.number == number; });
  move_frontier();
}

void LargeFile::move_frontier() {
  while (front_ < n_parts_ && ended_[front_])
    ++front_;
  if (front_ == n_parts_) {
    digest_.advance(wish_.size);
    return;
  }
  const auto part = std::find_if(running_.begin(), running_.end(),
                                 [this](const Part& one) { return one.number == front_; });
  digest_.advance(front_ * kPartBytes + (part == running_.end() ? 0 : part->written));
}

Result<void> LargeFile::finish() {
  Result<std::string> digest = digest_.finish();
  if (!digest) return digest.error();
  if (has_digest_) {
    if (Result<void> verified = blob_.verify(*digest); !verified) return verified;
  }
  if (Result<void> synced = blob_.sync(); !synced) return synced;
  return blob_.publish();
}

}  // namespace hfauth::hub
