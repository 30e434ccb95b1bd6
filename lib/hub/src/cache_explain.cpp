// SPDX-License-Identifier: Apache-2.0
//
// The steps in the order in which huggingface_hub takes them; the first that fails is the cause.
// Each step says whether to go on.
#include "hfauth/hub/cache_explain.hpp"

#include "blob_probe.hpp"
#include "cache_layout.hpp"
#include "folder_walk.hpp"
#include "hfauth/core/ascii.hpp"
#include "hfauth/core/file.hpp"
#include "repo_scan.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using State = CacheStep::State;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), ascii::lower);
  return text;
}

class Explainer {
 public:
  Explainer(const fs::path& root, const Repo& repo, std::string revision,
            std::optional<std::string> file)
      : paths_(root, repo), repo_(repo), revision_(std::move(revision)), file_(std::move(file)) {}

  CacheExplanation run() {
    const bool goes_on = see_cache() && see_repository() && see_revision();
    if (goes_on) {
      read_listing();
      if (file_) {
        if (see_absence() && see_entry()) see_content();
      } else {
        see_snapshot();
      }
    }
    return std::move(told_);
  }

 private:
  void tell(State state, StepKind kind, const fs::path& path, std::string found = {}) {
    CacheStep step{
        .state = state, .kind = kind, .path = path, .found = std::move(found), .time = {}};

    struct stat status {};

    if (::lstat(path.c_str(), &status) == 0)
      step.time = WallTime(std::chrono::seconds(status.st_mtime));
    told_.steps.push_back(std::move(step));
  }

  /// Ends the search.
  bool end(CacheCause cause, const fs::path& culprit, std::string detail = {}) {
    told_.cause = cause;
    told_.culprit = culprit;
    told_.detail = std::move(detail);
    return false;
  }

  /// The status behind all links, or errno.
  static int status_of(const fs::path& path, struct stat& status) {
    return ::stat(path.c_str(), &status) == 0 ? 0 : errno;
  }

  bool closed(StepKind kind, const fs::path& path) {
    tell(State::bad, kind, path);
    return end(CacheCause::unreadable, path, no_access(path).detail);
  }

  bool see_cache() {
    struct stat status {};

    const int failed = status_of(paths_.root, status);
    if (failed == EACCES) return closed(StepKind::cache, paths_.root);
    if (failed != 0 || !S_ISDIR(status.st_mode)) {
      tell(State::bad, StepKind::cache, paths_.root);
      return end(CacheCause::no_cache, paths_.root);
    }
    tell(State::good, StepKind::cache, paths_.root);
    return true;
  }

  bool see_repository() {
    struct stat status {};

    const int failed = status_of(paths_.folder, status);
    if (failed == EACCES) return closed(StepKind::repository, paths_.folder);
    if (failed != 0 || !S_ISDIR(status.st_mode)) {
      tell(State::bad, StepKind::repository, paths_.folder);
      return end_without_repository();
    }
    if (::faccessat(AT_FDCWD, paths_.folder.c_str(), R_OK | X_OK, AT_EACCESS) != 0)
      return closed(StepKind::repository, paths_.folder);
    tell(State::good, StepKind::repository, paths_.folder);
    return true;
  }

  /// The same name as another type or in other letters is the likelier reason than no download.
  bool end_without_repository() {
    const UniqueFd root = open_folder(AT_FDCWD, paths_.root.string(), true);
    const FolderListing listing = root ? list_folder(root.get()) : FolderListing{};
    for (const FolderEntry& entry : listing.entries) {
      const std::optional<FolderName> other = parse_cache_folder(entry.name);
      if (!other || lower(other->id) != lower(repo_.id())) continue;
      if (other->type != repo_.type() && other->id == repo_.id())
        return end(CacheCause::other_type, paths_.root / entry.name,
                   std::string(name_of(other->type)));
      if (other->type == repo_.type())
        return end(CacheCause::other_case, paths_.root / entry.name, other->id);
    }
    return end(CacheCause::not_downloaded, paths_.folder);
  }

  bool see_revision() {
    scanned_ = scan_one();
    if (is_commit(revision_)) {
      told_.commit = revision_;
      return see_commit(revision_);
    }
    const fs::path ref = paths_.ref(revision_);
    if (const auto known = scanned_.refs.find(revision_); known != scanned_.refs.end()) {
      told_.commit = known->second;
      tell(State::good, StepKind::revision, ref, known->second);
      return see_commit(known->second);
    }

    struct stat status {};

    const int failed = status_of(ref, status);
    tell(State::bad, StepKind::revision, ref);
    for (const auto& [name, commit] : scanned_.refs)
      told_.names.push_back(name);
    if (failed == EACCES) return end(CacheCause::unreadable, ref, no_access(ref).detail);
    if (failed != 0 || !S_ISREG(status.st_mode)) return end(CacheCause::no_such_ref, ref);
    if (::faccessat(AT_FDCWD, ref.c_str(), R_OK, AT_EACCESS) != 0)
      return end(CacheCause::unreadable, ref, no_access(ref).detail);
    return end(CacheCause::bad_ref, ref);
  }

