// SPDX-License-Identifier: Apache-2.0
//
// Several messages of one text as one story: which of them are what another one led to. Pure.
#pragma once

#include "listed.hpp"

#include <cstddef>
#include <vector>

namespace hfauth::diagnose {

struct StoryItem {
  Explanation explanation;
  Part part = Part::notice;
  std::size_t begin = 0;  ///< where in the text
};

/// Marks each effect as following from its cause, and orders: the gravest story first, in it the
/// cause before its effects, else as in the text.
[[nodiscard]] std::vector<Explanation> tell_story(std::vector<StoryItem> items);

}  // namespace hfauth::diagnose
