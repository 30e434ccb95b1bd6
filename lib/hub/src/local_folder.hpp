// SPDX-License-Identifier: Apache-2.0
//
// Files of a repository in a folder of the user's own, as `hf download --local-dir` lays them out
// (huggingface_hub 2.4 _local_folder.py): <folder>/<path>, and beside them
// <folder>/.cache/huggingface/download/<path>.metadata with commit, etag and time, so that the next
// download knows what is current.
#pragma once

#include "cache_layout.hpp"
#include "hfauth/hub/download.hpp"

#include <filesystem>
#include <string>

namespace hfauth::hub {

class LocalFolder {
 public:
  explicit LocalFolder(std::filesystem::path root) : root_(std::move(root)) {}

  [[nodiscard]] std::filesystem::path file(const std::string& path) const { return root_ / path; }

  /// trees/<commit>.json of this folder.
  [[nodiscard]] std::filesystem::path tree(const std::string& commit) const;

  /// Whether `one` is there as the Hub has it: its metadata say so and it was not changed since;
  /// or, without metadata, its content hashes to the etag. Errors: permission, io, corrupt (a name
  /// that would overwrite the metadata).
  [[nodiscard]] Result<bool> is_current(const TreeFile& one) const;

  /// Carries out a plan; files that the shared cache has are copied from there. Errors: as
  /// fill_blobs.
  [[nodiscard]] Result<void> fill(HubClient& client, const Repo& repo, const CachePaths& cache,
                                  const DownloadPlan& plan, const Secret* token,
                                  const DownloadWatch& watch) const;

 private:
  [[nodiscard]] std::filesystem::path metadata(const std::string& path) const;

  [[nodiscard]] std::filesystem::path own_folder() const { return root_ / ".cache/huggingface"; }

  [[nodiscard]] Result<void> make_folders(const DownloadPlan& plan) const;
  [[nodiscard]] Result<void> write_metadata(const TreeFile& one, const std::string& commit) const;

  std::filesystem::path root_;
};

}  // namespace hfauth::hub
