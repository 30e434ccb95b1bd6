// SPDX-License-Identifier: Apache-2.0
//
// The files and lines that a finding is about, for programs that show a finding in its file: what
// its evidence names, and the lines that a repair would change. Pure.
#pragma once

#include "hfauth/diagnose/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

struct FilePlace {
  std::string path;  ///< with "~" for the home folder
  int line = 0;      ///< 1-based; 0: the whole file

  friend bool operator==(const FilePlace&, const FilePlace&) = default;
};

/// Those with a line first, each once.
[[nodiscard]] std::vector<FilePlace> file_places_of(const Finding& finding);

/// The path as seen from `folder` if it lies below it; "" if it does not.
[[nodiscard]] std::string below_folder(std::string_view path, std::string_view folder);

}  // namespace hfauth::diagnose
