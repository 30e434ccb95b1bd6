// SPDX-License-Identifier: Apache-2.0
//
// Server text is untrusted: it is cut and put on one line here.
#include "http_words.hpp"

#include "hfauth/core/result.hpp"
#include "hfauth/token/resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace hfauth::diagnose {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t kDateLength = 29;
constexpr std::size_t kLongestTitle = 80;

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSteps{{
    {"name look-up", "dns"},
    {"proxy", "proxy"},
    {"the proxy", "proxy"},
    {"connect to", "connect"},
    {"TLS with", "tls"},
    {"transfer from", "transfer"},
    {"exchange with", "transfer"},
}};

}  // namespace

std::optional<WallTime> read_http_date(std::string_view text) {
  if (text.size() != kDateLength || !text.ends_with(" GMT")) {
    return std::nullopt;
  }
  const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) {
    return std::nullopt;
  }
  const Result<WallTime> time =
      parse_utc(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month - kMonths.begin() + 1,
                            text.substr(5, 2), text.substr(17, 8)));
  return time ? std::optional(*time) : std::nullopt;
}

std::string page_title(std::string_view html) {
  constexpr std::string_view kBegin = "<title>";
  const std::size_t begin = html.find(kBegin);
  const std::size_t end = html.find("</title>");
  if (begin == std::string_view::npos || end == std::string_view::npos ||
      end < begin + kBegin.size()) {
    return "";
  }
  std::string title(html.substr(begin + kBegin.size(), end - begin - kBegin.size()));
  title = title.substr(0, kLongestTitle);
  std::replace_if(
      title.begin(), title.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, ' ');
  return title;
}

std::string failed_step(std::string_view detail) {
  for (const auto& [words, step] : kSteps) {
    if (detail.starts_with(words)) {
      return std::string(step);
    }
  }
  return "";
}

bool uses_requests(std::string_view version) {
  const auto parsed = token::ClientVersion::parse(version);
  return parsed && parsed->major < 1;
}

}  // namespace hfauth::diagnose
