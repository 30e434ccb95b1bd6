// SPDX-License-Identifier: Apache-2.0
//
// What configparser's write() makes: "[name]", "key = value" with line breaks continued by a tab,
// one empty line after each section. Built in guarded memory of the exact size.
#include "hfauth/token/stored_tokens_file.hpp"

#include "hfauth/core/text_pieces.hpp"
#include "stored_tokens_sections.hpp"
#include "text_cursor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

namespace hfauth::token {
namespace {

constexpr std::chrono::milliseconds kLook{50};  ///< python-filelock's poll_interval
constexpr int kMaxLinks = 8;
constexpr mode_t kLockMode = 0664;  ///< huggingface_hub's WeakFileLock

/// The lock file, made if it is missing. Never truncated: somebody may hold it.
Result<UniqueFd> open_lock(const std::filesystem::path& path) {
  constexpr int kFlags = O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd(open(path.c_str(), kFlags | O_CREAT | O_EXCL, kLockMode));
  if (fd) {
    // The umask took something from it. A file system that cannot set modes has none to keep.
    if (fchmod(fd.get(), kLockMode) != 0 && errno != EPERM)
      return error_from_errno(errno, path.native());
    return fd;
  }
  if (errno != EEXIST) return error_from_errno(errno, path.native());
  fd = UniqueFd(open(path.c_str(), kFlags));
  if (!fd && errno != ENOENT) return error_from_errno(errno, path.native());
  return fd;
}

/// Empty while somebody else has the lock, or if the file was unlinked meanwhile.
Result<UniqueFd> try_lock(const std::filesystem::path& path) {
  Result<UniqueFd> fd = open_lock(path);
  if (!fd || !*fd) return fd;
  if (flock(fd->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EACCES || errno == EINTR) return UniqueFd();
    if (errno == ENOSYS || errno == EOPNOTSUPP)
      return Error{Errc::unsupported, path.native() + ": this file system has no file locks"};
    return error_from_errno(errno, path.native());
  }

  struct stat info {};

  if (fstat(fd->get(), &info) != 0) return error_from_errno(errno, path.native());
  if (info.st_nlink == 0) return UniqueFd();
  return fd;
}

using Pieces = std::vector<std::string_view>;

void add_value(Pieces& pieces, std::string_view value) {
  while (true) {
    const std::size_t end = value.find('\n');
    pieces.push_back(value.substr(0, end));
    if (end == std::string_view::npos) return;
    pieces.emplace_back("\n\t");
    value.remove_prefix(end + 1);
  }
}

void add_section(Pieces& pieces, const Section& section) {
  pieces.insert(pieces.end(), {"[", section.name, "]\n"});
  for (const auto& [key, value] : section.members) {
    pieces.insert(pieces.end(), {key, " = "});
    add_value(pieces, value.expose());
    pieces.emplace_back("\n");
  }
  pieces.emplace_back("\n");
}

/// [DEFAULT] is no section of its own: its keys come first in every other one, unless that has
/// them.
void write_out_defaults(std::vector<Section>& sections) {
  const auto found = std::find_if(sections.begin(), sections.end(), [](const Section& section) {
    return section.name == kDefaultSection;
  });
  if (found == sections.end()) return;
  const Section defaults = std::move(*found);
  sections.erase(found);
  for (Section& section : sections) {
    Section whole{.name = section.name, .members = {}};
    for (const auto& [key, value] : defaults.members)
      whole.set(key, value.clone());
    for (auto& [key, value] : section.members)
      whole.set(key, std::move(value));
    section = std::move(whole);
  }
}

Secret written(std::vector<Section>& sections) {
  // By code point, as Python sorts: the order of UTF-8's bytes.
  std::sort(sections.begin(), sections.end(),
            [](const Section& a, const Section& b) { return a.name < b.name; });
  Pieces pieces;
  for (const Section& each : sections)
    add_section(pieces, each);
  return joined(pieces);
}

}  // namespace

Result<StoredTokensLock> StoredTokensLock::acquire(const std::filesystem::path& stored_tokens,
                                                   std::chrono::milliseconds patience) {
  const std::filesystem::path path = stored_tokens.native() + ".lock";
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    Result<UniqueFd> fd = try_lock(path);
    if (!fd) return fd.error();
    if (*fd) return StoredTokensLock(std::move(*fd));
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{Errc::timeout,
                   path.native() + ": another program holds this lock; try again later"};
    }
    poll(nullptr, 0, static_cast<int>(kLook.count()));
  }
}

Result<Secret> with_login(std::string_view content, std::string_view name,
                          const StoredLogin& login) {
  if (strip(content).starts_with("{")) {
    return Error{Errc::corrupt, "stored_tokens is the JSON of another client"};
  }
  Result<std::vector<Section>> sections = read_sections(content);
  if (!sections) return sections.error();
  write_out_defaults(*sections);
  std::erase_if(*sections, [name](const Section& section) { return section.name == name; });
  Section& section = sections->emplace_back();
  section.name = name;
  section.set("hf_token", login.token.clone());
  if (!login.refresh.empty()) section.set("refresh_token", login.refresh.clone());
  if (login.expires) {
    section.set("expires_at",
                Secret::copy_of(std::to_string(login.expires->time_since_epoch().count())));
  }
  return written(*sections);
}

Result<Secret> without_logins(std::string_view content, const std::vector<std::string>& names) {
  if (strip(content).starts_with("{")) {
    return Error{Errc::corrupt, "stored_tokens is the JSON of another client"};
  }
  Result<std::vector<Section>> sections = read_sections(content);
  if (!sections) return sections.error();
  write_out_defaults(*sections);
  std::erase_if(*sections, [&](const Section& section) {
    return std::find(names.begin(), names.end(), section.name) != names.end();
  });
  return written(*sections);
}

Result<Secret> with_faults_commented(std::string_view content) {
  if (strip(content).starts_with("{"))
    return Error{Errc::corrupt, "stored_tokens is the JSON of another client"};
  const std::vector<std::size_t> faults = lines_not_readable(content);
  if (faults.empty()) return Error{Errc::conflict, "every line of stored_tokens can be read"};
  Pieces pieces;
  auto fault = faults.begin();
  for (std::size_t number = 1; !content.empty(); ++number) {
    const std::size_t end = content.find_first_of("\r\n");
    const bool is_pair = end != std::string_view::npos && content.substr(end).starts_with("\r\n");
    const std::size_t length =
        end == std::string_view::npos ? content.size() : end + (is_pair ? 2 : 1);
    if (fault != faults.end() && *fault == number) {
      pieces.emplace_back("# ");
      ++fault;
    }
    pieces.push_back(content.substr(0, length));
    content.remove_prefix(length);
  }
  Secret mended = joined(pieces);
  if (const Result<std::vector<Section>> read = read_sections(mended.expose()); !read)
    return read.error();
  return mended;
}

Result<void> write_hub_secret(const std::filesystem::path& file, std::string_view content) {
  std::filesystem::path target = file;
  for (int links = 0; links < kMaxLinks; ++links) {
    std::error_code failure;
    const std::filesystem::path next = std::filesystem::read_symlink(target, failure);
    if (failure) break;  // no link: this is it
    target = target.parent_path() / next;
  }
  return write_file_atomically(target, content, 0600, Durability::synced);
}

}  // namespace hfauth::token
