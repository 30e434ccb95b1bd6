// SPDX-License-Identifier: Apache-2.0
//
// A header of 512 bytes for each member, its content padded to blocks of 512, two blocks of zeros
// at the end. Numbers are octal digits.
#include "tar_archive.hpp"

#include <fmt/format.h>

#include <chrono>

namespace hfauth::cli {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLargest = (std::size_t{1} << 33) - 1;  // eleven octal digits

void put(std::string& header, std::size_t at, std::string_view text) {
  header.replace(at, text.size(), text);
}

std::string header_of(const ArchiveMember& member, long long seconds) {
  std::string header(kBlock, '\0');
  put(header, 0, member.name);
  put(header, 100, "0000600");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, 124, fmt::format("{:011o}", member.content.size()));
  put(header, 136, fmt::format("{:011o}", seconds));
  put(header, 148, "        ");  // counted as spaces in the sum
  put(header, 156, "0");
  put(header, 257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : header)
    sum += static_cast<unsigned char>(c);
  put(header, 148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  return header;
}

}  // namespace

Result<std::string> tar_archive(const std::vector<ArchiveMember>& members, WallTime time) {
  const long long seconds = std::max<long long>(
      0, std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
  std::string archive;
  for (const ArchiveMember& member : members) {
    if (member.name.size() > kLongestName || member.content.size() > kLargest)
      return Error{Errc::too_large, "for an archive: " + member.name};
    archive += header_of(member, seconds) + member.content;
    archive.resize((archive.size() + kBlock - 1) / kBlock * kBlock);
  }
  archive.append(2 * kBlock, '\0');
  return archive;
}

}  // namespace hfauth::cli
