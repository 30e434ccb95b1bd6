// SPDX-License-Identifier: Apache-2.0
//
// Names of the tokenizer library's error codes.
#include "hfauth/tokenizer/error.hpp"

namespace hfauth::tokenizer {

std::string_view name_of(Errc code) noexcept {
  switch (code) {
    case Errc::not_found:
      return "not_found";
    case Errc::io:
      return "io";
    case Errc::corrupt:
      return "corrupt";
    case Errc::unsupported:
      return "unsupported";
    case Errc::invalid_input:
      return "invalid_input";
    case Errc::regex_limit:
      return "regex_limit";
  }
  return "unknown";
}

}  // namespace hfauth::tokenizer
