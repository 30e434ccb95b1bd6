// SPDX-License-Identifier: Apache-2.0
//
// Collects ids in a small buffer, so that a cached answer is four stores and an addition.
#pragma once

#include "piece_cache.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <vector>

namespace hfauth::tokenizer {

class IdSink {
 public:
  /// Appends to `out`, and counts up `n_bytes_done`, which outlive this, at each flush.
  // Nothing of the buffer is read before it is written, and clearing it would cost more than a
  // word. NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  explicit IdSink(std::vector<TokenId>& out, std::atomic<std::size_t>* n_bytes_done = nullptr)
      : out_(out), n_bytes_done_(n_bytes_done) {}

  /// So many bytes of text more are done; told at the next flush.
  void note(std::size_t n_bytes) noexcept { n_noted_ += n_bytes; }

  void push(const PieceCache::Ids& ids) {
    if (n_ + PieceCache::kMaxTokens > buffer_.size()) flush();
    std::copy(ids.begin(), ids.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(n_));
    for (const TokenId id : ids)
      n_ += id != kNoToken ? 1 : 0;
  }

  void push(TokenId id) {
    if (n_ == buffer_.size()) flush();
    buffer_[n_++] = id;
  }

  void flush() {
    out_.insert(out_.end(), buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(n_));
    n_ = 0;
    if (n_bytes_done_ != nullptr) n_bytes_done_->fetch_add(n_noted_, std::memory_order_relaxed);
    n_noted_ = 0;
  }

 private:
  std::vector<TokenId>& out_;
  std::array<TokenId, 1024> buffer_;
  std::size_t n_ = 0;
  std::atomic<std::size_t>* n_bytes_done_;
  std::size_t n_noted_ = 0;
};

}  // namespace hfauth::tokenizer
