// SPDX-License-Identifier: Apache-2.0
//
// Comparisons of stages with what is known.
#include "pre_tokenizers/known_shapes.hpp"

#include "unicode/character_class.hpp"
#include "unicode/mappings.hpp"

namespace hfauth::tokenizer {

namespace {

bool splits_at_each(const StageShape& stage, CharacterTest wanted, SplitBehavior behavior) {
  const auto* split = std::get_if<SplitShape>(&stage);
  return split != nullptr && !split->invert && split->behavior == behavior &&
         split->pattern->matches_each(wanted);
}

bool cuts_white_space_out(const StageShape& stage) {
  return splits_at_each(stage, unicode::is_space, SplitBehavior::removed);
}

/// ByteLevel without a space in front; whether it cuts by the pattern of GPT-2.
std::optional<bool> byte_level_cuts(const StageShape& stage) {
  const auto* options = std::get_if<ByteLevelOptions>(&stage);
  if (options == nullptr || options->add_prefix_space) return std::nullopt;
  return options->use_regex;
}

bool is_falcon(const PreTokenizerShape& shape) {
  if (shape.size() != 4) return false;
  const auto* last = std::get_if<SplitShape>(&shape[3]);
  return splits_at_each(shape[0], unicode::is_punctuation, SplitBehavior::contiguous) &&
         byte_level_cuts(shape[1]) == true &&
         splits_at_each(shape[2], unicode::is_numeric, SplitBehavior::contiguous) &&
         last != nullptr && last->behavior == SplitBehavior::isolated &&
         last->pattern->source() == kThreeDigitsPattern;
}

}  // namespace

std::optional<ByteLevelCut> as_byte_level_cut(const PreTokenizerShape& shape) {
  if (is_falcon(shape)) return ByteLevelCut{{&scan_falcon}};
  if (shape.size() == 1 && byte_level_cuts(shape[0]) == true) return ByteLevelCut{{&scan_gpt2}};
  if (shape.size() != 2) return std::nullopt;
  const auto* split = std::get_if<SplitShape>(&shape[0]);
  const std::optional<bool> cuts_again = byte_level_cuts(shape[1]);
  if (split == nullptr || !cuts_again) return std::nullopt;
  const std::optional<Scanner> scanner = split->pattern->scanner();
  const bool keeps_matches_alone = split->behavior == SplitBehavior::removed && split->invert;
  if (!scanner || (split->behavior != SplitBehavior::isolated && !keeps_matches_alone))
    return std::nullopt;
  return ByteLevelCut{*scanner, keeps_matches_alone && scanner->leaves_spaces, *cuts_again};
}

bool is_bert(const PreTokenizerShape& shape) {
  return shape.size() == 2 && cuts_white_space_out(shape[0]) &&
         splits_at_each(shape[1], unicode::is_punctuation, SplitBehavior::isolated);
}

bool is_space_split(const PreTokenizerShape& shape) {
  const auto* split = shape.size() == 1 ? std::get_if<SplitShape>(&shape[0]) : nullptr;
  return split != nullptr && !split->invert && split->pattern->literal() == " ";
}

const MetaspaceOptions* as_metaspace(const PreTokenizerShape& shape) {
  const auto* options =
      shape.size() == 1 ? std::get_if<const MetaspaceOptions*>(&shape[0]) : nullptr;
  return options == nullptr ? nullptr : *options;
}

const MetaspaceOptions* as_metaspace_of_words(const PreTokenizerShape& shape) {
  if (shape.size() != 2 || !cuts_white_space_out(shape[0])) return nullptr;
  return as_metaspace({shape[1]});
}

}  // namespace hfauth::tokenizer
