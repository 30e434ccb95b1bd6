// SPDX-License-Identifier: Apache-2.0
//
// The metadata are written after the file is in place, so whoever dies in between leaves a whole
// file that is hashed the next time.
#include "local_folder.hpp"

#include "blob_file.hpp"
#include "blob_fill.hpp"
#include "cache_write.hpp"
#include "hfauth/core/file.hpp"
#include "hub_json.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMetadataLimit = 4096;
constexpr std::size_t kHashPiece = std::size_t{1} << 20;

struct Metadata {
  std::string commit;
  std::string etag;
  double time = 0;  ///< seconds since 1970
};

std::optional<Metadata> read_metadata(const fs::path& path) {
  const Result<std::string> text = read_file(path, kMetadataLimit);
  if (!text) return std::nullopt;
  const auto first = text->find('\n');
  const auto second = first == std::string::npos ? first : text->find('\n', first + 1);
  if (second == std::string::npos) return std::nullopt;
  Metadata metadata{.commit = text->substr(0, first),
                    .etag = text->substr(first + 1, second - first - 1)};
  char* end = nullptr;
  const std::string time = text->substr(second + 1);
  metadata.time = std::strtod(time.c_str(), &end);
  if (end == time.c_str() || !is_commit(metadata.commit)) return std::nullopt;
  return metadata;
}

/// Errors: io, permission, internal.
Result<bool> hashes_to(const fs::path& path, const TreeFile& file) {
  Result<std::unique_ptr<Digest>> digest = digest_for(file.etag(), file.size);
  if (!digest) return digest.error();
  if (!*digest) return false;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return error_from_errno(errno, path.string());
  std::string buffer(kHashPiece, '\0');
  while (true) {
    const ssize_t n_bytes = ::read(fd.get(), buffer.data(), buffer.size());
    if (n_bytes < 0 && errno == EINTR) continue;
    if (n_bytes < 0) return error_from_errno(errno, path.string());
    if (n_bytes == 0) return (*digest)->finish() == file.etag();
    if (!(*digest)->add({buffer.data(), static_cast<std::size_t>(n_bytes)}))
      return Error{Errc::internal, "libcrypto failed to hash"};
  }
}

}  // namespace

fs::path LocalFolder::tree(const std::string& commit) const {
  return own_folder() / "trees" / (commit + ".json");
}

fs::path LocalFolder::metadata(const std::string& path) const {
  return own_folder() / "download" / (path + ".metadata");
}

Result<bool> LocalFolder::is_current(const TreeFile& one) const {
  if (one.path.starts_with(".cache/huggingface/")) {
    return Error{Errc::corrupt, fmt::format("the repository has a file {} that would overwrite the "
                                            "folder's own notes: it is not downloaded",
                                            one.path)};
  }

  struct stat status {};

  const fs::path path = file(one.path);
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return error_from_errno(errno, path.string());
  }
  if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) != one.size)
    return false;
  const std::optional<Metadata> known = read_metadata(metadata(one.path));
  const double changed = static_cast<double>(status.st_mtim.tv_sec) +
                         1e-9 * static_cast<double>(status.st_mtim.tv_nsec);
  // One second of grace, as huggingface_hub gives it: some file systems round.
  if (known && changed - 1 <= known->time) return known->etag == one.etag();
  return hashes_to(path, one);
}

Result<void> LocalFolder::write_metadata(const TreeFile& one, const std::string& commit) const {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return write_small_file(metadata(one.path),
                          fmt::format("{}\n{}\n{:.6f}\n", commit, one.etag(), now.count()));
}

Result<void> LocalFolder::make_folders(const DownloadPlan& plan) const {
  std::set<fs::path> folders{own_folder()};
  for (const PlannedFile& planned : plan.files) {
    folders.insert(file(planned.file.path).parent_path());
    folders.insert(metadata(planned.file.path).parent_path());
  }
  for (const fs::path& folder : folders) {
    if (Result<void> made = make_folder(folder); !made) return made;
  }
  if (Result<void> tagged = tag_cache(own_folder()); !tagged) return tagged;
  const fs::path ignore = own_folder() / ".gitignore";
  std::error_code ignored;
  return fs::exists(ignore, ignored) ? Result<void>() : write_small_file(ignore, "*");
}

Result<void> LocalFolder::fill(HubClient& client, const Repo& repo, const CachePaths& cache,
                               const DownloadPlan& plan, const Secret* token,
                               const DownloadWatch& watch) const {
  if (Result<void> made = make_folders(plan); !made) return made;
  std::vector<BlobWish> wishes;
  std::map<std::string, const TreeFile*> by_path;
  for (const PlannedFile& planned : plan.files) {
    const TreeFile& one = planned.file;
    if (planned.is_cached) {  // the commit may be another one than last time
      if (Result<void> noted = write_metadata(one, plan.commit); !noted) return noted;
      continue;
    }
    const fs::path notes = metadata(one.path);
    by_path.emplace(one.path, &one);
    wishes.push_back({.file = one.path,
                      .etag = one.etag(),
                      .size = one.size,
                      .lock = fs::path(notes).replace_extension(".lock"),
                      .target = file(one.path),
                      .stem = notes.parent_path() / one.etag()});
  }
  const FillRules rules{.is_there = [&](const BlobWish& wish) -> Result<bool> {
                          Result<bool> current = is_current(*by_path.at(wish.file));
                          if (!current || *current) return current;
                          const Result<std::optional<fs::path>> cached =
                              usable_file(cache, cache.blob(wish.etag), wish.size);
                          if (!cached || !*cached) return false;
                          const Result<void> copied = copy_whole(**cached, wish.target);
                          if (!copied) return copied.error();
                          return true;
                        },
                        .placed =
                            [&](const BlobWish& wish) {
                              return write_metadata(*by_path.at(wish.file), plan.commit);
                            }};
  if (Result<void> filled = fill_blobs(client, repo, plan.commit, token, wishes, rules, watch);
      !filled)
    return filled;
  std::error_code ignored;
  if (!plan.tree.is_whole || plan.tree.files.empty() || fs::exists(tree(plan.commit), ignored))
    return {};
  return write_small_file(tree(plan.commit), write_tree_file(plan.tree));
}

}  // namespace hfauth::hub
