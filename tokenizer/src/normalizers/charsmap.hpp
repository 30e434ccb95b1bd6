// SPDX-License-Identifier: Apache-2.0
//
// SentencePiece's charsmap: a double array (Darts) over UTF-8 and the replacements that its values
// point to. Built once, then immutable.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "unicode/grapheme.hpp"
#include "unicode/utf8.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

class Charsmap {
 public:
  /// Errors: corrupt if `bytes` is not well formed.
  [[nodiscard]] static Result<Charsmap> parse(std::string_view bytes);

  /// The replacement of the shortest key that `chunk` begins with.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view chunk) const;

  struct Match {
    std::size_t length;            ///< of the key, in bytes
    std::string_view replacement;  ///< UTF-8; lives as long as the charsmap
  };

  /// The longest key that `text` begins with, among the first kMostKeys of growing length, as
  /// SentencePiece itself asks.
  [[nodiscard]] std::optional<Match> longest(std::string_view text) const;

  /// Calls, for the parts of `text` in order, `replace(part, replacement)` or, for a character that
  /// stays, `keep(part, code_point)`. The reference asks for whole grapheme clusters of less than
  /// six bytes, and takes the first, that is the shortest, key that begins the cluster for all of
  /// it; else it asks character by character (tokenizers 0.23, normalizers/precompiled.rs;
  /// spm_precompiled 0.1).
  template <class Replace, class Keep>
  void walk(std::string_view text, Replace replace, Keep keep) const {
    constexpr std::size_t kLongestCluster = 5;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = unicode::grapheme_end(text, at);
      const std::string_view cluster = text.substr(at, end - at);
      at = end;
      if (cluster.size() <= kLongestCluster) {
        if (const std::optional<std::string_view> whole = find(cluster)) {
          replace(cluster, *whole);
          continue;
        }
      }
      for (std::size_t i = 0; i < cluster.size();) {
        const unicode::Decoded next = unicode::decode_at(cluster, i);
        const std::string_view part = cluster.substr(i, next.n_bytes);
        if (const std::optional<std::string_view> mapped = find(part)) {
          replace(part, *mapped);
        } else {
          keep(part, next.code_point);
        }
        i += next.n_bytes;
      }
    }
  }

 private:
  Charsmap(std::vector<std::uint32_t> units, std::string replacements)
      : units_(std::move(units)), replacements_(std::move(replacements)) {}

  static constexpr std::size_t kMostKeys = 32;

  /// Calls `visit` with each key that `text` begins with, shortest first, until it returns false.
  template <class Visit>
  void for_each_key(std::string_view text, Visit visit) const;

  std::vector<std::uint32_t> units_;  ///< not empty
  std::string replacements_;
};

}  // namespace hfauth::tokenizer
