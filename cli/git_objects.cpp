// SPDX-License-Identifier: Apache-2.0
//
// Five questions to git at most, two where all is known: ls-files, rev-list; diff-tree for commits
// that are new, diff-index for the order, and cat-file for sizes and contents.
#include "git_objects.hpp"

#include "child_process.hpp"
#include "git_program.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/core/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace hfauth::cli {
namespace {

using diagnose::LeakKind;
using diagnose::LeakScan;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostBytes = std::size_t{4} << 20;  // notebooks with pictures are smaller
constexpr std::size_t kMostList = std::size_t{64} << 20;  // of a list: half a million paths
constexpr std::size_t kSniffed = 8000;       // where a zero byte means "binary", as git has it
constexpr std::size_t kMostAtOnce = 20'000;  // contents of a run: git's limit in a second
constexpr std::size_t kFew = 64;             // fewer are read before their order matters
constexpr std::size_t kCommitShown = 10;

struct Place {
  bool staged = false;
  std::string path;
  std::string commit;
};

bool is_file(std::string_view mode) {
  return mode.starts_with("10") || mode == "120000";  // no submodule, and nothing that is gone
}

/// Of "12 ..."; nullopt if no number stands there, as in "missing".
std::optional<std::size_t> size_in(std::string_view line) {
  std::size_t size = 0;
  const auto [end, fault] = std::from_chars(line.data(), line.data() + line.size(), size);
  return fault == std::errc() ? std::optional(size) : std::nullopt;
}

/// Reads what `git cat-file --batch` prints: a line "ID TYPE SIZE", SIZE bytes, the end of a line.
class Contents {
 public:
  using Take = std::function<void(std::string_view id, std::string_view content)>;

  explicit Contents(Take take) : take_(std::move(take)) { held_.reserve(kMostBytes + 1); }

  Contents(const Contents&) = delete;
  Contents& operator=(const Contents&) = delete;

  ~Contents() { wipe(held_); }

  void feed(std::string_view piece) {
    while (!piece.empty()) {
      if (id_.empty()) {
        const std::size_t end = piece.find('\n');
        held_.append(piece.substr(0, end));
        if (end == std::string_view::npos || held_.size() > kMostLine) return;
        piece.remove_prefix(end + 1);
        begin();
        continue;
      }
      const std::string_view part = piece.substr(0, size_ + 1 - held_.size());
      held_.append(part);
      piece.remove_prefix(part.size());
      if (held_.size() <= size_) return;
      take_(id_, std::string_view(held_).substr(0, size_));
      id_.clear();
      drop();
    }
  }

 private:
  static constexpr std::size_t kMostLine = 256;

  // "ID missing" has no content.
  void begin() {
    std::string_view line = held_;
    const std::string_view id = take_until(line, ' ');
    (void)take_until(line, ' ');
    if (const std::optional<std::size_t> size = size_in(line); size && *size <= kMostBytes) {
      id_ = id;
      size_ = *size;
    }
    drop();
  }

  void drop() {
    wipe(held_);
    held_.clear();
  }

  Take take_;
  std::string held_;
  std::string id_;
  std::size_t size_ = 0;
};

class Search {
 public:
  Search(LeakScan& scan, SeenObjects& seen, const Environment& environment, const std::string& root,
         milliseconds longest)
      : scan_(scan),
        seen_(seen),
        environment_(git_environment(environment)),
        root_(root),
        end_(steady_clock::now() + longest) {}

  ObjectSearch run(int commits) && {
    list_index();
    list_history(commits);
    if (!places_.empty()) {
      if (places_.size() > kFew) add_staged();
      read(in_order());
    }
    note_commits();
    done_.n_unread = places_.size() - n_read_;
    done_.is_late = done_.is_late || (done_.n_unread > 0 && done_.problem.empty());
    return std::move(done_);
  }

 private:
  [[nodiscard]] bool stream(std::vector<std::string> words, std::string_view input,
                            const std::function<void(std::string_view)>& take) {
    const auto left = std::chrono::ceil<milliseconds>(end_ - steady_clock::now());
    const Result<int> status = stream_child(git_words(root_, std::move(words)), environment_, take,
                                            std::max(left, milliseconds(1)), input);
    if (status && *status == 0) return true;
    if (!status && status.error().code == Errc::timeout) {
      done_.is_late = true;
    } else if (done_.problem.empty()) {
      done_.problem =
          status ? "git ended with status " + std::to_string(*status) : status.error().detail;
    }
    return false;
  }

  /// What git prints; what came until the deadline is as good as nothing.
  [[nodiscard]] std::string list(std::vector<std::string> words, std::string_view input = "") {
    std::string text;
    const bool whole = stream(std::move(words), input, [&text](std::string_view piece) {
      if (text.size() < kMostList) text.append(piece);
    });
    return whole && text.size() < kMostList ? std::move(text) : std::string();
  }

  void list_index() {
    const std::string entries = list({"ls-files", "--stage", "-z"});
    std::string_view left = entries;
    while (!left.empty()) {
      std::string_view entry = take_until(left, '\0');
      const std::string_view mode = take_until(entry, ' ');
      const std::string_view id = take_until(entry, ' ');
      (void)take_until(entry, '\t');  // the stage
      if (is_file(mode))
        add(std::string(id), {.staged = true, .path = std::string(entry), .commit = {}});
    }
  }

