// SPDX-License-Identifier: Apache-2.0
//
// Groups (wire types 3 and 4) are refused: no model has them, and they alone would need a stack.
#include "formats/protobuf.hpp"

#include <bit>
#include <limits>

namespace hfauth::tokenizer {

float ProtobufField::as_float() const noexcept {
  return std::bit_cast<float>(static_cast<std::uint32_t>(integer));
}

std::optional<std::uint64_t> ProtobufReader::take_varint() {
  constexpr unsigned kBits = 64;
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < kBits && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ProtobufReader::take_fixed(std::size_t n_bytes) {
  if (rest_.size() < n_bytes) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = n_bytes; i > 0; --i)
    value = (value << 8U) | static_cast<unsigned char>(rest_[i - 1]);
  rest_.remove_prefix(n_bytes);
  return value;
}

bool ProtobufReader::take_value(ProtobufField& field) {
  std::optional<std::uint64_t> number;
  switch (field.wire) {
    case ProtobufField::Wire::varint:
      number = take_varint();
      break;
    case ProtobufField::Wire::fixed64:
      number = take_fixed(sizeof(std::uint64_t));
      break;
    case ProtobufField::Wire::fixed32:
      number = take_fixed(sizeof(std::uint32_t));
      break;
    case ProtobufField::Wire::bytes: {
      number = take_varint();
      if (!number || *number > rest_.size()) return false;
      const auto size = static_cast<std::size_t>(*number);
      field.bytes = rest_.substr(0, size);
      rest_.remove_prefix(size);
      return true;
    }
    default:
      return false;
  }
  if (!number) return false;
  field.integer = *number;
  return true;
}

std::optional<ProtobufField> ProtobufReader::next() {
  if (rest_.empty() || !sound_) return std::nullopt;
  const std::optional<std::uint64_t> key = take_varint();
  ProtobufField field;
  sound_ = key && *key >> 3U > 0 && *key >> 3U <= std::numeric_limits<std::uint32_t>::max();
  if (sound_) {
    field.number = static_cast<std::uint32_t>(*key >> 3U);
    field.wire = static_cast<ProtobufField::Wire>(*key & 7U);
    sound_ = take_value(field);
  }
  return sound_ ? std::optional(field) : std::nullopt;
}

}  // namespace hfauth::tokenizer
