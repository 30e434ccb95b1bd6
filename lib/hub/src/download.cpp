// SPDX-License-Identifier: Apache-2.0
//
// What a download will do, and what an offline one finds. Writing is snapshot_fill.cpp's and
// local_folder.cpp's.
#include "hfauth/hub/download.hpp"

#include "cache_layout.hpp"
#include "hfauth/core/hex.hpp"
#include "hfauth/hub/tree_listing.hpp"
#include "local_folder.hpp"
#include "snapshot_fill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSha1Digits = 40;
constexpr std::size_t kSha256Digits = 64;
constexpr std::size_t kNamedMissing = 3;

/// The list of a commit that was kept, if it can be used.
std::optional<Tree> kept_tree(const fs::path& path) {
  const Result<std::optional<TreeListing>> listing = read_tree_listing(path);
  if (!listing || !*listing || (*listing)->size() > kMostTreeFiles) return std::nullopt;
  Tree tree;
  for (const auto& [name, entry] : **listing) {
    TreeFile file{
        .path = name, .size = entry.size, .blob_id = {}, .lfs_sha256 = {}, .xet_hash = {}};
    const bool is_id =
        hex::is_lower(entry.etag, kSha1Digits) || hex::is_lower(entry.etag, kSha256Digits);
    if (!is_id) return std::nullopt;  // it would become a blob's name
    (entry.etag.size() == kSha256Digits ? file.lfs_sha256 : file.blob_id) = entry.etag;
    tree.files.push_back(std::move(file));
  }
  return tree;
}

/// Files of `tree` that are wanted. Errors: not_found.
Result<std::vector<PlannedFile>> choose(const Tree& tree, const DownloadWish& wish,
                                        const Repo& repo) {
  std::vector<PlannedFile> chosen;
  for (const std::string& name : wish.files) {
    const auto found = std::lower_bound(
        tree.files.begin(), tree.files.end(), name,
        [](const TreeFile& file, const std::string& path) { return file.path < path; });
    if (found == tree.files.end() || found->path != name) {
      return Error{Errc::not_found,
                   fmt::format("{} is not in {} at revision {}", name, repo.id(), wish.revision)};
    }
    chosen.push_back({*found, false});
  }
  if (!wish.files.empty()) return chosen;
  for (const TreeFile& file : tree.files) {
    if (wish.filter.wants(file.path)) chosen.push_back({file, false});
  }
  if (chosen.empty() && !wish.filter.is_open()) {
    return Error{Errc::not_found,
                 fmt::format("no file of {} at revision {} matches --include and --exclude",
                             repo.id(), wish.revision)};
  }
  return chosen;
}

/// Only the wished names, where a list is too long to be kept whole.
FileFilter filter_of(const DownloadWish& wish) {
  return wish.files.empty() ? wish.filter : FileFilter{.include = wish.files, .exclude = {}};
}

Result<void> check_room(const fs::path& place, std::uint64_t n_bytes) {
  fs::path existing = place;
  std::error_code failed;
  while (!fs::exists(existing, failed) && existing.has_relative_path())
    existing = existing.parent_path();
  const fs::space_info space = fs::space(existing, failed);
  if (failed || space.available >= n_bytes) return {};  // writing tells, if this cannot
  return Error{
      Errc::no_space,
      fmt::format("{} bytes are needed in {} and {} are free: make room, or set HF_HUB_CACHE "
                  "to another disk",
                  n_bytes, place.string(), space.available)};
}

struct ExpectedFile {
  std::string name;
  std::optional<std::uint64_t> size;  ///< where a list of files tells it
};

/// What has to be there for `wish`: its files by name, or what it chooses from a list of all, if
/// there is one. Errors: as choose.
Result<std::vector<ExpectedFile>> expected_files(const DownloadWish& wish, const Repo& repo,
                                                 const std::optional<Tree>& tree) {
  std::vector<ExpectedFile> all;
  for (const std::string& name : wish.files)
    all.push_back({.name = name, .size = std::nullopt});
  if (!tree) return all;
  const Result<std::vector<PlannedFile>> chosen = choose(*tree, wish, repo);
  if (!chosen) return chosen.error();
  for (const PlannedFile& one : *chosen)
    all.push_back({.name = one.file.path, .size = one.file.size});
  return all;
}

/// Whether a file is there; in a snapshot, whether it can be used. Errors: as usable_file.
Result<bool> is_there(const CachePaths& paths, bool in_snapshot, const fs::path& path,
                      std::optional<std::uint64_t> size) {
  std::error_code ignored;
  if (!in_snapshot) return fs::is_regular_file(path, ignored);
  const Result<std::optional<fs::path>> usable = usable_file(paths, path, size);
  if (!usable) return usable.error();
  return usable->has_value();
}

}  // namespace

