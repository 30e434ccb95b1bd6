// SPDX-License-Identifier: Apache-2.0
//
// A tar archive in memory: POSIX's ustar format (IEEE Std 1003.1, pax), which every tar, Python and
// file manager opens. For a handful of small texts; nothing is compressed.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

struct ArchiveMember {
  std::string name;  ///< relative, at most 100 bytes
  std::string content;
};

/// Members as plain files of mode 0600, owned by nobody in particular. Errors: too_large (a name,
/// or more than 8 GiB).
[[nodiscard]] Result<std::string> tar_archive(const std::vector<ArchiveMember>& members,
                                              WallTime time);

}  // namespace hfauth::cli
