// SPDX-License-Identifier: Apache-2.0
//
// Judged by an open descriptor, so that what is judged is what was read; compared once more before
// the rename, which leaves the moment between for a racing writer of the user's own.
#include "hfauth/diagnose/file_edit.hpp"

#include "edited_text.hpp"
#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "unified_diff.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;
using Kind = FixChange::Kind;

constexpr mode_t kOthersMayWrite = S_IWGRP | S_IWOTH;

Result<fs::path> behind_links(const std::string& path) {
  std::error_code failed;
  fs::path file = fs::canonical(path, failed);
  if (failed) return error_from_errno(failed.value(), path);
  return file;
}

Result<void> judge_folder(const fs::path& file) {
  struct stat status {};

  const fs::path folder = file.parent_path();
  if (::stat(folder.c_str(), &status) != 0) return error_from_errno(errno, folder.string());
  if ((status.st_mode & kOthersMayWrite) != 0) {
    return Error{Errc::denied, folder.string() + ": others may write to this folder"};
  }
  return {};
}

Result<struct stat> judge(const fs::path& file, int fd) {
  struct stat status {};

  if (::fstat(fd, &status) != 0) return error_from_errno(errno, file.string());
  if (status.st_uid != ::geteuid())
    return Error{Errc::denied, file.string() + ": belongs to another user"};
  if (S_ISREG(status.st_mode) && status.st_nlink != 1)
    return Error{Errc::conflict, file.string() + ": has several names (hard links)"};
  if (const Result<void> folder = judge_folder(file); !folder) return folder.error();
  return status;
}

Result<UniqueFd> open_judged(const fs::path& file, struct stat& status) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return error_from_errno(errno, file.string());
  const Result<struct stat> judged = judge(file, fd.get());
  if (!judged) return judged.error();
  status = *judged;
  return fd;
}

Result<Secret> edited(const FixChange& change, std::string_view before, std::string_view note) {
  switch (change.kind) {
    case Kind::comment_line:
      return with_line_commented(before, change.line, change.variable, note);
    case Kind::rename_variable:
      return with_variable_renamed(before, change.line, change.variable);
    case Kind::rewrite_token:
      return with_token_alone(before);
    case Kind::restrict_mode:
    case Kind::move_aside:
      break;
  }
  return Secret::copy_of(before);
}

fs::path free_name_beside(const fs::path& file) {
  fs::path name = file.string() + ".aside";
  std::error_code ignored;
  for (int i = 2; fs::exists(fs::symlink_status(name, ignored)); ++i)
    name = fmt::format("{}.aside-{}", file.string(), i);
  return name;
}

Result<void> has_changed(const fs::path& file) {
  return Error{Errc::conflict, file.string() + ": was changed meanwhile"};
}

/// The new content under the old mode and group.
Result<void> replace(const fs::path& file, std::string_view content, mode_t mode, gid_t group) {
  Result<void> written = write_file_atomically(file, content, mode, Durability::synced);
  if (!written) return written;

  struct stat status {};

  if (::stat(file.c_str(), &status) != 0) return error_from_errno(errno, file.string());
  if (status.st_gid != group && ::chown(file.c_str(), static_cast<uid_t>(-1), group) != 0 &&
      errno != EPERM)  // a group that we are not in any more
    return error_from_errno(errno, file.string());
  return {};
}

}  // namespace

Result<FileEdit> prepare_edit(const FixChange& change, std::string_view note) {
  const Result<fs::path> file = behind_links(change.path);
  if (!file) return file.error();

  struct stat status {};

  const Result<UniqueFd> fd = open_judged(*file, status);
  if (!fd) return fd.error();
  FileEdit edit;
  edit.change = change;
  edit.file = *file;
  edit.mode_before = status.st_mode & 07777U;
  edit.mode_after = edit.mode_before;
  if (change.kind == Kind::move_aside) {
    if (S_ISREG(status.st_mode)) return Error{Errc::conflict, file->string() + ": is a file now"};
    edit.moved_to = free_name_beside(*file);
    return edit;
  }
  if (!S_ISREG(status.st_mode)) return Error{Errc::conflict, file->string() + ": is no file"};
  Result<Secret> before = read_secret_file(*file);
  if (!before) return before.error();
  Result<Secret> after = edited(change, before->expose(), note);
  if (!after) return Error{after.error().code, file->string() + ": " + after.error().detail};
  edit.before = std::move(*before);
  edit.after = std::move(*after);
  if (change.kind == Kind::restrict_mode) {
    edit.mode_after = edit.mode_before & ~static_cast<mode_t>(077);
    if (edit.mode_after == edit.mode_before)
      return Error{Errc::conflict, file->string() + ": nobody else may read it already"};
  }
  return edit;
}

std::string diff_of(const FileEdit& edit, std::string_view shown) {
  if (!edit.moved_to.empty()) {
    return fmt::format(
        "diff --git a/{0} b/{1}\nrename from {0}\nrename to {1}\n", shown,
        std::string(shown) + edit.moved_to.string().substr(edit.file.string().size()));
  }
  std::string diff;
  if (edit.mode_before != edit.mode_after) {
    diff = fmt::format("diff --git a/{0} b/{0}\nold mode 100{1:o}\nnew mode 100{2:o}\n", shown,
                       edit.mode_before, edit.mode_after);
  }
  std::string changed = unified_diff(edit.before.expose(), edit.after.expose(), shown);
  diff += redact(changed);
  wipe(changed);
  return diff;
}

Result<void> apply_edit(const FileEdit& edit) {
  struct stat status {};

  const Result<UniqueFd> fd = open_judged(edit.file, status);
  if (!fd) return fd.error();
  if ((status.st_mode & 07777U) != edit.mode_before) return has_changed(edit.file);
  if (!edit.moved_to.empty()) {
    if (S_ISREG(status.st_mode)) return has_changed(edit.file);
    if (::rename(edit.file.c_str(), edit.moved_to.c_str()) != 0)
      return error_from_errno(errno, edit.file.string());
    return sync_directory(edit.file.parent_path());
  }
  const Result<Secret> now = read_secret_file(edit.file);
  if (!now) return now.error();
  if (!now->equals(edit.before.expose())) return has_changed(edit.file);
  if (edit.after.equals(edit.before.expose())) {
    if (::fchmod(fd->get(), edit.mode_after) != 0)
      return error_from_errno(errno, edit.file.string());
    return {};
  }
  return replace(edit.file, edit.after.expose(), edit.mode_after, status.st_gid);
}

Result<void> restore_file(const fs::path& file, std::string_view content, mode_t mode,
                          std::string_view expected) {
  struct stat status {};

  const Result<UniqueFd> fd = open_judged(file, status);
  if (!fd) return fd.error();
  const Result<Secret> now = read_secret_file(file);
  if (!now) return now.error();
  if (crypto::hash(now->expose()) != expected) return has_changed(file);
  if (now->equals(content)) {
    if (::fchmod(fd->get(), mode) != 0) return error_from_errno(errno, file.string());
    return {};
  }
  return replace(file, content, mode, status.st_gid);
}

}  // namespace hfauth::diagnose
