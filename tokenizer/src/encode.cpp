// SPDX-License-Identifier: Apache-2.0
//
// Text to a full Encoding: added tokens cut the text, the pre-tokenizer cuts the rest, the model
// encodes piece by piece, and each token's bytes are traced back through the piece to code points
// of the text. Then truncation, post-processing and padding.
#include "byte_offsets.hpp"
#include "cut.hpp"
#include "draft.hpp"
#include "hfauth/tokenizer/tokenizer.hpp"
#include "parallel.hpp"
#include "parts.hpp"
#include "text_check.hpp"
#include "token_cache.hpp"
#include "unicode/code_point_index.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// Cuts `text` into the final pieces; their order is that of the text, their index is the word id.
Result<void> cut_into_pieces(const TokenizerParts& parts, std::string_view text, PieceList& out) {
  std::vector<Piece> stretches;
  if (const Result<void> cut = cut_into_stretches(parts, text, out, stretches); !cut)
    return cut.error();
  for (const Piece& stretch : stretches) {
    if (const Result<void> cut = cut_stretch(parts, stretch, out); !cut) return cut.error();
  }
  return {};
}

/// How many tokens are enough, and from which side they are counted.
struct Limit {
  std::uint64_t n_tokens;
  Side kept;
};

/// Working memory of one thread.
struct EncodeWork {
  ModelWorkspace model;
  std::optional<TokenCache> cache;
  std::vector<std::uint32_t> places;
  std::string spelling;
};

/// Slots of the cache for texts of so many bytes altogether: clearing them must be worth it.
std::size_t cache_slots_for(std::size_t n_bytes) {
  constexpr std::size_t kWorthMany = std::size_t{256} * 1024;
  return n_bytes >= kWorthMany ? std::size_t{1} << 15U : std::size_t{1} << 11U;
}

constexpr std::size_t kWorthACache = 1024;

class DraftBuilder {
 public:
  DraftBuilder(const TokenizerParts& parts, std::string_view text, const EncodeOptions& options,
               EncodeWork& work)
      : parts_(parts), index_(text), n_bytes_done_(options.n_bytes_done), work_(work) {
    constexpr std::size_t kBytesOfAToken = 4;
    reserve(draft_.encoding, text.size() / kBytesOfAToken);
  }

  /// With a limit, pieces beyond the one that reaches it are not encoded: what truncation would cut
  /// off anyway. Added tokens are passed over without looking at the limit (tokenizers 0.23,
  /// tokenizer/pre_tokenizer.rs, tokenize_with_limit).
  Result<Draft> run(const PieceList& list, const std::optional<Limit>& limit) {
    std::vector<const Piece*> pieces;
    for (const Piece& piece : list.pieces)
      pieces.push_back(&piece);
    if (limit && limit->kept == Side::left) return run_backwards(std::move(pieces), *limit);
    for (const Piece* piece : pieces) {
      if (const Result<void> added = add(*piece); !added) return added.error();
      ++word_;
      if (limit && !piece->added && draft_.size() >= limit->n_tokens) break;
    }
    return std::move(draft_);
  }

 private:
  /// The same from the end of the text; words are numbered from the first piece that is encoded.
  Result<Draft> run_backwards(std::vector<const Piece*> pieces, const Limit& limit) {
    std::size_t n_tokens = 0;
    std::size_t first = pieces.size();
    while (first > 0) {
      const Piece& piece = *pieces[--first];
      if (piece.added) {
        ++n_tokens;
        continue;
      }
      if (const Result<void> done = tokenize(piece); !done) return done.error();
      n_tokens += work_.model.tokens.size();
      if (n_tokens >= limit.n_tokens) break;
    }
    for (std::size_t i = first; i < pieces.size(); ++i) {
      if (const Result<void> added = add(*pieces[i]); !added) return added.error();
      ++word_;
    }
    return std::move(draft_);
  }

  Result<void> tokenize(const Piece& piece) {
    return parts_.model.tokenize(piece.text, piece.byte_level, work_.model);
  }

  Result<void> add(const Piece& piece) {
    note(piece.text.size());
    if (!piece.added) return add_model_tokens(piece);
    const ByteRange range = piece.original_range(0, static_cast<std::uint32_t>(piece.text.size()));
    push_token(draft_.encoding, *piece.added, piece.text, code_points(range), word_);
    return {};
  }

  void note(std::size_t n_bytes) {
    constexpr std::size_t kWorthTelling = std::size_t{64} * 1024;
    n_noted_ += n_bytes;
    if (n_bytes_done_ == nullptr || n_noted_ < kWorthTelling) return;
    n_bytes_done_->fetch_add(std::exchange(n_noted_, 0), std::memory_order_relaxed);
  }

  [[nodiscard]] CodePointRange code_points(ByteRange range) const {
    return {index_.at(range.begin), index_.at(range.end)};
  }

