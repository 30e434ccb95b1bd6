// SPDX-License-Identifier: Apache-2.0
//
// Names become parts of paths, so they are checked first: letters, digits and "-_." with at most
// one slash in a model, none of it "..".
#include "hub_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace hfauth::tokenizer {

namespace {

namespace fs = std::filesystem;

/// The content of a ref is a commit of 40 digits; more is not read.
constexpr std::size_t kMostRefBytes = 64;

bool is_name(std::string_view text, std::size_t most_slashes) {
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  };
  const auto n_slashes = static_cast<std::size_t>(std::count(text.begin(), text.end(), '/'));
  return !text.empty() && std::all_of(text.begin(), text.end(), is_allowed) &&
         n_slashes <= most_slashes && text.front() != '/' && text.back() != '/' &&
         text.find("..") == std::string_view::npos;
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): reads only
  return value == nullptr ? std::string() : std::string(value);
}

std::string commit_of(const fs::path& ref) {
  std::ifstream file(ref, std::ios::binary);
  std::array<char, kMostRefBytes> buffer{};
  file.read(buffer.data(), buffer.size());
  std::string commit(buffer.data(), static_cast<std::size_t>(file.gcount()));
  commit.resize(std::min(commit.find_last_not_of(" \n\r\t") + 1, commit.size()));
  return commit;
}

}  // namespace

fs::path default_hub_cache() {
  if (const std::string folder = variable("HF_HUB_CACHE"); !folder.empty()) return folder;
  if (const std::string home = variable("HF_HOME"); !home.empty()) return fs::path(home) / "hub";
  const std::string cache = variable("XDG_CACHE_HOME");
  const fs::path base = cache.empty() ? fs::path(variable("HOME")) / ".cache" : fs::path(cache);
  return base / "huggingface" / "hub";
}

Result<fs::path> cached_snapshot(const fs::path& cache, std::string_view model,
                                 std::string_view revision) {
  constexpr std::size_t kAnyDepth = 16;
  if (!is_name(model, 1) || !is_name(revision, kAnyDepth))
    return Error{Errc::invalid_input,
                 fmt::format("{} at {}: not a model of the Hub and a revision", model, revision)};
  std::string folder = "models--";
  for (const char c : model)
    folder += c == '/' ? std::string("--") : std::string(1, c);
  const fs::path repository = cache / folder;
  std::string commit = commit_of(repository / "refs" / revision);
  if (commit.empty()) commit = std::string(revision);
  const fs::path snapshot = repository / "snapshots" / commit;
  std::error_code ignored;
  if (!is_name(commit, 0) || !fs::is_directory(snapshot, ignored)) {
    return Error{Errc::not_found, fmt::format("{} at revision {} is not in the cache {}", model,
                                              revision, cache.string())};
  }
  return snapshot;
}

}  // namespace hfauth::tokenizer
