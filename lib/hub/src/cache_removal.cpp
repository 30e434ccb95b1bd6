// SPDX-License-Identifier: Apache-2.0
//
// Carrying the plan out. Order: a revision's links, its notes, then blobs that a fresh look finds
// unused, then payloads. Whoever is interrupted leaves unused content, never a link to nothing.
#include "blob_probe.hpp"
#include "folder_walk.hpp"
#include "hfauth/hub/cache_prune.hpp"
#include "repo_scan.hpp"
#include "shared_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDeepest = 128;
constexpr mode_t kLockMode = 0664;  // as huggingface_hub's: a cache may belong to a group

/// The exclusive lock, made if it is missing; held until the descriptor goes. Errors: busy,
/// permission, io.
Result<UniqueFd> try_lock(const fs::path& path) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  UniqueFd lock(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kLockMode));
  if (!lock) return error_from_errno(errno, path.string());
  static_cast<void>(::fchmod(lock.get(), kLockMode));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return error_from_errno(errno, path.string());
  return Error{Errc::busy, fmt::format("{} is held by a running download", path.string())};
}

/// A folder and all below it, or a single name; links are removed, not followed. 0 or errno.
int remove_all(int parent, const std::string& name, std::size_t depth = 0) {
  const UniqueFd folder = open_folder(parent, name);
  if (!folder) {
    if (errno == ENOENT) return 0;
    if (errno != ENOTDIR && errno != ELOOP) return errno;
    return ::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT ? 0 : errno;
  }
  if (depth == kDeepest) return ELOOP;
  int error_number = 0;
  for (const FolderEntry& entry : list_folder(folder.get()).entries) {
    if (const int failed = remove_all(folder.get(), entry.name, depth + 1); failed != 0)
      error_number = failed;
  }
  if (error_number != 0) return error_number;
  return ::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : errno;
}

std::uint64_t size_of_entry(int folder, const std::string& name) {
  struct stat status {};

  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  return S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
}

/// One repository's part of the plan, on open folders.
class RepoRemoval {
 public:
  RepoRemoval(const CacheRoot& root, const PruneRepo& plan, PruneOutcome& outcome)
      : root_(root), plan_(plan), outcome_(outcome), name_(plan.folder.filename().string()) {}

  void run() {
    folder_ = open_folder(root_.folder, name_);
    if (!folder_) return fail(errno, plan_.folder);
    remove_incomplete();
    if (!plan_.revisions.empty()) remove_revisions();
    for (const char* part : {"blobs", "snapshots", ".no_exist", "trees", "refs"})
      static_cast<void>(::unlinkat(folder_.get(), part, AT_REMOVEDIR));  // if it is empty
    if (plan_.is_whole) static_cast<void>(::unlinkat(root_.folder, name_.c_str(), AT_REMOVEDIR));
  }

 private:
  void fail(int error_number, const fs::path& path) {
    outcome_.failures.push_back(error_from_errno(error_number, path.string()));
  }

  [[nodiscard]] fs::path lock_of(const std::string& etag) const {
    return root_.path / ".locks" / name_ / (etag + ".lock");
  }

  [[nodiscard]] CachedRepo look_again() const {
    return read_repo(root_, name_, parse_cache_folder(name_).value_or(FolderName{}));
  }

  void remove_incomplete() {
    const UniqueFd blobs = open_folder(folder_.get(), "blobs");
    for (const IncompleteFile& file : plan_.incomplete) {
      const Result<UniqueFd> lock = try_lock(lock_of(file.etag));
      if (!lock) {
        outcome_.failures.push_back(lock.error());
      } else if (blobs && unlink_counted(blobs.get(), file.path.filename().string(), file.path)) {
        ++outcome_.n_incomplete;
      }
    }
  }

  void remove_revisions() {
    const CachedRepo now = look_again();
    const UniqueFd snapshots = open_folder(folder_.get(), "snapshots");
    if (!snapshots) return fail(errno, plan_.folder / "snapshots");
    std::set<std::string> removed;
    for (const std::string& commit : plan_.revisions) {
      const CachedRevision* revision = find_revision(now, commit);
      if (revision == nullptr) continue;
      if (!revision->refs.empty()) {
        outcome_.failures.push_back(
            {Errc::busy,
             fmt::format("{} is named by {} now: it stays",
                         (plan_.folder / "snapshots" / commit).string(), revision->refs.front())});
        continue;
      }
      if (const int failed = remove_all(snapshots.get(), commit); failed != 0) {
        fail(failed, plan_.folder / "snapshots" / commit);
        continue;
      }
      count_copies(now, *revision);
      removed.insert(commit);
      ++outcome_.n_revisions;
    }
    remove_notes(removed);
    remove_blobs();
  }

