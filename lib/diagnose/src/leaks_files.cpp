// SPDX-License-Identifier: Apache-2.0
//
// Where the scan looks on a machine. A FIFO, a device or a socket in the place of a file is never
// opened for reading (O_NONBLOCK and fstat before the first byte); a file that changes or vanishes
// is read as far as it goes.
#include "hfauth/core/file.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/leaks.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kOverlap = std::size_t{16} << 10;   // longer than the longest token
constexpr std::size_t kSmallest = std::size_t{32} << 10;  // of a buffer; more than the overlap
constexpr std::size_t kSniffed = 8192;  // where a zero byte means "binary", as git and grep have it
constexpr std::size_t kMostFiles = 1'000'000;
constexpr int kDeepest = 64;
constexpr mode_t kForOthers = 0077;

constexpr std::array kHistories{
    ".bash_history",   ".zsh_history",
    ".zhistory",       ".histfile",
    ".sh_history",     ".local/share/fish/fish_history",
    ".python_history", ".local/share/python/history",
    ".psql_history",   ".sqlite_history",
    ".mysql_history",  ".node_repl_history",
    ".Rhistory",       ".local/share/powershell/PSReadLine/ConsoleHost_history.txt",
    ".lesshst",        ".viminfo"};

constexpr std::array kDotfiles{".bashrc",
                               ".bash_profile",
                               ".bash_login",
                               ".bash_aliases",
                               ".profile",
                               ".zshrc",
                               ".zshenv",
                               ".zprofile",
                               ".zlogin",
                               ".envrc",
                               ".config/fish/config.fish",
                               ".gitconfig",
                               ".config/git/config",
                               ".pam_environment",
                               ".config/pip/pip.conf"};

bool is_env_file(const std::string& name) {
  return name == ".env" || name.starts_with(".env.") || name.ends_with(".env") ||
         name.starts_with("docker-compose") || name == "compose.yaml" || name == "compose.yml";
}

std::string shown(const std::filesystem::path& path) {
  return utf8::make_valid(path.string());
}

// A token at the end of a piece may go on in the next one: it is left for that.
std::size_t whole_length(std::string_view piece) {
  const std::size_t from = piece.size() > kOverlap ? piece.size() - kOverlap : 0;
  const std::size_t end = piece.find_last_of("\n \"'=");
  return end != std::string_view::npos && end >= from ? end + 1 : from;
}

// The file says that it has no bytes, so it is read until nothing comes.
Secret arguments_of(const std::filesystem::path& process) {
  static constexpr std::size_t kMost = std::size_t{256} << 10;  // longer ones are cut
  const UniqueFd file(::open((process / "cmdline").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  Secret arguments = Secret::allocate(kMost);
  std::size_t size = 0;
  while (file && size < kMost) {
    const ssize_t got = ::read(file.get(), arguments.writable().data() + size, kMost - size);
    if (got <= 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
  }
  arguments.truncate(size);
  return arguments;
}

}  // namespace

void LeakScan::scan_open_file(LeakKind kind, const std::filesystem::path& path, bool binary_too,
                              bool must_exist) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) {
    if (errno != ENOENT && errno != ENOTDIR ? true : must_exist) {
      could_not_read(shown(path), std::generic_category().message(errno));
    }
    return;
  }
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    if (must_exist) {
      could_not_read(shown(path), "not a regular file");
    }
    return;
  }
  count_place();
  const std::size_t before = report_.leaks.size();
  // As long as a small file is, so that a tree of many does not clear megabytes for each.
  const auto size = static_cast<std::size_t>(status.st_size);
  std::string buffer(size < kPiece ? std::max(size + 1, kSmallest) : kPiece + kOverlap, '\0');
  std::size_t held = 0;
  std::size_t line = 1;
  for (bool first = true;; first = false) {
    const ssize_t got = ::read(file.get(), buffer.data() + held, buffer.size() - held);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      could_not_read(shown(path), std::generic_category().message(errno));
      break;
    }
    const std::string_view read(buffer.data(), held + static_cast<std::size_t>(got));
    if (first && !binary_too && read.substr(0, kSniffed).find('\0') != std::string_view::npos) {
      break;
    }
    const bool last = got == 0;
    const std::size_t done = last ? read.size() : whole_length(read);
    scan_text(kind, shown(path), read.substr(0, done), line);
    if (last) {
      break;
    }
    line += static_cast<std::size_t>(
        std::count(read.begin(), read.begin() + static_cast<std::ptrdiff_t>(done), '\n'));
    held = read.size() - done;
    std::copy(read.begin() + static_cast<std::ptrdiff_t>(done), read.end(), buffer.begin());
  }
  wipe(buffer);
  for (std::size_t i = before; i < report_.leaks.size(); ++i) {
    report_.leaks[i].open = (status.st_mode & kForOthers) != 0;
  }
}

