// SPDX-License-Identifier: Apache-2.0
//
// One large file that comes in parts, in any order, into one unfinished file; the hash follows
// behind. Which parts run, and how, is blob_fill.cpp's.
#pragma once

#include "blob_file.hpp"
#include "blob_fill.hpp"
#include "following_digest.hpp"

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

class FileGet;

class LargeFile {
 public:
  struct Part {
    std::size_t number = 0;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t written = 0;
    FileGet* get = nullptr;  ///< who fetches it; not owned, gone with end_part()
  };

  /// The unfinished file, with room for all of it. `wish` outlives this object. Errors: as
  /// IncompleteBlob::create.
  [[nodiscard]] static Result<std::unique_ptr<LargeFile>> create(const BlobWish& wish,
                                                                 BlobLock lock);

  [[nodiscard]] const BlobWish& wish() const noexcept { return wish_; }

  /// False while the first part's head is out: until then it is not known where the content is, nor
  /// whether the server sends parts.
  [[nodiscard]] bool has_part_to_begin() const;

  /// The next part, in order; stays valid until end_part.
  [[nodiscard]] Part& begin_part();

  /// Errors: no_space, io.
  [[nodiscard]] Result<void> write(Part& part, std::string_view piece);

  void end_part(Part& part);

  /// Where the content is, "" while that is unknown.
  [[nodiscard]] const std::string& found_at() const noexcept { return found_at_; }

  [[nodiscard]] bool is_complete() const noexcept { return n_ended_ == n_parts_; }

  /// Waits for the hash, checks it, makes the file durable and renames it. Errors: corrupt,
  /// no_space, io, permission.
  [[nodiscard]] Result<void> finish();

 private:
  LargeFile(const BlobWish& wish, BlobLock lock, IncompleteBlob blob,
            std::unique_ptr<Digest> digest);

  void learn_from_first();
  void move_frontier();

  const BlobWish& wish_;
  BlobLock lock_;
  IncompleteBlob blob_;
  bool has_digest_;
  std::size_t n_parts_;
  std::size_t n_begun_ = 0;
  std::size_t n_ended_ = 0;
  std::size_t front_ = 0;  ///< the first part that has not ended
  std::vector<bool> ended_;
  std::list<Part> running_;
  std::string found_at_;
  FollowingDigest digest_;  ///< last: its thread reads blob_
};

}  // namespace hfauth::hub
