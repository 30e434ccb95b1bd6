// SPDX-License-Identifier: Apache-2.0
//
// LlamaTokenizer of transformers 5 on a SentencePiece model (models/llama/tokenization_llama.py,
// generate_merges of tokenization_utils_base.py): every way to make a piece of two others is a
// merge, in the order of the made piece's id, then of the left part's length.
#include "formats/components.hpp"
#include "formats/implied_merges.hpp"
#include "formats/readers.hpp"
#include "formats/sentence_piece_file.hpp"

#include <algorithm>
#include <unordered_map>

namespace hfauth::tokenizer {

namespace {

/// Finding the ways to make a longer piece takes the square of its length.
constexpr std::size_t kLongestPiece = 1000;

constexpr DefaultToken kLlamaTokens[] = {
    {"unk_token", "<unk>"}, {"bos_token", "<s>"}, {"eos_token", "</s>"}};

MergeTable merges_of(const std::vector<SentencePieceFile::Piece>& pieces,
                     const Vocabulary& vocabulary) {
  std::vector<ImpliedMerge> merges;
  std::uint32_t rank = 0;
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    const std::string_view text = pieces[id].text;
    if (text.size() > kLongestPiece) continue;
    push_merges(
        text, static_cast<TokenId>(id), vocabulary, true, [&] { return rank++; }, merges);
  }
  return table_of(merges, 0);
}

DecoderHandle llama_decoder(bool add_prefix_space) {
  std::vector<DecoderHandle> stages;
  stages.push_back(replace_decoder(literal_pattern("\u2581"), " "));
  stages.push_back(byte_fallback_decoder());
  stages.push_back(fuse_decoder());
  if (add_prefix_space) stages.push_back(strip_decoder(" ", 1, 0));
  return sequence_decoder(std::move(stages));
}

}  // namespace

Result<Assembly> assemble_llama(std::string_view bytes, const TokenizerConfig& config) {
  const Result<SentencePieceFile> file = read_sentence_piece_file(bytes);
  if (!file) return file.error();
  if (file->kind != SentencePieceFile::Kind::bpe)
    return not_supported("LlamaTokenizer with a SentencePiece model that is no BPE");
  Vocabulary vocabulary;
  for (std::size_t id = 0; id < file->pieces.size(); ++id)
    vocabulary.append(file->pieces[id].text, static_cast<TokenId>(id));
  vocabulary.index_ids();
  MergeTable merges = merges_of(file->pieces, vocabulary);
  BpeOptions options{.fuse_unk = true, .byte_fallback = true};
  Assembly assembly{std::make_unique<TokenizerParts>(
                        Model(Bpe(std::move(vocabulary), std::move(merges), std::move(options)))),
                    {},
                    std::nullopt};
  const bool add_prefix_space = config.add_prefix_space.value_or(true);
  const PrependScheme scheme = !add_prefix_space               ? PrependScheme::never
                               : config.legacy.value_or(false) ? PrependScheme::always
                                                               : PrependScheme::first;
  assembly.parts->pre_tokenizer =
      metaspace_pre_tokenizer({.prepend_scheme = scheme, .split = false});
  assembly.parts->decoder = llama_decoder(add_prefix_space);
  TokenizerConfig filled = with_defaults(config, kLlamaTokens);
  for (const SentencePieceFile::Piece& piece : file->pieces) {
    const bool is_control = piece.type == SentencePieceType::control;
    if (!is_control && piece.type != SentencePieceType::user_defined) continue;
    filled.extra_special.push_back({.content = std::string(piece.text), .special = is_control});
  }
  assembly.wish = ends_wish(filled);
  apply_config(filled, assembly);
  return assembly;
}

}  // namespace hfauth::tokenizer
