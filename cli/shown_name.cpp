// SPDX-License-Identifier: Apache-2.0
#include "shown_name.hpp"

#include "hfauth/core/utf8.hpp"

namespace hfauth::cli {

std::string shown_name(std::string_view name) {
  return utf8::visible(name);
}

}  // namespace hfauth::cli
