// SPDX-License-Identifier: Apache-2.0
//
// The words are listed a second time here for the translators; one that is not, stays English.
#include "foreign_words.hpp"

#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

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
  constexpr std::string_view kLast = "last bytes ";
  constexpr std::string_view kLength = " characters";
  constexpr std::string_view kAt = " at byte ";
  if (note.starts_with(kLast))
    return fmt::format(fmt::runtime(tr("last bytes {}")), note.substr(kLast.size()));
  if (note.ends_with(kLength))
    return fmt::format(fmt::runtime(tr("{} characters")),
                       note.substr(0, note.size() - kLength.size()));
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

std::string translated_failure(const std::string& failure) {
  static constexpr std::array kSteps{
      tr_later("the answer took too long"),
      tr_later("looking up the name took too long"),
      tr_later("connecting took too long"),
      tr_later("the TLS handshake took too long"),
  };
  const std::size_t colon = failure.rfind(": ");
  const std::size_t begin = colon == std::string::npos ? 0 : colon + 2;
  const char* step = listed(kSteps, std::string_view(failure).substr(begin));
  return step == nullptr ? failure : failure.substr(0, begin) + tr(step);
}

}  // namespace hfauth::diagnose
