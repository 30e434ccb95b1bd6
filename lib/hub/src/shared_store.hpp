// SPDX-License-Identifier: Apache-2.0
//
// The store that the repositories of one cache share (huggingface_hub 1.32 and later; 2.4
// utils/_shared_blobs.py): <cache>/blobs/<2 hex>/<64 hex>, beside each payload `.refs`, a list of
// the blobs that are links to it, and `.lock`. The list is a hint: every line is checked.
#pragma once

#include "hfauth/hub/cache_scan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

inline constexpr std::string_view kSharedStoreFolder = "blobs";

/// Whether the cache's folder has a marked store; another folder of the same name is not touched.
[[nodiscard]] bool is_shared_store(int cache_folder);

/// The payloads, by name; `n_blobs` is 0.
[[nodiscard]] std::vector<SharedPayload> list_payloads(int cache_folder);

/// The blobs that the payload's list names and that are links to it, as paths below the cache.
/// nullopt if there is no list or it cannot be read: then the payload must stay.
[[nodiscard]] std::optional<std::vector<std::string>> payload_references(
    const std::filesystem::path& cache_root, const std::string& payload);

/// <cache>/blobs/<2 hex>/<64 hex>.
[[nodiscard]] std::filesystem::path payload_path(const std::filesystem::path& cache_root,
                                                 const std::string& payload);

}  // namespace hfauth::hub
