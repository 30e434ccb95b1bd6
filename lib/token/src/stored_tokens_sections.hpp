// SPDX-License-Identifier: Apache-2.0
//
// stored_tokens as configparser sees it: sections with all their keys, in the file's order. Private
// to lib/token.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hfauth::token {

struct Section {
  std::string name;
  std::vector<std::pair<std::string, Secret>> members;  ///< keys in lower case

  [[nodiscard]] const Secret* find(std::string_view key) const;
  /// Replaces the value in its place, or appends it.
  void set(std::string_view key, Secret value);
};

inline constexpr std::string_view kDefaultSection = "DEFAULT";

/// Errors: corrupt, with the line number and no content.
[[nodiscard]] Result<std::vector<Section>> read_sections(std::string_view content);

/// The lines (1-based, in order) without which it can be read. A section whose name is taken is
/// one with all its lines.
[[nodiscard]] std::vector<std::size_t> lines_not_readable(std::string_view content);

}  // namespace hfauth::token
