// SPDX-License-Identifier: Apache-2.0
//
// Three questions to git. Its output may hold tokens, so it is taken line by line and wiped.
#include "scan_git.hpp"

#include "child_process.hpp"
#include "git_program.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/work_tree.hpp"

#include <charconv>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace hfauth::cli {
namespace {

using diagnose::LeakKind;
using diagnose::LeakScan;

constexpr std::chrono::seconds kShort{20};
// As diagnose::find_tokens() has it, for git's own search.
constexpr const char* kPattern =
    "hf_[A-Za-z0-9]{30}|api_org_[A-Za-z0-9]{30}|hf_oauth_[A-Za-z0-9_.-]{40}|hf_jwt_[A-Za-z0-9_.-]{"
    "40}";

/// Hands on whole lines, without their ends. Of a longer line only what fits is looked at, with an
/// overlap, so that memory stays bounded.
class Lines {
 public:
  explicit Lines(std::function<void(std::string_view)> take) : take_(std::move(take)) {
    held_.reserve(2 * kMost);
  }

  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  ~Lines() { wipe(held_); }

  void feed(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t end = piece.find('\n');
      const std::string_view part = piece.substr(0, end);
      if (held_.size() + part.size() > kMost) {
        take_(held_);
        drop();
      }
      held_.append(part.substr(0, kMost));
      if (end == std::string_view::npos) return;
      take_(held_);
      drop();
      piece.remove_prefix(end + 1);
    }
  }

  void finish() {
    if (!held_.empty()) take_(held_);
    drop();
  }

 private:
  static constexpr std::size_t kMost = std::size_t{64} << 10;

  void drop() {
    wipe(held_);
    held_.clear();
  }

  std::function<void(std::string_view)> take_;
  std::string held_;
};

/// Whether git answered; exit status 1 is "nothing found".
bool ask(LeakScan& scan, const Environment& environment, const std::string& place,
         const std::vector<std::string>& words, std::chrono::milliseconds deadline,
         std::function<void(std::string_view)> take) {
  Lines lines(std::move(take));
  const Result<int> status = stream_child(
      words, git_environment(environment), [&lines](std::string_view piece) { lines.feed(piece); },
      deadline);
  lines.finish();
  if (!status) {
    scan.could_not_read(place, status.error().detail);
    return false;
  }
  if (*status > 1) {
    scan.could_not_read(place, "git ended with status " + std::to_string(*status));
    return false;
  }
  return true;
}

/// The folder with a `.git` that git did not want to look at; "" if there is none.
std::string refused_root(const std::filesystem::path& folder) {
  std::error_code ignored;
  return utf8::make_valid(
      diagnose::work_tree_of(std::filesystem::absolute(folder, ignored)).string());
}

std::size_t number_at(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void scan_remotes(LeakScan& scan, const Environment& environment, const std::string& root) {
  ask(scan, environment, root,
      git_words(root,
                {"config", "--local", "--get-regexp", R"(^(remote\..*\.(push)?url|url\..*))"}),
      kShort, [&](std::string_view line) {
        const std::string name(line.substr(0, line.find(' ')));
        scan.scan_text(LeakKind::remote_url, root + " " + name.substr(0, name.find("://")), line,
                       0);
      });
}

void scan_index(LeakScan& scan, const Environment& environment, const std::string& root,
                const GitScanLimits& limits) {
  // path:line:text; with --null a zero byte stands behind the path and the number.
  ask(scan, environment, root,
      git_words(root, {"grep", "--cached", "--no-color", "--no-textconv", "-I", "-n", "--null",
                       "-E", "-e", kPattern}),
      limits.longest, [&](std::string_view line) {
        const std::size_t path = line.find('\0');
        if (path == std::string_view::npos) return;
        const std::string_view rest = line.substr(path + 1);
        const std::size_t number = rest.find('\0');
        if (number == std::string_view::npos) return;
        scan.scan_text(LeakKind::git_index, root + "/" + utf8::make_valid(line.substr(0, path)),
                       rest.substr(number + 1), number_at(rest));
      });
}

void scan_history(LeakScan& scan, const Environment& environment, const std::string& root,
                  const GitScanLimits& limits) {
  std::string commit;
  std::string path;
  std::vector<std::string> words{
      "log",         "--all",   "--no-color",      "--no-ext-diff",     "--no-textconv",
      "--unified=0", "--patch", "--format=%x01%h", "--extended-regexp", "-G",
      kPattern};
  ask(scan, environment, root, git_words(root, std::move(words)), limits.longest,
      [&](std::string_view line) {
        if (line.starts_with('\x01')) {
          commit = line.substr(1);
        } else if (line.starts_with("+++ ")) {
          path = utf8::make_valid(line.substr(line.starts_with("+++ b/") ? 6 : 4));
        } else if (line.starts_with("+")) {
          scan.scan_text(LeakKind::git_history, root + "/" + path, line.substr(1), 0, commit);
        }
      });
}

}  // namespace

void scan_git(LeakScan& scan, const Environment& environment, const std::filesystem::path& folder,
              const GitScanLimits& limits) {
  const std::string root = git_root(environment, folder, kShort);
  if (root.empty()) {
    if (const std::string refused = refused_root(folder); !refused.empty())
      scan.could_not_read(refused + "/.git",
                          "git does not read it: damaged, or another user's (safe.directory)");
    return;
  }
  scan.count_place();
  scan_remotes(scan, environment, root);
  scan_index(scan, environment, root, limits);
  if (limits.history) scan_history(scan, environment, root, limits);
}

bool would_be_committed(const Environment& environment, const std::filesystem::path& file) {
  const Result<ChildResult> answer = run_child(
      git_words(file.parent_path(), {"check-ignore", "--quiet", "--", file.filename().string()}),
      git_environment(environment), "", kShort);
  return answer && answer->status == 1;  // 128: it is in no repository
}

}  // namespace hfauth::cli
