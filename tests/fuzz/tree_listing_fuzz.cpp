// SPDX-License-Identifier: Apache-2.0
//
// parse_tree_listing() answers any bytes with a listing, with none, or with `corrupt`; no path of a
// listing can leave the folder that it is joined to.
#include "hfauth/hub/repo.hpp"
#include "hfauth/hub/tree_listing.hpp"
#include "property.hpp"

#include <cstdint>
#include <string_view>

using hfauth::fuzzing::require;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = hfauth::hub::parse_tree_listing({reinterpret_cast<const char*>(data), size});
  if (!parsed) {
    require(parsed.error().code == hfauth::Errc::corrupt, "what cannot be read is corrupt");
    return 0;
  }
  if (!parsed->has_value()) return 0;
  for (const auto& [path, entry] : **parsed) {
    require(hfauth::hub::check_repo_path(path).has_value(), "a path is safe to join");
    require(!entry.etag.empty(), "every file has an etag");
  }
  return 0;
}
