// SPDX-License-Identifier: Apache-2.0
//
// Where git keeps something of a folder: for the probes, and for the scan of what git keeps.
#pragma once

#include <filesystem>

namespace hfauth::diagnose {

/// The nearest folder with a `.git` in it, `folder` itself or one above it; empty if there is none.
/// A linked work tree counts, where `.git` is a file. Looks at the file system; starts no git.
[[nodiscard]] std::filesystem::path work_tree_of(std::filesystem::path folder);

}  // namespace hfauth::diagnose
