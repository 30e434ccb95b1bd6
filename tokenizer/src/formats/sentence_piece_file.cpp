// SPDX-License-Identifier: Apache-2.0
//
// Field numbers and defaults are those of sentencepiece_model.proto.
#include "formats/sentence_piece_file.hpp"

#include "formats/json_fields.hpp"
#include "formats/protobuf.hpp"
#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <cmath>
#include <unordered_set>

namespace hfauth::tokenizer {

namespace {

using Wire = ProtobufField::Wire;

/// Ids stay below this, as those of a tokenizer.json.
constexpr std::size_t kMostPieces = 0x7FFFFFFF;

Error not_a_message(std::string_view part) {
  return {Errc::corrupt, fmt::format("not a SentencePiece model: {} is cut off or damaged", part)};
}

bool flag_of(const ProtobufField& field) {
  return field.integer != 0;
}

Result<SentencePieceFile::Piece> read_piece(std::string_view bytes, std::size_t id) {
  SentencePieceFile::Piece piece;
  ProtobufReader reader(bytes);
  while (const std::optional<ProtobufField> field = reader.next()) {
    if (field->number == 1 && field->wire == Wire::bytes) piece.text = field->bytes;
    if (field->number == 2 && field->wire == Wire::fixed32) piece.score = field->as_float();
    if (field->number == 3 && field->wire == Wire::varint) {
      if (field->integer < 1 || field->integer > 6)
        return corrupt_at(fmt::format("piece {}", id),
                          fmt::format("{} is no type of a piece", field->integer));
      piece.type = static_cast<SentencePieceType>(field->integer);
    }
  }
  if (!reader.is_sound()) return not_a_message(fmt::format("piece {}", id));
  if (piece.text.empty()) return corrupt_at(fmt::format("piece {}", id), "it is empty");
  if (unicode::first_invalid(piece.text))
    return corrupt_at(fmt::format("piece {}", id), "it is not UTF-8");
  if (!std::isfinite(piece.score))
    return corrupt_at(fmt::format("piece {}", id), "its score is not a number");
  return piece;
}

Result<void> read_trainer(std::string_view bytes, SentencePieceFile& file) {
  ProtobufReader reader(bytes);
  while (const std::optional<ProtobufField> field = reader.next()) {
    if (field->number == 3 && field->wire == Wire::varint) {
      if (field->integer < 1 || field->integer > 4)
        return corrupt_at("trainer_spec.model_type", fmt::format("{} is none", field->integer));
      file.kind = static_cast<SentencePieceFile::Kind>(field->integer);
    }
    if (field->number == 24) file.treat_whitespace_as_suffix = flag_of(*field);
    if (field->number == 35) file.byte_fallback = flag_of(*field);
    if (field->wire != Wire::bytes) continue;
    if (field->number == 44) file.unk_surface = field->bytes;
  }
  if (!reader.is_sound()) return not_a_message("trainer_spec");
  if (unicode::first_invalid(file.unk_surface))
    return corrupt_at("trainer_spec.unk_surface", "it is not UTF-8");
  return {};
}

Result<void> read_normalizer(std::string_view bytes, SentencePieceFile& file) {
  ProtobufReader reader(bytes);
  while (const std::optional<ProtobufField> field = reader.next()) {
    if (field->number == 2 && field->wire == Wire::bytes) file.charsmap = field->bytes;
    if (field->number == 3) file.add_dummy_prefix = flag_of(*field);
    if (field->number == 4) file.remove_extra_whitespaces = flag_of(*field);
    if (field->number == 5) file.escape_whitespaces = flag_of(*field);
  }
  if (!reader.is_sound()) return not_a_message("normalizer_spec");
  return {};
}

Result<void> read_denormalizer(std::string_view bytes, SentencePieceFile& file) {
  SentencePieceFile spec;
  if (const Result<void> read = read_normalizer(bytes, spec); !read) return read.error();
  file.denormalizer_charsmap = spec.charsmap;
  return {};
}

/// The library refuses a model with a repeated piece.
Result<void> check_distinct(const std::vector<SentencePieceFile::Piece>& pieces) {
  std::unordered_set<std::string_view> normal;
  std::unordered_set<std::string_view> reserved;
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    auto& known = is_mergeable(pieces[id].type) ? normal : reserved;
    if (!known.insert(pieces[id].text).second) {
      return corrupt_at(fmt::format("piece {}", id),
                        fmt::format("{} is there already", in_quotes(pieces[id].text)));
    }
  }
  return {};
}

}  // namespace

Result<SentencePieceFile> read_sentence_piece_file(std::string_view bytes) {
  SentencePieceFile file;
  ProtobufReader reader(bytes);
  while (const std::optional<ProtobufField> field = reader.next()) {
    if (field->wire != Wire::bytes) continue;
    Result<void> read;
    if (field->number == 1) {
      Result<SentencePieceFile::Piece> piece = read_piece(field->bytes, file.pieces.size());
      if (!piece) return piece.error();
      if (file.pieces.size() == kMostPieces)
        return Error{Errc::corrupt, "there are too many pieces"};
      file.pieces.push_back(*piece);
    } else if (field->number == 2) {
      read = read_trainer(field->bytes, file);
    } else if (field->number == 3) {
      read = read_normalizer(field->bytes, file);
    } else if (field->number == 5) {
      read = read_denormalizer(field->bytes, file);
    }
    if (!read) return read.error();
  }
  if (!reader.is_sound()) return not_a_message("the message");
  if (file.pieces.empty())
    return Error{Errc::corrupt, "not a SentencePiece model: it has no pieces"};
  if (const Result<void> checked = check_distinct(file.pieces); !checked) return checked.error();
  return file;
}

bool looks_like_sentence_piece(std::string_view bytes) {
  ProtobufReader reader(bytes);
  const std::optional<ProtobufField> first = reader.next();
  return first && first->number == 1 && first->wire == Wire::bytes &&
         read_piece(first->bytes, 0).has_value();
}

}  // namespace hfauth::tokenizer
