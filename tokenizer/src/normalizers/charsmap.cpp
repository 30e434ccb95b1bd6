// SPDX-License-Identifier: Apache-2.0
//
// The layout: u32 size of the array in bytes, the array of u32 units, all little endian, then the
// replacements, each ended by NUL.
#include "normalizers/charsmap.hpp"

#include <cstring>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// A unit of the double array.
class Unit {
 public:
  explicit Unit(std::uint32_t bits) : bits_(bits) {}

  [[nodiscard]] bool has_leaf() const { return (bits_ >> 8U & 1U) != 0; }

  [[nodiscard]] std::uint32_t value() const { return bits_ & 0x7FFFFFFFU; }

  [[nodiscard]] std::uint32_t label() const { return bits_ & 0x800000FFU; }

  [[nodiscard]] std::uint32_t offset() const { return (bits_ >> 10U) << ((bits_ & 0x200U) >> 6U); }

 private:
  std::uint32_t bits_;
};

}  // namespace

std::optional<std::string_view> Charsmap::find(std::string_view chunk) const {
  std::uint32_t node = Unit(units_[0]).offset();
  for (const char byte : chunk) {
    const auto label = static_cast<std::uint32_t>(static_cast<unsigned char>(byte));
    if (label == 0) return std::nullopt;
    node ^= label;
    if (node >= units_.size()) return std::nullopt;
    const Unit unit(units_[node]);
    if (unit.label() != label) return std::nullopt;
    node ^= unit.offset();
    if (!unit.has_leaf()) continue;
    if (node >= units_.size()) return std::nullopt;
    const std::size_t begin = Unit(units_[node]).value();
    if (begin > replacements_.size()) return std::nullopt;
    const std::string_view rest = std::string_view(replacements_).substr(begin);
    if (!rest.empty() && unicode::is_continuation(rest[0])) return std::nullopt;
    return rest.substr(0, rest.find('\0'));
  }
  return std::nullopt;
}

Result<Charsmap> Charsmap::parse(std::string_view bytes) {
  const auto damaged = [](std::string_view fault) {
    return Error{Errc::corrupt, "the charsmap " + std::string(fault)};
  };
  std::uint32_t n_bytes = 0;
  if (bytes.size() < sizeof n_bytes) return damaged("is shorter than its header");
  std::memcpy(&n_bytes, bytes.data(), sizeof n_bytes);
  if (n_bytes == 0 || n_bytes % sizeof(std::uint32_t) != 0 ||
      n_bytes > bytes.size() - sizeof n_bytes) {
    return damaged("has an array of a wrong size");
  }
  std::vector<std::uint32_t> units(n_bytes / sizeof(std::uint32_t));
  std::memcpy(units.data(), bytes.data() + sizeof n_bytes, n_bytes);
  std::string replacements(bytes.substr(sizeof n_bytes + n_bytes));
  if (unicode::first_invalid(replacements)) return damaged("has replacements that are not UTF-8");
  return Charsmap(std::move(units), std::move(replacements));
}

}  // namespace hfauth::tokenizer