  /// Places in the spelling of a byte-level piece, and one past them, to places in its bytes.
  void find_spelled_places(const Piece& piece) {
    work_.places.clear();
    work_.spelling.clear();
    byte_alphabet::append_spelling(work_.spelling, piece.text);
    for (std::uint32_t i = 0; i < piece.text.size(); ++i)
      work_.places.insert(work_.places.end(), byte_alphabet::encoded_length(piece.text[i]), i);
  }

  /// A long piece that is the same as its parts, one after the other, is encoded part by part.
  Result<void> add_model_tokens(const Piece& piece) {
    // The table of a large vocabulary takes longer to make than many short pieces to merge.
    constexpr std::size_t kWorthATable = 256;
    const std::string_view text = piece.text;
    const JoinTable* joins =
        piece.byte_level || text.size() < kWorthATable ? nullptr : parts_.joins();
    if (joins == nullptr || text.find(' ') != std::string_view::npos) return add_part(piece);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = joins->part_end(text, at, false);
      const Result<void> added =
          add_part(piece.slice({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}));
      if (!added) return added.error();
      at = end;
    }
    return {};
  }

  Result<void> add_part(const Piece& piece) {
    if (!work_.cache || piece.text.empty() || piece.text.size() > PieceCache::kMaxBytes)
      return add_new(piece, nullptr);
    PieceCache::Key key = PieceCache::key_of(piece.text, 0, piece.text.size());
    if (piece.byte_level) key.high |= std::uint64_t{1} << 63U;
    TokenCache::Slot& slot = work_.cache->slot_for(key);
    if (slot.key != key) {
      slot.key = {};
      if (const Result<void> added = add_new(piece, &slot); !added) return added.error();
      if (slot.n > 0) slot.key = key;
      return {};
    }
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i < slot.n; begin = slot.ends[i++]) {
      push_token(draft_.encoding, slot.ids[i], spelling_of(slot.ids[i]),
                 code_points(piece.original_range(begin, slot.ends[i])), word_);
    }
    return {};
  }

  /// `slot`, if there is one, takes the tokens; none if they are too many, or need more to be
  /// known.
  Result<void> add_new(const Piece& piece, TokenCache::Slot* slot) {
    if (const Result<void> done = tokenize(piece); !done) return done.error();
    if (piece.byte_level) find_spelled_places(piece);
    const std::string_view spelled =
        piece.byte_level ? std::string_view(work_.spelling) : piece.text;
    const std::vector<ModelToken>& tokens = work_.model.tokens;
    bool is_kept = slot != nullptr && tokens.size() <= TokenCache::kMaxTokens;
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const ModelToken& token = tokens[i];
      const std::string_view text = token.as_written
                                        ? spelled.substr(token.begin, token.end - token.begin)
                                        : spelling_of(token.id);
      // Bytes of a suffix that is not in the text run over its end; the reference then shows the
      // place within the piece as it is.
      const bool is_within = token.end <= spelled.size();
      const ByteRange range = is_within ? range_of(piece, token) : ByteRange();
      push_token(draft_.encoding, token.id, text,
                 is_within ? code_points(piece.original_range(range.begin, range.end))
                           : index_.closest({token.begin, token.end}),
                 word_);
      is_kept = is_kept && is_within && !token.as_written && range.begin == next;
      if (!is_kept) continue;
      next = range.end;
      slot->ids[i] = token.id;
      slot->ends[i] = static_cast<std::uint8_t>(range.end);
    }
    if (slot != nullptr) slot->n = is_kept ? static_cast<std::uint8_t>(tokens.size()) : 0;
    return {};
  }

  [[nodiscard]] std::string_view spelling_of(TokenId id) const {
    return parts_.model.vocabulary().token(id).value_or(std::string_view());
  }

  /// The bytes of the piece that a token covers.
  [[nodiscard]] ByteRange range_of(const Piece& piece, const ModelToken& token) const {
    if (!piece.byte_level) return {token.begin, token.end};
    return {work_.places[token.begin], work_.places[token.end - 1] + 1};
  }

  const TokenizerParts& parts_;
  unicode::CodePointIndex index_;
  std::atomic<std::size_t>* n_bytes_done_;
  std::size_t n_noted_ = 0;
  EncodeWork& work_;
  Draft draft_;
  std::uint32_t word_ = 0;
};

