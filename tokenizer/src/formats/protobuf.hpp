// SPDX-License-Identifier: Apache-2.0
//
// The wire format of protocol buffers, read field by field, as far as SentencePiece's models need
// it. Every length is checked against what is there; nothing is copied or allocated.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hfauth::tokenizer {

struct ProtobufField {
  enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

  std::uint32_t number = 0;
  Wire wire = Wire::varint;
  std::uint64_t integer = 0;  ///< of a varint, fixed64 or fixed32
  std::string_view bytes;     ///< of a string or an embedded message

  [[nodiscard]] float as_float() const noexcept;  ///< a fixed32 as IEEE 754
};

class ProtobufReader {
 public:
  /// `message` must outlive the fields.
  explicit ProtobufReader(std::string_view message) : rest_(message) {}

  /// The next field; nullopt at the end, and on a fault.
  [[nodiscard]] std::optional<ProtobufField> next();

  /// Whether the message was well-formed so far.
  [[nodiscard]] bool is_sound() const noexcept { return sound_; }

 private:
  [[nodiscard]] std::optional<std::uint64_t> take_varint();
  [[nodiscard]] std::optional<std::uint64_t> take_fixed(std::size_t n_bytes);
  [[nodiscard]] bool take_value(ProtobufField& field);

  std::string_view rest_;
  bool sound_ = true;
};

}  // namespace hfauth::tokenizer
