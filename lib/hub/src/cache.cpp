// SPDX-License-Identifier: Apache-2.0
//
// Looking things up in the cache without a network (huggingface_hub 1.29 try_to_load_from_cache).
// Filling it is cache_fill.cpp.
#include "hfauth/hub/cache.hpp"

#include "cache_layout.hpp"

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

}  // namespace

Result<CacheAnswer> HubCache::find(const Repo& repo, const std::string& revision,
                                   const std::string& file) const {
  const Result<std::string> checked_file = check_repo_path(file);
  if (!checked_file) return checked_file.error();
  const Result<std::string> checked_revision = check_revision(revision);
  if (!checked_revision) return checked_revision.error();

  const CachePaths paths(root_, repo);
  Result<std::string> commit = cached_commit(paths, *checked_revision);
  if (!commit) return commit.error();
  CacheAnswer answer;
  if (commit->empty()) return answer;
  answer.commit = *std::move(commit);

  const Result<bool> is_absent = is_present(paths.absence(answer.commit, *checked_file));
  if (!is_absent) return is_absent.error();
  if (*is_absent) {
    answer.kind = CacheAnswer::Kind::known_missing;
    return answer;
  }
  const Result<std::optional<fs::path>> usable =
      usable_file(paths, paths.snapshot(answer.commit, *checked_file));
  if (!usable) return usable.error();
  if (*usable) {
    answer.kind = CacheAnswer::Kind::hit;
    answer.file = **usable;
  }
  return answer;
}

}  // namespace hfauth::hub
