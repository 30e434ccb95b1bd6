// SPDX-License-Identifier: Apache-2.0
//
// Letters count as ASCII in any case, as the original lowers them.
#include "cache_filter.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "shown_name.hpp"
#include "talk.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace hfauth::cli {
namespace {

constexpr std::string_view kBlanks = " \t";

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array kBytes{Unit{"", 1},
                            Unit{"b", 1},
                            Unit{"k", 1'000},
                            Unit{"kb", 1'000},
                            Unit{"m", 1'000'000},
                            Unit{"mb", 1'000'000},
                            Unit{"g", 1'000'000'000},
                            Unit{"gb", 1'000'000'000},
                            Unit{"t", 1'000'000'000'000},
                            Unit{"tb", 1'000'000'000'000},
                            Unit{"p", 1'000'000'000'000'000},
                            Unit{"pb", 1'000'000'000'000'000}};

constexpr std::uint64_t kHour = 3'600;
constexpr std::uint64_t kDay = 86'400;
constexpr std::array kTimes{Unit{"", 1},           Unit{"s", 1},         Unit{"m", 60},
                            Unit{"h", kHour},      Unit{"d", kDay},      Unit{"w", 7 * kDay},
                            Unit{"mo", 30 * kDay}, Unit{"y", 365 * kDay}};

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), ascii::lower);
  return lowered;
}

/// "10MB"; nullopt for another form, an unknown unit or a number that does not fit.
std::optional<std::uint64_t> number_with_unit(std::string_view text, std::span<const Unit> units) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc()) return std::nullopt;
  const std::string name =
      lower(trimmed(text.substr(static_cast<std::size_t>(end - text.data())), kBlanks));
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    if (number > std::numeric_limits<std::uint64_t>::max() / unit.factor) return std::nullopt;
    return number * unit.factor;
  }
  return std::nullopt;
}

template <class Number>
bool holds(Number left, std::string_view comparison, Number right) {
  if (comparison == "=") return left == right;
  if (comparison == "!=") return left != right;
  if (comparison == ">") return left > right;
  if (comparison == "<") return left < right;
  if (comparison == ">=") return left >= right;
  return left <= right;
}

Error bad_filter(std::string_view expression) {
  return {
      Errc::usage,
      filled(tr("--filter '{}': write it as size>1GB, accessed>7d, modified<2w, type=dataset or "
                "refs=main"),
             shown_name(expression))};
}

}  // namespace

std::uint64_t size_of(const CacheRow& row) {
  return row.revision != nullptr ? row.revision->size : row.repo->size;
}

WallTime modified_of(const CacheRow& row) {
  return row.revision != nullptr ? row.revision->modified : row.repo->modified;
}

Result<CacheFilter> CacheFilter::parse(std::string_view expression) {
  const std::string_view text = trimmed(expression, kBlanks);
  const std::size_t begin = text.find_first_of("=!<>");
  if (begin == std::string_view::npos) return bad_filter(expression);
  const std::size_t end = std::min(text.find_first_not_of("=!<>", begin), text.size());
  CacheFilter filter;
  const std::string key = lower(trimmed(text.substr(0, begin), kBlanks));
  filter.operator_ = text.substr(begin, end - begin);
  const std::string_view value = trimmed(text.substr(end), kBlanks);
  constexpr std::array<std::string_view, 6> kOperators{"=", "!=", ">", "<", ">=", "<="};
  const bool is_operator =
      std::find(kOperators.begin(), kOperators.end(), filter.operator_) != kOperators.end();
  if (value.empty() || !is_operator) return bad_filter(expression);

  if (key == "type" || key == "refs") {
    if (filter.operator_ != "=") return bad_filter(expression);
    filter.key_ = key == "type" ? Key::type : Key::refs;
    filter.word_ = lower(value);
    return filter;
  }
  if (key != "size" && key != "accessed" && key != "modified") return bad_filter(expression);
  filter.key_ = key == "size" ? Key::size : key == "accessed" ? Key::accessed : Key::modified;
  const std::optional<std::uint64_t> number =
      key == "size" ? number_with_unit(value, kBytes) : number_with_unit(value, kTimes);
  if (!number) return bad_filter(expression);
  filter.number_ = *number;
  return filter;
}

bool CacheFilter::matches(const CacheRow& row, WallTime now) const {
  const auto has_ref = [this](const hub::CachedRevision& revision) {
    return std::any_of(revision.refs.begin(), revision.refs.end(),
                       [this](const std::string& ref) { return lower(ref) == word_; });
  };
  switch (key_) {
    case Key::size:
      return holds(size_of(row), operator_, number_);
    case Key::type:
      return name_of(row.repo->type) == word_;
    case Key::refs:
      if (row.revision != nullptr) return has_ref(*row.revision);
      return std::any_of(row.repo->revisions.begin(), row.repo->revisions.end(), has_ref);
    case Key::accessed:
    case Key::modified:
      break;
  }
  const WallTime time = key_ == Key::accessed ? row.repo->accessed : modified_of(row);
  return holds<std::int64_t>((now - time).count(), operator_, static_cast<std::int64_t>(number_));
}

Result<CacheOrder> CacheOrder::parse(std::string_view expression) {
  const std::string text = lower(trimmed(expression, kBlanks));
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string key = text.substr(0, colon);
  const std::string direction = text.substr(colon);
  CacheOrder order;
  order.descending_ = direction.empty() ? key != "name" : direction == ":desc";
  const bool is_direction = direction.empty() || direction == ":asc" || direction == ":desc";
  constexpr std::array kKeys{std::pair{std::string_view("name"), Key::name},
                             std::pair{std::string_view("size"), Key::size},
                             std::pair{std::string_view("accessed"), Key::accessed},
                             std::pair{std::string_view("modified"), Key::modified}};
  for (const auto& [name, value] : kKeys) {
    if (name != key || !is_direction) continue;
    order.key_ = value;
    return order;
  }
  return Error{Errc::usage, filled(tr("--sort {}: one of accessed, modified, name, size, perhaps "
                                      "with :asc or :desc"),
                                   shown_name(expression))};
}

void CacheOrder::sort(std::vector<CacheRow>& rows) const {
  const auto is_less = [this](const CacheRow& a, const CacheRow& b) {
    switch (key_) {
      case Key::size:
        return size_of(a) < size_of(b);
      case Key::accessed:
        return a.repo->accessed < b.repo->accessed;
      case Key::modified:
        return modified_of(a) < modified_of(b);
      case Key::name:
        break;
    }
    return lower(hub::cache_id(*a.repo)) < lower(hub::cache_id(*b.repo));
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const CacheRow& a, const CacheRow& b) {
    return descending_ ? is_less(b, a) : is_less(a, b);
  });
}

}  // namespace hfauth::cli
