// SPDX-License-Identifier: Apache-2.0
//
// gettext of the C library. It translates only if LC_MESSAGES is not "C"; "C.UTF-8", which the C
// library brings itself, is enough, and LANGUAGE then names the catalogue: so no locale has to be
// installed.
#include "hfauth/core/translate.hpp"

#include "hfauth/core/text_pieces.hpp"

#include <langinfo.h>
#include <libintl.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdlib>

namespace hfauth {
namespace {

constexpr const char* kDomain = "hfauth";
constexpr std::array<std::string_view, 4> kLanguages{"en", "ja", "ko", "zh"};

std::string_view chosen = kLanguages.front();  // written once, before any thread

/// "ko" of "ko_KR.UTF-8"; "" if it is none of ours.
std::string_view known_language(std::string_view locale) {
  const std::string_view code = locale.substr(0, locale.find_first_of("_.@-"));
  const auto* found = std::find(kLanguages.begin(), kLanguages.end(), code);
  return found != kLanguages.end() ? *found : std::string_view{};
}

std::string_view language_of(const Environment& environment) {
  const std::string locale = environment.non_empty("LC_ALL").value_or(
      environment.non_empty("LC_MESSAGES").value_or(environment.non_empty("LANG").value_or("C")));
  // As gettext has it: LANGUAGE is a list of wishes, but the C locale means no translation whatever
  // it says.
  if (locale == "C" || locale == "POSIX") return kLanguages.front();
  const std::string wishes = environment.non_empty("LANGUAGE").value_or(locale);
  for (std::string_view rest = wishes; !rest.empty();) {
    if (const auto code = known_language(take_until(rest, ':')); !code.empty()) return code;
  }
  return kLanguages.front();
}

}  // namespace

void choose_language(std::string_view wanted, const Environment& environment,
                     const std::filesystem::path& catalogues) {
  const std::string_view known = wanted.empty() ? language_of(environment) : known_language(wanted);
  chosen = known.empty() ? kLanguages.front() : known;
  // NOLINTBEGIN(concurrency-mt-unsafe): called once, before any thread
  if (std::setlocale(LC_CTYPE, "") == nullptr ||
      std::string_view(nl_langinfo(CODESET)) != "UTF-8") {
    std::setlocale(LC_CTYPE, "C.UTF-8");
  }
  if (chosen == kLanguages.front()) return;
  std::setlocale(LC_MESSAGES, "C.UTF-8");
  setenv("LANGUAGE", std::string(chosen).c_str(), 1);
  // NOLINTEND(concurrency-mt-unsafe)
  bindtextdomain(kDomain, catalogues.c_str());
  bind_textdomain_codeset(kDomain, "UTF-8");
  textdomain(kDomain);
}

std::string_view language() noexcept {
  return chosen;
}

std::string known_languages() {
  std::string all;
  for (const std::string_view code : kLanguages)
    all.append(all.empty() ? "" : ", ").append(code);
  return all;
}

bool is_known_language(std::string_view code) noexcept {
  return !known_language(code).empty();
}

const char* tr(const char* english) noexcept {
  if (chosen == kLanguages.front() || *english == '\0') return english;
  return dgettext(kDomain, english);
}

}  // namespace hfauth
