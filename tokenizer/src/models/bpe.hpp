// SPDX-License-Identifier: Apache-2.0
//
// Byte-pair encoding of one piece of text. A Bpe is immutable; the working memory is the caller's,
// one for each thread.
#pragma once

#include "byte_alphabet.hpp"
#include "models/merge_table.hpp"
#include "models/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct BpeToken {
  TokenId id;
  /// Bytes of the piece, spelled in the vocabulary's characters, that the token covers. Their
  /// running sum is the token's place; it drifts where a character without a symbol was dropped, as
  /// in the reference.
  std::uint32_t n_bytes;
};

/// Buffers that tokenize reuses from piece to piece.
struct BpeWorkspace {
  struct Candidate {
    MergeTable::Merge merge;
    std::uint32_t position;
  };

  struct Link {
    std::int32_t previous;
    std::int32_t next;
  };

  std::vector<BpeToken> tokens;  ///< the result of the last tokenize
  std::vector<MergeTable::Merge> pair_merges;
  std::vector<Candidate> heap;
  std::vector<Candidate> skipped;  ///< by dropout
  std::vector<Link> links;
  std::string spelling;
};

struct BpeOptions {
  bool ignore_merges = false;  ///< a piece that is a token as a whole is that token
  bool fuse_unk = false;       ///< neighbouring unknown characters make one unknown token
  std::optional<std::string> unk_token = std::nullopt;
  bool byte_fallback =
      false;  ///< an unknown character becomes its bytes, <0xXX>, if all are tokens
  std::string continuing_prefix = {};  ///< in front of every character but the first of a piece
  std::string end_suffix = {};         ///< behind the last character of a piece
  /// The chance that a merge is passed over. The same piece gets the same tokens every time.
  double dropout = 0;
};

class Bpe {
 public:
  /// `vocabulary` is indexed; every id of `merges` stands in it.
  Bpe(Vocabulary vocabulary, MergeTable merges, BpeOptions options);

  /// Puts the tokens of a piece into workspace.tokens. With `byte_level`, each byte of `piece`
  /// stands for its character of the byte-level alphabet. False if the piece needs the unknown
  /// token and the vocabulary does not have the one that the file names.
  [[nodiscard]] bool tokenize(std::string_view piece, bool byte_level,
                              BpeWorkspace& workspace) const;

  [[nodiscard]] const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

  [[nodiscard]] const MergeTable& merges() const noexcept { return merges_; }

  [[nodiscard]] const BpeOptions& options() const noexcept { return options_; }

  /// Whether every character is a symbol of its own or becomes bytes, whatever stands beside it.
  [[nodiscard]] bool takes_any_text() const noexcept;

  /// The tokens of the bytes 0 to 255, if takes_any_text.
  [[nodiscard]] const std::array<TokenId, 256>& byte_tokens() const noexcept {
    return byte_tokens_;
  }

 private:
  [[nodiscard]] bool split_into_symbols(std::string_view piece, bool byte_level,
                                        BpeWorkspace& workspace) const;
  /// A character as the vocabulary spells it at this place of a piece.
  [[nodiscard]] std::string with_affixes(std::string_view symbol, bool is_first,
                                         bool is_last) const;
  /// The same where the vocabulary spells a character by its place in the piece, or by its bytes.
  [[nodiscard]] bool split_with_affixes(std::string_view spelled, BpeWorkspace& workspace) const;
  [[nodiscard]] bool push_bytes(std::string_view symbol, std::vector<BpeToken>& symbols) const;
  void merge_short(BpeWorkspace& workspace) const;
  void merge_long(BpeWorkspace& workspace, std::string_view piece) const;
  void push_candidate(BpeWorkspace& workspace, std::int32_t left) const;

  Vocabulary vocabulary_;
  MergeTable merges_;
  BpeOptions options_;
  TokenId unk_id_ = kNoToken;
  bool plain_ = true;                       ///< neither affixes nor byte fallback
  std::array<TokenId, 256> byte_tokens_{};  ///< of <0x00> to <0xFF>, with byte fallback
  std::array<TokenId, byte_alphabet::kEnd>
      first_characters_{};  ///< ids of the characters below kEnd
};

}  // namespace hfauth::tokenizer
