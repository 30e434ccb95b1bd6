// SPDX-License-Identifier: Apache-2.0
//
// Unigram as T5 has it: the charsmap, words between white space, a mark in front of each. What is
// between two ASCII spaces is encoded at once, if the charsmap looks at no character of it together
// with a space: where a cluster takes in a space, the space does not count as one here, and the
// stages in between find the words.
#include "ids/id_path.hpp"
#include "normalizers/charsmap.hpp"
#include "pre_tokenizers/known_shapes.hpp"
#include "text_check.hpp"
#include "unicode/character_class.hpp"
#include "unicode/grapheme.hpp"
#include "unicode/utf8.hpp"

#include <array>

namespace hfauth::tokenizer {

namespace {

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

class UnigramPath final : public IdPath {
 public:
  UnigramPath(const Unigram& model, const Charsmap& map, std::string mark)
      : model_(model), map_(map), mark_(std::move(mark)) {
    for (unsigned byte = 0; byte < stays_.size(); ++byte) {
      const char c = static_cast<char>(byte);
      stays_[byte] = !map_.find(std::string_view(&c, 1));
    }
    for (const char c : {' ', '\n', '\t', '\r'})
      separates_[static_cast<unsigned char>(c)] = becomes_space(std::string_view(&c, 1));
    if (!becomes_space("\r\n")) separates_['\r'] = separates_['\n'] = false;  // one cluster
  }

  Result<void> push(const Piece& raw, IdWork& work, IdSink& sink) const override {
    const std::string_view text = raw.text;
    for (std::size_t at = 0; at < text.size();) {
      if (is_separator(text, at)) {
        ++at;
        continue;
      }
      std::size_t end = at + 1;
      while (end < text.size() && !is_separator(text, end))
        ++end;
      if (!push_part(text, at, end, work, sink,
                     [&](std::string_view part) { return encode(part, work); })) {
        return missing_unknown_token();
      }
      at = end;
    }
    return {};
  }

 private:
  [[nodiscard]] bool becomes_space(std::string_view text) const {
    const std::string_view mapped = map_.find(text).value_or(text);
    for (std::size_t at = 0; at < mapped.size();) {
      const unicode::Decoded next = unicode::decode_at(mapped, at);
      if (!unicode::is_space(next.code_point)) return false;
      at += next.n_bytes;
    }
    return !mapped.empty();
  }

  /// Whether a space that is a cluster of its own, or one with spaces of ASCII, is at `at`.
  [[nodiscard]] bool is_separator(std::string_view text, std::size_t at) const {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= separates_.size() || !separates_[byte]) return false;
    if (at + 1 < text.size() && !is_ascii(text[at + 1]) &&
        unicode::grapheme_end(text, at) != at + 1) {
      return false;
    }
    if (at == 0 || is_ascii(text[at - 1])) return true;
    return unicode::grapheme_end(text, unicode::previous(text, at)) == at;
  }

  [[nodiscard]] bool encode(std::string_view part, IdWork& work) const {
    bool all_stay = true;
    for (const char c : part)
      all_stay = all_stay && is_ascii(c) && stays_[static_cast<unsigned char>(c)];
    if (!all_stay) {
      work.normalized.clear();
      map_.walk(
          part,
          [&](std::string_view /*old*/, std::string_view mapped) { work.normalized += mapped; },
          [&](std::string_view old, char32_t /*c*/) { work.normalized += old; });
      part = work.normalized;
    }
    std::size_t begin = 0;
    for (std::size_t at = 0; at < part.size();) {
      const unicode::Decoded next = unicode::decode_at(part, at);
      if (unicode::is_space(next.code_point)) {
        if (!encode_word(part.substr(begin, at - begin), work)) return false;
        begin = at + next.n_bytes;
      }
      at += next.n_bytes;
    }
    return encode_word(part.substr(begin), work);
  }

  /// A word without white space; a mark in it begins a piece.
  [[nodiscard]] bool encode_word(std::string_view word, IdWork& work) const {
    if (word.empty()) return true;
    work.word.clear();
    if (!word.starts_with(mark_)) work.word += mark_;
    work.word += word;
    const std::string_view text = work.word;
    work.model.tokens.clear();
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(mark_, begin + mark_.size()), text.size());
      if (!model_.tokenize(text.substr(begin, end - begin), work.model.unigram, work.model.tokens))
        return false;
      begin = end;
    }
    for (const ModelToken& token : work.model.tokens)
      work.ids.push_back(token.id);
    return true;
  }

  const Unigram& model_;
  const Charsmap& map_;
  std::string mark_;
  std::array<bool, 128> stays_{};      ///< as it is, beside other ASCII
  std::array<bool, 128> separates_{};  ///< becomes white space
};

}  // namespace

IdPathHandle unigram_path(const TokenizerParts& parts) {
  const Unigram* model = parts.model.as_unigram();
  if (model == nullptr || parts.normalizer == nullptr || parts.pre_tokenizer == nullptr ||
      parts.added.looks_in_normalized()) {
    return nullptr;
  }
  const NormalizerShape shape = parts.normalizer->shape();
  const auto* map = std::get_if<const Charsmap*>(&shape);
  const MetaspaceOptions* marks = as_metaspace_of_words(parts.pre_tokenizer->shape());
  if (map == nullptr || marks == nullptr || marks->prepend_scheme != PrependScheme::always ||
      !marks->split || marks->replacement.empty() ||
      unicode::is_space(unicode::decode_at(marks->replacement, 0).code_point)) {
    return nullptr;
  }
  return std::make_unique<UnigramPath>(*model, **map, marks->replacement);
}

}  // namespace hfauth::tokenizer
