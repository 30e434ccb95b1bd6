// SPDX-License-Identifier: Apache-2.0
//
// Judged by an open descriptor, so that what is judged is what was read; compared once more before
// the rename, which leaves the moment between for a racing writer of the user's own.
#include "hfauth/diagnose/file_edit.hpp"

#include "edited_places.hpp"
#include "edited_text.hpp"
#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/token/stored_tokens.hpp"
#include "hfauth/token/stored_tokens_file.hpp"
#include "hfauth/token/token_text.hpp"
#include "unified_diff.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <system_error>
#include <vector>

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

/// What another file of ours holds, if it is one that may be read.
Result<Secret> content_of(const fs::path& file) {
  struct stat status {};

  const Result<UniqueFd> fd = open_judged(file, status);
  if (!fd) return fd.error();
  return read_secret_file(*fd, file);
}

Result<Secret> cleaned(std::string_view token) {
  std::vector<token::TokenFault> ignored;
  return token::accept_token(token, ignored);
}

/// The token of another file of ours, cleaned.
Result<Secret> token_of(const std::string& path) {
  const Result<fs::path> file = behind_links(path);
  if (!file) return file.error();
  const Result<Secret> content = content_of(*file);
  if (!content) return content.error();
  return cleaned(content->expose());
}

bool is_stored_tokens(const fs::path& file) {
  return file.filename() == "stored_tokens";
}

/// What a token file gets: the token alone, as clients write it.
Result<Secret> chosen_token(const FixChange& change) {
  if (!is_stored_tokens(change.from)) return token_of(change.from);
  const Result<fs::path> file = behind_links(change.from);
  if (!file) return file.error();
  const Result<Secret> content = content_of(*file);
  if (!content) return content.error();
  const Result<token::StoredTokens> stored = token::parse_stored_tokens(content->expose());
  if (!stored) return stored.error();
  for (const token::StoredToken& login : stored->tokens) {
    if (login.name == change.value) return cleaned(login.token.expose());
  }
  return Error{Errc::conflict, file->string() + ": there is no login of that name any more"};
}

Result<Secret> with_login_added(const FixChange& change, std::string_view before) {
  const Result<Secret> token = token_of(change.from);
  if (!token) return token.error();
  return token::with_login(before, change.value,
                           {.token = *token, .refresh = Secret(), .expires = std::nullopt});
}

