// SPDX-License-Identifier: Apache-2.0
//
// From a model's name to its tokenizer's files in the shared cache: what is cached is used as
// huggingface_hub would, the rest is downloaded with the token that belongs to the endpoint, or
// anonymously without one.
#pragma once

#include "context.hpp"

#include <filesystem>
#include <string>

namespace hfauth::cli {

/// The folder of the cache with the model's tokenizer.json, or, where it has none, what other file
/// holds its vocabulary. Offline, or for a cached commit, from the cache alone and without loading
/// the network module. Else asks the Hub for the newest state; a download also fetches the small
/// files beside it that transformers reads, if the repository has them. Notes go to `context.err`.
/// Errors: offline (not cached), not_found, unauthorized, forbidden, network, and those of
/// HubCache.
[[nodiscard]] Result<std::filesystem::path> find_tokenizer_files(const Context& context,
                                                                 const std::string& model,
                                                                 const std::string& revision);

}  // namespace hfauth::cli
