// SPDX-License-Identifier: Apache-2.0
//
// Recognising tokens, and the collection of where they are. Files are read in pieces that overlap
// by more than the longest token; the buffer is wiped.
#include "hfauth/diagnose/leaks.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/mask.hpp"

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kMostLeaks = 1000;   // a person reads no more; the rest is counted
constexpr std::size_t kShortestBody = 30;  // of an hf_ token; the Hub's have 34
constexpr std::size_t kShortestJwt = 40;
constexpr std::size_t kMostPlaceholderLetters = 2;  // hf_xxxxxxxx, hf_XxXxXx

bool in_word(char c) {
  return ascii::is_alnum(c) || c == '_';
}

bool in_jwt(char c) {
  return in_word(c) || c == '-' || c == '.';
}

template <class Predicate>
std::size_t run_length(std::string_view text, Predicate predicate) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), predicate) -
                                  text.begin());
}

bool is_placeholder(std::string_view body) {
  std::string letters;
  for (const char c : body) {
    if (letters.find(c) == std::string::npos) {
      letters.push_back(c);
      if (letters.size() > kMostPlaceholderLetters) {
        return false;
      }
    }
  }
  return true;
}

/// The length of a token at the start of `text`, or 0.
std::size_t token_length(std::string_view text) {
  for (const std::string_view prefix : {"hf_oauth_", "hf_jwt_"}) {
    if (text.starts_with(prefix)) {
      const std::size_t body = run_length(text.substr(prefix.size()), in_jwt);
      return body >= kShortestJwt ? prefix.size() + body : 0;
    }
  }
  for (const std::string_view prefix : {"hf_", "api_org_"}) {
    if (text.starts_with(prefix)) {
      const std::string_view rest = text.substr(prefix.size());
      const std::size_t body = run_length(rest, ascii::is_alnum);
      const bool ends = body == rest.size() || !in_word(rest[body]);
      return body >= kShortestBody && ends && !is_placeholder(rest.substr(0, body))
                 ? prefix.size() + body
                 : 0;
    }
  }
  return 0;
}

}  // namespace

std::vector<TokenPlace> find_tokens(std::string_view text) {
  std::vector<TokenPlace> found;
  for (std::size_t at = text.find('_'); at != std::string_view::npos; at = text.find('_', at + 1)) {
    for (const std::string_view prefix : {"hf_", "api_org_"}) {
      // Both are found by their first underscore: hf_, api_.
      const std::size_t before = prefix.find('_');
      if (at < before || !text.substr(at - before).starts_with(prefix)) {
        continue;
      }
      const std::size_t begin = at - before;
      if (begin > 0 && in_word(text[begin - 1])) {
        continue;
      }
      if (const std::size_t length = token_length(text.substr(begin)); length != 0) {
        found.push_back({begin, begin + length});
        at = begin + length - 1;
        break;
      }
    }
  }
  return found;
}

std::size_t LeakScan::index_of(std::string_view token) {
  for (std::size_t i = 0; i < report_.tokens.size(); ++i) {
    if (report_.tokens[i].token.equals(token)) {
      return i;
    }
  }
  report_.tokens.push_back({.token = Secret::copy_of(token),
                            .mask = mask_token(token),
                            .fingerprint = fingerprinter_.of(token),
                            .account = {}});
  return report_.tokens.size() - 1;
}

void LeakScan::scan_text(LeakKind kind, const std::string& where, std::string_view text,
                         std::size_t line, const std::string& commit) {
  static constexpr std::string_view kCell = "\"cell_type\"";
  std::size_t counted = 0;
  std::size_t cell = 0;
  for (const TokenPlace& place : find_tokens(text)) {
    if (report_.leaks.size() >= kMostLeaks) {
      ++report_.left_out;
      continue;
    }
    const std::string_view between = text.substr(counted, place.begin - counted);
    if (line != 0) {
      line += static_cast<std::size_t>(std::count(between.begin(), between.end(), '\n'));
    }
    if (kind == LeakKind::notebook) {
      for (std::size_t at = between.find(kCell); at != std::string_view::npos;
           at = between.find(kCell, at + 1)) {
        ++cell;
      }
    }
    counted = place.begin;
    Leak leak{.kind = kind,
              .where = where,
              .line = line,
              .cell = cell,
              .commit = commit,
              .token = index_of(text.substr(place.begin, place.end - place.begin))};
    if (report_.leaks.empty() || report_.leaks.back() != leak) {
      report_.leaks.push_back(std::move(leak));
    }
  }
}

void LeakScan::could_not_read(const std::string& place, const std::string& reason) {
  static constexpr std::size_t kMostTold = 100;
  if (report_.unread.size() < kMostTold) {
    report_.unread.emplace_back(place, reason);
  }
}

}  // namespace hfauth::diagnose
