// SPDX-License-Identifier: Apache-2.0
//
// The token inside a value is what `hfauth login` would accept of it; what is around it (white
// space, quotes, a byte order mark, "Bearer ") is kept as it is, because it is the diagnosis. If no
// clean token is inside, everything but the white space at the ends becomes the stand-in.
#include "stand_in.hpp"

#include "hfauth/core/mask.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/token/token_text.hpp"

#include <algorithm>

namespace hfauth::diagnose {
namespace {

bool fits_into_a_header(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

struct Parts {
  std::string before;
  std::string after;
  Secret core;
  bool accepted = false;
};

Parts take_apart(std::string_view raw, std::string_view cleaned) {
  std::vector<token::TokenFault> repairs;
  if (Result<Secret> core = token::accept_token(raw, repairs); core.has_value()) {
    const std::size_t at = raw.find(core->expose());
    return {std::string(raw.substr(0, at)), std::string(raw.substr(at + core->size())),
            std::move(*core), true};
  }
  const std::size_t lead = raw.size() - trimmed_begin(raw).size();
  return {std::string(raw.substr(0, lead)), std::string(raw.substr(trimmed_end(raw).size())),
          Secret::copy_of(cleaned), false};
}

}  // namespace

std::string stand_in_for(std::string_view fingerprint) {
  return "hf_" + std::string(fingerprint);
}

TokenValue describe_value(ValueSource source, std::string where, std::string_view raw,
                          const Fingerprinter& fingerprinter) {
  TokenValue value;
  value.source = source;
  value.where = std::move(where);
  value.length = raw.size();
  for (const token::FoundFault& fault : token::find_faults(raw)) {
    value.faults.push_back({std::string(token::name_of(fault.fault)), fault.note});
  }
  const Secret cleaned = token::clean_as_huggingface_hub(raw);
  if (cleaned.empty()) {
    value.stand_in = raw;  // white space alone
    return value;
  }
  value.sendable = fits_into_a_header(cleaned.expose());
  value.fingerprint = fingerprinter.of(cleaned.expose());
  const Parts parts = take_apart(raw, cleaned.expose());
  const std::string core = stand_in_for(fingerprinter.of(parts.core.expose()));
  value.mask = mask_token(parts.core.expose());
  value.stand_in = parts.before + core + parts.after;
  value.repaired = parts.accepted ? core : "";
  value.sent = token::clean_as_huggingface_hub(value.stand_in).expose();
  return value;
}

}  // namespace hfauth::diagnose
