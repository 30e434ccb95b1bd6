// SPDX-License-Identifier: Apache-2.0
//
// blobs/ first: one status call a blob. A snapshot's link then costs one readlink and a look-up by
// name; only links of another form than the clients write are resolved by the system.
#include "repo_scan.hpp"

#include "blob_probe.hpp"
#include "cache_layout.hpp"
#include "folder_walk.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/hex.hpp"
#include "hfauth/core/text_pieces.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <unordered_map>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using Kind = FolderEntry::Kind;

constexpr std::size_t kRefLimit = 1024;
constexpr std::size_t kTemporaryDigits = 8;
constexpr std::string_view kIncomplete = ".incomplete";
/// What file managers leave everywhere (huggingface_hub 2.4 _cache_manager.py).
constexpr std::array<std::string_view, 3> kIgnored{".DS_Store", "Thumbs.db", "desktop.ini"};

bool is_ignored(std::string_view name) {
  return std::find(kIgnored.begin(), kIgnored.end(), name) != kIgnored.end();
}

/// "<etag>.<8 hex>.incomplete" and "<etag>.incomplete" -> "<etag>".
std::string etag_of_incomplete(std::string_view name) {
  name.remove_suffix(kIncomplete.size());
  const std::size_t dot = name.rfind('.');
  const bool has_suffix =
      dot != std::string_view::npos && hex::is_lower(name.substr(dot + 1), kTemporaryDigits);
  return std::string(has_suffix ? name.substr(0, dot) : name);
}

class RepoReader {
 public:
  RepoReader(const CacheRoot& root, const std::string& name, const FolderName& parsed)
      : root_(root), grounds_{root, {}} {
    repo_.type = parsed.type;
    repo_.id = parsed.id;
    repo_.folder = root.path / name;
    locks_ = root.path / ".locks" / name;
  }

  CachedRepo read(const std::string& name) {
    folder_ = open_folder(root_.folder, name, true);
    if (!folder_) {
      note(errno == ENOTDIR ? CacheTrouble::not_a_repository : CacheTrouble::unreadable,
           repo_.folder);
      return std::move(repo_);
    }

    struct stat status {};

    if (::fstat(folder_.get(), &status) == 0) {
      repo_.is_foreign = status.st_uid != ::geteuid();
      repo_.accessed = repo_.modified = WallTime(std::chrono::seconds(status.st_mtime));
    }
    repo_.is_link = !link_text(root_.folder, name).empty();
    std::error_code failed;
    grounds_.repo = fs::canonical(repo_.folder, failed);
    if (failed) grounds_.repo = repo_.folder;
    read_blobs();
    read_refs();
    read_snapshots();
    sum_up();
    return std::move(repo_);
  }

 private:
  void note(CacheTrouble trouble, fs::path path) {
    repo_.problems.push_back({trouble, std::move(path)});
  }

  /// A folder of the repository; none, and a problem noted, unless it is simply not there.
  UniqueFd open_part(const std::string& name) {
    UniqueFd part = open_folder(folder_.get(), name);
    if (!part && errno != ENOENT) {
      note(errno == ENOTDIR || errno == ELOOP ? CacheTrouble::odd_entry : CacheTrouble::unreadable,
           repo_.folder / name);
    }
    return part;
  }

  void read_blobs() {
    const UniqueFd blobs = open_part("blobs");
    if (!blobs) return;
    const FolderListing listing = list_folder(blobs.get());
    if (listing.error_number != 0) note(CacheTrouble::unreadable, repo_.folder / "blobs");
    for (const FolderEntry& entry : listing.entries) {
      if (is_ignored(entry.name)) continue;
      if (entry.name.ends_with(kIncomplete)) {
        take_incomplete(blobs.get(), entry);
      } else if (entry.kind == Kind::file || entry.kind == Kind::link) {
        by_etag_.emplace(entry.name, repo_.blobs.size());
        take_blob(blobs.get(), entry);
      } else {
        note(CacheTrouble::odd_entry, repo_.folder / "blobs" / entry.name);
      }
    }
  }

  void take_blob(int blobs, const FolderEntry& entry) {
    CachedBlob blob = probe_blob(grounds_, repo_.folder / "blobs", blobs, entry);
    if (blob.state == BlobState::present && blob.inode == 0) {
      note(CacheTrouble::odd_entry, blob.path);
      blob.state = BlobState::missing;
    }
    blob.etag = entry.name;
    repo_.blobs.push_back(std::move(blob));
  }

