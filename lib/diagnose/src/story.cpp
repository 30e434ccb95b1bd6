// SPDX-License-Identifier: Apache-2.0
//
// The rules: which part can be led to by which. A library's traceback prints the cause before what
// it wrapped it in, so the nearest cause that stands before an effect is taken, else the first
// behind it.
#include "story.hpp"

#include <algorithm>
#include <optional>

namespace hfauth::diagnose {
namespace {

bool leads_to(Part cause, Part effect) {
  switch (effect) {
    case Part::anonymous:
      return cause == Part::no_token;
    case Part::hidden:
      return cause == Part::bad_token || cause == Part::no_token;
    case Part::status_line:
      return cause == Part::bad_token || cause == Part::refused || cause == Part::limit ||
             cause == Part::anonymous || cause == Part::hidden;
    case Part::wrapper:
      return cause != Part::wrapper && cause != Part::notice && cause != Part::no_token;
    default:
      return false;
  }
}

std::optional<std::size_t> cause_of(const std::vector<StoryItem>& items, std::size_t effect) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i == effect || !leads_to(items[i].part, items[effect].part)) {
      continue;
    }
    const bool before = items[i].begin < items[effect].begin;
    const bool best_before = best && items[*best].begin < items[effect].begin;
    if (!best || (before && (!best_before || items[i].begin > items[*best].begin))) {
      best = i;
    }
  }
  return best;
}

std::size_t root_of(const std::vector<std::optional<std::size_t>>& causes, std::size_t item) {
  for (std::size_t steps = 0; causes[item] && steps < causes.size(); ++steps) {
    item = *causes[item];
  }
  return item;
}

}  // namespace

std::vector<Explanation> tell_story(std::vector<StoryItem> items) {
  std::sort(items.begin(), items.end(),
            [](const StoryItem& a, const StoryItem& b) { return a.begin < b.begin; });
  std::vector<std::optional<std::size_t>> causes(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    causes[i] = cause_of(items, i);
  }
  std::vector<Impact> gravest(items.size(), Impact::harmless);  // of the story of each root
  std::vector<std::size_t> roots(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    roots[i] = root_of(causes, i);
    gravest[roots[i]] = std::max(gravest[roots[i]], items[i].explanation.impact);
    if (roots[i] != i) {
      items[i].explanation.finding.is_root = false;
      items[i].explanation.finding.caused_by = {items[roots[i]].explanation.finding.id};
    }
  }
  std::vector<std::size_t> order(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (roots[a] != roots[b]) {
      return gravest[roots[a]] != gravest[roots[b]] ? gravest[roots[a]] > gravest[roots[b]]
                                                    : roots[a] < roots[b];
    }
    return (roots[a] == a) > (roots[b] == b);
  });
  std::vector<Explanation> told;
  told.reserve(items.size());
  for (const std::size_t i : order) {
    told.push_back(std::move(items[i].explanation));
  }
  return told;
}

}  // namespace hfauth::diagnose
