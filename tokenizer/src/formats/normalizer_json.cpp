// SPDX-License-Identifier: Apache-2.0
//
// `normalizer` of a tokenizer.json: the room for the normalizers. Today only those that do nothing
// pass.
#include "formats/components.hpp"

#include <fmt/format.h>

namespace hfauth::tokenizer {

Result<void> check_normalizer(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  if (*type != "Sequence") {
    return not_supported(type->empty() ? "a normalizer without a type"
                                       : fmt::format("normalizer {}", *type));
  }
  const Result<JsonValue> list = object->required("normalizers");
  if (!list) return list.error();
  const Result<std::vector<JsonValue>> stages = list->array();
  if (!stages) return stages.error();
  for (const JsonValue& stage : *stages) {
    if (const Result<void> checked = check_normalizer(stage); !checked) return checked.error();
  }
  return {};
}

}  // namespace hfauth::tokenizer
