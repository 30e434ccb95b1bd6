// SPDX-License-Identifier: Apache-2.0
//
// Translation by gettext. The language is chosen by us (--lang, else LANGUAGE, LC_ALL, LC_MESSAGES,
// LANG), so it works without the system having that locale installed. Ids, commands, paths and JSON
// keys are never translated.
#pragma once

#include "hfauth/core/environment.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace hfauth {

/// Call once, in main, before any other thread runs. `wanted` "" means: ask the environment. An
/// unknown language is English. `catalogues` is the folder with <lang>/LC_MESSAGES/hfauth.mo.
void choose_language(std::string_view wanted, const Environment& environment,
                     const std::filesystem::path& catalogues);

/// "en", "ja", "ko" or "zh" (simplified): what was chosen.
[[nodiscard]] std::string_view language() noexcept;

/// The languages that there are translations for, English first, with commas: "en, ja, ko, zh".
[[nodiscard]] std::string known_languages();

/// Whether `code` is one of them.
[[nodiscard]] bool is_known_language(std::string_view code) noexcept;

/// The translation of `english`, which must be a literal so that xgettext finds it. Lives as long
/// as the process.
[[nodiscard]] const char* tr(const char* english) noexcept;

/// Marks a literal for xgettext where it is stored and not yet shown; tr() it when it is.
[[nodiscard]] constexpr const char* tr_later(const char* english) noexcept {
  return english;
}

}  // namespace hfauth
