// SPDX-License-Identifier: Apache-2.0
//
// What a Hub cache holds: repositories, their revisions, files and blobs, and what is wrong with
// them. Reads folders, status and small files; takes no lock, writes nothing, opens no file of a
// repository, follows no link but to see what a blob is. For caches of every version of
// huggingface_hub since 0.8 (facts/hub-auth.md §2.4 to §2.6), with symbolic links or copies.
//
// Plain values. Names are bytes as the file system has them: show them only through something that
// makes them safe.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/hub/repo.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::hub {

enum class BlobState {
  present,
  missing,     ///< the link dangles
  outside,     ///< the link leaves the cache: clients refuse or must not use it
  unreadable,  ///< by its mode or the mode of a folder on the way
};

[[nodiscard]] std::string_view name_of(BlobState state) noexcept;  ///< "missing"

/// Where a file's content lies. Several files, also of several revisions, may name one.
struct CachedBlob {
  std::filesystem::path path;  ///< absolute; the first hop: blobs/<etag>, or the copy in snapshots/
  std::string etag;            ///< its name below blobs/; "" for a copy or a link elsewhere
  BlobState state = BlobState::missing;
  std::uint64_t size = 0;  ///< bytes of content; 0 unless present or unreadable
  WallTime accessed{};
  WallTime modified{};
  std::string shared;        ///< the payload's name in the shared store, if it is a link there
  std::uint64_t device = 0;  ///< with `inode`: the content, behind all links
  std::uint64_t inode = 0;
  std::size_t n_files = 0;  ///< how many files of all revisions name it
};

struct CachedFile {
  std::string path;      ///< in the repository
  std::size_t blob = 0;  ///< index into CachedRepo::blobs
};

struct CachedRevision {
  std::string commit;             ///< the folder's name: 40 hex unless somebody made it up
  std::vector<std::string> refs;  ///< sorted; none: detached
  std::vector<CachedFile> files;
  std::uint64_t size = 0;  ///< each blob once
  WallTime modified{};     ///< the newest blob, else the folder
};

/// blobs/<etag>.incomplete (huggingface_hub up to 1.17) or blobs/<etag>.<8 hex>.incomplete.
struct IncompleteFile {
  std::filesystem::path path;
  std::string etag;
  std::uint64_t size = 0;
  WallTime modified{};
  bool is_running = false;  ///< somebody holds the blob's lock, or it cannot be told
};

enum class CacheTrouble {
  not_a_repository,  ///< a name in the cache that no client makes
  no_snapshots,      ///< a repository's folder without any snapshot
  unreadable,        ///< a folder or ref that cannot be read
  missing_blob,      ///< a snapshot's link dangles
  outside_blob,      ///< a snapshot's link leaves the cache
  odd_entry,         ///< a link to a folder, a pipe, a file where a folder must be
  bad_ref,           ///< a ref that holds no commit
  stale_ref,         ///< a ref to a commit of which there is no snapshot
  too_deep,          ///< folders nested deeper than any repository
};

[[nodiscard]] std::string_view name_of(CacheTrouble trouble) noexcept;  ///< "missing_blob"

struct CacheProblem {
  CacheTrouble trouble = CacheTrouble::odd_entry;
  std::filesystem::path path;
};

struct CachedRepo {
  RepoType type = RepoType::model;
  std::string id;  ///< as the folder's name has it; Repo::parse may refuse it
  std::filesystem::path folder;
  bool is_link = false;     ///< the folder is a link: the user moved it
  bool is_foreign = false;  ///< belongs to another user
  bool has_snapshots = false;
  std::vector<CachedRevision> revisions;    ///< by commit
  std::vector<CachedBlob> blobs;            ///< those that files name, and unused ones
  std::map<std::string, std::string> refs;  ///< name -> commit, the stale ones too
  std::vector<IncompleteFile> incomplete;
  std::vector<CacheProblem> problems;
  std::uint64_t size = 0;         ///< of the blobs that files name, each once
  std::uint64_t unused_size = 0;  ///< of the blobs that no file names
  std::size_t n_files = 0;        ///< distinct blobs that files name
  WallTime accessed{};  ///< the newest of the blobs; with noatime mounts: not known better
  WallTime modified{};
};

/// A file of the shared store (huggingface_hub 1.32): <cache>/blobs/<2 hex>/<64 hex>.
struct SharedPayload {
  std::string name;
  std::uint64_t size = 0;
  std::size_t n_blobs = 0;  ///< blobs of scanned repositories that are links to it
};

struct CacheScan {
  std::filesystem::path root;
  std::vector<CachedRepo> repos;  ///< by type, then id
  std::vector<SharedPayload> payloads;
  std::vector<CacheProblem> problems;  ///< outside any repository
  std::uint64_t size = 0;  ///< on the disk: repositories' own blobs and payloads, each once
};

/// The snapshot of a commit, branch or tag; nullptr if there is none. Points into `repo`.
[[nodiscard]] const CachedRevision* find_revision(const CachedRepo& repo,
                                                  const std::string& revision);

/// trees/<commit>.json of a repository's folder.
[[nodiscard]] std::filesystem::path listing_path(const CachedRepo& repo, const std::string& commit);

/// "model/org/name": what `hf cache ls` calls a repository.
[[nodiscard]] std::string cache_id(const CachedRepo& repo);

/// The repository whose cache folder this name is; nullopt for any other name.
struct FolderName {
  RepoType type = RepoType::model;
  std::string id;
};

[[nodiscard]] std::optional<FolderName> parse_cache_folder(std::string_view name);

/// Reads the whole cache below `root`. Blocks: about a microsecond a file if the names are in
/// memory. Errors: not_found (no such folder), invalid_input (a file), permission, io. Trouble
/// below the root is part of the answer.
[[nodiscard]] Result<CacheScan> scan_cache(const std::filesystem::path& root);

/// One repository; nullopt if the cache has no folder of it. Errors: as scan_cache, for the root.
[[nodiscard]] Result<std::optional<CachedRepo>> scan_repo(const std::filesystem::path& root,
                                                          const Repo& repo);

}  // namespace hfauth::hub
