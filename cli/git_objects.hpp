// SPDX-License-Identifier: Apache-2.0
//
// What git has staged and committed, object by object: git says which objects stand in the index
// and came with the newest commits, and is asked for the content of those alone that SeenObjects
// does not know. A second look at the same repository reads next to nothing.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/diagnose/leaks.hpp"
#include "seen_objects.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace hfauth::cli {

struct ObjectSearch {
  std::vector<std::string> commits;  ///< that were looked at, as leaks name them, the newest first
  bool is_late = false;              ///< the time was not enough for all
  std::size_t n_unread = 0;          ///< contents that are known of and were not read
  std::string problem;               ///< why git could not be asked; "" if it could
};

/// Scans the index and the newest `commits` commits of all branches of the work tree at `root`,
/// what is staged first, then the newest commits, then the rest. A leak of the history names the
/// oldest of these commits that has this content at that path. Not read: what is binary by git's
/// rule, and what is larger than 4 MiB. Blocks, `longest` at most; what was read by then is in
/// `seen`.
[[nodiscard]] ObjectSearch search_objects(diagnose::LeakScan& scan, SeenObjects& seen,
                                          const Environment& environment, const std::string& root,
                                          int commits, std::chrono::milliseconds longest);

}  // namespace hfauth::cli
