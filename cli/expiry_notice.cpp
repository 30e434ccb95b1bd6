// SPDX-License-Identifier: Apache-2.0
//
// <state>/expiry-notices: a line a token, "fingerprint days", the newest last. Two commands at the
// same time may both speak; neither can damage the file.
#include "expiry_notice.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "talk.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {
namespace {

constexpr std::array kThresholds{1, 7, 14};

/// As many as the agent has profiles; older lines are of tokens that are gone.
constexpr std::size_t kMaxLines = 128;

struct Notice {
  std::string fingerprint;
  int days = 0;
};

std::vector<Notice> read_notices(const std::filesystem::path& file) {
  std::vector<Notice> notices;
  const Result<std::string> content = read_file(file);
  if (!content) return notices;
  std::string_view rest = *content;
  while (!rest.empty()) {
    const std::string_view line = take_until(rest, '\n');
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    Notice notice{.fingerprint = std::string(line.substr(0, space))};
    const std::string_view days = line.substr(space + 1);
    const auto [last, failure] =
        std::from_chars(days.data(), days.data() + days.size(), notice.days);
    if (failure == std::errc() && last == days.data() + days.size())
      notices.push_back(std::move(notice));
  }
  return notices;
}

/// Whether this is the first time; remembers it.
bool is_news(const std::filesystem::path& state, const std::string& fingerprint, int days) {
  const std::filesystem::path file = state / "expiry-notices";
  std::vector<Notice> notices = read_notices(file);
  const auto known = std::find_if(
      notices.begin(), notices.end(),
      [&fingerprint](const Notice& notice) { return notice.fingerprint == fingerprint; });
  if (known != notices.end()) {
    if (known->days <= days) return false;
    notices.erase(known);
  }
  notices.push_back({.fingerprint = fingerprint, .days = days});
  std::string text;
  const std::size_t first = notices.size() - std::min(notices.size(), kMaxLines);
  for (std::size_t i = first; i < notices.size(); ++i)
    text += notices[i].fingerprint + ' ' + std::to_string(notices[i].days) + '\n';
  // Where it cannot be remembered it is said each time: better than never.
  if (make_private_directory(state))
    (void)write_file_atomically(file, text, 0600, Durability::renamed);
  return true;
}

}  // namespace

std::optional<int> expiry_threshold(const agent::StoredProfile& profile, WallTime now) {
  const token::TokenFacts& facts = profile.facts;
  if (!facts.expires || *facts.expires <= now) return std::nullopt;
  if (profile.refreshable && !facts.login_again) return std::nullopt;
  const auto left = *facts.expires - now;
  const auto* const reached =
      std::find_if(kThresholds.begin(), kThresholds.end(),
                   [left](int days) { return left <= std::chrono::hours(24 * days); });
  if (reached == kThresholds.end()) return std::nullopt;
  return *reached;
}

void tell_expiry(const Context& context, const agent::StoredProfile& profile, WallTime now) {
  if (context.verbosity < 0 || context.format == Format::quiet) return;
  const std::optional<int> threshold = expiry_threshold(profile, now);
  if (!threshold || !is_news(context.paths.state, profile.fingerprint, *threshold)) return;
  const token::TokenFacts& facts = profile.facts;
  const std::string date = format_utc(*facts.expires).substr(0, 10);
  const char* const words =
      facts.login_again
          ? tr("hfauth: the token \"{0}\" expires on {1}, and the Hub does not renew it any "
               "more; log in again: hfauth login --name {0}")
          : tr("hfauth: the token \"{0}\" expires on {1}; make a new one and store it: hfauth "
               "login --name {0}");
  context.err << filled(words, facts.profile.str(), date) << '\n';
}

}  // namespace hfauth::cli
