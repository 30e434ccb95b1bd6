// SPDX-License-Identifier: Apache-2.0
//
// Rewriting without places, for the normalizers that have no faster way.
#include "normalizers/normalizer.hpp"

namespace hfauth::tokenizer {

Result<std::string_view> Normalizer::rewrite(std::string_view text, std::string& home) const {
  NormalizedText whole(text);
  if (const Result<void> applied = apply(whole); !applied) return applied.error();
  if (whole.text().data() == text.data()) return whole.text();
  home.assign(whole.text());
  return std::string_view(home);
}

}  // namespace hfauth::tokenizer
