// SPDX-License-Identifier: Apache-2.0
//
// SentencePiece's own normalizer (version 0.2, normalizer.cc): the longest rule of the charsmap at
// each place, runs of spaces made one, a space in front, U+2581 for the space. A byte's place is
// where its rule began; it ends where the next one begins.
#include "models/sentence_piece.hpp"

#include "normalizers/charsmap.hpp"
#include "normalizers/normalizer.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::tokenizer {

namespace {

constexpr std::string_view kMark = "\u2581";

class Pass {
 public:
  Pass(std::string_view input, std::string_view space) : rest_(input), space_(space) {
    text_.reserve(input.size() * 2);
    begins_.reserve(input.size() * 2 + 1);
  }

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

  void skip(std::size_t n_bytes) {
    rest_.remove_prefix(n_bytes);
    consumed_ += static_cast<std::uint32_t>(n_bytes);
  }

  void push_space() {
    text_ += space_;
    begins_.resize(text_.size(), consumed_);
  }

  void push(std::string_view text) {
    for (const char c : text) {
      if (c == ' ') {
        text_ += space_;
      } else {
        text_ += c;
      }
    }
    begins_.resize(text_.size(), consumed_);
  }

  void drop_trailing_spaces() {
    while (text_.ends_with(space_)) {
      text_.resize(text_.size() - space_.size());
      consumed_ = begins_[text_.size()];
      begins_.resize(text_.size());
    }
  }

  void finish(NormalizedText& text) {
    begins_.push_back(consumed_);
    text.rewrite(std::move(text_), begins_);
  }

 private:
  std::string_view rest_;
  std::string_view space_;
  std::uint32_t consumed_ = 0;
  std::string text_;
  std::vector<std::uint32_t> begins_;
};

class SentencePieceNormalizer final : public Normalizer {
 public:
  SentencePieceNormalizer(const SentencePieceOptions& options, std::optional<Charsmap> map)
      : map_(std::move(map)),
        user_defined_(symbols(options.user_defined)),
        adds_prefix_(options.add_dummy_prefix && !options.treat_whitespace_as_suffix),
        adds_suffix_(options.add_dummy_prefix && options.treat_whitespace_as_suffix),
        removes_spaces_(options.remove_extra_whitespaces),
        space_(options.escape_whitespaces ? kMark : std::string_view(" ")) {}

  Result<void> apply(NormalizedText& text) const override {
    Pass pass(text.text(), space_);
    if (removes_spaces_) skip_spaces(pass);
    if (!pass.rest().empty()) run(pass);
    pass.finish(text);
    return {};
  }

 private:
  struct Step {
    std::string_view text;
    std::size_t n_bytes;
  };

  static TokenTrie symbols(const std::vector<std::string_view>& spellings) {
    Vocabulary vocabulary;
    for (const std::string_view spelling : spellings)
      vocabulary.append(spelling, static_cast<TokenId>(vocabulary.size()));
    return TokenTrie(vocabulary);
  }

  /// What the beginning of `rest`, not empty, becomes.
  [[nodiscard]] Step step(std::string_view rest) const {
    if (const std::size_t length = longest_prefix(user_defined_, rest); length > 0)
      return {rest.substr(0, length), length};
    if (map_) {
      if (const std::optional<Charsmap::Match> match = map_->longest(rest))
        return {match->replacement, match->length};
    }
    const std::size_t n_bytes = unicode::decode_at(rest, 0).n_bytes;
    return {rest.substr(0, n_bytes), n_bytes};
  }

  void skip_spaces(Pass& pass) const {
    while (!pass.rest().empty()) {
      const Step next = step(pass.rest());
      if (next.text != " ") return;
      pass.skip(next.n_bytes);
    }
  }

  void run(Pass& pass) const {
    if (adds_prefix_) pass.push_space();
    bool is_after_space = removes_spaces_;
    while (!pass.rest().empty()) {
      Step next = step(pass.rest());
      if (is_after_space)
        next.text.remove_prefix(std::min(next.text.find_first_not_of(' '), next.text.size()));
      if (!next.text.empty()) {
        pass.push(next.text);
        is_after_space = removes_spaces_ && next.text.ends_with(' ');
      }
      pass.skip(next.n_bytes);
    }
    if (removes_spaces_) pass.drop_trailing_spaces();
    if (adds_suffix_) pass.push_space();
  }

  std::optional<Charsmap> map_;
  TokenTrie user_defined_;
  bool adds_prefix_;
  bool adds_suffix_;
  bool removes_spaces_;
  std::string_view space_;
};

}  // namespace

Result<NormalizerHandle> sentence_piece_normalizer(const SentencePieceOptions& options) {
  std::optional<Charsmap> map;
  if (!options.charsmap.empty()) {
    Result<Charsmap> read = Charsmap::parse(options.charsmap);
    if (!read) return read.error();
    map = std::move(*read);
  }
  return NormalizerHandle(std::make_unique<SentencePieceNormalizer>(options, std::move(map)));
}

}  // namespace hfauth::tokenizer
