// SPDX-License-Identifier: Apache-2.0
//
// What a process is to somebody who uses the Hub: read off the words of its command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// "kernel", "notebook-server", "editor", "server", "training", "client" (hf, git-lfs, ...): a
/// program that uses the Hub, or starts such. "" for any other.
[[nodiscard]] std::string kind_of_hub_program(const std::vector<std::string>& words);

/// "python" or "shell", which may use the Hub or not; "" for any other.
[[nodiscard]] std::string_view kind_of_interpreter(const std::vector<std::string>& words);

/// The command line for people: one line, secrets masked, cut.
[[nodiscard]] std::string shown_command(const std::vector<std::string>& words);

}  // namespace hfauth::diagnose