void LeakScan::scan_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const LeakKind kind = name.ends_with(".ipynb") ? LeakKind::notebook
                        : is_env_file(name)      ? LeakKind::env_file
                                                 : LeakKind::file;
  scan_open_file(kind, path, false, true);
}

void LeakScan::scan_known_file(LeakKind kind, const std::filesystem::path& path) {
  scan_open_file(kind, path, true, false);
}

void LeakScan::scan_tree(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code fault;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, fault);
  if (fault) {
    could_not_read(shown(folder), fault.message());
    return;
  }
  std::size_t n_files = 0;
  for (; at != fs::recursive_directory_iterator(); at.increment(fault)) {
    if (fault) {
      could_not_read(shown(folder), fault.message());
      return;
    }
    const fs::file_status status = at->symlink_status(fault);
    if (fault) {
      fault.clear();  // it has just vanished
      continue;
    }
    if (fs::is_directory(status)) {
      const std::string name = at->path().filename().string();
      const bool kernel = folder == "/" && (name == "proc" || name == "sys" || name == "dev");
      if (name == ".git" || kernel || at.depth() >= kDeepest) {
        at.disable_recursion_pending();
      }
    } else if (fs::is_regular_file(status)) {
      if (++n_files > kMostFiles) {
        could_not_read(shown(folder), "more than 1,000,000 files");
        return;
      }
      scan_file(at->path());
    }
  }
}

void LeakScan::scan_home(const Environment& environment, const std::filesystem::path& home) {
  for (const char* name : kHistories) {
    scan_known_file(LeakKind::shell_history, home / name);
  }
  if (const auto chosen = environment.non_empty("HISTFILE");
      chosen && std::find(kHistories.begin(), kHistories.end(),
                          std::filesystem::path(*chosen).lexically_relative(home).string()) ==
                    kHistories.end()) {
    scan_known_file(LeakKind::shell_history, *chosen);
  }
  std::error_code ignored;
  const std::filesystem::path ipython =
      environment.non_empty("IPYTHONDIR").value_or((home / ".ipython").string());
  for (const auto& entry : std::filesystem::directory_iterator(ipython, ignored)) {
    if (entry.path().filename().string().starts_with("profile_")) {
      // What is not yet merged stands in the file beside it.
      for (const char* name : {"history.sqlite", "history.sqlite-wal"}) {
        scan_known_file(LeakKind::shell_history, entry.path() / name);
      }
    }
  }
  for (const char* name : kDotfiles) {
    scan_known_file(LeakKind::dotfile, home / name);
  }
  scan_known_file(LeakKind::env_file, home / ".env");
  for (const char* folder :
       {".config/environment.d", ".config/systemd/user", ".config/fish/conf.d"}) {
    for (const auto& entry : std::filesystem::directory_iterator(home / folder, ignored)) {
      scan_known_file(LeakKind::dotfile, entry.path());
    }
  }
}

void LeakScan::scan_processes(const std::filesystem::path& proc) {
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(proc, fault)) {
    const std::string pid = entry.path().filename().string();
    struct stat status = {};
    if (pid.find_first_not_of("0123456789") != std::string::npos ||
        pid == std::to_string(::getpid()) || ::stat(entry.path().c_str(), &status) != 0 ||
        status.st_uid != ::getuid()) {
      continue;
    }
    Secret arguments = arguments_of(entry.path());
    if (arguments.empty()) {
      continue;  // it has ended, or is the kernel's
    }
    count_place();
    for (char& c : arguments.writable()) {
      c = c == '\0' ? ' ' : c;
    }
    const std::string_view line = arguments.expose();
    const std::filesystem::path program(
        utf8::make_valid(line.substr(0, std::min(line.find(' '), line.size()))));
    scan_text(LeakKind::process_arguments,
              "process " + pid + " (" + program.filename().string() + ")", line, 0);
  }
}

}  // namespace hfauth::diagnose
