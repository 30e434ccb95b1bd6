// SPDX-License-Identifier: Apache-2.0
//
// Files of one content share a blob, so they are fetched once and linked as often as they are named
// (huggingface_hub >= 1.32 may have made the blob a link into the cache's shared store; whoever
// uses it goes through the link and never writes to it).
#include "snapshot_fill.hpp"

#include "blob_fill.hpp"
#include "cache_write.hpp"
#include "hub_json.hpp"

#include <map>
#include <set>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

class SnapshotFill {
 public:
  SnapshotFill(const CachePaths& paths, const DownloadPlan& plan, bool may_link)
      : paths_(paths), plan_(plan), may_link_(may_link) {}

  /// What is not in its snapshot yet, by content.
  Result<void> collect() {
    for (const PlannedFile& planned : plan_.files) {
      const TreeFile& file = planned.file;
      const Result<std::optional<fs::path>> ready =
          usable_file(paths_, paths_.snapshot(plan_.commit, file.path), file.size);
      if (!ready) return ready.error();
      if (!*ready) by_etag_[file.etag()].push_back(&file);
    }
    return {};
  }

  [[nodiscard]] bool is_nothing_missing() const noexcept { return by_etag_.empty(); }

  /// Links what has its blob; the rest is to be fetched.
  Result<std::vector<BlobWish>> link_what_is_there() {
    std::vector<BlobWish> wishes;
    for (const auto& [etag, files] : by_etag_) {
      const TreeFile& first = *files.front();
      const Result<std::optional<fs::path>> blob =
          usable_file(paths_, paths_.blob(etag), first.size);
      if (!blob) return blob.error();
      if (*blob) {
        if (Result<void> linked = link(etag); !linked) return linked.error();
        continue;
      }
      wishes.push_back({.file = first.path,
                        .etag = etag,
                        .size = first.size,
                        .lock = paths_.lock(etag),
                        .target = paths_.blob(etag),
                        .stem = {}});
    }
    return wishes;
  }

  Result<bool> is_there(const BlobWish& wish) {
    const Result<std::optional<fs::path>> blob = usable_file(paths_, wish.target, wish.size);
    if (!blob) return blob.error();
    if (*blob) return true;
    // Without links the blob has moved on to the snapshot of whoever fetched it.
    for (const TreeFile* file : by_etag_.at(wish.etag)) {
      const Result<std::optional<fs::path>> ready =
          usable_file(paths_, paths_.snapshot(plan_.commit, file->path), wish.size);
      if (!ready) return ready.error();
      if (!*ready) return false;
    }
    return true;
  }

  /// Under the blob's lock, or where there is nothing to race for.
  Result<void> link(const std::string& etag) {
    const std::vector<const TreeFile*>& files = by_etag_.at(etag);
    for (const TreeFile* file : files) {
      const fs::path snapshot = paths_.snapshot(plan_.commit, file->path);
      const Result<std::optional<fs::path>> ready = usable_file(paths_, snapshot, file->size);
      if (!ready) return ready.error();
      if (*ready) continue;
      if (folders_.insert(snapshot.parent_path()).second) {
        if (Result<void> made = make_folder(snapshot.parent_path()); !made) return made;
      }
      const LinkRule rule{.may_link = may_link_, .needs_blob = file != files.back()};
      if (Result<void> linked =
              link_snapshot(snapshot, paths_.blob(etag), link_to_blob(etag, file->path), rule);
          !linked)
        return linked;
    }
    return {};
  }

 private:
  const CachePaths& paths_;
  const DownloadPlan& plan_;
  bool may_link_;
  std::map<std::string, std::vector<const TreeFile*>> by_etag_;
  std::set<fs::path> folders_;
};

Result<void> make_folders(const CachePaths& paths) {
  for (const fs::path& folder : {paths.folder / "blobs", paths.folder / "snapshots", paths.locks}) {
    if (Result<void> made = make_folder(folder); !made) return made;
  }
  return tag_cache(paths.root);
}

}  // namespace

Result<bool> is_in_cache(const CachePaths& paths, const std::string& commit, const TreeFile& file) {
  const Result<std::optional<fs::path>> ready =
      usable_file(paths, paths.snapshot(commit, file.path), file.size);
  if (!ready) return ready.error();
  if (*ready) return true;
  const Result<std::optional<fs::path>> blob =
      usable_file(paths, paths.blob(file.etag()), file.size);
  if (!blob) return blob.error();
  return blob->has_value();
}

Result<void> fill_snapshot(HubClient& client, const Repo& repo, const CachePaths& paths,
                           const DownloadPlan& plan, const std::string& revision,
                           const Secret* token, bool may_link, const DownloadWatch& watch) {
  SnapshotFill fill(paths, plan, may_link);
  if (Result<void> collected = fill.collect(); !collected) return collected;
  if (!fill.is_nothing_missing()) {
    if (Result<void> made = make_folders(paths); !made) return made;
    const Result<std::vector<BlobWish>> wishes = fill.link_what_is_there();
    if (!wishes) return wishes.error();
    const FillRules rules{.is_there = [&](const BlobWish& wish) { return fill.is_there(wish); },
                          .placed = [&](const BlobWish& wish) { return fill.link(wish.etag); }};
    if (Result<void> filled = fill_blobs(client, repo, plan.commit, token, *wishes, rules, watch);
        !filled)
      return filled;
  }
  // A cache that can only be read serves all the same; its list and its ref stay old.
  const auto is_grave = [](const Result<void>& written) {
    return !written && written.error().code != Errc::permission;
  };
  std::error_code ignored;
  if (plan.tree.is_whole && !plan.tree.files.empty() &&
      !fs::exists(paths.tree(plan.commit), ignored)) {
    Result<void> listed = write_small_file(paths.tree(plan.commit), write_tree_file(plan.tree));
    if (is_grave(listed)) return listed;
  }
  Result<void> written = write_ref(paths, revision, plan.commit);
  return is_grave(written) ? written : Result<void>();
}

}  // namespace hfauth::hub