  void take_incomplete(int blobs, const FolderEntry& entry) {
    struct stat status {};

    if (entry.kind != Kind::file ||
        ::fstatat(blobs, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
      return;
    IncompleteFile file{.path = repo_.folder / "blobs" / entry.name,
                        .etag = etag_of_incomplete(entry.name),
                        .size = static_cast<std::uint64_t>(status.st_size),
                        .modified = WallTime(std::chrono::seconds(status.st_mtime))};
    file.is_running = is_locked(locks_ / (file.etag + ".lock"));
    repo_.incomplete.push_back(std::move(file));
  }

  void read_refs() {
    const UniqueFd refs = open_part("refs");
    if (!refs) return;
    const auto on_entry = [this](const WalkedEntry& found) {
      if (is_ignored(found.entry->name)) return;
      take_ref(found);
    };
    walk(refs.get(), {.on_entry = on_entry, .on_trouble = trouble_in("refs")});
  }

  void take_ref(const WalkedEntry& found) {
    const fs::path path = repo_.folder / "refs" / found.path;
    const UniqueFd file(::openat(found.folder, found.entry->name.c_str(),
                                 O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return note(CacheTrouble::unreadable, path);
    std::array<char, kRefLimit> text{};
    const ssize_t size = ::read(file.get(), text.data(), text.size());
    const std::string_view read(text.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
    std::string commit(trimmed_end(read, " \t\r\n"));
    if (!is_commit(commit)) return note(CacheTrouble::bad_ref, path);
    repo_.refs.emplace(found.path, std::move(commit));
  }

  void read_snapshots() {
    const UniqueFd snapshots = open_part("snapshots");
    repo_.has_snapshots = static_cast<bool>(snapshots);
    if (!snapshots) return note(CacheTrouble::no_snapshots, repo_.folder);
    const FolderListing listing = list_folder(snapshots.get());
    if (listing.error_number != 0) note(CacheTrouble::unreadable, repo_.folder / "snapshots");
    for (const FolderEntry& entry : listing.entries) {
      if (!is_ignored(entry.name)) read_revision(snapshots.get(), entry);
    }
  }

  void read_revision(int snapshots, const FolderEntry& entry) {
    const fs::path path = repo_.folder / "snapshots" / entry.name;
    const UniqueFd folder = open_folder(snapshots, entry.name);
    if (!folder) {
      return note(errno == EACCES ? CacheTrouble::unreadable : CacheTrouble::odd_entry, path);
    }
    CachedRevision revision;
    revision.commit = entry.name;

    struct stat status {};

    if (::fstat(folder.get(), &status) == 0)
      revision.modified = WallTime(std::chrono::seconds(status.st_mtime));
    for (const auto& [name, commit] : repo_.refs) {
      if (commit == revision.commit) revision.refs.push_back(name);
    }
    const auto on_entry = [&](const WalkedEntry& found) { take_file(revision, path, found); };
    walk(folder.get(), {.on_entry = on_entry, .on_trouble = trouble_in("snapshots/" + entry.name)});
    repo_.revisions.push_back(std::move(revision));
  }

  std::function<void(std::string_view, int)> trouble_in(std::string part) {
    return [this, part = std::move(part)](std::string_view path, int error_number) {
      note(error_number == ELOOP ? CacheTrouble::too_deep : CacheTrouble::unreadable,
           repo_.folder / part / path);
    };
  }

  void take_file(CachedRevision& revision, const fs::path& snapshot, const WalkedEntry& found) {
    if (found.entry->kind == Kind::other)
      return note(CacheTrouble::odd_entry, snapshot / found.path);
    const std::optional<std::size_t> blob = found.entry->kind == Kind::link
                                                ? blob_of_link(snapshot, found)
                                                : blob_of_copy(snapshot, found);
    if (!blob) return note(CacheTrouble::odd_entry, snapshot / found.path);
    CachedBlob& content = repo_.blobs[*blob];
    ++content.n_files;
    if (content.state == BlobState::missing)
      note(CacheTrouble::missing_blob, snapshot / found.path);
    if (content.state == BlobState::outside)
      note(CacheTrouble::outside_blob, snapshot / found.path);
    if (content.state == BlobState::unreadable)
      note(CacheTrouble::unreadable, snapshot / found.path);
    revision.files.push_back({.path = std::string(found.path), .blob = *blob});
  }

  std::size_t blob_of_copy(const fs::path& snapshot, const WalkedEntry& found) {
    const fs::path parent = (snapshot / found.path).parent_path();
    repo_.blobs.push_back(probe_blob(grounds_, parent, found.folder, *found.entry));
    return repo_.blobs.size() - 1;
  }

  /// nullopt for a link to a folder.
  std::optional<std::size_t> blob_of_link(const fs::path& snapshot, const WalkedEntry& found) {
    const std::string text = link_text(found.folder, found.entry->name);
    const std::size_t slash = text.rfind('/');
    std::string name = slash == std::string::npos ? text : text.substr(slash + 1);
    if (text == link_to_blob(name, std::string(found.path))) return blob_named(name);

    const fs::path parent = (snapshot / found.path).parent_path();
    const fs::path target = (parent / text).lexically_normal();
    if (target.parent_path() == repo_.folder / "blobs" ||
        target.parent_path() == root_.real / repo_.folder.filename() / "blobs")
      return blob_named(name);
    const auto [place, is_new] = by_target_.emplace(target.string(), repo_.blobs.size());
    if (!is_new) return place->second;
    CachedBlob blob = probe_blob(grounds_, parent, found.folder, *found.entry);
    if (blob.state == BlobState::present && blob.inode == 0) {
      by_target_.erase(place);
      return std::nullopt;
    }
    blob.path = target;
    repo_.blobs.push_back(std::move(blob));
    return repo_.blobs.size() - 1;
  }

  /// The blob, or an entry that says that it is missing.
  std::size_t blob_named(const std::string& name) {
    const auto [place, is_new] = by_etag_.emplace(name, repo_.blobs.size());
    if (is_new) {
      CachedBlob& blob = repo_.blobs.emplace_back();
      blob.path = repo_.folder / "blobs" / name;
      blob.etag = name;
    }
    return place->second;
  }

  void sum_up() {
    bool is_first = true;
    for (const CachedBlob& blob : repo_.blobs) {
      if (blob.n_files == 0) {
        if (blob.shared.empty()) repo_.unused_size += blob.size;
        continue;
      }
      if (blob.state == BlobState::missing || blob.state == BlobState::outside) continue;
      ++repo_.n_files;
      repo_.size += blob.size;
      repo_.accessed = is_first ? blob.accessed : std::max(repo_.accessed, blob.accessed);
      repo_.modified = is_first ? blob.modified : std::max(repo_.modified, blob.modified);
      is_first = false;
    }
    for (CachedRevision& revision : repo_.revisions)
      sum_up(revision);
    for (const auto& [name, commit] : repo_.refs) {
      const auto has_commit = [&commit = commit](const CachedRevision& revision) {
        return revision.commit == commit;
      };
      if (std::none_of(repo_.revisions.begin(), repo_.revisions.end(), has_commit))
        note(CacheTrouble::stale_ref, repo_.folder / "refs" / name);
    }
  }

  void sum_up(CachedRevision& revision) {
    std::vector<std::size_t> blobs;
    blobs.reserve(revision.files.size());
    for (const CachedFile& file : revision.files)
      blobs.push_back(file.blob);
    std::sort(blobs.begin(), blobs.end());
    blobs.erase(std::unique(blobs.begin(), blobs.end()), blobs.end());
    bool is_first = true;
    for (const std::size_t index : blobs) {
      const CachedBlob& blob = repo_.blobs[index];
      if (blob.state == BlobState::missing || blob.state == BlobState::outside) continue;
      revision.size += blob.size;
      revision.modified = is_first ? blob.modified : std::max(revision.modified, blob.modified);
      is_first = false;
    }
  }

  const CacheRoot& root_;
  Grounds grounds_;
  fs::path locks_;
  UniqueFd folder_;
  CachedRepo repo_;
  std::unordered_map<std::string, std::size_t> by_etag_;
  std::unordered_map<std::string, std::size_t> by_target_;
};

}  // namespace

CachedRepo read_repo(const CacheRoot& root, const std::string& name, const FolderName& parsed) {
  return RepoReader(root, name, parsed).read(name);
}

}  // namespace hfauth::hub
