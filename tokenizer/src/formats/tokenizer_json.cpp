// SPDX-License-Identifier: Apache-2.0
//
// The top level of a tokenizer.json: unknown keys are passed over, known ones may come in any
// order. The parsed document is dropped when the parts are built.
#include "formats/tokenizer_json.hpp"

#include "formats/components.hpp"
#include "formats/template_wish.hpp"

#include <fmt/format.h>

#include <atomic>

namespace hfauth::tokenizer {

namespace {

using Parts = std::unique_ptr<const TokenizerParts>;

Result<void> check_top(const JsonObject& top) {
  if (const std::optional<JsonValue> version = top.find("version")) {
    const Result<std::string_view> text = version->string();
    if (!text) return text.error();
    if (*text != "1.0")
      return corrupt_at("version", fmt::format("expected \"1.0\", found {}", in_quotes(*text)));
  }
  return {};
}

/// Reads the part at `key` with `read`, if there is one that is not null.
template <class T>
Result<void> read_part(const JsonObject& top, std::string_view key,
                       Result<T> (*read)(const JsonValue&), auto& place) {
  const std::optional<JsonValue> value = top.find(key);
  if (!value) return {};
  Result<T> part = read(*value);
  if (!part) return part.error();
  place = std::move(*part);
  return {};
}

Result<void> read_stages(const JsonObject& top, TokenizerParts& parts) {
  const Result<void> results[] = {
      read_part(top, "normalizer", read_normalizer, parts.normalizer),
      read_part(top, "pre_tokenizer", read_pre_tokenizer, parts.pre_tokenizer),
      read_part(top, "post_processor", read_post_processor, parts.post_processor),
      read_part(top, "decoder", read_decoder, parts.decoder),
      read_part(top, "truncation", read_truncation, parts.truncation),
      read_part(top, "padding", read_padding, parts.padding)};
  for (const Result<void>& result : results) {
    if (!result) return result.error();
  }
  parts.post_processor.is_default = !top.find("post_processor");
  return {};
}

}  // namespace

Result<Assembly> assemble_tokenizer_json(simdjson::padded_string_view json) {
  JsonParser parser;
  const Result<JsonValue> root = parser.parse(json, "");
  if (!root) return root.error();
  const Result<JsonObject> top = root->object();
  if (!top) return top.error();
  if (const Result<void> checked = check_top(*top); !checked) return checked.error();

  const Result<JsonValue> model_value = top->required("model");
  if (!model_value) return model_value.error();
  Result<Model> model = read_model(*model_value);
  if (!model) return model.error();
  auto parts = std::make_unique<TokenizerParts>(std::move(*model));
  if (const Result<void> read = read_stages(*top, *parts); !read) return read.error();
  Assembly assembly{std::move(parts), {}, std::nullopt};
  if (const Result<void> read = read_part(*top, "added_tokens", read_added_tokens, assembly.added);
      !read)
    return read.error();
  return assembly;
}

Result<Parts> finish(Assembly assembly) {
  TokenizerParts& parts = *assembly.parts;
  if (const Result<void> done = parts.added.fill(std::move(assembly.added),
                                                 parts.model.vocabulary(), parts.normalizer.get());
      !done) {
    return done.error();
  }
  if (assembly.wish) {
    const Result<void> made = make_template(*assembly.wish, parts);
    if (!made) return made.error();
  }
  static std::atomic<std::uint64_t> next_serial{1};
  parts.serial = next_serial++;
  return Parts(std::move(assembly.parts));
}

Result<Parts> load_tokenizer_json(std::string_view json) {
  Result<Assembly> assembly = assemble_tokenizer_json(without_padding(json));
  if (!assembly) return assembly.error();
  return finish(std::move(*assembly));
}

}  // namespace hfauth::tokenizer
