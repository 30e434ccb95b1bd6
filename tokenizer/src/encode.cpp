// SPDX-License-Identifier: Apache-2.0
//
// Text to a full Encoding: added tokens cut the text, the pre-tokenizer cuts the rest, the model
// encodes piece by piece, and each token's bytes are traced back through the piece to code points
// of the text. Then truncation, post-processing and padding.
#include "byte_offsets.hpp"
#include "cut.hpp"
#include "draft.hpp"
#include "hfauth/tokenizer/tokenizer.hpp"
#include "parts.hpp"
#include "text_check.hpp"
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

class DraftBuilder {
 public:
  DraftBuilder(const TokenizerParts& parts, std::string_view text) : parts_(parts), index_(text) {}

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
      n_tokens += workspace_.tokens.size();
      if (n_tokens >= limit.n_tokens) break;
    }
    for (std::size_t i = first; i < pieces.size(); ++i) {
      if (const Result<void> added = add(*pieces[i]); !added) return added.error();
      ++word_;
    }
    return std::move(draft_);
  }

  Result<void> tokenize(const Piece& piece) {
    return parts_.model.tokenize(piece.text, piece.byte_level, workspace_);
  }

  Result<void> add(const Piece& piece) {
    if (!piece.added) return add_model_tokens(piece);
    const ByteRange range = piece.original_range(0, static_cast<std::uint32_t>(piece.text.size()));
    push_token(draft_.encoding, *piece.added, piece.text, code_points(range), word_);
    return {};
  }

  [[nodiscard]] CodePointRange code_points(ByteRange range) const {
    return {index_.at(range.begin), index_.at(range.end)};
  }

  /// Places in the spelling of a byte-level piece, and one past them, to places in its bytes.
  void find_spelled_places(const Piece& piece) {
    places_.clear();
    spelling_.clear();
    byte_alphabet::append_spelling(spelling_, piece.text);
    for (std::uint32_t i = 0; i < piece.text.size(); ++i)
      places_.insert(places_.end(), byte_alphabet::encoded_length(piece.text[i]), i);
  }

  Result<void> add_model_tokens(const Piece& piece) {
    if (const Result<void> done = tokenize(piece); !done) return done.error();
    if (piece.byte_level) find_spelled_places(piece);
    const std::string_view spelled = piece.byte_level ? std::string_view(spelling_) : piece.text;
    for (const ModelToken& token : workspace_.tokens) {
      const std::string_view text =
          token.as_written ? spelled.substr(token.begin, token.end - token.begin)
                           : parts_.model.vocabulary().token(token.id).value_or(std::string_view());
      push_token(draft_.encoding, token.id, text, place_of(piece, spelled, token), word_);
    }
    return {};
  }

  [[nodiscard]] CodePointRange place_of(const Piece& piece, std::string_view spelled,
                                        const ModelToken& token) const {
    // Bytes of a suffix that is not in the text run over its end; the reference then shows the
    // place within the piece as it is.
    if (token.end > spelled.size()) return index_.closest({token.begin, token.end});
    if (!piece.byte_level) return code_points(piece.original_range(token.begin, token.end));
    return code_points(piece.original_range(places_[token.begin], places_[token.end - 1] + 1));
  }

  const TokenizerParts& parts_;
  unicode::CodePointIndex index_;
  Draft draft_;
  ModelWorkspace workspace_;
  std::vector<std::uint32_t> places_;
  std::string spelling_;
  std::uint32_t word_ = 0;
};

/// One text, of type `type_id`, up to truncation.
Result<Draft> encode_one(const TokenizerParts& parts, std::string_view text,
                         std::uint32_t type_id) {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  PieceList list;
  if (const Result<void> cut = cut_into_pieces(parts, text, list); !cut) return cut.error();
  std::optional<Limit> limit;
  if (parts.truncation &&
      (parts.truncation->strategy != Truncation::Strategy::only_second || type_id != 0)) {
    limit = {parts.truncation->max_length, parts.truncation->side};
  }
  Result<Draft> draft = DraftBuilder(parts, text).run(list, limit);
  if (draft) draft->encoding.type_ids.assign(draft->size(), type_id);
  return draft;
}

Result<Draft> encode_texts(const TokenizerParts& parts, std::span<const std::string_view> texts,
                           const EncodeOptions& options) {
  std::vector<Draft> drafts;
  for (const std::string_view text : texts) {
    Result<Draft> draft = encode_one(parts, text, static_cast<std::uint32_t>(drafts.size()));
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
  Result<Draft> draft = encode_texts(parts, texts, options);
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
                                                      const EncodeOptions& options) const {
  std::vector<Draft> drafts;
  for (const std::string_view text : texts) {
    Result<Draft> draft = encode_texts(*parts_, std::span(&text, 1), options);
    if (!draft) return draft.error();
    drafts.push_back(std::move(*draft));
  }
  if (parts_->padding) pad(drafts, *parts_->padding);
  std::vector<Encoding> encodings;
  encodings.reserve(drafts.size());
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    encodings.push_back(finish(std::move(drafts[i])));
    if (options.byte_offsets) {
      add_byte_offsets(encodings.back(), texts.subspan(i, 1), parts_->post_processor.is_default);
    }
  }
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