  void list_history(int commits) {
    const std::string ids = list({"rev-list", "--all", "--max-count=" + std::to_string(commits)});
    std::string fresh;
    std::string_view left = ids;
    while (!left.empty()) {
      const std::string_view id = take_until(left, '\n');
      done_.commits.emplace_back(id.substr(0, kCommitShown));
      if (!seen_.contains(id)) fresh.append(id).push_back('\n');
    }
    if (fresh.empty()) return;
    // Of a merge nothing is listed: what it brings came with other commits.
    const std::string changes =
        list({"diff-tree", "--stdin", "-r", "--root", "--no-renames", "-z"}, fresh);
    take_changes(changes, [&](std::string_view id, std::string_view path) {
      if (path.empty()) {
        fresh_.emplace_back(id, std::vector<std::string>());
        return;
      }
      if (fresh_.empty()) return;
      fresh_.back().second.emplace_back(id);
      add(std::string(id), {.staged = false,
                            .path = std::string(path),
                            .commit = fresh_.back().first.substr(0, kCommitShown)});
    });
  }

  /// ":MODE MODE ID ID STATUS" and the path behind it, for each file that is new or changed; the id
  /// of a commit alone, with "" for the path.
  template <class Take>
  static void take_changes(std::string_view changes, const Take& take) {
    while (!changes.empty()) {
      std::string_view line = take_until(changes, '\0');
      if (!line.starts_with(':')) {
        take(line, "");
        continue;
      }
      const std::string_view path = take_until(changes, '\0');
      (void)take_until(line, ' ');
      const std::string_view mode = take_until(line, ' ');
      (void)take_until(line, ' ');
      if (const std::string_view id = take_until(line, ' '); is_file(mode)) take(id, path);
    }
  }

  // Commits come the newest first, so the last one of the same content and path is the oldest.
  void add(std::string id, Place place) {
    if (seen_.contains(id)) return;
    (place.staged ? of_index_ : of_history_).push_back(id);
    std::vector<Place>& places = places_[std::move(id)];
    for (Place& known : places) {
      if (known.staged == place.staged && known.path == place.path) {
        known = std::move(place);
        return;
      }
    }
    places.push_back(std::move(place));
  }

  /// What is staged and not committed; in a repository without a commit git knows no such thing.
  void add_staged() {
    const Result<ChildResult> head =
        run_child(git_words(root_, {"diff-index", "--cached", "--no-renames", "-z", "HEAD"}),
                  environment_, "", std::chrono::milliseconds(200));
    if (!head || head->status != 0) return;
    take_changes(head->output, [&](std::string_view id, std::string_view) {
      if (places_.contains(std::string(id))) staged_.emplace_back(id);
    });
  }

  /// The ids of places_, each once, in the order in which they are to be read; no more than can be
  /// read in the time, so that each run comes further.
  [[nodiscard]] std::string in_order() const {
    std::unordered_set<std::string_view> told;
    std::string ids;
    for (const std::vector<std::string>* part : {&staged_, &of_history_, &of_index_}) {
      for (const std::string& id : *part) {
        if (told.size() < kMostAtOnce && told.insert(id).second) ids.append(id).push_back('\n');
      }
    }
    return ids;
  }

  void read(const std::string& ids) {
    // git prints what it is asked for whole, so what is too large is not asked for.
    const std::string sizes =
        list({"cat-file", "--batch-check=%(objectname) %(objectsize)", "--buffer"}, ids);
    std::string small;
    std::string_view left = sizes;
    while (!left.empty()) {
      std::string_view line = take_until(left, '\n');
      const std::string_view id = take_until(line, ' ');
      const std::optional<std::size_t> size = size_in(line);
      if (!size) {
        ++n_read_;  // "missing", of a partial clone: it may come later
      } else if (*size <= kMostBytes) {
        small.append(id).push_back('\n');
      } else {
        pass_over(id);
      }
    }
    if (small.empty()) return;
    Contents contents([&](std::string_view id, std::string_view text) { look_at(id, text); });
    (void)stream({"cat-file", "--batch", "--buffer"}, small,
                 [&contents](std::string_view piece) { contents.feed(piece); });
  }

  void pass_over(std::string_view id) {
    seen_.note(id);
    ++n_read_;
  }

  void look_at(std::string_view id, std::string_view text) {
    if (text.substr(0, kSniffed).find('\0') != std::string_view::npos ||
        diagnose::find_tokens(text).empty()) {
      pass_over(id);
      return;
    }
    ++n_read_;
    const auto found = places_.find(std::string(id));
    if (found == places_.end()) return;
    for (const Place& place : found->second) {
      scan_.scan_text(place.staged ? LeakKind::git_index : LeakKind::git_history,
                      root_ + "/" + utf8::make_valid(place.path), text, place.staged ? 1 : 0,
                      place.commit);
    }
  }

  /// A commit that brought nothing with a token need not be listed again.
  void note_commits() {
    for (const auto& [commit, blobs] : fresh_) {
      const bool is_clean =
          std::all_of(blobs.begin(), blobs.end(),
                      [this](const std::string& blob) { return seen_.contains(blob); });
      if (is_clean) seen_.note(commit);
    }
  }

  LeakScan& scan_;
  SeenObjects& seen_;
  Environment environment_;
  std::string root_;
  steady_clock::time_point end_;
  ObjectSearch done_;
  std::unordered_map<std::string, std::vector<Place>> places_;  ///< of contents not known, by id
  std::vector<std::string> staged_;
  std::vector<std::string> of_history_;
  std::vector<std::string> of_index_;
  std::vector<std::pair<std::string, std::vector<std::string>>> fresh_;  ///< commit, its contents
  std::size_t n_read_ = 0;
};

}  // namespace

ObjectSearch search_objects(LeakScan& scan, SeenObjects& seen, const Environment& environment,
                            const std::string& root, int commits, milliseconds longest) {
  return Search(scan, seen, environment, root, longest).run(commits);
}

}  // namespace hfauth::cli
