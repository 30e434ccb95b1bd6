// SPDX-License-Identifier: Apache-2.0
#include "hfauth/agent/routing.hpp"

#include <algorithm>
#include <array>

namespace hfauth::agent {

bool is_repo_type(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 4> kTypes{"model", "dataset", "space", "kernel"};
  return std::find(kTypes.begin(), kTypes.end(), text) != kTypes.end();
}

bool is_access(std::string_view text) noexcept {
  return text == "read" || text == "write";
}

std::string_view access_of(const Purpose& purpose) noexcept {
  return purpose.write ? "write" : "read";
}

bool is_repo_text(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxRepoBytes && text.front() != '/' &&
         text.back() != '/' && std::count(text.begin(), text.end(), '/') <= 1 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::string show(const RoutePattern& pattern) {
  std::string text = pattern.repo_type.empty() ? "" : pattern.repo_type + " ";
  text += pattern.repo;
  if (!pattern.access.empty()) text += ", " + pattern.access;
  if (pattern.endpoint) text += ", at " + pattern.endpoint->url();
  return text;
}

}  // namespace hfauth::agent
