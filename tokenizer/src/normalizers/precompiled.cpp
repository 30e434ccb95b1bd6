// SPDX-License-Identifier: Apache-2.0
//
// Precompiled: SentencePiece's charsmap, a double array (Darts) over UTF-8 and the replacements
// that its values point to. The reference asks it for whole grapheme clusters of less than six
// bytes, and takes the first, that is the shortest, key that begins the cluster for all of it; else
// it asks character by character (tokenizers 0.23, normalizers/precompiled.rs; spm_precompiled
// 0.1).
//
// The layout: u32 size of the array in bytes, the array of u32 units, all little endian, then the
// replacements, each ended by NUL.
#include "normalizers/normalizer.hpp"
#include "unicode/grapheme.hpp"

#include <cstring>
#include <utility>

namespace hfauth::tokenizer {

namespace {

constexpr std::size_t kLongestCluster = 5;

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

/// The changes of a text, in which a replacement may count characters of the one before it as its
/// own: where it is empty, what it replaces is swallowed by the character before.
class Changes {
 public:
  explicit Changes(std::size_t n) { changes_.reserve(n); }

  void keep(char32_t c) { changes_.push_back({c, 0}); }

  void replace(std::string_view old_part, std::string_view new_part) {
    any_ = true;
    const auto n_old = static_cast<std::int32_t>(unicode::count_code_points(old_part));
    const auto n_new = static_cast<std::int32_t>(unicode::count_code_points(new_part));
    for_each_code_point(new_part, [&](char32_t c) { keep(c); });
    for (std::int32_t i = 0; i < n_new - n_old; ++i)
      changes_[changes_.size() - 1 - static_cast<std::size_t>(i)].consumed = 1;
    if (n_new < n_old && !changes_.empty()) changes_.back().consumed += n_new - n_old;
  }

  void apply_to(NormalizedText& text) const {
    if (any_) text.transform(changes_);
  }

 private:
  std::vector<Change> changes_;
  bool any_ = false;
};

class Precompiled final : public Normalizer {
 public:
  Precompiled(std::vector<std::uint32_t> units, std::string replacements)
      : units_(std::move(units)), replacements_(std::move(replacements)) {}

  Result<void> apply(NormalizedText& text) const override {
    const std::string_view old = text.text();
    Changes changes(old.size());
    for (std::size_t at = 0; at < old.size();) {
      const std::size_t end = unicode::grapheme_end(old, at);
      const std::string_view cluster = old.substr(at, end - at);
      at = end;
      if (cluster.size() <= kLongestCluster) {
        if (const std::optional<std::string_view> whole = find(cluster)) {
          changes.replace(cluster, *whole);
          continue;
        }
      }
      for (std::size_t i = 0; i < cluster.size();) {
        const unicode::Decoded next = unicode::decode_at(cluster, i);
        const std::string_view part = cluster.substr(i, next.n_bytes);
        if (const std::optional<std::string_view> mapped = find(part)) {
          changes.replace(part, *mapped);
        } else {
          changes.keep(next.code_point);
        }
        i += next.n_bytes;
      }
    }
    changes.apply_to(text);
    return {};
  }

 private:
  /// The replacement of the shortest key that `chunk` begins with.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view chunk) const {
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

  std::vector<std::uint32_t> units_;  ///< not empty
  std::string replacements_;
};

}  // namespace

Result<NormalizerHandle> precompiled_normalizer(std::string charsmap) {
  const auto damaged = [](std::string_view fault) {
    return Error{Errc::corrupt, "the charsmap " + std::string(fault)};
  };
  std::uint32_t n_bytes = 0;
  if (charsmap.size() < sizeof n_bytes) return damaged("is shorter than its header");
  std::memcpy(&n_bytes, charsmap.data(), sizeof n_bytes);
  if (n_bytes == 0 || n_bytes % sizeof(std::uint32_t) != 0 ||
      n_bytes > charsmap.size() - sizeof n_bytes) {
    return damaged("has an array of a wrong size");
  }
  std::vector<std::uint32_t> units(n_bytes / sizeof(std::uint32_t));
  std::memcpy(units.data(), charsmap.data() + sizeof n_bytes, n_bytes);
  std::string replacements = charsmap.substr(sizeof n_bytes + n_bytes);
  if (unicode::first_invalid(replacements)) return damaged("has replacements that are not UTF-8");
  NormalizerHandle handle =
      std::make_unique<Precompiled>(std::move(units), std::move(replacements));
  return handle;
}

}  // namespace hfauth::tokenizer
