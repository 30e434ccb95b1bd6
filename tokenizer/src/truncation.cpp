// SPDX-License-Identifier: Apache-2.0
//
// The lengths follow tokenizers 0.23, utils/truncation.rs and utils/padding.rs.
#include "truncation.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// What is left of two lengths when the longer one gives way first.
std::pair<std::size_t, std::size_t> share(std::size_t first, std::size_t second,
                                          std::size_t budget) {
  const bool swapped = first > second;
  std::size_t shorter = std::min(first, second);
  std::size_t longer = shorter > budget ? shorter : std::max(shorter, budget - shorter);
  if (shorter + longer > budget) {
    shorter = budget / 2;
    longer = shorter + budget % 2;
  }
  return swapped ? std::pair(longer, shorter) : std::pair(shorter, longer);
}

Result<void> cut(Draft& draft, std::size_t length, const Truncation& truncation) {
  if (length > 0 && length < draft.size() && truncation.stride >= length) {
    return Error{Errc::invalid_input,
                 "the truncation's stride is not less than the length that is left for the text"};
  }
  truncate(draft, length, truncation.stride, truncation.side);
  return {};
}

Result<void> cut_one_of(std::vector<Draft>& drafts, std::size_t to_remove,
                        const Truncation& truncation) {
  const std::size_t target = truncation.strategy == Truncation::Strategy::only_first ? 0 : 1;
  if (target >= drafts.size())
    return Error{Errc::invalid_input, "the truncation is of the second text, which there is not"};
  if (drafts[target].size() <= to_remove) {
    return Error{Errc::invalid_input,
                 "the text that is to be truncated is too short to make the whole fit"};
  }
  return cut(drafts[target], drafts[target].size() - to_remove, truncation);
}

}  // namespace

Result<void> truncate(std::vector<Draft>& drafts, const Truncation& truncation,
                      std::size_t n_added) {
  // If there is less room than added tokens, the difference wraps around and nothing is cut; so it
  // is in the reference.
  const std::uint64_t budget = truncation.max_length - n_added;
  if (budget == 0) {
    for (Draft& draft : drafts)
      truncate(draft, 0, truncation.stride, truncation.side);
    return {};
  }
  std::size_t total = 0;
  for (const Draft& draft : drafts)
    total += draft.size();
  if (total <= budget) return {};
  if (truncation.strategy != Truncation::Strategy::longest_first)
    return cut_one_of(drafts, total - budget, truncation);
  if (drafts.size() == 1) return cut(drafts[0], budget, truncation);
  const auto [first, second] = share(drafts[0].size(), drafts[1].size(), budget);
  if (const Result<void> done = cut(drafts[0], first, truncation); !done) return done.error();
  return cut(drafts[1], second, truncation);
}

void pad(std::span<Draft> drafts, const Padding& padding) {
  std::uint64_t length = padding.length.value_or(0);
  if (!padding.length) {
    for (const Draft& draft : drafts)
      length = std::max<std::uint64_t>(length, draft.size());
  }
  if (padding.multiple > 0 && length % padding.multiple > 0)
    length += padding.multiple - length % padding.multiple;
  for (Draft& draft : drafts)
    pad(draft, length, padding.with, padding.side);
}

}  // namespace hfauth::tokenizer
