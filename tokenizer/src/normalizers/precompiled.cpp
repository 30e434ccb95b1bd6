// SPDX-License-Identifier: Apache-2.0
//
// Precompiled: the replacements of SentencePiece's charsmap.
#include "normalizers/charsmap.hpp"
#include "normalizers/normalizer.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

/// The changes of a text, in which a replacement may count characters of the one before it as its
/// own: where it is empty, what it replaces is swallowed by the character before.
class Changes {
 public:
  explicit Changes(std::size_t n) { changes_.reserve(n); }

  void keep(char32_t c) { changes_.push_back({c, 0}); }

  void replace(std::string_view old_part, std::string_view new_part) {
    any_ = true;
    const auto n_old = static_cast<std::int32_t>(unicode::count_code_points(old_part));
    const auto n_new = static_cast<std::int32_t>(unicode::count_code_points(new_part));
    for_each_code_point(new_part, [&](char32_t c) { keep(c); });
    for (std::int32_t i = 0; i < n_new - n_old; ++i)
      changes_[changes_.size() - 1 - static_cast<std::size_t>(i)].consumed = 1;
    if (n_new < n_old && !changes_.empty()) changes_.back().consumed += n_new - n_old;
  }

  void apply_to(NormalizedText& text) const {
    if (any_) text.transform(changes_);
  }

 private:
  std::vector<Change> changes_;
  bool any_ = false;
};

class Precompiled final : public Normalizer {
 public:
  explicit Precompiled(Charsmap map) : map_(std::move(map)) {}

  Result<void> apply(NormalizedText& text) const override {
    Changes changes(text.text().size());
    map_.walk(
        text.text(),
        [&](std::string_view part, std::string_view mapped) { changes.replace(part, mapped); },
        [&](std::string_view /*part*/, char32_t c) { changes.keep(c); });
    changes.apply_to(text);
    return {};
  }

  Result<std::string_view> rewrite(std::string_view text, std::string& home) const override {
    home.clear();
    map_.walk(
        text, [&](std::string_view /*part*/, std::string_view mapped) { home += mapped; },
        [&](std::string_view part, char32_t /*c*/) { home += part; });
    return std::string_view(home);
  }

  [[nodiscard]] NormalizerShape shape() const override { return &map_; }

 private:
  Charsmap map_;
};

}  // namespace

Result<NormalizerHandle> precompiled_normalizer(std::string_view charsmap) {
  Result<Charsmap> map = Charsmap::parse(charsmap);
  if (!map) return map.error();
  NormalizerHandle handle = std::make_unique<Precompiled>(std::move(*map));
  return handle;
}

}  // namespace hfauth::tokenizer