std::uint64_t DownloadPlan::bytes_to_fetch() const noexcept {
  std::uint64_t n_bytes = 0;
  for (const PlannedFile& one : files)
    n_bytes += one.is_cached ? 0 : one.file.size;
  return n_bytes;
}

std::size_t DownloadPlan::n_to_fetch() const noexcept {
  return static_cast<std::size_t>(std::count_if(
      files.begin(), files.end(), [](const PlannedFile& one) { return !one.is_cached; }));
}

Download::Download(fs::path cache_root, Repo repo, fs::path local_folder, bool may_link)
    : cache_root_(std::move(cache_root)),
      repo_(std::move(repo)),
      local_folder_(std::move(local_folder)),
      may_link_(may_link) {}

Result<DownloadPlan> Download::plan(HubClient& client, const DownloadWish& wish,
                                    const Secret* token) const {
  const Result<std::string> revision = check_revision(wish.revision);
  if (!revision) return revision.error();
  const CachePaths paths(cache_root_, repo_);
  const LocalFolder local(local_folder_);
  DownloadPlan plan;
  plan.commit = *revision;
  if (!is_commit(*revision)) {
    Result<std::string> commit = client.commit_of(repo_, *revision, token);
    if (!commit) return commit.error();
    plan.commit = *std::move(commit);
  }
  std::optional<Tree> kept =
      kept_tree(local_folder_.empty() ? paths.tree(plan.commit) : local.tree(plan.commit));
  if (kept) {
    plan.tree = *std::move(kept);
  } else {
    Result<Tree> tree = client.tree(repo_, plan.commit, filter_of(wish), token);
    if (!tree) return tree.error();
    plan.tree = *std::move(tree);
  }
  Result<std::vector<PlannedFile>> chosen = choose(plan.tree, wish, repo_);
  if (!chosen) return chosen.error();
  plan.files = *std::move(chosen);
  for (PlannedFile& one : plan.files) {
    const Result<bool> is_cached = local_folder_.empty() ? is_in_cache(paths, plan.commit, one.file)
                                                         : local.is_current(one.file);
    if (!is_cached) return is_cached.error();
    one.is_cached = *is_cached;
  }
  return plan;
}

Result<fs::path> Download::run(HubClient& client, const DownloadPlan& plan,
                               const DownloadWish& wish, const Secret* token,
                               const DownloadWatch& watch) const {
  const CachePaths paths(cache_root_, repo_);
  const fs::path place = local_folder_.empty() ? cache_root_ : local_folder_;
  if (Result<void> room = check_room(place, plan.bytes_to_fetch()); !room) return room.error();
  const Result<void> filled =
      local_folder_.empty()
          ? fill_snapshot(client, repo_, paths, plan, wish.revision, token, may_link_, watch)
          : LocalFolder(local_folder_).fill(client, repo_, paths, plan, token, watch);
  if (!filled) return filled.error();
  return local_folder_.empty() ? paths.folder / "snapshots" / plan.commit : local_folder_;
}

Result<fs::path> Download::find(const DownloadWish& wish) const {
  const Result<std::string> revision = check_revision(wish.revision);
  if (!revision) return revision.error();
  const CachePaths paths(cache_root_, repo_);
  const Result<std::string> commit = cached_commit(paths, *revision);
  if (!commit) return commit.error();
  const bool is_cache = local_folder_.empty();
  const Error not_cached{Errc::offline,
                         fmt::format("{} at revision {} is not in {}", repo_.id(), *revision,
                                     (is_cache ? cache_root_ : local_folder_).string())};
  const fs::path folder = is_cache ? paths.folder / "snapshots" / *commit : local_folder_;
  std::error_code ignored;
  if ((is_cache && commit->empty()) || !fs::is_directory(folder, ignored) ||
      fs::is_empty(folder, ignored))
    return not_cached;

  const std::optional<Tree> tree =
      commit->empty() || !wish.files.empty()
          ? std::nullopt
          : kept_tree(is_cache ? paths.tree(*commit) : LocalFolder(local_folder_).tree(*commit));
  const Result<std::vector<ExpectedFile>> files = expected_files(wish, repo_, tree);
  if (!files) return files.error();
  std::size_t n_missing = 0;
  std::string names;
  for (const ExpectedFile& file : *files) {
    const Result<bool> found = is_there(paths, is_cache, folder / file.name, file.size);
    if (!found) return found.error();
    if (*found) continue;
    if (++n_missing <= kNamedMissing) names += (names.empty() ? "" : ", ") + file.name;
  }
  if (n_missing == 0) return folder;
  return Error{Errc::offline,
               fmt::format("{}: {} of its files are missing ({}{})", not_cached.detail, n_missing,
                           names, n_missing > kNamedMissing ? ", ..." : "")};
}

}  // namespace hfauth::hub
