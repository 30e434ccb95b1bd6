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

template <class Visit>
void Charsmap::for_each_key(std::string_view text, Visit visit) const {
  std::uint32_t node = Unit(units_[0]).offset();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto label = static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
    if (label == 0) return;
    node ^= label;
    if (node >= units_.size()) return;
    const Unit unit(units_[node]);
    if (unit.label() != label) return;
    node ^= unit.offset();
    if (!unit.has_leaf()) continue;
    if (node >= units_.size()) return;
    const std::size_t begin = Unit(units_[node]).value();
    if (begin > replacements_.size()) return;
    const std::string_view rest = std::string_view(replacements_).substr(begin);
    if (!rest.empty() && unicode::is_continuation(rest[0])) return;
    if (!visit(Match{i + 1, rest.substr(0, rest.find('\0'))})) return;
  }
}

std::optional<std::string_view> Charsmap::find(std::string_view chunk) const {
  std::optional<std::string_view> found;
  for_each_key(chunk, [&](const Match& match) {
    found = match.replacement;
    return false;
  });
  return found;
}

std::optional<Charsmap::Match> Charsmap::longest(std::string_view text) const {
  std::optional<Match> found;
  std::size_t n_keys = 0;
  for_each_key(text, [&](const Match& match) {
    found = match;
    return ++n_keys < kMostKeys;
  });
  return found;
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
