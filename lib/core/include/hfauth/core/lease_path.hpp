// SPDX-License-Identifier: Apache-2.0
//
// Which files are leases: places where the agent gives out a token for a while. The command line
// and the doctor ask, because such a token is bound to an endpoint, as the agent keeps it.
#pragma once

#include <filesystem>

namespace hfauth {

/// Whether `file` (absolute) is where an agent gives out tokens, a lease being open there or not:
/// lease/<name>/token and default/token below `runtime` (UserPaths::runtime), or by the shape of
/// the path below the runtime folder of another session (.../hfauth, /tmp/hfauth-<uid>). By the
/// words of the paths alone; links are the caller's to resolve. Pure.
[[nodiscard]] bool is_lease_path(const std::filesystem::path& file,
                                 const std::filesystem::path& runtime);

/// The same through links: a link to a lease is one too. Looks at the file system.
[[nodiscard]] bool is_lease_file(const std::filesystem::path& file,
                                 const std::filesystem::path& runtime);

}  // namespace hfauth
