// SPDX-License-Identifier: Apache-2.0
//
// Where hfrs (hf-hub 1.1) looks for its files: paths are not expanded.
#include "hfauth/token/resolver_other.hpp"

namespace hfauth::token {
namespace {

std::filesystem::path home_of_hf(const ResolverInput& input) {
  if (const auto home = input.environment.get("HF_HOME")) return *home;
  if (const auto cache = input.environment.get("XDG_CACHE_HOME"))
    return std::filesystem::path(*cache) / "huggingface";
  return input.home / ".cache/huggingface";
}

}  // namespace

std::vector<std::filesystem::path> token_paths_read_by_hfrs(const ResolverInput& input) {
  std::vector<std::filesystem::path> paths;
  if (const auto path = input.environment.get("HF_TOKEN_PATH"))
    paths.push_back(input.working_directory / *path);
  paths.push_back(input.working_directory / home_of_hf(input) / "token");
  return paths;
}

Resolution resolve_hfrs(const ResolverInput& input) {
  return resolve_other(OtherClient::hfrs, input);
}

}  // namespace hfauth::token
