// SPDX-License-Identifier: Apache-2.0
//
// Environment: a copy of environ, and the one rule for what counts as true.
#include "hfauth/core/environment.hpp"

#include "hfauth/core/ascii.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace hfauth {

Environment Environment::of_process() {
  Map variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    // getenv() gives the first of two entries with one name; so do we.
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return Environment(std::move(variables));
}

std::optional<std::string> Environment::get(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Environment::non_empty(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

bool Environment::is_true(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return false;
  std::string upper = found->second;
  std::transform(upper.begin(), upper.end(), upper.begin(), ascii::upper);
  constexpr std::array<std::string_view, 4> kTrue{"1", "ON", "YES", "TRUE"};
  return std::find(kTrue.begin(), kTrue.end(), upper) != kTrue.end();
}

void Environment::unset(std::string_view name) {
  const auto found = variables_.find(name);
  if (found != variables_.end()) variables_.erase(found);
}

}  // namespace hfauth
