// SPDX-License-Identifier: Apache-2.0
//
// The name under which a token is kept: part of file names, attributes and command lines, so its
// alphabet is small.
#pragma once

#include "hfauth/core/result.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace hfauth::token {

class ProfileName {
 public:
  /// 1 to 64 characters of A-Z a-z 0-9 . _ - and @, not beginning with "." or "-". Errors:
  /// invalid_input.
  [[nodiscard]] static Result<ProfileName> parse(std::string_view text);

  /// A legal name near to `text` (a token's display name): other characters become "-"; "default"
  /// if nothing is left.
  [[nodiscard]] static ProfileName from_display_name(std::string_view text);

  [[nodiscard]] const std::string& str() const noexcept { return text_; }

  friend auto operator<=>(const ProfileName&, const ProfileName&) = default;

 private:
  explicit ProfileName(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace hfauth::token
