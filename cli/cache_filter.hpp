// SPDX-License-Identifier: Apache-2.0
//
// The --filter and --sort expressions of `hfauth cache ls`, in the language of `hf cache ls`
// (huggingface_hub 2.4 cli/cache.py).
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/hub/cache_scan.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

/// A line of the list: a repository, or one revision of it.
struct CacheRow {
  const hub::CachedRepo* repo = nullptr;
  const hub::CachedRevision* revision = nullptr;  ///< nullptr: the whole repository
};

[[nodiscard]] std::uint64_t size_of(const CacheRow& row);
[[nodiscard]] WallTime modified_of(const CacheRow& row);

class CacheFilter {
 public:
  /// KEY OPERATOR VALUE: size (10MB, decimal units), accessed and modified (7d: how long ago; s, m,
  /// h, d, w, mo, y), with = != > < >= <=; type and refs with =. Errors: usage, saying what is
  /// wrong.
  [[nodiscard]] static Result<CacheFilter> parse(std::string_view expression);

  [[nodiscard]] bool matches(const CacheRow& row, WallTime now) const;

 private:
  enum class Key { size, accessed, modified, type, refs };

  Key key_ = Key::size;
  std::string operator_;
  std::string word_;          ///< lower case, for type and refs
  std::uint64_t number_ = 0;  ///< bytes or seconds
};

class CacheOrder {
 public:
  /// accessed, modified, size (the largest first unless ":asc" follows) or name (":desc" turns it).
  /// Errors: usage.
  [[nodiscard]] static Result<CacheOrder> parse(std::string_view expression);

  /// Keeps the order of equals.
  void sort(std::vector<CacheRow>& rows) const;

 private:
  enum class Key { name, size, accessed, modified };

  Key key_ = Key::name;
  bool descending_ = false;
};

}  // namespace hfauth::cli
