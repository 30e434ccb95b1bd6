// SPDX-License-Identifier: Apache-2.0
//
// Sequence: each stage cuts the pieces of the stage before it. (tokenizers 0.23,
// pre_tokenizers/sequence.rs.)
#include "pre_tokenizers/pre_tokenizer.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Sequence final : public PreTokenizer {
 public:
  explicit Sequence(std::vector<std::unique_ptr<const PreTokenizer>> stages)
      : stages_(std::move(stages)) {}

  Result<void> cut(const Piece& piece, PieceList& out) const override {
    std::vector<Piece> current = {piece};
    for (const auto& stage : stages_) {
      // The stage writes behind what `out` holds already; its pieces are taken out again as the
      // next input.
      const std::size_t base = out.pieces.size();
      for (const Piece& part : current) {
        if (const Result<void> done = stage->cut(part, out); !done) return done.error();
      }
      const auto first = out.pieces.begin() + static_cast<std::ptrdiff_t>(base);
      current.assign(first, out.pieces.end());
      out.pieces.erase(first, out.pieces.end());
    }
    out.pieces.insert(out.pieces.end(), current.begin(), current.end());
    return {};
  }

  [[nodiscard]] PreTokenizerShape shape() const override {
    PreTokenizerShape shape;
    for (const auto& stage : stages_) {
      const PreTokenizerShape part = stage->shape();
      shape.insert(shape.end(), part.begin(), part.end());
    }
    return shape;
  }

 private:
  std::vector<std::unique_ptr<const PreTokenizer>> stages_;
};

/// The regular expression of a stage that keeps its matches and gaps apart; empty for any other.
std::string_view isolated_source(const PreTokenizer& stage) {
  const PreTokenizerShape shape = stage.shape();
  const auto* split = shape.size() == 1 ? std::get_if<SplitShape>(&shape[0]) : nullptr;
  return split != nullptr && split->behavior == SplitBehavior::isolated ? split->pattern->source()
                                                                        : std::string_view();
}

}  // namespace

std::unique_ptr<const PreTokenizer> sequence_pre_tokenizer(
    std::vector<std::unique_ptr<const PreTokenizer>> stages) {
  // Splits for which there is one scanner become one stage.
  std::vector<std::string_view> sources;
  for (const auto& stage : stages) {
    const std::string_view source = isolated_source(*stage);
    if (source.empty()) break;
    sources.push_back(source);
  }
  if (const std::optional<Scanner> scanner = scanner_for(sources)) {
    stages[0] = split_pre_tokenizer(scanner_pattern(*scanner), SplitBehavior::isolated, false);
    stages.erase(stages.begin() + 1, stages.begin() + static_cast<std::ptrdiff_t>(sources.size()));
  }
  return std::make_unique<Sequence>(std::move(stages));
}

}  // namespace hfauth::tokenizer
