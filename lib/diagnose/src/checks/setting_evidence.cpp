// SPDX-License-Identifier: Apache-2.0
#include "setting_evidence.hpp"

#include "check.hpp"
#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

namespace hfauth::diagnose {

std::vector<Evidence> evidence_of_setting(const Facts& facts, std::string_view name) {
  std::vector<Evidence> found;
  for (const SettingLine& line : facts.setting_lines) {
    if (line.variable != name) continue;
    const std::string path = shown(facts, line.path);
    found.push_back({EvidenceKind::file,
                     fmt::format(fmt::runtime(tr("set in {0} line {1}")), path, line.line), path,
                     "", line.line});
  }
  return found;
}

}  // namespace hfauth::diagnose
