// SPDX-License-Identifier: Apache-2.0
//
// What accept_token() accepts is clean: accepted again without a repair, and unchanged by
// huggingface_hub's own cleaning.
#include "hfauth/token/token_text.hpp"
#include "property.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;
namespace token = hfauth::token;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  for (const token::FoundFault& fault : token::find_faults(raw)) {
    require(fault.offset <= size, "a fault lies within the text");
  }
  const hfauth::Secret cleaned = token::clean_as_huggingface_hub(raw);
  require(token::clean_as_huggingface_hub(cleaned.expose()).equals(cleaned.expose()),
          "cleaning twice is cleaning once");

  std::vector<token::TokenFault> repairs;
  const auto accepted = token::accept_token(raw, repairs);
  if (!accepted) return 0;
  std::vector<token::TokenFault> further;
  const auto again = token::accept_token(accepted->expose(), further);
  require(again.has_value() && again->equals(accepted->expose()),
          "what was accepted is accepted again as it is");
  require(token::clean_as_huggingface_hub(accepted->expose()).equals(accepted->expose()),
          "clients send what we accepted");
  return 0;
}
