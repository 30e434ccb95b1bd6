// SPDX-License-Identifier: Apache-2.0
//
// BertNormalizer, BertPreTokenizer and WordPiece in one pass over the raw text, character by
// character: all that these stages do to a character depends on it alone, but for the order of
// combining marks that are no accents, where the general way is taken. What is between two ASCII
// spaces is encoded at once, so that the cache can answer for all of it.
#include "ids/id_path.hpp"
#include "normalizers/bert.hpp"
#include "pre_tokenizers/known_shapes.hpp"
#include "text_check.hpp"
#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

#include <array>

namespace hfauth::tokenizer {

namespace {

bool separates(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

class BertPath final : public IdPath {
 public:
  BertPath(const TokenizerParts& parts, const WordPiece& model, BertOptions options)
      : model_(model), trie_(model.make_trie()), options_(options), general_(general_path(parts)) {
    for (char32_t c = 0; c < ascii_.size(); ++c) {
      const bool dropped = options_.clean_text && bert::is_dropped(c);
      const bool upper = options_.lowercase && c >= U'A' && c <= U'Z';
      ascii_[c] = {dropped                      ? Kind::dropped
                   : unicode::is_space(c)       ? Kind::space
                   : unicode::is_punctuation(c) ? Kind::punctuation
                                                : Kind::word,
                   static_cast<char>(upper ? c - U'A' + U'a' : c)};
    }
  }

  Result<void> push(const Piece& raw, IdWork& work, IdSink& sink) const override {
    const std::string_view text = raw.text;
    for (std::size_t at = 0; at < text.size();) {
      if (separates(text[at])) {
        ++at;
        continue;
      }
      std::size_t end = at + 1;
      while (end < text.size() && !separates(text[end]))
        ++end;
      Way way = Way::own;
      const bool pushed = push_part(text, at, end, work, sink, [&](std::string_view part) {
        way = encode(part, work);
        return way == Way::own;
      });
      if (!pushed && way == Way::none) return missing_unknown_token();
      if (!pushed) {
        const Result<void> done = general_->push({.text = text.substr(at, end - at)}, work, sink);
        if (!done) return done.error();
      }
      at = end;
    }
    return {};
  }

 private:
  enum class Kind : std::uint8_t { word, dropped, space, punctuation };
  enum class Way : std::uint8_t { own, general, none };

  struct Ascii {
    Kind kind;
    char lower;
  };

  [[nodiscard]] Way encode(std::string_view part, IdWork& work) const {
    work.word.clear();
    for (std::size_t at = 0; at < part.size();) {
      const auto byte = static_cast<unsigned char>(part[at]);
      Way way = Way::own;
      if (byte < ascii_.size()) {
        ++at;
        way = take(ascii_[byte].kind, std::string_view(&ascii_[byte].lower, 1), work);
      } else {
        const unicode::Decoded next = unicode::decode_at(part, at);
        at += next.n_bytes;
        way = take_normalized(next.code_point, work);
      }
      if (way != Way::own) return way;
    }
    return end_word(work);
  }

  /// A normalized character.
  [[nodiscard]] Way take(Kind kind, std::string_view character, IdWork& work) const {
    if (kind == Kind::dropped) return Way::own;
    if (kind != Kind::word) {
      if (end_word(work) != Way::own) return Way::none;
      if (kind == Kind::space) return Way::own;
    }
    work.word += character;
    return kind == Kind::punctuation ? end_word(work) : Way::own;
  }

  /// A character beyond ASCII, cleaned, set apart, decomposed and without accents.
  [[nodiscard]] Way take_normalized(char32_t c, IdWork& work) const {
    if (options_.clean_text && bert::is_dropped(c)) return Way::own;
    const bool apart = options_.handle_chinese_chars && bert::is_ideograph(c);
    if (apart && end_word(work) != Way::own) return Way::none;
    Way way = Way::own;
    if (options_.strip_accents.value_or(options_.lowercase)) {
      unicode::HangulParts hangul;
      const std::u32string_view parts = unicode::decomposition_of(c, false, hangul);
      for (const char32_t part : parts.empty() ? std::u32string_view(&c, 1) : parts) {
        if (bert::is_accent(part)) continue;
        if (unicode::combining_class(part) != 0) return Way::general;
        way = take_lower(part, work);
        if (way != Way::own) return way;
      }
    } else {
      way = take_lower(c, work);
    }
    return apart && way == Way::own ? end_word(work) : way;
  }

  [[nodiscard]] Way take_lower(char32_t c, IdWork& work) const {
    const std::u32string_view lower =
        options_.lowercase && c >= 0x80 ? unicode::lowercase_of(c) : std::u32string_view();
    for (const char32_t character : lower.empty() ? std::u32string_view(&c, 1) : lower) {
      if (character < ascii_.size()) {
        const Ascii& ascii = ascii_[character];
        const Kind kind = ascii.kind == Kind::dropped ? Kind::word : ascii.kind;
        if (const Way way = take(kind, std::string_view(&ascii.lower, 1), work); way != Way::own)
          return way;
        continue;
      }
      const Kind kind = unicode::is_space(character)         ? Kind::space
                        : unicode::is_punctuation(character) ? Kind::punctuation
                                                             : Kind::word;
      work.spelling.clear();
      unicode::append(work.spelling, character);
      if (const Way way = take(kind, work.spelling, work); way != Way::own) return way;
    }
    return Way::own;
  }

  [[nodiscard]] Way end_word(IdWork& work) const {
    if (work.word.empty()) return Way::own;
    work.model.tokens.clear();
    if (!model_.tokenize(work.word, work.model.tokens, &trie_)) return Way::none;
    for (const ModelToken& token : work.model.tokens)
      work.ids.push_back(token.id);
    work.word.clear();
    return Way::own;
  }

  const WordPiece& model_;
  WordPieceTrie trie_;
  BertOptions options_;
  std::array<Ascii, 128> ascii_;
  IdPathHandle general_;
};

}  // namespace

IdPathHandle bert_path(const TokenizerParts& parts) {
  if (parts.normalizer == nullptr || parts.pre_tokenizer == nullptr ||
      parts.added.looks_in_normalized() || !is_bert(parts.pre_tokenizer->shape())) {
    return nullptr;
  }
  const WordPiece* model = parts.model.as_word_piece();
  const NormalizerShape shape = parts.normalizer->shape();
  const auto* options = std::get_if<BertOptions>(&shape);
  if (model == nullptr || options == nullptr) return nullptr;
  return std::make_unique<BertPath>(parts, *model, *options);
}

}  // namespace hfauth::tokenizer
