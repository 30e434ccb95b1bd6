// SPDX-License-Identifier: Apache-2.0
//
// resolve_token of hf-hub 1.1 as its command line hfrs uses it, mistakes included: HF_TOKEN is not
// trimmed, paths are not expanded, any value of HF_HUB_DISABLE_IMPLICIT_TOKEN counts, and a token
// file that is empty or unreadable is passed over. The library itself sends no token that it was
// not given.
#include "hfauth/token/resolver.hpp"

#include <algorithm>

namespace hfauth::token {
namespace {

std::filesystem::path home_of_hf(const ResolverInput& input) {
  if (const auto home = input.environment.get("HF_HOME")) return *home;
  if (const auto cache = input.environment.get("XDG_CACHE_HOME"))
    return std::filesystem::path(*cache) / "huggingface";
  return input.home / ".cache/huggingface";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// The token in a file that the input has; empty if there is none.
Secret token_in(const ResolverInput& input, const std::filesystem::path& path) {
  const auto found = std::find_if(input.files.begin(), input.files.end(),
                                  [&](const auto& file) { return file.first == path; });
  if (found == input.files.end() || found->second.kind != FileState::Kind::readable) return {};
  return Secret::copy_of(trimmed(found->second.content));
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
  Resolution result;
  if (input.environment.non_empty("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
    result.sent_by_default = false;
    return result;
  }
  if (const auto variable = input.environment.non_empty("HF_TOKEN")) {
    result.source = TokenSource::env_hf_token;
    result.where = "HF_TOKEN";
    result.token = Secret::copy_of(*variable);
    return result;
  }
  for (const std::filesystem::path& path : token_paths_read_by_hfrs(input)) {
    result.token = token_in(input, path);
    if (result.token.empty()) continue;
    result.source = TokenSource::token_file;
    result.where = path.string();
    return result;
  }
  return result;
}

}  // namespace hfauth::token
