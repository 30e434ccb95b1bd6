// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/profile_name.hpp"

#include "hfauth/core/ascii.hpp"

#include <algorithm>

namespace hfauth::token {
namespace {

constexpr std::size_t kLongest = 64;

bool is_allowed(char c) {
  return ascii::is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '@';
}

bool may_begin(char c) {
  return is_allowed(c) && c != '.' && c != '-';
}

}  // namespace

Result<ProfileName> ProfileName::parse(std::string_view text) {
  if (text.empty() || text.size() > kLongest || !may_begin(text.front()) ||
      !std::all_of(text.begin(), text.end(), is_allowed)) {
    return Error{
        Errc::invalid_input,
        "not a profile name: use 1 to 64 letters, digits and . _ - @, not beginning with . or -"};
  }
  return ProfileName(std::string(text));
}

ProfileName ProfileName::from_display_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, kLongest)) {
    if (is_allowed(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  const auto begin = std::find_if(name.begin(), name.end(), may_begin);
  name.erase(name.begin(), begin);
  while (!name.empty() && name.back() == '-')
    name.pop_back();
  return ProfileName(name.empty() ? "default" : name);
}

}  // namespace hfauth::token
