// SPDX-License-Identifier: Apache-2.0
//
// Order: the lines with one write(2), fdatasync(2), then the head by rename. A kill between leaves
// a file that goes further than the head says; a kill within the write leaves half a line, which
// nobody was told of and which is cut. A file that ends before its head was cut by somebody else:
// the chain goes on from the head, so the gap shows for ever.
#include "audit_writer.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace hfauth::daemon {

using agent::AuditEntry;

namespace {

UniqueFd open_for_append(const std::filesystem::path& file) {
  return UniqueFd(open(file.c_str(),
                       O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
}

std::size_t size_of(const std::filesystem::path& file) {
  std::error_code missing;
  const std::uintmax_t size = std::filesystem::file_size(file, missing);
  return missing ? 0 : static_cast<std::size_t>(size);
}

/// With which entry a file begins; 1 if that cannot be seen.
std::int64_t first_of(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file, agent::kMaxAuditBytes);
  const std::optional<AuditEntry> entry =
      text ? agent::parse_audit_line(std::string_view(*text).substr(0, text->find('\n')))
           : std::nullopt;
  return entry ? entry->sequence : 1;
}

}  // namespace

/// The last whole entry of the present file; half a line behind it is cut off.
Result<void> AuditWriter::repair_tail(std::optional<AuditEntry>& last) const {
  const Result<std::string> text = read_file(files_.current(), agent::kMaxAuditBytes);
  if (!text && text.error().code == Errc::not_found) return {};
  if (!text) return text.error();
  const std::size_t end = text->rfind('\n') + 1;  // 0 without one
  if (end < text->size() && truncate(files_.current().c_str(), static_cast<off_t>(end)) != 0)
    return error_from_errno(errno, files_.current().native());
  std::string_view whole = std::string_view(*text).substr(0, end);
  if (whole.empty()) return {};
  whole.remove_suffix(1);
  last = agent::parse_audit_line(whole.substr(whole.rfind('\n') + 1));
  return {};
}

Result<void> AuditWriter::find_end() {
  if (found_end_) return {};
  if (Result<void> made = make_private_directory(files_.folder); !made) return made;
  Result<Secret> key = agent::audit_key(files_);
  if (!key) return key.error();
  const Result<agent::AuditHead> head = agent::read_audit_head(files_);
  if (!head && head.error().code != Errc::corrupt) return head.error();
  std::optional<AuditEntry> last;
  if (Result<void> repaired = repair_tail(last); !repaired) return repaired;
  head_ = head ? *head : agent::AuditHead();
  if (last && last->sequence > head_.sequence) {
    head_.sequence = last->sequence;
    head_.hash = last->hash;
  }
  key_ = std::move(*key);
  found_end_ = true;
  return {};
}

Result<void> AuditWriter::append(const std::string& text) const {
  const UniqueFd fd = open_for_append(files_.current());
  if (!fd) return error_from_errno(errno, files_.current().native());

  struct stat before {};

  if (fstat(fd.get(), &before) != 0 || !S_ISREG(before.st_mode))
    return Error{Errc::io, files_.current().native() + " is no file"};
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n_bytes = ::write(fd.get(), text.data() + done, text.size() - done);
    if (n_bytes >= 0) {
      done += static_cast<std::size_t>(n_bytes);
    } else if (errno != EINTR) {
      const Error error = error_from_errno(errno, files_.current().native());
      // Nothing or everything: what was half written would be a broken chain.
      if (ftruncate(fd.get(), before.st_size) != 0)
        return Error{error.code, error.detail + " (and half a line is left)"};
      return error;
    }
  }
  if (fdatasync(fd.get()) != 0 && errno != EINVAL)
    return error_from_errno(errno, files_.current().native());
  return {};
}

Result<void> AuditWriter::put_aside(int files) {
  std::error_code ignored;
  // More than there may be, if the limit was lowered; and the oldest, whose place is needed.
  for (int number = files; std::filesystem::remove(files_.older(number), ignored); ++number) {
  }
  for (int number = files; number > 1; --number)
    rename(files_.older(number - 1).c_str(), files_.older(number).c_str());  // may not exist
  if (rename(files_.current().c_str(), files_.older(1).c_str()) != 0)
    return error_from_errno(errno, files_.current().native());
  const std::vector<std::filesystem::path> existing = files_.existing();
  if (!existing.empty()) head_.first = std::max(head_.first, first_of(existing.front()));
  return {};
}

Result<void> AuditWriter::write(std::vector<AuditEntry>& entries, AuditLimits limits) {
  if (Result<void> found = find_end(); !found) return found;
  agent::AuditHead next = head_;
  std::string text;
  for (AuditEntry& entry : entries) {
    entry.sequence = ++next.sequence;
    text += agent::audit_line(entry, *key_, next.hash);
    next.hash = entry.hash;
  }
  const std::size_t size = size_of(files_.current());
  if (size > 0 && size + text.size() > limits.bytes) {
    if (Result<void> aside = put_aside(limits.files); !aside) return aside;
    next.first = head_.first;
  }
  if (Result<void> appended = append(text); !appended) {
    found_end_ = false;  // whatever is there now is looked at before the next try
    return appended;
  }
  head_ = next;
  return agent::write_audit_head(files_, head_);
}

}  // namespace hfauth::daemon
