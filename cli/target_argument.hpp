// SPDX-License-Identifier: Apache-2.0
//
// A repository as people name it to the doctor: its id, its id with a type in front, an hf:// name,
// or the address of one of its pages. Pure.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/hub/repo.hpp"

#include <string_view>

namespace hfauth::cli {

/// "org/name", "datasets/org/name", "hf://spaces/org/name@main",
/// "https://huggingface.co/org/name/resolve/main/config.json". What stands behind the id is left
/// out. Errors: usage, naming the word.
[[nodiscard]] Result<hub::Repo> parse_target(std::string_view word);

}  // namespace hfauth::cli
