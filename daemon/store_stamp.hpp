// SPDX-License-Identifier: Apache-2.0
//
// By what TokenService notices that another process wrote the files that it read.
#pragma once

#include <filesystem>
#include <string>

namespace hfauth::daemon {

/// What stat(2) tells of the two files, in a form that is only compared; "" if `store` is empty.
/// Every way in which hfauth writes a file makes a new one, so a write always shows.
[[nodiscard]] std::string stamp_of_files(const std::filesystem::path& store,
                                         const std::filesystem::path& settings);

}  // namespace hfauth::daemon
