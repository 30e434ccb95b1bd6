// SPDX-License-Identifier: Apache-2.0
//
// `decoder` of a tokenizer.json.
#include "formats/components.hpp"

#include <fmt/format.h>

namespace hfauth::tokenizer {

Result<Decoder> read_decoder(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  if (*type == "ByteLevel") return Decoder::byte_level;
  return not_supported(type->empty() ? "a decoder without a type"
                                     : fmt::format("decoder {}", *type));
}

}  // namespace hfauth::tokenizer
