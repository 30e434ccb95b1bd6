// SPDX-License-Identifier: Apache-2.0
//
// The files of other formats and the configuration are downloads too: any bytes are a tokenizer or
// an error. What loads encodes without fault, and the way to ids that suits it gives what the
// general one does. The first byte chooses the reader; a zero byte parts two files.
#include "formats/json_fields.hpp"
#include "formats/readers.hpp"
#include "ids/id_path.hpp"
#include "property.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;

namespace hfauth::tokenizer {

namespace {

enum class Format : std::uint8_t {
  sentence_piece,
  tiktoken,
  tekken,
  vocab_and_merges,
  vocab_text,
  config,
  llama
};
constexpr unsigned kFormats = 7;

Result<Assembly> read(Format format, std::string_view first, std::string_view second) {
  switch (format) {
    case Format::sentence_piece:
      return assemble_sentence_piece(first);
    case Format::llama:
      return assemble_llama(first, {});
    case Format::tiktoken:
      return assemble_tiktoken(first);
    case Format::tekken:
      return assemble_tekken(without_padding(first));
    case Format::vocab_and_merges:
      return assemble_byte_level_bpe(without_padding(first), second, {});
    case Format::vocab_text:
      return assemble_word_piece(first, {});
    case Format::config:
      break;
  }
  const auto config = read_tokenizer_config(without_padding(first), without_padding(second),
                                            without_padding(second));
  if (!config) return config.error();
  auto assembly = assemble_word_piece("[UNK]\na\n##b\n", *config);
  if (assembly) apply_config(*config, *assembly);
  return assembly;
}

/// nullopt if the text cannot be encoded.
std::optional<std::vector<TokenId>> ids_by(const IdPath& path, std::string_view text) {
  IdWork work;
  std::vector<TokenId> ids;
  IdSink sink(ids);
  if (!path.push(Piece{.text = text}, work, sink)) return std::nullopt;
  sink.flush();
  return ids;
}

}  // namespace

}  // namespace hfauth::tokenizer

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hfauth::tokenizer;
  if (size == 0) return 0;
  const auto format = static_cast<Format>(data[0] % kFormats);
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  // A SentencePiece model has zero bytes of its own.
  const bool is_one_file = format == Format::sentence_piece || format == Format::llama;
  const std::size_t zero = is_one_file ? std::string_view::npos : input.find('\0');
  const std::string_view second =
      zero == std::string_view::npos ? std::string_view() : input.substr(zero + 1);
  auto assembly = read(format, input.substr(0, zero), second);
  if (!assembly) {
    require(!assembly.error().detail.empty(), "an error says what is wrong");
    return 0;
  }
  const auto parts = finish(std::move(*assembly));
  if (!parts) return 0;
  const IdPathHandle suited = make_id_path(**parts);
  const IdPathHandle general = general_path(**parts);
  for (const std::string_view text : {"ab aba\n<s>", " a1  caf\xc3\xa9 \xed\x95\x9c\xe2\x96\x81"}) {
    require(ids_by(*suited, text) == ids_by(*general, text), "both ways give the same ids");
  }
  return 0;
}
