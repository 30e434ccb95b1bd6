// SPDX-License-Identifier: Apache-2.0
//
// HubCache::fetch: HEAD, then only what is missing. The order of writes is blob, snapshot link,
// ref, each by one atomic step, so that whoever dies in between leaves nothing that can be read and
// is not whole. The ref comes last: offline readers keep the old snapshot until the new one has the
// file.
#include "blob_file.hpp"
#include "cache_layout.hpp"
#include "cache_write.hpp"
#include "hfauth/hub/cache.hpp"

#include <fmt/format.h>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using Note = std::function<void(const std::string&)>;

void tell(const Note& note, const std::string& text) {
  if (note) note(text);
}

/// A later question for the same file is spared. If it cannot be written, nothing but that is lost.
void remember_absence(const CachePaths& paths, const std::string& revision,
                      const std::string& commit, const std::string& file) {
  if (commit.empty()) return;
  const Result<void> written = write_small_file(paths.absence(commit, file), "");
  if (written) static_cast<void>(write_ref(paths, revision, commit));
}

Result<void> download_blob(HubClient& client, const CachePaths& paths, const FileInfo& info,
                           const Secret* token) {
  if (!info.size) {
    return Error{Errc::network,
                 fmt::format("{} does not tell the length of the file", client.endpoint().url())};
  }
  Result<IncompleteBlob> incomplete =
      IncompleteBlob::create(paths.blob(info.etag), info.etag, *info.size);
  if (!incomplete) return incomplete.error();
  const Result<void> got = client.download(
      info, token, [&](std::string_view piece) { return incomplete->write(piece); });
  if (!got) return got.error();
  return incomplete->finish();
}

Result<void> make_folders(const CachePaths& paths, const fs::path& snapshot) {
  for (const fs::path& folder : {paths.folder / "blobs", snapshot.parent_path(), paths.locks}) {
    if (Result<void> made = make_folder(folder); !made) return made;
  }
  return tag_cache(paths.root);
}

/// Puts the file that `info` describes into the cache, if it is not there.
Result<CacheAnswer> fill(HubClient& client, const CachePaths& paths, const std::string& revision,
                         const std::string& file, const FileInfo& info, const Secret* token,
                         const Note& note) {
  CacheAnswer answer{.kind = CacheAnswer::Kind::hit,
                     .file = paths.snapshot(info.commit, file),
                     .commit = info.commit};
  Result<std::optional<fs::path>> ready = usable_file(paths, answer.file, info.size);
  if (!ready) return ready.error();
  if (!*ready) {
    if (const Result<void> made = make_folders(paths, answer.file); !made) return made.error();
    const Result<BlobLock> lock = BlobLock::acquire(paths.locks / (info.etag + ".lock"), note);
    if (!lock) return lock.error();
    const Result<std::optional<fs::path>> blob =
        usable_file(paths, paths.blob(info.etag), info.size);
    if (!blob) return blob.error();
    ready =
        usable_file(paths, answer.file, info.size);  // another process may have been here meanwhile
    if (!ready) return ready.error();
    if (!*ready) {
      if (!*blob) {
        if (const Result<void> got = download_blob(client, paths, info, token); !got)
          return got.error();
      }
      const Result<void> linked =
          link_snapshot(answer.file, paths.blob(info.etag), link_to_blob(info.etag, file), {});
      if (!linked) return linked.error();
    }
  }
  const Result<void> written = write_ref(paths, revision, info.commit);
  // A cache that can only be read answers all the same; its ref stays old.
  if (!written && written.error().code != Errc::permission) return written.error();
  return answer;
}

/// Whether the Hub's refusal is a fact about the very file: then an older copy would be a lie.
bool is_final(const FileReply& reply) {
  return reply.answer.error_code == "EntryNotFound" ||
         reply.answer.error_code == "RevisionNotFound" ||
         reply.info.error().code == Errc::invalid_input;
}

}  // namespace

Result<CacheAnswer> HubCache::fetch(HubClient& client, const Repo& repo,
                                    const std::string& revision, const std::string& file,
                                    const Secret* token, const Note& note) {
  Result<CacheAnswer> cached = find(repo, revision, file);
  if (!cached && cached.error().code == Errc::invalid_input) return cached.error();
  const bool have = cached && cached->kind == CacheAnswer::Kind::hit;
  const CachePaths paths(root_, repo);

  const FileReply reply =
      client.file_reply(repo, revision, file, token, have ? Effort::once : Effort::patient);
  if (!reply.info) {
    if (reply.answer.error_code == "EntryNotFound")
      remember_absence(paths, revision, reply.commit, file);
    if (!have || is_final(reply)) return reply.info.error();
    tell(note, reply.info.error().detail + "; the cached file is used");
    return cached;
  }
  if (!reply.info->warning.empty()) tell(note, reply.info->warning);
  Result<CacheAnswer> filled = fill(client, paths, revision, file, *reply.info, token, note);
  if (!filled && filled.error().code == Errc::permission && have) {
    tell(note, filled.error().detail + "; the cached file of commit " +
                   cached->commit.substr(0, 7) + " is used");
    return cached;
  }
  return filled;
}

}  // namespace hfauth::hub
