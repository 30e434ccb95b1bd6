// SPDX-License-Identifier: Apache-2.0
#include "file_place.hpp"

#include <algorithm>

namespace hfauth::diagnose {

std::vector<FilePlace> file_places_of(const Finding& finding) {
  std::vector<FilePlace> places;
  const auto add = [&](const std::string& path, int line) {
    const bool is_path = path.starts_with('/') || path.starts_with("~/");
    const bool known = std::any_of(places.begin(), places.end(), [&](const FilePlace& one) {
      return one.path == path && (one.line == line || line == 0);
    });
    if (is_path && !known) places.push_back({path, line});
  };
  for (const bool with_line : {true, false}) {
    for (const Evidence& evidence : finding.evidence) {
      if (evidence.kind == EvidenceKind::file && (evidence.line != 0) == with_line)
        add(evidence.where, evidence.line);
    }
    for (const Fix& fix : finding.fixes) {
      for (const FixChange& change : fix.changes) {
        if ((change.line != 0) == with_line) add(change.path, change.line);
      }
    }
  }
  return places;
}

std::string below_folder(std::string_view path, std::string_view folder) {
  if (folder.empty() || !path.starts_with(folder)) return "";
  path.remove_prefix(folder.size());
  return path.size() > 1 && path.front() == '/' ? std::string(path.substr(1)) : "";
}

}  // namespace hfauth::diagnose
