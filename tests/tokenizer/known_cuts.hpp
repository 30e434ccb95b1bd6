// SPDX-License-Identifier: Apache-2.0
//
// Each hand-written matcher beside the stages that it stands for, with Oniguruma at their patterns:
// the test and the fuzzer of the matchers compare what the two make of a text.
#pragma once

#include "byte_alphabet.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "unicode/character_class.hpp"
#include "unicode/mappings.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer::testing {

using Stages = std::vector<std::unique_ptr<const PreTokenizer>>;

struct KnownCut {
  Scanner scanner;
  Stages by_scanner;
  Stages by_engine;
};

inline std::unique_ptr<const PreTokenizer> split_by_engine(std::string_view pattern,
                                                           bool keeps_gaps) {
  return split_pre_tokenizer(oniguruma_pattern(pattern).value(),
                             keeps_gaps ? SplitBehavior::isolated : SplitBehavior::removed,
                             !keeps_gaps);
}

inline KnownCut known_cut(Scanner scanner, Stages by_engine) {
  KnownCut cut{scanner, {}, std::move(by_engine)};
  cut.by_scanner.push_back(
      split_pre_tokenizer(scanner_pattern(scanner), SplitBehavior::removed, true));
  return cut;
}

inline std::vector<KnownCut> known_cuts() {
  const std::vector<std::vector<std::string_view>> lists = {
      {kGpt2Pattern},
      {kCl100kPattern},
      {kQwen2Pattern},
      {kQwen35Pattern},
      {kO200kPattern},
      {kTekkenPattern},
      {std::begin(kDeepSeekPatterns), std::end(kDeepSeekPatterns)},
      {kClipPattern},
      {kMarkedClipPattern}};
  std::vector<KnownCut> cuts;
  for (const auto& patterns : lists) {
    const Scanner scanner = scanner_for(patterns).value();
    Stages stages;
    for (const std::string_view pattern : patterns)
      stages.push_back(split_by_engine(pattern, !scanner.leaves_spaces));
    cuts.push_back(known_cut(scanner, std::move(stages)));
  }
  Stages falcon;
  falcon.push_back(split_pre_tokenizer(character_pattern(unicode::is_punctuation),
                                       SplitBehavior::contiguous, false));
  falcon.push_back(split_by_engine(kGpt2Pattern, true));
  falcon.push_back(byte_level_pre_tokenizer({.add_prefix_space = false, .use_regex = false}));
  falcon.push_back(split_pre_tokenizer(character_pattern(unicode::is_numeric),
                                       SplitBehavior::contiguous, false));
  falcon.push_back(split_by_engine(kThreeDigitsPattern, true));
  cuts.push_back(known_cut({&scan_falcon}, std::move(falcon)));
  return cuts;
}

/// The pieces that the stages make of `text`, as a vocabulary spells them byte-level; nullopt if
/// the engine gives up.
inline std::optional<std::vector<std::string>> pieces_of(const Stages& stages,
                                                         std::string_view text) {
  PieceList list;
  std::vector<Piece> pieces = {{.text = text}};
  for (const auto& stage : stages) {
    list.pieces.clear();
    for (const Piece& piece : pieces) {
      if (!stage->cut(piece, list)) return std::nullopt;
    }
    pieces = list.pieces;
  }
  const bool are_spelled =
      stages.size() > 2 && std::holds_alternative<ByteLevelOptions>(stages[2]->shape()[0]);
  std::vector<std::string> spelled;
  for (const Piece& piece : pieces) {
    spelled.emplace_back();
    if (are_spelled) {
      spelled.back() = piece.text;
    } else {
      byte_alphabet::append_spelling(spelled.back(), piece.text);
    }
  }
  return spelled;
}

}  // namespace hfauth::tokenizer::testing
