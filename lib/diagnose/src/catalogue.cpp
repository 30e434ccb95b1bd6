// SPDX-License-Identifier: Apache-2.0
//
// HFA1xx sources, 2xx value, 3xx identity, 4xx access, 5xx network, 6xx processes, 7xx hosted
// notebooks, 8xx storage, 9xx exposure, 0xx the doctor itself (facts/doctor.md §4).
#include "hfauth/diagnose/catalogue.hpp"

#include "catalogue_rows.hpp"
#include "hfauth/core/error.hpp"
#include "hfauth/core/translate.hpp"

#include <algorithm>
#include <vector>

namespace hfauth::diagnose {
namespace {

std::vector<CheckInfo> joined_rows() {
  std::vector<CheckInfo> rows;
  for (const std::span<const CheckInfo> group :
       {doctor_rows(), sources_rows(), value_rows(), identity_rows(), access_rows(), network_rows(),
        processes_rows(), hosted_rows(), storage_rows(), exposure_rows()}) {
    rows.insert(rows.end(), group.begin(), group.end());
  }
  return rows;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::span<const CheckInfo> catalogue() noexcept {
  static const std::vector<CheckInfo> kRows = joined_rows();
  return kRows;
}

const CheckInfo* find_check(std::string_view id_or_slug) noexcept {
  const std::span<const CheckInfo> rows = catalogue();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const CheckInfo& info) {
    return equal_in_any_case(info.id, id_or_slug) || equal_in_any_case(info.slug, id_or_slug);
  });
  return row == rows.end() ? nullptr : &*row;
}

Finding finding_of(std::string_view id) {
  const CheckInfo* const info = find_check(id);
  if (info == nullptr) {
    throw Failure({Errc::internal, "no row in the catalogue for " + std::string(id)});
  }
  Finding finding;
  finding.id = info->id;
  finding.slug = info->slug;
  finding.severity = info->severity;
  finding.title = tr(info->title);
  finding.why = tr(info->why);
  return finding;
}

}  // namespace hfauth::diagnose
