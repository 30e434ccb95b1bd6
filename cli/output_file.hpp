// SPDX-License-Identifier: Apache-2.0
//
// Where an option says that something is to be written: a file, what a link leads to, a device, or
// standard output. Used by the commands with such an option.
#pragma once

#include "hfauth/core/result.hpp"

#include <string>
#include <string_view>

namespace hfauth::cli {

/// "-", and the system's own names of descriptor 1.
[[nodiscard]] bool is_standard_output(std::string_view name) noexcept;

/// Writes `content` to the file `name`, mode 0600, for readers at once. Links are followed, and
/// what is no regular file (a device, a FIFO) is written to and stays what it is: a rename over
/// /dev/null would, for root, replace it. Errors: permission, not_found (the folder), no_space, io.
[[nodiscard]] Result<void> write_output(const std::string& name, std::string_view content);

}  // namespace hfauth::cli
