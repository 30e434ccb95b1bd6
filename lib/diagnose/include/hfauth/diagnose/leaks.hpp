// SPDX-License-Identifier: Apache-2.0
//
// `hfauth scan`: tokens that lie where they can be read or passed on: shell histories, dotfiles,
// .env files, notebooks, git, arguments of running programs. Reading is safe on any input: only
// regular files are opened, in pieces, and no link is followed inside a folder. Tokens are kept in
// guarded memory, once each; everything else that comes out is masked. Blocks; not thread-safe.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/fingerprint.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/diagnose/render.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hfauth::diagnose {

struct TokenPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What find_tokens() knows, as a number: another one means that text which held no token before
/// may hold one now. To be raised with every change of the shapes.
inline constexpr int kTokenShapes = 1;

/// Everything in `text` that has the shape of a token of the Hub (hf_, hf_oauth_, hf_jwt_,
/// api_org_; facts/hub-auth.md §4.1) and is no placeholder of one or two letters. Linear time; any
/// bytes.
[[nodiscard]] std::vector<TokenPlace> find_tokens(std::string_view text);

enum class LeakKind {
  shell_history,      // HFA901
  notebook,           // HFA902
  git_history,        // HFA903
  git_index,          // HFA903
  dotfile,            // HFA904
  process_arguments,  // HFA905
  env_file,           // HFA906
  file,               // HFA907
  remote_url,         // HFA810
};

struct Leak {
  LeakKind kind = LeakKind::file;
  std::string where;       ///< a path, "process 4242 (python3)", "remote origin"
  std::size_t line = 0;    ///< 1-based; 0: none
  std::size_t cell = 0;    ///< of a notebook, 1-based; 0: none
  std::string commit;      ///< of git's history
  std::size_t token = 0;   ///< index into LeakReport::tokens
  bool open = false;       ///< others may read the file
  bool unignored = false;  ///< of a .env file: git would take it into a commit

  friend bool operator==(const Leak&, const Leak&) = default;
};

/// What the Hub says of a leaked token, if it was asked.
enum class LeakVerdict { not_asked, alive, dead, unknown };

struct LeakedToken {
  Secret token;
  std::string mask;
  std::string fingerprint;
  LeakVerdict verdict = LeakVerdict::not_asked;
  std::string account;  ///< of one that is alive
};

struct LeakReport {
  std::vector<LeakedToken> tokens;
  std::vector<Leak> leaks;
  std::size_t left_out = 0;  ///< leaks beyond the limit of 1,000
  std::size_t n_places = 0;  ///< files, processes and repositories that were looked at
  std::vector<std::pair<std::string, std::string>> unread;  ///< place, reason
};

class LeakScan {
 public:
  explicit LeakScan(const Fingerprinter& fingerprinter) : fingerprinter_(fingerprinter) {}

  /// Looks through text that is in memory. `line`: the number of its first line; 0: it has none.
  void scan_text(LeakKind kind, const std::string& where, std::string_view text, std::size_t line,
                 const std::string& commit = "");

  /// A file by its name: a notebook, a .env file, or any other. What is binary is passed over.
  void scan_file(const std::filesystem::path& path);
  /// A file of a known kind, binary too; one that does not exist is no place.
  void scan_known_file(LeakKind kind, const std::filesystem::path& path);
  /// All regular files below a folder, `.git` excepted; links are not followed.
  void scan_tree(const std::filesystem::path& folder);
  /// Histories of shells, of Python and of databases, and dotfiles of the user.
  void scan_home(const Environment& environment, const std::filesystem::path& home);
  /// The arguments of the user's own running programs, this one excepted.
  void scan_processes(const std::filesystem::path& proc = "/proc");

  void count_place() noexcept { ++report_.n_places; }

  /// Of each .env file with a token: whether git would take it into a commit.
  template <class Question>
  void ask_whether_ignored(const Question& would_be_committed) {
    std::string last;
    bool answer = false;
    for (Leak& leak : report_.leaks) {
      if (leak.kind != LeakKind::env_file) continue;
      if (leak.where != last) answer = would_be_committed(leak.where);
      last = leak.where;
      leak.unignored = answer;
    }
  }

  void could_not_read(const std::string& place, const std::string& reason);

  [[nodiscard]] LeakReport finish() && { return std::move(report_); }

 private:
  void scan_open_file(LeakKind kind, const std::filesystem::path& path, bool binary_too,
                      bool must_exist);
  [[nodiscard]] std::size_t index_of(std::string_view token);

  const Fingerprinter& fingerprinter_;
  LeakReport report_;
};

/// One finding an id, the gravest first, each leak a line of its evidence.
[[nodiscard]] std::vector<Finding> findings_of(const LeakReport& report);

/// 1 if a finding is at least `fail_on`, else 3 if something could not be read, else 0 (docs/
/// exit-codes.md). `ok` as `fail_on`: never 1.
[[nodiscard]] int exit_code_of(const LeakReport& report, Severity fail_on);

[[nodiscard]] std::string render_leaks(const LeakReport& report, const TextStyle& style);
[[nodiscard]] std::string leaks_json(const LeakReport& report, const RunInfo& run, int exit_code);

}  // namespace hfauth::diagnose
