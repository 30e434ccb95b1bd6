// SPDX-License-Identifier: Apache-2.0
//
// Every id that hfauth may name, with its texts: one row a check, in catalogue.cpp. Findings,
// `hfauth explain HFA101` and docs/checks/ are made from the same row. Ids and slugs are never
// reused and never translated.
#pragma once

#include "hfauth/diagnose/finding.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hfauth::diagnose {

struct CheckInfo {
  std::string_view id;    ///< "HFA101"
  std::string_view slug;  ///< "env-shadows-login"
  Severity severity;      ///< by default; a finding may be milder or graver
  const char* title;      ///< English, tr_later(): one line
  const char* why;        ///< the root cause in a sentence or two
  const char* proof;      ///< what must be seen before it is called proven
  const char* remedy;     ///< what helps, in general
};

/// All rows, by id.
[[nodiscard]] std::span<const CheckInfo> catalogue() noexcept;

/// By id or slug, ASCII case ignored; nullptr if there is none.
[[nodiscard]] const CheckInfo* find_check(std::string_view id_or_slug) noexcept;

/// A finding with the row's id, slug, severity, and its title and why in the chosen language. The
/// id must exist.
[[nodiscard]] Finding finding_of(std::string_view id);

}  // namespace hfauth::diagnose
