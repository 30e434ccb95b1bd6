// SPDX-License-Identifier: Apache-2.0
//
// Which release of huggingface_hub has which Colab warning on which line of which file: read off
// the tags of its repository from 0.20.0 to 1.28.0 (facts/hub-auth.md §3.1). A warning's path and
// line so tell the version.
#include "message.hpp"

#include <array>

namespace hfauth::diagnose {
namespace {

struct Place {
  std::string_view file;
  std::array<unsigned, 3>
      lines;  // access not granted, secret missing, vault error; 0: not a warning there
  std::string_view from;
  std::string_view to;
};

constexpr std::array kPlaces{
    Place{"_login.py", {0, 337, 0}, "0.20.0", "0.20.0"},
    Place{"utils/_token.py", {63, 72, 82}, "0.20.1", "0.20.1"},
    Place{"utils/_token.py", {80, 88, 98}, "0.20.2", "0.21"},
    Place{"utils/_token.py", {81, 89, 99}, "0.22", "0.24"},
    Place{"utils/_token.py", {82, 90, 100}, "0.25", "0.25"},
    Place{"utils/_auth.py", {86, 94, 104}, "0.26", "1.8"},
    Place{"utils/_auth.py", {85, 93, 103}, "1.9", "1.15"},
    Place{"utils/_auth.py", {104, 112, 122}, "1.16", "1.18"},
    Place{"utils/_auth.py", {116, 124, 134}, "1.19", "1.19"},
    Place{"utils/_auth.py", {121, 131, 138}, "1.20", "1.28"},
};

}  // namespace

HubVersions versions_of_warning(std::string_view file, unsigned line) {
  // Line 104 is both the vault error of 0.26 to 1.8 and the refused access of 1.16 to 1.18: then
  // neither is said.
  HubVersions found;
  for (const Place& place : kPlaces) {
    const bool here = place.file == file &&
                      (place.lines[0] == line || place.lines[1] == line || place.lines[2] == line);
    if (here && line != 0) {
      if (found.known()) {
        return {};
      }
      found = {std::string(place.from), std::string(place.to)};
    }
  }
  return found;
}

}  // namespace hfauth::diagnose
