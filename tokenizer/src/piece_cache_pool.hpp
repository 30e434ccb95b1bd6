// SPDX-License-Identifier: Apache-2.0
//
// The caches that a tokenizer's calls without a scratch of the caller leave to the next ones, so
// that a second batch does not encode again what the first one did. What is here is idle: a call
// takes out one for each of its threads.
#pragma once

#include "piece_cache.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hfauth::tokenizer {

class PieceCachePool {
 public:
  /// A cache for `n_bytes` of text, which give is to bring back. nullptr if there is none yet and
  /// the text, being the first one, does not earn it. `grows` is that of PieceCache, the same in
  /// every call.
  [[nodiscard]] std::unique_ptr<PieceCache> take(std::size_t n_bytes, bool grows) {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<PieceCache> cache = std::move(idle_.back());
        idle_.pop_back();
        return cache;
      }
      if (!std::exchange(was_asked_, true) && n_bytes < PieceCache::kWorthwhile) return nullptr;
    }
    return std::make_unique<PieceCache>(grows);
  }

  /// Keeps `cache`, unless it is nullptr or there are many already.
  void give(std::unique_ptr<PieceCache> cache) {
    if (cache == nullptr) return;
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < kMost) idle_.push_back(std::move(cache));
  }

 private:
  static constexpr std::size_t kMost = 16;  ///< 64 MiB at most

  std::mutex mutex_;
  std::vector<std::unique_ptr<PieceCache>> idle_;
  bool was_asked_ = false;
};

}  // namespace hfauth::tokenizer