  void count_copies(const CachedRepo& repo, const CachedRevision& revision) {
    for (const CachedFile& file : revision.files) {
      const CachedBlob& blob = repo.blobs[file.blob];
      const bool is_copy = blob.path == repo.folder / "snapshots" / revision.commit / file.path;
      if (is_copy) outcome_.freed += blob.size;
    }
  }

  void remove_notes(const std::set<std::string>& commits) {
    const UniqueFd absences = open_folder(folder_.get(), ".no_exist");
    const UniqueFd trees = open_folder(folder_.get(), "trees");
    for (const std::string& commit : commits) {
      if (absences) static_cast<void>(remove_all(absences.get(), commit));
      if (trees) static_cast<void>(::unlinkat(trees.get(), (commit + ".json").c_str(), 0));
    }
  }

  /// A download may have taken up a blob since: only what no snapshot names now goes.
  void remove_blobs() {
    const UniqueFd blobs = open_folder(folder_.get(), "blobs");
    if (!blobs) return;
    const CachedRepo now = look_again();
    const std::set<std::string> wanted(plan_.blobs.begin(), plan_.blobs.end());
    for (const CachedBlob& blob : now.blobs) {
      if (blob.n_files != 0 || wanted.count(blob.etag) == 0) continue;
      const Result<UniqueFd> lock = try_lock(lock_of(blob.etag));
      if (!lock) {
        outcome_.failures.push_back(lock.error());
      } else {
        static_cast<void>(unlink_counted(blobs.get(), blob.etag, blob.path));
      }
    }
  }

  bool unlink_counted(int folder, const std::string& name, const fs::path& path) {
    const std::uint64_t size = size_of_entry(folder, name);
    if (::unlinkat(folder, name.c_str(), 0) == 0) {
      outcome_.freed += size;
      return true;
    }
    if (errno != ENOENT) fail(errno, path);
    return false;
  }

  const CacheRoot& root_;
  const PruneRepo& plan_;
  PruneOutcome& outcome_;
  std::string name_;
  UniqueFd folder_;
};

/// Under the payload's own lock, and only if its list still names no blob.
void remove_payload(const fs::path& root, const SharedPayload& payload, PruneOutcome& outcome) {
  const fs::path path = payload_path(root, payload.name);
  const auto beside = [&path](const char* suffix) {
    fs::path other = path;
    other += suffix;
    return other;
  };
  const UniqueFd folder = open_folder(AT_FDCWD, path.parent_path().string());
  if (!folder) return;
  const Result<UniqueFd> lock = try_lock(beside(".lock"));
  if (!lock) {
    outcome.failures.push_back(lock.error());
    return;
  }
  const std::optional<std::vector<std::string>> references = payload_references(root, payload.name);
  if (!references || !references->empty()) return;
  if (::unlinkat(folder.get(), payload.name.c_str(), 0) != 0) {
    outcome.failures.push_back(error_from_errno(errno, path.string()));
    return;
  }
  static_cast<void>(::unlinkat(folder.get(), (payload.name + ".refs").c_str(), 0));
  ++outcome.n_payloads;
  outcome.freed += payload.size;
}

}  // namespace

PruneOutcome prune(const PrunePlan& plan) {
  PruneOutcome outcome;
  const UniqueFd folder = open_folder(AT_FDCWD, plan.root.string(), true);
  if (!folder) {
    outcome.failures.push_back(error_from_errno(errno, plan.root.string()));
    return outcome;
  }
  std::error_code failed;
  CacheRoot root{
      .path = plan.root, .real = fs::canonical(plan.root, failed), .folder = folder.get()};
  if (failed) root.real = root.path;
  for (const PruneRepo& repo : plan.repos)
    RepoRemoval(root, repo, outcome).run();
  for (const SharedPayload& payload : plan.payloads)
    remove_payload(plan.root, payload, outcome);
  return outcome;
}

}  // namespace hfauth::hub
