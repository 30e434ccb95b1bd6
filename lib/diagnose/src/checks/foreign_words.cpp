// SPDX-License-Identifier: Apache-2.0
//
// The words are listed a second time here for the translators; one that is not, stays English.
#include "foreign_words.hpp"

#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {
namespace {

/// The text of the list that is `words`; nullptr if it is not there.
template <std::size_t kSize>
const char* listed(const std::array<const char*, kSize>& texts, std::string_view words) {
  for (const char* text : texts) {
    if (words == text) return text;
  }
  return nullptr;
}

/// What stands in the places of `pattern` ("{}"), if `text` is an instance of it: the shortest that
/// fits for each but the last.
std::optional<std::vector<std::string>> values_in(std::string_view text, std::string_view pattern) {
  constexpr std::string_view kPlace = "{}";
  std::vector<std::string> values;
  std::size_t place = pattern.find(kPlace);
  if (!text.starts_with(pattern.substr(0, place))) return std::nullopt;
  text.remove_prefix(std::min(place, text.size()));
  while (place != std::string_view::npos) {
    pattern.remove_prefix(place + kPlace.size());
    place = pattern.find(kPlace);
    const std::string_view fixed = pattern.substr(0, place);
    const bool is_last = place == std::string_view::npos;
    if (is_last && !text.ends_with(fixed)) return std::nullopt;
    const std::size_t end = is_last ? text.size() - fixed.size() : text.find(fixed);
    if (end == std::string_view::npos) return std::nullopt;
    values.emplace_back(text.substr(0, end));
    text.remove_prefix(end + fixed.size());
  }
  return values;
}

/// A translation has as many places as the original; one that has not shows the text it has.
std::string with_values(std::string pattern, const std::vector<std::string>& values) {
  std::size_t at = 0;
  for (const std::string& value : values) {
    at = pattern.find("{}", at);
    if (at == std::string::npos) break;
    pattern.replace(at, 2, value);
    at += value.size();
  }
  return pattern;
}

/// The text in the reader's language, if it is an instance of one of the patterns: the first
/// counts.
template <std::size_t kSize>
std::optional<std::string> translated_instance(const std::array<const char*, kSize>& patterns,
                                               std::string_view text) {
  for (const char* pattern : patterns) {
    if (const auto values = values_in(text, pattern)) return with_values(tr(pattern), *values);
  }
  return std::nullopt;
}

}  // namespace

std::string translated_note(const std::string& note) {
  static constexpr std::array kWhole{
      tr_later("set to nothing"),
      tr_later("white space alone"),
      tr_later("white space inside"),
      tr_later("U+FEFF BYTE ORDER MARK at the start"),
      tr_later("enclosed in quotes"),
      tr_later("begins with Bearer"),
      tr_later("begins with a variable name and ="),
      tr_later("text of a template"),
      tr_later("an organisation token (api_org_)"),
      tr_later("the key of another service"),
  };
  if (const char* whole = listed(kWhole, note)) return tr(whole);
  static constexpr std::array kPatterns{tr_later("last bytes {}"), tr_later("{} characters")};
  if (std::optional<std::string> known = translated_instance(kPatterns, note)) return *known;
  constexpr std::string_view kAt = " at byte ";
  if (const std::size_t at = note.rfind(kAt); at != std::string::npos)
    return fmt::format(fmt::runtime(tr("{0} at byte {1}")), note.substr(0, at),
                       note.substr(at + kAt.size()));
  return note;
}

std::string translated_problem(const std::string& problem) {
  static constexpr std::array kWhat{
      tr_later("this section is there twice"),
      tr_later("something stands before the first [section]"),
      tr_later("neither a [section] nor key = value"),
      tr_later("this key is there twice in its section"),
  };
  constexpr std::string_view kBegin = "stored_tokens, line ";
  const std::size_t colon = problem.find(": ");
  if (!problem.starts_with(kBegin) || colon == std::string::npos) return problem;
  const char* what = listed(kWhat, problem.substr(colon + 2));
  if (what == nullptr) return problem;
  return fmt::format(fmt::runtime(tr("line {0}: {1}")),
                     problem.substr(kBegin.size(), colon - kBegin.size()), tr(what));
}

std::string translated_endpoint_problem(const std::string& problem) {
  static constexpr std::array kWhat{
      tr_later("it holds a user name; leave that out"),
      tr_later("the host name is missing or malformed"),
      tr_later("the port is not a number from 1 to 65535"),
      tr_later("it must begin with https://"),
      tr_later("nothing may follow the host; leave out the path"),
      tr_later("a token would travel unencrypted; use https://"),
  };
  constexpr std::string_view kBegin = "not the URL of a Hub: ";
  if (!problem.starts_with(kBegin)) return problem;
  const char* what = listed(kWhat, std::string_view(problem).substr(kBegin.size()));
  return what == nullptr ? problem
                         : fmt::format(fmt::runtime(tr("not the URL of a Hub: {}")), tr(what));
}

std::string translated_failure(const std::string& failure) {
  static constexpr std::array kSteps{
      tr_later("the answer took too long"),
      tr_later("looking up the name took too long"),
      tr_later("connecting took too long"),
      tr_later("the TLS handshake took too long"),
  };
  // Behind "STEP HOST:" stand libcurl's own words, which stay as they are.
  static constexpr std::array kPatterns{
      tr_later("name look-up: {} is not known here: check the network, DNS or HF_ENDPOINT"),
      tr_later("the proxy {} wants a user name and a password (407): write them into the proxy "
               "variable's URL"),
      tr_later("the proxy {} refuses to connect to {} ({})"),
      tr_later("status {}"),
      tr_later("TLS with {}: {}"),
      tr_later("connect to {}: {}"),
      tr_later("transfer from {}: {}"),
      tr_later("exchange with {}: {}"),
      tr_later("the proxy {} for {}: {}"),
      tr_later("proxy {}: {}"),
  };
  const std::size_t colon = failure.rfind(": ");
  const std::size_t begin = colon == std::string::npos ? 0 : colon + 2;
  if (const char* step = listed(kSteps, std::string_view(failure).substr(begin)))
    return failure.substr(0, begin) + tr(step);
  return translated_instance(kPatterns, failure).value_or(failure);
}

}  // namespace hfauth::diagnose
