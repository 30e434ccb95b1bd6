// SPDX-License-Identifier: Apache-2.0
//
// One line, then records of 16 bytes in order, which are searched where they are: most runs ask for
// a thousand of them and note none.
#include "seen_objects.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/hex.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/diagnose/leaks.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace hfauth::cli {
namespace {

constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kRecord = 16;  // of an id's 20 or 32 bytes: no two objects share them

std::string first_line() {
  return "hfauth: objects of git without a token, shapes " +
         std::to_string(diagnose::kTokenShapes) + "\n";
}

/// "" if it is no id.
std::string half_of(std::string_view id) {
  if (!hex::is_lower(id, kSha1Digits) && !hex::is_lower(id, kSha256Digits)) return "";
  std::string half;
  for (std::size_t i = 0; i < kRecord; ++i)
    half.push_back(static_cast<char>(hex::value(id.substr(2 * i, 2)).value_or(0)));
  return half;
}

}  // namespace

SeenObjects::SeenObjects(std::filesystem::path file, std::size_t most)
    : file_(std::move(file)), most_(most) {
  const std::string begin = first_line();
  Result<std::string> content = read_file(file_, begin.size() + most_ * kRecord);
  if (!content || !content->starts_with(begin)) return;
  content->erase(0, begin.size());
  if (content->size() % kRecord == 0) known_ = std::move(*content);
}

bool SeenObjects::was_known(const std::string& half) const {
  std::size_t begin = 0;
  std::size_t end = known_.size() / kRecord;
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    const int order = known_.compare(middle * kRecord, kRecord, half);
    if (order == 0) return true;
    (order < 0 ? begin : end) = order < 0 ? middle + 1 : middle;
  }
  return false;
}

bool SeenObjects::contains(std::string_view id) {
  const std::string half = half_of(id);
  if (half.empty()) return false;
  if (new_.contains(half)) return true;
  if (!was_known(half)) return false;
  used_.insert(half);
  return true;
}

void SeenObjects::note(std::string_view id) {
  std::string half = half_of(id);
  if (!half.empty() && !was_known(half)) new_.insert(std::move(half));
}

Result<void> SeenObjects::save() {
  if (new_.empty()) return {};
  std::vector<std::string> records(new_.begin(), new_.end());
  if (known_.size() / kRecord + new_.size() <= most_) {
    for (std::size_t at = 0; at < known_.size(); at += kRecord)
      records.push_back(known_.substr(at, kRecord));
  } else {
    records.insert(records.end(), used_.begin(), used_.end());
    records.resize(std::min(records.size(), most_));
  }
  std::sort(records.begin(), records.end());
  std::string content = first_line();
  content.reserve(content.size() + records.size() * kRecord);
  for (const std::string& record : records)
    content += record;
  if (Result<void> made = make_private_directory(file_.parent_path()); !made) return made;
  return write_file_atomically(file_, content, 0600, Durability::renamed);
}

}  // namespace hfauth::cli
