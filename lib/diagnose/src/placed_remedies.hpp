// SPDX-License-Identifier: Apache-2.0
//
// The cure of a check where it has to be done: the line for each shell, for a unit, a container, a
// notebook, a job (facts/doctor.md §4). For the pages of `hfauth explain ID` and docs/checks. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

struct PlacedRemedy {
  std::string place;  ///< "bash, zsh", "fish", "systemd"; names that no language changes
  std::string line;   ///< to paste there; "" if words say it all
  const char* note;   ///< where exactly, or with what; English, tr_later(); "" if there is nothing
};

/// Empty for a check whose cure is the same everywhere, or is not done on a machine.
[[nodiscard]] std::vector<PlacedRemedy> remedies_by_place(std::string_view check);

}  // namespace hfauth::diagnose
