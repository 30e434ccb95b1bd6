// SPDX-License-Identifier: Apache-2.0
//
// Paths are joined from parts that repo.hpp checked; links are judged by their canonical end.
// Status calls alone, no lock: the order of the writers' steps makes that safe.
#include "cache_layout.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/hex.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRefLimit = 1024;  // 40 digits, perhaps a newline

bool is_inside(const fs::path& folder, const fs::path& path) {
  const auto [at, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return at == folder.end();
}

/// The status behind all links; nullopt if there is nothing.
Result<std::optional<struct stat>> status_of(const fs::path& path) {
  struct stat status {};

  if (::stat(path.c_str(), &status) == 0) return std::optional(status);
  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::optional<struct stat>();
  if (errno == EACCES || errno == EPERM) return no_access(path);
  return error_from_errno(errno, path.string());
}

}  // namespace

bool is_commit(std::string_view revision) {
  return hex::is_lower(revision, 40);
}

Result<std::string> check_revision(std::string_view revision) {
  Result<std::string> checked = check_repo_path(revision);
  if (checked) return checked;
  return Error{Errc::invalid_input,
               "the revision is no branch, tag or commit: " + checked.error().detail};
}

CachePaths::CachePaths(const fs::path& cache_root, const Repo& repo)
    : root(cache_root),
      folder(cache_root / repo.cache_folder()),
      locks(cache_root / ".locks" / repo.cache_folder()) {}

fs::path CachePaths::ref(const std::string& revision) const {
  return folder / "refs" / revision;
}

fs::path CachePaths::snapshot(const std::string& commit, const std::string& file) const {
  return folder / "snapshots" / commit / file;
}

fs::path CachePaths::absence(const std::string& commit, const std::string& file) const {
  return folder / ".no_exist" / commit / file;
}

fs::path CachePaths::blob(const std::string& etag) const {
  return folder / "blobs" / etag;
}

fs::path CachePaths::lock(const std::string& etag) const {
  return locks / (etag + ".lock");
}

fs::path CachePaths::tree(const std::string& commit) const {
  return folder / "trees" / (commit + ".json");
}

std::string link_to_blob(const std::string& etag, const std::string& file) {
  std::string target = "../../";
  for (auto depth = std::count(file.begin(), file.end(), '/'); depth > 0; --depth)
    target += "../";
  return target + "blobs/" + etag;
}

Result<std::optional<fs::path>> usable_file(const CachePaths& paths, const fs::path& path,
                                            std::optional<std::uint64_t> size) {
  const Result<std::optional<struct stat>> status = status_of(path);
  if (!status) return status.error();
  if (!*status || !S_ISREG((*status)->st_mode)) return std::optional<fs::path>();
  if (size && static_cast<std::uint64_t>((*status)->st_size) != *size)
    return std::optional<fs::path>();
  std::error_code failed;
  const fs::path real = fs::canonical(path, failed);
  if (failed) return error_from_errno(failed.value(), path.string());
  const fs::path real_root = fs::canonical(paths.root, failed);
  if (failed) return error_from_errno(failed.value(), paths.root.string());
  const fs::path real_folder = fs::canonical(paths.folder, failed);
  if (failed) return error_from_errno(failed.value(), paths.folder.string());
  if (!is_inside(real_root, real) && !is_inside(real_folder, real)) {
    return Error{
        Errc::corrupt,
        fmt::format("{} is a link that leaves the cache (to {}): it is not used; delete it",
                    path.string(), real.string())};
  }
  if (::faccessat(AT_FDCWD, real.c_str(), R_OK, AT_EACCESS) != 0) return no_access(real);
  return std::optional(path);
}

Result<bool> is_present(const fs::path& path) {
  const Result<std::optional<struct stat>> status = status_of(path);
  if (!status) return status.error();
  return status->has_value();
}

Result<std::string> cached_commit(const CachePaths& paths, const std::string& revision) {
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

Error no_access(const fs::path& path) {
  fs::path way;
  for (const fs::path& part : path.parent_path()) {
    way /= part;
    if (::faccessat(AT_FDCWD, way.c_str(), X_OK, AT_EACCESS) != 0 && errno == EACCES) {
      return Error{
          Errc::permission,
          fmt::format("the cache folder {} cannot be entered: correct its owner or mode, or "
                      "set HF_HUB_CACHE to a folder of your own",
                      way.string())};
    }
  }
  return Error{Errc::permission,
               fmt::format("{} cannot be read: correct its owner or mode", path.string())};
}

}  // namespace hfauth::hub
