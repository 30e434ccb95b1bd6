// SPDX-License-Identifier: Apache-2.0
//
// Joining of events. Empty matches take part in it, as in the reference, and are dropped at the
// end.
#include "pre_tokenizers/split_behavior.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

void merge_with_previous(const std::vector<SplitEvent>& events, std::vector<ByteRange>& pieces) {
  bool previous_match = false;
  for (const SplitEvent& event : events) {
    if (event.is_match && !previous_match && !pieces.empty()) {
      pieces.back().end = event.range.end;
    } else {
      pieces.push_back(event.range);
    }
    previous_match = event.is_match;
  }
}

void merge_with_next(const std::vector<SplitEvent>& events, std::vector<ByteRange>& pieces) {
  bool previous_match = false;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->is_match && !previous_match && !pieces.empty()) {
      pieces.back().begin = event->range.begin;
    } else {
      pieces.push_back(event->range);
    }
    previous_match = event->is_match;
  }
  std::reverse(pieces.begin(), pieces.end());
}

void join_runs(const std::vector<SplitEvent>& events, std::vector<ByteRange>& pieces) {
  bool previous_match = false;
  for (const SplitEvent& event : events) {
    if (event.is_match == previous_match && !pieces.empty()) {
      pieces.back().end = event.range.end;
    } else {
      pieces.push_back(event.range);
    }
    previous_match = event.is_match;
  }
}

}  // namespace

std::optional<SplitBehavior> parse_split_behavior(std::string_view name) noexcept {
  if (name == "Removed") return SplitBehavior::removed;
  if (name == "Isolated") return SplitBehavior::isolated;
  if (name == "MergedWithPrevious") return SplitBehavior::merged_with_previous;
  if (name == "MergedWithNext") return SplitBehavior::merged_with_next;
  if (name == "Contiguous") return SplitBehavior::contiguous;
  return std::nullopt;
}

void apply_split_behavior(SplitBehavior behavior, const std::vector<SplitEvent>& events,
                          std::vector<ByteRange>& pieces) {
  pieces.clear();
  switch (behavior) {
    case SplitBehavior::removed:
      for (const SplitEvent& event : events) {
        if (!event.is_match) pieces.push_back(event.range);
      }
      break;
    case SplitBehavior::isolated:
      for (const SplitEvent& event : events)
        pieces.push_back(event.range);
      break;
    case SplitBehavior::merged_with_previous:
      merge_with_previous(events, pieces);
      break;
    case SplitBehavior::merged_with_next:
      merge_with_next(events, pieces);
      break;
    case SplitBehavior::contiguous:
      join_runs(events, pieces);
      break;
  }
  std::erase_if(pieces, [](ByteRange range) { return range.begin == range.end; });
}

}  // namespace hfauth::tokenizer
