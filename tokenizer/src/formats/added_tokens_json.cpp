// SPDX-License-Identifier: Apache-2.0
//
// `added_tokens` of a tokenizer.json. All flags must be there, as in the reference; ids are checked
// to be numbers and otherwise not used.
#include "formats/components.hpp"

#include <string>

namespace hfauth::tokenizer {

namespace {

Result<AddedToken> read_added_token(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  AddedToken token;
  const Result<std::string_view> content = object->string("content");
  if (!content) return content.error();
  token.content = std::string(*content);
  const std::pair<std::string_view, bool*> flags[] = {{"single_word", &token.single_word},
                                                      {"lstrip", &token.lstrip},
                                                      {"rstrip", &token.rstrip},
                                                      {"normalized", &token.normalized},
                                                      {"special", &token.special}};
  for (const auto& [name, place] : flags) {
    const Result<bool> flag = object->boolean(name);
    if (!flag) return flag.error();
    *place = *flag;
  }
  const Result<JsonValue> id = object->required("id");
  if (!id) return id.error();
  if (const Result<std::uint32_t> number = id->number(); !number) return number.error();
  return token;
}

}  // namespace

Result<std::vector<AddedToken>> read_added_tokens(const JsonValue& value) {
  const Result<std::vector<JsonValue>> items = value.array();
  if (!items) return items.error();
  std::vector<AddedToken> tokens;
  tokens.reserve(items->size());
  for (const JsonValue& item : *items) {
    Result<AddedToken> token = read_added_token(item);
    if (!token) return token.error();
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

}  // namespace hfauth::tokenizer