  [[nodiscard]] CachedRepo scan_one() const {
    const Result<std::optional<CachedRepo>> scanned = scan_repo(paths_.root, repo_);
    return scanned && *scanned ? **scanned : CachedRepo{};
  }

  /// A file may be noted as absent before anything of its commit is downloaded.
  bool see_commit(const std::string& commit) {
    const fs::path snapshot = paths_.folder / "snapshots" / commit;

    struct stat status {};

    const int failed = status_of(snapshot, status);
    if (failed == EACCES) return closed(StepKind::snapshot, snapshot);
    if (failed == 0 && S_ISDIR(status.st_mode)) {
      if (::faccessat(AT_FDCWD, snapshot.c_str(), X_OK, AT_EACCESS) != 0)
        return closed(StepKind::snapshot, snapshot);
      tell(State::good, StepKind::snapshot, snapshot);
      return true;
    }

    struct stat note {};

    if (file_ && status_of(paths_.absence(commit, *file_), note) == 0) return true;
    tell(State::bad, StepKind::snapshot, snapshot);
    return end(CacheCause::no_snapshot, snapshot);
  }

  void read_listing() {
    const fs::path path = paths_.folder / "trees" / (told_.commit + ".json");
    Result<std::optional<TreeListing>> read = read_tree_listing(path);
    if (!read) return tell(State::note, StepKind::listing, path, read.error().detail);
    if (!*read) return;
    listing_ = **std::move(read);
    tell(State::good, StepKind::listing, path, std::to_string(listing_->size()));
  }

  bool see_absence() {
    const fs::path note = paths_.absence(told_.commit, *file_);

    struct stat status {};

    const int failed = status_of(note, status);
    if (failed == EACCES) return closed(StepKind::absence, note);
    if (failed != 0) return true;
    tell(State::bad, StepKind::absence, note);
    const fs::path entry = paths_.snapshot(told_.commit, *file_);
    const bool is_there = status_of(entry, status) == 0 && S_ISREG(status.st_mode);
    return end(is_there ? CacheCause::contradiction : CacheCause::known_missing, note);
  }

  bool see_entry() {
    entry_ = paths_.snapshot(told_.commit, *file_);

    struct stat status {};

    if (::lstat(entry_.c_str(), &status) != 0) {
      if (errno == EACCES) return closed(StepKind::blob, entry_);
      tell(State::bad, StepKind::blob, entry_);
      return end_without_entry();
    }
    is_link_ = S_ISLNK(status.st_mode);
    if (is_link_ || S_ISREG(status.st_mode)) return true;
    tell(State::bad, StepKind::blob, entry_);
    return end(CacheCause::odd_entry, entry_);
  }

  bool end_without_entry() {
    const TreeEntry* expected = listed();
    if (listing_ && expected == nullptr)
      return end(CacheCause::not_in_commit, entry_, nearest_name());
    if (expected != nullptr) {
      for (const IncompleteFile& file : scanned_.incomplete) {
        if (file.etag != expected->etag) continue;
        tell(State::note, StepKind::download, file.path, std::to_string(file.size));
        return end(file.is_running ? CacheCause::running : CacheCause::broken_off, file.path);
      }
    }
    return end(CacheCause::file_not_downloaded, entry_);
  }

  [[nodiscard]] const TreeEntry* listed() const {
    if (!listing_) return nullptr;
    const auto found = listing_->find(*file_);
    return found == listing_->end() ? nullptr : &found->second;
  }

  /// The same letters in other case, or the same name in another folder.
  [[nodiscard]] std::string nearest_name() const {
    const std::string wanted = lower(*file_);
    const std::string base = lower(fs::path(*file_).filename().string());
    std::string second;
    for (const auto& [path, entry] : *listing_) {
      const std::string name = lower(path);
      if (name == wanted) return path;
      if (second.empty() && lower(fs::path(path).filename().string()) == base) second = path;
    }
    return second;
  }