/// One text, of type `type_id`, up to truncation.
Result<Draft> encode_one(const TokenizerParts& parts, std::string_view text, std::uint32_t type_id,
                         const EncodeOptions& options, EncodeWork& work) {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  PieceList list;
  if (const Result<void> cut = cut_into_pieces(parts, text, list); !cut) return cut.error();
  std::optional<Limit> limit;
  if (parts.truncation &&
      (parts.truncation->strategy != Truncation::Strategy::only_second || type_id != 0)) {
    limit = {parts.truncation->max_length, parts.truncation->side};
  }
  if (!work.cache && text.size() >= kWorthACache) work.cache.emplace(cache_slots_for(text.size()));
  Result<Draft> draft = DraftBuilder(parts, text, options, work).run(list, limit);
  if (draft) draft->encoding.type_ids.assign(draft->size(), type_id);
  return draft;
}

Result<Draft> encode_texts(const TokenizerParts& parts, std::span<const std::string_view> texts,
                           const EncodeOptions& options, EncodeWork& work) {
  std::vector<Draft> drafts;
  for (const std::string_view text : texts) {
    Result<Draft> draft =
        encode_one(parts, text, static_cast<std::uint32_t>(drafts.size()), options, work);
    if (!draft) return draft.error();
    drafts.push_back(std::move(*draft));
  }
  if (parts.truncation) {
    const std::size_t n_added =
        options.add_special_tokens ? parts.post_processor.n_added(texts.size() > 1) : 0;
    if (const Result<void> cut = truncate(drafts, *parts.truncation, n_added); !cut)
      return cut.error();
  }
  Draft draft = parts.post_processor.process(std::move(drafts), options.add_special_tokens);
  if (parts.padding) pad(std::span(&draft, 1), *parts.padding);
  return draft;
}

Result<Encoding> encode_and_finish(const TokenizerParts& parts,
                                   std::span<const std::string_view> texts,
                                   const EncodeOptions& options) {
  EncodeWork work;
  Result<Draft> draft = encode_texts(parts, texts, options, work);
  if (!draft) return draft.error();
  Encoding encoding = finish(std::move(*draft));
  if (options.byte_offsets) add_byte_offsets(encoding, texts, parts.post_processor.is_default);
  return encoding;
}

}  // namespace

Result<Encoding> Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
  return encode_and_finish(*parts_, std::span(&text, 1), options);
}

Result<Encoding> Tokenizer::encode_pair(std::string_view text, std::string_view pair,
                                        const EncodeOptions& options) const {
  return encode_and_finish(*parts_, std::array{text, pair}, options);
}

Result<std::vector<Encoding>> Tokenizer::encode_batch(std::span<const std::string_view> texts,
                                                      const EncodeOptions& options,
                                                      unsigned n_threads) const {
  const std::vector<TextRange> stretches = stretches_of(texts);
  const std::size_t n_workers = threads_for(n_threads, stretches.size());
  const std::size_t n_bytes = total_size(texts);
  std::vector<EncodeWork> works(n_workers);
  if (n_bytes >= kWorthACache) {
    for (EncodeWork& work : works)
      work.cache.emplace(cache_slots_for(n_bytes));
  }
  std::vector<Draft> drafts(texts.size());
  std::vector<std::optional<Error>> faults(stretches.size());
  run_tasks(n_workers, stretches.size(), [&](std::size_t worker, std::size_t task) {
    for (std::size_t i = stretches[task].begin; i < stretches[task].end; ++i) {
      Result<Draft> draft = encode_texts(*parts_, texts.subspan(i, 1), options, works[worker]);
      if (!draft) {
        faults[task] = draft.error();
        return false;
      }
      drafts[i] = std::move(*draft);
    }
    return true;
  });
  for (const std::optional<Error>& fault : faults) {
    if (fault) return *fault;
  }
  if (parts_->padding) pad(drafts, *parts_->padding);
  std::vector<Encoding> encodings(texts.size());
  run_tasks(n_workers, stretches.size(), [&](std::size_t /*worker*/, std::size_t task) {
    for (std::size_t i = stretches[task].begin; i < stretches[task].end; ++i) {
      encodings[i] = finish(std::move(drafts[i]));
      if (options.byte_offsets)
        add_byte_offsets(encodings[i], texts.subspan(i, 1), parts_->post_processor.is_default);
    }
    return true;
  });
  return encodings;
}

Result<std::vector<PreToken>> Tokenizer::pre_tokenize(std::string_view text) const {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  PieceList list;
  if (!text.empty()) {
    if (const Result<void> cut = cut_stretch(*parts_, {.text = text}, list); !cut)
      return cut.error();
  }
  const unicode::CodePointIndex index(text);
  std::vector<PreToken> pieces;
  for (const Piece& piece : list.pieces) {
    const ByteRange range = piece.original_range(0, static_cast<std::uint32_t>(piece.text.size()));
    std::string spelled(piece.text);
    if (piece.byte_level) {
      spelled.clear();
      byte_alphabet::append_spelling(spelled, piece.text);
    }
    pieces.push_back({std::move(spelled), {index.at(range.begin), index.at(range.end)}});
  }
  return pieces;
}

}  // namespace hfauth::tokenizer
