// SPDX-License-Identifier: Apache-2.0
//
// Looking things up in the cache without a network (huggingface_hub 1.29 try_to_load_from_cache).
// Filling it is cache_fill.cpp.
#include "hfauth/hub/cache.hpp"

#include "cache_layout.hpp"
#include "hfauth/core/file.hpp"

#include <fmt/format.h>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRefLimit = 1024;  // 40 digits, perhaps a newline

/// "" if the revision is not in the cache. Another snapshot is never guessed.
Result<std::string> commit_of(const CachePaths& paths, const std::string& revision) {
  if (is_commit(revision)) return revision;
  const fs::path ref = paths.ref(revision);
  const Result<std::optional<fs::path>> usable = usable_file(paths, ref);
  if (!usable) return usable.error();
  if (!*usable) return std::string();
  Result<std::string> text = read_file(ref, kRefLimit);
  if (!text) return text.error();
  text->erase(text->find_last_not_of(" \t\r\n") + 1);
  if (!is_commit(*text)) {
    return Error{Errc::corrupt,
                 fmt::format("{} holds no commit: delete it, it is written again", ref.string())};
  }
  return text;
}

}  // namespace

Result<CacheAnswer> HubCache::find(const Repo& repo, const std::string& revision,
                                   const std::string& file) const {
  const Result<std::string> checked_file = check_repo_path(file);
  if (!checked_file) return checked_file.error();
  const Result<std::string> checked_revision = check_revision(revision);
  if (!checked_revision) return checked_revision.error();

  const CachePaths paths(root_, repo);
  Result<std::string> commit = commit_of(paths, *checked_revision);
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