  void see_content() {
    const CachedBlob blob = blob_of_entry();
    const fs::path first = is_link_ ? blob.path : entry_;
    const bool is_good = blob.state == BlobState::present;
    tell(is_good ? State::good : State::bad, StepKind::blob, first,
         is_good ? std::to_string(blob.size) : std::string(name_of(blob.state)));
    see_payload(blob);
    switch (blob.state) {
      case BlobState::missing:
        return end_without_blob(blob);
      case BlobState::outside:
        return static_cast<void>(end(CacheCause::outside, entry_));
      case BlobState::unreadable:
        return static_cast<void>(end(CacheCause::unreadable, first, no_access(first).detail));
      case BlobState::present:
        break;
    }
    if (blob.inode == 0) return static_cast<void>(end(CacheCause::odd_entry, entry_));
    const TreeEntry* expected = listed();
    if (expected != nullptr && expected->size != blob.size)
      return static_cast<void>(end(CacheCause::wrong_size, first, std::to_string(expected->size)));
    told_.culprit = entry_;
  }

  /// From the scan, which has resolved the links; a link to a folder is not in it.
  [[nodiscard]] CachedBlob blob_of_entry() const {
    if (const CachedRevision* revision = find_revision(scanned_, told_.commit)) {
      for (const CachedFile& file : revision->files) {
        if (file.path == *file_) return scanned_.blobs[file.blob];
      }
    }
    CachedBlob odd;
    odd.path = entry_;
    odd.state = BlobState::present;
    return odd;
  }

  void see_payload(const CachedBlob& blob) {
    const std::string text = link_text(AT_FDCWD, blob.path.string());
    if (blob.etag.empty() || text.empty()) return;
    const fs::path target = (blob.path.parent_path() / text).lexically_normal();

    struct stat status {};

    const bool is_there = status_of(target, status) == 0;
    tell(is_there ? State::good : State::bad, StepKind::shared, target,
         payload_name(paths_.root, target));
    is_payload_missing_ = !is_there;
  }

  void end_without_blob(const CachedBlob& blob) {
    for (const IncompleteFile& file : scanned_.incomplete) {
      if (file.etag != blob.etag) continue;
      tell(State::note, StepKind::download, file.path, std::to_string(file.size));
      if (file.is_running) return static_cast<void>(end(CacheCause::running, file.path));
    }
    end(is_payload_missing_ ? CacheCause::missing_payload : CacheCause::missing_blob,
        is_payload_missing_ ? blob.path : entry_);
  }

  void see_snapshot() {
    told_.files = judge_offline(scanned_, revision_, listing_ ? &*listing_ : nullptr);
    const bool is_bad = told_.files->readiness == Readiness::incomplete;
    tell(is_bad ? State::bad : State::good, StepKind::blob,
         paths_.folder / "snapshots" / told_.commit, std::to_string(told_.files->n_usable));
    told_.culprit = paths_.folder / "snapshots" / told_.commit;
    if (is_bad) end(CacheCause::incomplete, told_.culprit);
  }

  CachePaths paths_;
  const Repo& repo_;
  std::string revision_;
  std::optional<std::string> file_;
  CacheExplanation told_;
  CachedRepo scanned_;
  std::optional<TreeListing> listing_;
  fs::path entry_;
  bool is_link_ = false;
  bool is_payload_missing_ = false;
};

}  // namespace

std::string_view name_of(CacheCause cause) noexcept {
  constexpr std::array<std::string_view, 21> kNames{"found",
                                                    "no_cache",
                                                    "unreadable",
                                                    "other_type",
                                                    "other_case",
                                                    "not_downloaded",
                                                    "no_such_ref",
                                                    "bad_ref",
                                                    "no_snapshot",
                                                    "known_missing",
                                                    "contradiction",
                                                    "not_in_commit",
                                                    "file_not_downloaded",
                                                    "running",
                                                    "broken_off",
                                                    "odd_entry",
                                                    "missing_blob",
                                                    "missing_payload",
                                                    "outside",
                                                    "wrong_size",
                                                    "incomplete"};
  return kNames.at(static_cast<std::size_t>(cause));
}

std::string_view name_of(StepKind kind) noexcept {
  constexpr std::array<std::string_view, 9> kNames{"cache",   "repository", "revision",
                                                   "absence", "listing",    "snapshot",
                                                   "blob",    "shared",     "download"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Result<CacheExplanation> explain_cache(const fs::path& root, const Repo& repo,
                                       const std::string& revision,
                                       const std::optional<std::string>& file) {
  const Result<std::string> checked = check_revision(revision);
  if (!checked) return checked.error();
  if (file) {
    const Result<std::string> checked_file = check_repo_path(*file);
    if (!checked_file) return checked_file.error();
  }
  std::error_code failed;
  const fs::path absolute = (fs::absolute(root, failed) / "").lexically_normal().parent_path();
  return Explainer(failed ? root : absolute, repo, *checked, file).run();
}

}  // namespace hfauth::hub