Result<Secret> edited(const FixChange& change, std::string_view before, std::string_view note) {
  switch (change.kind) {
    case Kind::comment_line:
      return with_line_commented(before, change.line, change.variable, note);
    case Kind::rename_variable:
      return with_variable_renamed(before, change.line, change.variable);
    case Kind::write_value:
      return with_value_written(before, change.line, change.variable, change.value);
    case Kind::copy_line:
      return with_line_copied(before, change.line, change.variable, change.value);
    case Kind::append_line:
      return with_line_appended(before, change.value);
    case Kind::rewrite_token:
      return with_token_alone(before);
    case Kind::remove_commands:
      return without_commands(before);
    case Kind::remove_entry:
      return change.variable == "machine" ? without_netrc_entry(before, change.value)
                                          : without_stored_credential(before, change.value);
    case Kind::clean_remotes:
      return with_remotes_cleaned(before);
    case Kind::comment_faults:
      return token::with_faults_commented(before);
    case Kind::add_login:
      return with_login_added(change, before);
    case Kind::copy_token:
    case Kind::replace_token:
      return chosen_token(change);
    case Kind::remove_tokens:
      return with_tokens_removed(before);
    case Kind::restrict_mode:
    case Kind::allow_reading:
    case Kind::move_aside:
    case Kind::make_default:
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

constexpr mode_t kOwnFile = 0600;
constexpr mode_t kOwnFolder = 0700;
constexpr mode_t kOrdinaryFile = 0644;
constexpr std::chrono::seconds kPatience{5};  // for another program's lock, at a terminal

/// The lock under which clients write this file; nothing for other files.
Result<std::optional<token::StoredTokensLock>> lock_for(const fs::path& file) {
  if (!is_stored_tokens(file)) return std::optional<token::StoredTokensLock>();
  Result<token::StoredTokensLock> lock = token::StoredTokensLock::acquire(file, kPatience);
  if (!lock) return lock.error();
  return std::optional(*std::move(lock));
}

bool may_be_made(Kind kind) {
  return kind == Kind::copy_token || kind == Kind::append_line;
}

/// A file that is not there yet.
Result<FileEdit> prepare_new(const FixChange& change, std::string_view note) {
  FileEdit edit;
  edit.change = change;
  edit.file = change.path;
  edit.creates = true;
  edit.mode_after = change.kind == Kind::copy_token ? kOwnFile : kOrdinaryFile;
  edit.mode_before = edit.mode_after;
  std::error_code ignored;
  const fs::path folder = edit.file.parent_path();
  if (fs::exists(folder, ignored)) {
    if (const Result<void> judged = judge_folder(edit.file); !judged) return judged.error();
  }
  Result<Secret> content = edited(change, "", note);
  if (!content) return content.error();
  edit.after = std::move(*content);
  return edit;
}

/// Of a file that its owner may not read: it cannot be opened, and its content is not needed.
Result<FileEdit> prepare_mode(const FixChange& change, const fs::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return error_from_errno(errno, file.string());
  const Result<struct stat> status = judge(file, fd.get());
  if (!status) return status.error();
  if (!S_ISREG(status->st_mode)) return Error{Errc::conflict, file.string() + ": is no file"};
  FileEdit edit;
  edit.change = change;
  edit.file = file;
  edit.mode_alone = true;
  edit.mode_before = status->st_mode & 07777U;
  edit.mode_after = kOwnFile;
  if ((edit.mode_before & S_IRUSR) != 0)
    return Error{Errc::conflict, file.string() + ": you may read it already"};
  return edit;
}

Result<void> apply_mode(const FileEdit& edit) {
  const UniqueFd fd(::open(edit.file.c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return error_from_errno(errno, edit.file.string());
  const Result<struct stat> status = judge(edit.file, fd.get());
  if (!status) return status.error();
  if ((status->st_mode & 07777U) != edit.mode_before) return has_changed(edit.file);
  // fchmod(2) refuses O_PATH; this is the same file.
  const std::string path = fmt::format("/proc/self/fd/{}", fd.get());
  if (::chmod(path.c_str(), edit.mode_after) != 0)
    return error_from_errno(errno, edit.file.string());
  return {};
}

/// Never over a file that appeared meanwhile.
Result<void> apply_new(const FileEdit& edit) {
  std::error_code failed;
  if (!fs::exists(edit.file.parent_path(), failed)) {
    Result<void> made = make_private_directory(edit.file.parent_path());
    if (!made) return made;
  }
  if (Result<void> judged = judge_folder(edit.file); !judged) return judged;
  const UniqueFd fd(
      ::open(edit.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kOwnFile));
  if (!fd)
    return errno == EEXIST ? has_changed(edit.file) : error_from_errno(errno, edit.file.string());
  Result<void> written =
      write_file_atomically(edit.file, edit.after.expose(), edit.mode_after, Durability::synced);
  if (!written) ::unlink(edit.file.c_str());  // the empty one that kept the name
  return written;
}

}  // namespace

Result<FileEdit> prepare_edit(const FixChange& change, std::string_view note) {
  const Result<fs::path> file = behind_links(change.path);
  if (!file && file.error().code == Errc::not_found && may_be_made(change.kind) &&
      !fs::is_symlink(fs::path(change.path)))
    return prepare_new(change, note);
  if (!file) return file.error();
  if (change.kind == Kind::allow_reading) return prepare_mode(change, *file);

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
  Result<Secret> before = read_secret_file(*fd, *file, kLongestEdited);
  if (!before) return before.error();
  const bool is_blank = before->expose().find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
  if (change.kind == Kind::copy_token && !is_blank)
    return Error{Errc::conflict, file->string() + ": is there already"};
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
  if (edit.creates) {
    diff = fmt::format("diff --git a/{0} b/{0}\nnew file mode 100{1:o}\n", shown, edit.mode_after);
  } else if (edit.mode_before != edit.mode_after) {
    diff = fmt::format("diff --git a/{0} b/{0}\nold mode 100{1:o}\nnew mode 100{2:o}\n", shown,
                       edit.mode_before, edit.mode_after);
  }
  std::string changed = unified_diff(edit.before.expose(), edit.after.expose(), shown);
  if (edit.creates) {  // as diff and git name what is not there
    const std::string name = fmt::format("--- {}\n", shown);
    if (changed.starts_with(name)) changed.replace(0, name.size(), "--- /dev/null\n");
  }
  diff += redact(changed);
  wipe(changed);
  return diff;
}

Result<void> apply_edit(const FileEdit& edit) {
  if (edit.creates) return apply_new(edit);
  if (edit.mode_alone) return apply_mode(edit);
  const auto lock = lock_for(edit.file);
  if (!lock) return lock.error();

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
  const Result<Secret> now = read_secret_file(*fd, edit.file, kLongestEdited);
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
  const auto lock = lock_for(file);
  if (!lock) return lock.error();

  struct stat status {};

  const Result<UniqueFd> fd = open_judged(file, status);
  if (!fd) return fd.error();
  Result<Secret> now = Secret();
  if (!expected.empty()) {
    now = read_secret_file(*fd, file, kLongestEdited);
    if (!now) return now.error();
    if (crypto::hash(now->expose()) != expected) return has_changed(file);
  }
  if (expected.empty() || now->equals(content)) {
    if (::fchmod(fd->get(), mode) != 0) return error_from_errno(errno, file.string());
    return {};
  }
  return replace(file, content, mode, status.st_gid);
}

Result<void> remove_made_file(const fs::path& file, std::string_view expected) {
  struct stat status {};

  const Result<UniqueFd> fd = open_judged(file, status);
  if (!fd) return fd.error();
  const Result<Secret> now = read_secret_file(*fd, file, kLongestEdited);
  if (!now) return now.error();
  if (crypto::hash(now->expose()) != expected) return has_changed(file);
  if (::unlink(file.c_str()) != 0) return error_from_errno(errno, file.string());
  return sync_directory(file.parent_path());
}

}  // namespace hfauth::diagnose
