// SPDX-License-Identifier: Apache-2.0
//
// A SentencePiece model as a tokenizer: its own normalizer, model and decoder. The checks are those
// that the library makes when it loads a model (model_interface.cc, InitializePieces).
#include "formats/json_fields.hpp"
#include "formats/readers.hpp"
#include "formats/sentence_piece_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hfauth::tokenizer {

namespace {

std::optional<unsigned> byte_of(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece.back() != '>') return std::nullopt;
  unsigned byte = 0;
  const char* end = piece.data() + 5;
  const auto [stop, code] = std::from_chars(piece.data() + 3, end, byte, 16);
  const bool is_exact =
      code == std::errc() && stop == end && fmt::format("<0x{:02X}>", byte) == piece;
  return is_exact ? std::optional(byte) : std::nullopt;
}

struct Reserved {
  TokenId unk_id = kNoToken;
  SentencePieceDecoding decoding;
};

Result<Reserved> read_reserved(const SentencePieceFile& file) {
  Reserved reserved;
  for (std::size_t id = 0; id < file.pieces.size(); ++id) {
    const SentencePieceFile::Piece& piece = file.pieces[id];
    if (piece.type == SentencePieceType::unknown) {
      if (reserved.unk_id != kNoToken)
        return corrupt_at(fmt::format("piece {}", id), "a second unknown piece");
      reserved.unk_id = static_cast<TokenId>(id);
      reserved.decoding.unknown = piece.text;
    } else if (piece.type == SentencePieceType::control) {
      reserved.decoding.invisible.emplace(piece.text);
    } else if (piece.type == SentencePieceType::byte) {
      const std::optional<unsigned> byte = byte_of(piece.text);
      if (!byte || !file.byte_fallback)
        return corrupt_at(fmt::format("piece {}", id),
                          file.byte_fallback ? "not a byte" : "a byte piece without byte_fallback");
      reserved.decoding.bytes.emplace(piece.text, static_cast<char>(*byte));
    }
  }
  if (reserved.unk_id == kNoToken) return Error{Errc::corrupt, "there is no unknown piece"};
  if (file.byte_fallback && reserved.decoding.bytes.size() != 256)
    return Error{Errc::corrupt, "byte_fallback is on, but some bytes have no piece"};
  reserved.decoding.unknown_surface = file.unk_surface;
  reserved.decoding.add_dummy_prefix = file.add_dummy_prefix;
  reserved.decoding.remove_extra_whitespaces = file.remove_extra_whitespaces;
  return reserved;
}

Result<SentencePiece::Kind> kind_of(const SentencePieceFile& file) {
  switch (file.kind) {
    case SentencePieceFile::Kind::unigram:
      return SentencePiece::Kind::unigram;
    case SentencePieceFile::Kind::bpe:
      return SentencePiece::Kind::bpe;
    case SentencePieceFile::Kind::word:
      return not_supported("the SentencePiece model type WORD");
    case SentencePieceFile::Kind::character:
      return not_supported("the SentencePiece model type CHAR");
  }
  return not_supported("this SentencePiece model type");
}

SentencePieceOptions normalizer_options(const SentencePieceFile& file) {
  SentencePieceOptions options{.charsmap = file.charsmap,
                               .add_dummy_prefix = file.add_dummy_prefix,
                               .remove_extra_whitespaces = file.remove_extra_whitespaces,
                               .escape_whitespaces = file.escape_whitespaces,
                               .treat_whitespace_as_suffix = file.treat_whitespace_as_suffix};
  for (const SentencePieceFile::Piece& piece : file.pieces) {
    if (piece.type == SentencePieceType::user_defined) options.user_defined.push_back(piece.text);
  }
  return options;
}

}  // namespace

Result<Assembly> assemble_sentence_piece(std::string_view bytes) {
  const Result<SentencePieceFile> file = read_sentence_piece_file(bytes);
  if (!file) return file.error();
  const Result<SentencePiece::Kind> kind = kind_of(*file);
  if (!kind) return kind.error();
  if (!file->denormalizer_charsmap.empty()) return not_supported("a SentencePiece denormalizer");
  Result<Reserved> reserved = read_reserved(*file);
  if (!reserved) return reserved.error();
  Result<NormalizerHandle> normalizer = sentence_piece_normalizer(normalizer_options(*file));
  if (!normalizer) return normalizer.error();
  auto parts = std::make_unique<TokenizerParts>(
      Model(SentencePiece(*kind, file->pieces, reserved->unk_id, file->byte_fallback)));
  parts->normalizer = std::move(*normalizer);
  parts->decoder = sentence_piece_decoder(std::move(reserved->decoding));
  return Assembly{std::move(parts), {}, std::nullopt};
}

}  // namespace hfauth::tokenizer
