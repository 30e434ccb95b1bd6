// SPDX-License-Identifier: Apache-2.0
//
// The cache's own folder: which names are repositories, the shared store, the sums. What a
// repository holds is repo_scan.cpp.
#include "hfauth/hub/cache_scan.hpp"

#include "folder_walk.hpp"
#include "repo_scan.hpp"
#include "shared_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <unordered_map>
#include <utility>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::array kTypes{RepoType::model, RepoType::dataset, RepoType::space, RepoType::kernel};

/// Not repositories, and no reason to speak: what clients and file managers put there.
bool belongs_to_cache(std::string_view name) {
  return name == ".locks" || name == "CACHEDIR.TAG" || name == ".DS_Store" || name == "Thumbs.db" ||
         name == "desktop.ini" || name == "version.txt" || name.starts_with("version_diffusers");
}

/// The opened root, with the descriptor that `place.folder` names.
struct OpenRoot {
  CacheRoot place;
  UniqueFd folder;
};

Result<OpenRoot> open_root(const fs::path& root) {
  OpenRoot opened;
  std::error_code failed;
  opened.place.path = (fs::absolute(root, failed) / "").lexically_normal().parent_path();
  opened.folder = open_folder(AT_FDCWD, opened.place.path.string(), true);
  if (!opened.folder) {
    if (errno == ENOTDIR) {
      return Error{Errc::invalid_input,
                   fmt::format("{} is no folder: set HF_HUB_CACHE to one", root.string())};
    }
    return error_from_errno(errno, root.string());
  }
  opened.place.folder = opened.folder.get();
  opened.place.real = fs::canonical(opened.place.path, failed);
  if (failed) opened.place.real = opened.place.path;
  return opened;
}

/// The payloads are counted once, however many repositories have a link to them.
std::uint64_t size_on_disk(const CacheScan& scan) {
  std::uint64_t size = 0;
  for (const CachedRepo& repo : scan.repos) {
    for (const CachedBlob& blob : repo.blobs) {
      if (blob.n_files > 0 && blob.shared.empty()) size += blob.size;
    }
  }
  for (const SharedPayload& payload : scan.payloads)
    size += payload.size;
  return size;
}

void count_links(CacheScan& scan) {
  std::unordered_map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < scan.payloads.size(); ++i)
    by_name.emplace(scan.payloads[i].name, i);
  for (const CachedRepo& repo : scan.repos) {
    for (const CachedBlob& blob : repo.blobs) {
      const auto found = blob.shared.empty() ? by_name.end() : by_name.find(blob.shared);
      if (found != by_name.end()) ++scan.payloads[found->second].n_blobs;
    }
  }
}

}  // namespace

std::string_view name_of(BlobState state) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"present", "missing", "outside", "unreadable"};
  return kNames.at(static_cast<std::size_t>(state));
}

std::string_view name_of(CacheTrouble trouble) noexcept {
  constexpr std::array<std::string_view, 9> kNames{"not_a_repository", "no_snapshots", "unreadable",
                                                   "missing_blob",     "outside_blob", "odd_entry",
                                                   "bad_ref",          "stale_ref",    "too_deep"};
  return kNames.at(static_cast<std::size_t>(trouble));
}

const CachedRevision* find_revision(const CachedRepo& repo, const std::string& revision) {
  const auto ref = repo.refs.find(revision);
  const std::string& commit = ref != repo.refs.end() ? ref->second : revision;
  for (const CachedRevision& candidate : repo.revisions) {
    if (candidate.commit == commit) return &candidate;
  }
  return nullptr;
}

fs::path listing_path(const CachedRepo& repo, const std::string& commit) {
  return repo.folder / "trees" / (commit + ".json");
}

std::string cache_id(const CachedRepo& repo) {
  return fmt::format("{}/{}", name_of(repo.type), repo.id);
}

std::optional<FolderName> parse_cache_folder(std::string_view name) {
  for (const RepoType type : kTypes) {
    const std::string prefix = fmt::format("{}s--", name_of(type));
    if (!name.starts_with(prefix) || name.size() == prefix.size()) continue;
    FolderName parsed{.type = type, .id = {}};
    for (std::size_t i = prefix.size(); i < name.size(); ++i) {
      const bool is_slash = name.substr(i, 2) == "--";
      parsed.id += is_slash ? '/' : name[i];
      if (is_slash) ++i;
    }
    return parsed;
  }
  return std::nullopt;
}

Result<CacheScan> scan_cache(const fs::path& root) {
  const Result<OpenRoot> opened = open_root(root);
  if (!opened) return opened.error();
  const CacheRoot& place = opened->place;
  CacheScan scan;
  scan.root = place.path;
  const FolderListing listing = list_folder(place.folder);
  if (listing.error_number != 0) return error_from_errno(listing.error_number, root.string());
  const bool has_store = is_shared_store(place.folder);
  for (const FolderEntry& entry : listing.entries) {
    if (belongs_to_cache(entry.name) || (has_store && entry.name == kSharedStoreFolder)) continue;
    const std::optional<FolderName> parsed = parse_cache_folder(entry.name);
    const bool may_be_folder =
        entry.kind == FolderEntry::Kind::folder || entry.kind == FolderEntry::Kind::link;
    if (!parsed || !may_be_folder) {
      scan.problems.push_back({CacheTrouble::not_a_repository, place.path / entry.name});
      continue;
    }
    scan.repos.push_back(read_repo(place, entry.name, *parsed));
  }
  std::sort(scan.repos.begin(), scan.repos.end(), [](const CachedRepo& a, const CachedRepo& b) {
    return std::pair(a.type, std::string_view(a.id)) < std::pair(b.type, std::string_view(b.id));
  });
  if (has_store) scan.payloads = list_payloads(place.folder);
  count_links(scan);
  scan.size = size_on_disk(scan);
  return scan;
}

Result<std::optional<CachedRepo>> scan_repo(const fs::path& root, const Repo& repo) {
  const Result<OpenRoot> opened = open_root(root);
  if (!opened) return opened.error();
  const std::string name = repo.cache_folder();
  const UniqueFd folder = open_folder(opened->place.folder, name, true);
  if (!folder && errno == ENOENT) return std::optional<CachedRepo>();
  return std::optional(read_repo(opened->place, name, {repo.type(), repo.id()}));
}

}  // namespace hfauth::hub
