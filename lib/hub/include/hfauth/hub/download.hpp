// SPDX-License-Identifier: Apache-2.0
//
// Downloading a revision, or some of its files, into the shared cache or into a folder of the
// user's own, as `hf download` does (huggingface_hub 2.4 snapshot_download).
#pragma once

#include "hfauth/hub/file_filter.hpp"
#include "hfauth/hub/hub_client.hpp"
#include "hfauth/hub/tree.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hfauth::hub {

struct DownloadProgress {
  std::size_t n_files = 0;  ///< to fetch; what was there already is not counted
  std::size_t n_files_done = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_done = 0;
};

/// How a download is watched and stopped. Each may be empty; all are called in the caller's thread.
struct DownloadWatch {
  std::function<void(const DownloadProgress&)> progress;  ///< about ten times a second
  std::function<void(const std::string&)> note;           ///< a sentence for people
  std::function<bool()> is_interrupted;                   ///< asked about ten times a second
};

struct DownloadWish {
  std::string revision = "main";
  FileFilter filter;
  /// These and no others; each must exist. Empty: what the filter wants.
  std::vector<std::string> files;
};

struct PlannedFile {
  TreeFile file;
  bool is_cached = false;
};

/// What a download will do, before anything is written.
struct DownloadPlan {
  std::string commit;
  Tree tree;  ///< the whole list, for trees/<commit>.json
  std::vector<PlannedFile> files;

  [[nodiscard]] std::uint64_t bytes_to_fetch() const noexcept;
  [[nodiscard]] std::size_t n_to_fetch() const noexcept;
};

class Download {
 public:
  /// `cache_root` is HubPaths::hub_cache. With a `local_folder` files go there instead, with their
  /// metadata below its .cache/huggingface, and the cache is only read. `may_link` false: files
  /// instead of symbolic links in snapshots (HF_HUB_DISABLE_SYMLINKS). Touches nothing.
  Download(std::filesystem::path cache_root, Repo repo, std::filesystem::path local_folder = {},
           bool may_link = true);

  /// Resolves the revision, lists the files (trees/<commit>.json spares the question) and looks
  /// which are there. Writes nothing. Errors: as HubClient::repo_info and tree; not_found (one of
  /// `wish.files` is not in the revision; nothing matches the filter).
  [[nodiscard]] Result<DownloadPlan> plan(HubClient& client, const DownloadWish& wish,
                                          const Secret* token) const;

  /// Fetches what is missing; then the list of files, then the ref. Where the folder is now (the
  /// snapshot, or `local_folder`). Errors: as fill_blobs; no_space if the disk has less room than
  /// is needed, before the first byte.
  [[nodiscard]] Result<std::filesystem::path> run(HubClient& client, const DownloadPlan& plan,
                                                  const DownloadWish& wish, const Secret* token,
                                                  const DownloadWatch& watch) const;

  /// The folder as it is, without a network: the snapshot that the revision's ref names, if the
  /// list of its files shows it whole; without a list, if it holds `wish.files`, or anything at
  /// all. Errors: offline (not cached, or files are missing: the detail names some), permission,
  /// corrupt, invalid_input.
  [[nodiscard]] Result<std::filesystem::path> find(const DownloadWish& wish) const;

 private:
  std::filesystem::path cache_root_;
  Repo repo_;
  std::filesystem::path local_folder_;
  bool may_link_;
};

}  // namespace hfauth::hub
