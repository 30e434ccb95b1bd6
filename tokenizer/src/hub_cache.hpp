// SPDX-License-Identifier: Apache-2.0
//
// Where a model's files stand in the shared Hub cache, as huggingface_hub lays it out:
// models--org--name/refs/<branch> names a commit, snapshots/<commit>/ has the files.
#pragma once

#include "hfauth/tokenizer/error.hpp"

#include <filesystem>
#include <string_view>

namespace hfauth::tokenizer {

/// HF_HUB_CACHE, or HF_HOME/hub, or XDG_CACHE_HOME/huggingface/hub, or ~/.cache/huggingface/hub.
[[nodiscard]] std::filesystem::path default_hub_cache();

/// The folder with the files of `revision` (a branch, tag or commit) of `model`. Errors: not_found;
/// invalid_input if one of them is no such name.
[[nodiscard]] Result<std::filesystem::path> cached_snapshot(const std::filesystem::path& cache,
                                                            std::string_view model,
                                                            std::string_view revision);

}  // namespace hfauth::tokenizer
