// SPDX-License-Identifier: Apache-2.0
//
// Collects ids in a small buffer, so that a cached answer is four stores and an addition.
#pragma once

#include "piece_cache.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace hfauth::tokenizer {

class IdSink {
 public:
  /// Appends to `out`, which outlives this, at each flush.
  // Nothing of the buffer is read before it is written, and clearing it would cost more than a
  // word. NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  explicit IdSink(std::vector<TokenId>& out) : out_(out) {}

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
  }

 private:
  std::vector<TokenId>& out_;
  std::array<TokenId, 1024> buffer_;
  std::size_t n_ = 0;
};

}  // namespace hfauth::tokenizer
