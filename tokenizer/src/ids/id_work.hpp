// SPDX-License-Identifier: Apache-2.0
//
// Working memory on the way from text to ids, for one thread, and the look-up of a part of the text
// that was encoded before.
#pragma once

#include "ids/id_sink.hpp"
#include "models/model.hpp"
#include "piece.hpp"
#include "piece_cache.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct IdWork {
  ModelWorkspace model;
  std::unique_ptr<PieceCache> cache;  ///< none for short texts
  std::vector<TokenId> ids;           ///< of the part that is being encoded
  std::vector<Piece> raw;             ///< the text between the added tokens
  std::vector<Piece> stretches;       ///< and those of the normalized text
  PieceList rewritten;                ///< keeps the normalized text of the stretches
  PieceList pieces;
  std::string normalized;
  std::string word;
  std::string spelling;  ///< of one character
};

/// Appends the ids of bytes [at, end) of `text`. If they are not in the cache, `encode(part)` puts
/// them into work.ids; it is false if it cannot.
template <class Encode>
[[nodiscard]] inline bool push_part(std::string_view text, std::size_t at, std::size_t end,
                                    IdWork& work, IdSink& sink, Encode encode) {
  const std::size_t n = end - at;
  sink.note(n);
  const bool is_kept = work.cache != nullptr && n <= PieceCache::kMaxBytes;
  PieceCache::Key key;
  if (is_kept) {
    key = PieceCache::key_of(text, at, n);
    const PieceCache::Slot& slot = work.cache->slot_for(key);
    if (slot.key == key) {
      sink.push(slot.ids);
      return true;
    }
  }
  work.ids.clear();
  if (!encode(text.substr(at, n))) return false;
  for (const TokenId id : work.ids)
    sink.push(id);
  if (is_kept) work.cache->put(key, work.ids);
  return true;
}

}  // namespace hfauth::tokenizer
