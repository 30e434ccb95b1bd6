// SPDX-License-Identifier: Apache-2.0
//
// What counts as a payload or a reference is decided by the same tests as in huggingface_hub, so
// that both remove the same things.
#include "shared_store.hpp"

#include "folder_walk.hpp"
#include "hfauth/core/hex.hpp"
#include "hfauth/core/text_pieces.hpp"
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

constexpr const char* kMarker = "blobs/.huggingface-shared-blobs";
constexpr std::string_view kVersion = "1\n";
constexpr std::size_t kManifestLimit = std::size_t{16} << 20;

/// "models--a--b/blobs/<etag>": three parts, the first a repository's folder.
bool is_reference(const std::string& line) {
  const std::size_t first = line.find('/');
  const std::size_t second = first == std::string::npos ? first : line.find('/', first + 1);
  return second != std::string::npos && line.find('/', second + 1) == std::string::npos &&
         parse_cache_folder(std::string_view(line).substr(0, first)).has_value() &&
         std::string_view(line).substr(first + 1, second - first - 1) == "blobs" &&
         second + 1 < line.size() && !line.ends_with("/..");
}

/// Whether the blob is a link to this payload; EACCES and the like count as yes: then nothing is
/// removed.
bool leads_to(const fs::path& cache_root, const std::string& reference,
              const std::string& payload) {
  const fs::path blob = cache_root / reference;
  const std::string text = link_text(AT_FDCWD, blob.string());
  if (text.empty()) return errno != ENOENT && errno != EINVAL && errno != ENOTDIR;
  return payload_name(cache_root, (blob.parent_path() / text).lexically_normal()) == payload;
}

}  // namespace

bool is_shared_store(int cache_folder) {
  const UniqueFd store = open_folder(cache_folder, std::string(kSharedStoreFolder));
  if (!store) return false;
  const UniqueFd marker(
      ::openat(cache_folder, kMarker, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  std::array<char, 8> text{};
  const ssize_t size = marker ? ::read(marker.get(), text.data(), text.size()) : -1;
  return size > 0 && std::string_view(text.data(), static_cast<std::size_t>(size)) == kVersion;
}

std::vector<SharedPayload> list_payloads(int cache_folder) {
  std::vector<SharedPayload> payloads;
  const UniqueFd store = open_folder(cache_folder, std::string(kSharedStoreFolder));
  if (!store) return payloads;
  for (const FolderEntry& prefix : list_folder(store.get()).entries) {
    if (!hex::is_lower(prefix.name, 2)) continue;
    const UniqueFd folder = open_folder(store.get(), prefix.name);
    if (!folder) continue;
    for (const FolderEntry& entry : list_folder(folder.get()).entries) {
      struct stat status {};

      if (entry.kind != FolderEntry::Kind::file || !hex::is_lower(entry.name, 64) ||
          !entry.name.starts_with(prefix.name) ||
          ::fstatat(folder.get(), entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
        continue;
      payloads.push_back({.name = entry.name, .size = static_cast<std::uint64_t>(status.st_size)});
    }
  }
  return payloads;
}

fs::path payload_path(const fs::path& cache_root, const std::string& payload) {
  return cache_root / kSharedStoreFolder / payload.substr(0, 2) / payload;
}

std::optional<std::vector<std::string>> payload_references(const fs::path& cache_root,
                                                           const std::string& payload) {
  fs::path manifest = payload_path(cache_root, payload);
  manifest += ".refs";
  const UniqueFd probe(::open(manifest.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!probe) return std::nullopt;
  const Result<std::string> text = read_file(manifest, kManifestLimit);
  if (!text) return std::nullopt;
  std::vector<std::string> references;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string line(take_until(rest, '\n'));
    if (is_reference(line) && leads_to(cache_root, line, payload)) references.push_back(line);
  }
  std::sort(references.begin(), references.end());
  references.erase(std::unique(references.begin(), references.end()), references.end());
  return references;
}

}  // namespace hfauth::hub
