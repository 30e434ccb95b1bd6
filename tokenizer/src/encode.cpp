// SPDX-License-Identifier: Apache-2.0
//
// Text to a full Encoding: added tokens cut the text, the pre-tokenizer cuts the rest, the model
// encodes piece by piece, and each token's bytes are traced back through the piece to code points
// of the text.
#include "encoding_build.hpp"
#include "hfauth/tokenizer/tokenizer.hpp"
#include "parts.hpp"
#include "text_check.hpp"
#include "unicode/code_point_index.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

/// Cuts `text` into the final pieces; their order is that of the text, their index is the word id.
Result<void> cut_into_pieces(const TokenizerParts& parts, std::string_view text, PieceList& out) {
  std::vector<Piece> stretches;
  parts.added.split(text, stretches);
  for (const Piece& stretch : stretches) {
    if (stretch.added || parts.pre_tokenizer == nullptr) {
      out.pieces.push_back(stretch);
    } else if (const Result<void> cut = parts.pre_tokenizer->cut(stretch, out); !cut) {
      return cut.error();
    }
  }
  return {};
}

/// Places in the spelling of a byte-level piece to places in its bytes.
std::vector<std::uint32_t> bytes_by_spelled_place(const Piece& piece) {
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i < piece.text.size(); ++i) {
    places.insert(places.end(), byte_alphabet::encoded_length(piece.text[i]), i);
  }
  return places;
}

class EncodingBuilder {
 public:
  EncodingBuilder(const TokenizerParts& parts, std::string_view text)
      : parts_(parts), text_(text), index_(text) {}

  Result<Encoding> run(const PieceList& list) {
    for (const Piece& piece : list.pieces) {
      if (piece.added) {
        const CodePointRange range = code_points({piece.origin, piece.origin + size_of(piece)});
        push_token(encoding_, *piece.added, piece.text, range, word_);
      } else if (!add_model_tokens(piece)) {
        return missing_unknown_token();
      }
      ++word_;
    }
    return std::move(encoding_);
  }

 private:
  static std::uint32_t size_of(const Piece& piece) {
    return static_cast<std::uint32_t>(piece.text.size());
  }

  [[nodiscard]] CodePointRange code_points(ByteRange range) const {
    return {index_.at(range.begin), index_.at(range.end)};
  }

  bool add_model_tokens(const Piece& piece) {
    if (!parts_.model.tokenize(piece.text, piece.byte_level, workspace_)) return false;
    std::vector<std::uint32_t> places;
    if (piece.byte_level) places = bytes_by_spelled_place(piece);
    std::uint32_t at = 0;
    for (const BpeToken& token : workspace_.tokens) {
      const std::uint32_t end = at + token.n_bytes;
      const ByteRange bytes =
          piece.byte_level ? ByteRange{places[at], places[end - 1] + 1} : ByteRange{at, end};
      const std::string_view spelling =
          parts_.model.vocabulary().token(token.id).value_or(std::string_view());
      push_token(encoding_, token.id, spelling,
                 code_points(piece.original_range(bytes.begin, bytes.end)), word_);
      at = end;
    }
    return true;
  }

  const TokenizerParts& parts_;
  std::string_view text_;
  unicode::CodePointIndex index_;
  Encoding encoding_;
  BpeWorkspace workspace_;
  std::uint32_t word_ = 0;
};

Result<Encoding> encode_one(const TokenizerParts& parts, std::string_view text) {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  PieceList list;
  if (const Result<void> cut = cut_into_pieces(parts, text, list); !cut) return cut.error();
  return EncodingBuilder(parts, text).run(list);
}

}  // namespace

Result<Encoding> Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
  Result<Encoding> encoding = encode_one(*parts_, text);
  if (!encoding) return encoding.error();
  std::vector<Encoding> encodings;
  encodings.push_back(std::move(*encoding));
  return parts_->post_processor.process(std::move(encodings), options.add_special_tokens);
}

Result<Encoding> Tokenizer::encode_pair(std::string_view text, std::string_view pair,
                                        const EncodeOptions& options) const {
  std::vector<Encoding> encodings;
  for (const std::string_view one : {text, pair}) {
    Result<Encoding> encoding = encode_one(*parts_, one);
    if (!encoding) return encoding.error();
    encodings.push_back(std::move(*encoding));
  }
  return parts_->post_processor.process(std::move(encodings), options.add_special_tokens);
}

Result<std::vector<PreToken>> Tokenizer::pre_tokenize(std::string_view text) const {
  if (const Result<void> checked = check_text(text); !checked) return checked.error();
  PieceList list;
  if (!text.empty()) {
    const Piece whole{.text = text};
    if (parts_->pre_tokenizer == nullptr) {
      list.pieces.push_back(whole);
    } else if (const Result<void> cut = parts_->pre_tokenizer->cut(whole, list); !cut) {
      return cut.error();
    }
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
