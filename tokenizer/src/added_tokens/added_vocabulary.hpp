// SPDX-License-Identifier: Apache-2.0
//
// The tokens that were added to a model's vocabulary: special ones such as `<|endoftext|>` and
// ordinary ones. They are found in the text before anything else happens to it, or once it is
// normalized. Built once, then immutable.
#pragma once

#include "added_tokens/pattern_set.hpp"
#include "models/vocabulary.hpp"
#include "normalizers/normalizer.hpp"
#include "piece.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hfauth::tokenizer {

/// An entry of `added_tokens` of a tokenizer.json. Its id is not kept there: the reference does not
/// trust it.
struct AddedToken {
  std::string content;
  bool single_word = false;  ///< not beside word characters
  bool lstrip = false;       ///< takes in the white space before it
  bool rstrip = false;       ///< and behind it
  bool normalized = false;   ///< looked for in the normalized text
  bool special = false;      ///< left out by decode(skip_special_tokens)
  /// Its id, in a format that gives it and means it.
  std::optional<TokenId> id = std::nullopt;
  bool found_in_text = true;  ///< false: there is an id for it, but no text stands for it

  friend bool operator==(const AddedToken&, const AddedToken&) = default;
};

class AddedVocabulary {
 public:
  /// Gives each token its id: that of its content in `model`, else the next one after the model's
  /// size, in order. Empty contents are passed over; of a repeated one the last flags count
  /// (tokenizers 0.23, tokenizer/added_vocabulary.rs, add_tokens). A token with `normalized` is
  /// looked for as what `normalizer`, if there is one, makes of it. To be called once. Errors:
  /// regex_limit.
  [[nodiscard]] Result<void> fill(std::vector<AddedToken> tokens, const Vocabulary& model,
                                  const Normalizer* normalizer);

  /// From now on special tokens are text like any other (transformers' split_special_tokens).
  void split_special() noexcept { splits_special_ = true; }

  /// Appends the pieces of `text`, which is raw, to `out`: found tokens, and the stretches between
  /// them, which are yet to be normalized and split_normalized.
  void split_raw(std::string_view text, std::vector<Piece>& out) const;

  /// The same for a normalized stretch; the stretches between are yet to be pre-tokenized.
  void split_normalized(const Piece& stretch, std::vector<Piece>& out) const;

  /// Whether split_normalized would ever cut anything.
  [[nodiscard]] bool looks_in_normalized() const noexcept { return !in_normalized_text_.empty(); }

  /// What split_normalized looks for; may name some that it does not find.
  [[nodiscard]] std::vector<std::string> normalized_patterns() const;

  [[nodiscard]] TokenId find(
      std::string_view content) const;  ///< kNoToken if it is not an added one
  /// The spelling that decoding starts from: the normalized one if the token has one.
  [[nodiscard]] std::optional<std::string_view> token(TokenId id) const;
  [[nodiscard]] bool is_special(std::string_view content) const;

  /// How many of them the model's own vocabulary lacks.
  [[nodiscard]] std::size_t n_beyond_model() const noexcept { return n_beyond_model_; }

 private:
  void split_by(const PatternSet& patterns, const Piece& whole, std::vector<Piece>& out) const;

  struct StringHash {
    using is_transparent = void;

    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  template <class Value>
  using StringMap = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;

  /// Makes `token` the one that its id stands for.
  void enter(AddedToken token, std::string normalized, TokenId id);
  void index();

  std::vector<AddedToken> tokens_;
  std::vector<std::string> normalized_;  ///< what a normalized token is looked for and decoded as
  std::vector<TokenId> ids_;             ///< of tokens_
  StringMap<TokenId> id_by_content_;
  std::unordered_map<TokenId, std::size_t> index_by_id_;
  std::unordered_set<std::string, StringHash, std::equal_to<>> special_;
  PatternSet in_raw_text_;
  PatternSet in_normalized_text_;
  std::size_t n_beyond_model_ = 0;
  bool splits_special_ = false;
};

}  // namespace hfauth::tokenizer
