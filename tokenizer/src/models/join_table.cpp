// SPDX-License-Identifier: Apache-2.0
//
// The table of a model. A merge that touches a byte token, which stands for a byte and not for how
// it is spelled, makes the spellings say nothing.
#include "models/join_table.hpp"

#include "models/bpe.hpp"

#include <unordered_set>

namespace hfauth::tokenizer {

std::optional<JoinTable> JoinTable::of(const Bpe& model) {
  if (!model.takes_any_text() || model.options().ignore_merges || model.options().dropout != 0 ||
      !model.vocabulary().ids_are_unique()) {
    return std::nullopt;
  }
  JoinTable table;
  bool only_text = true;
  const std::unordered_set<TokenId> bytes(model.byte_tokens().begin(), model.byte_tokens().end());
  model.merges().for_each([&](TokenId left, TokenId right) {
    const std::string_view before = model.vocabulary().token(left).value_or(std::string_view());
    const std::string_view after = model.vocabulary().token(right).value_or(std::string_view());
    if (before.empty() || after.empty() || bytes.contains(left) || bytes.contains(right)) {
      only_text = false;
      return;
    }
    const char32_t last =
        unicode::decode_at(before, unicode::previous(before, before.size())).code_point;
    const char32_t first = unicode::decode_at(after, 0).code_point;
    // Texts with real spaces are not taken apart.
    if (last != U' ' && first != U' ') table.add(marked(last), marked(first));
  });
  return only_text ? std::optional(std::move(table)) : std::nullopt;
}

}  // namespace hfauth::tokenizer
