// SPDX-License-Identifier: Apache-2.0
//
// One loop in the caller's thread: give free places to waiting files, let the network move, finish
// what is whole. A lock that another process holds is never waited for while one is held here, so
// two that fill the same files cannot wait for each other: such files come last.
//
// Durability: a file is renamed only when its content is on the disk, because a power cut may
// otherwise leave a whole name on an empty file. fdatasync for each of 2,000 files of 20 KB takes 6
// s on this project's machine and one syncfs for a hundred of them 1.5 s (docs/performance.md), so
// small files are collected and made durable together.
#include "blob_fill.hpp"

#include "blob_file.hpp"
#include "file_get.hpp"
#include "large_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <deque>
#include <list>

namespace hfauth::hub {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBatch = 100;      // each holds a lock and a file open: well below 1,024
constexpr std::size_t kWorthABatch = 8;  // below that, single calls disturb the machine less
constexpr milliseconds kRound{100};      // how fast Ctrl-C and the progress bar are

/// A file that is whole and waits to be made durable.
struct Finished {
  const BlobWish* wish;
  BlobLock lock;
  IncompleteBlob blob;
};

/// A small file on its way.
struct Small {
  const BlobWish* wish;
  BlobLock lock;
  IncompleteBlob blob;
};

class BlobFill {
 public:
  BlobFill(HubClient& client, const Repo& repo, const std::string& commit, const Secret* token,
           const FillRules& rules, const DownloadWatch& watch)
      : client_(client),
        repo_(repo),
        commit_(commit),
        token_(token),
        rules_(rules),
        watch_(watch) {}

  BlobFill(const BlobFill&) = delete;
  BlobFill& operator=(const BlobFill&) = delete;

  ~BlobFill() { client_.http().drop_all(); }  // their callbacks refer to this object

  Result<void> run(const std::vector<BlobWish>& wishes) {
    progress_.n_files = wishes.size();
    for (const BlobWish& wish : wishes) {
      progress_.bytes += wish.size;
      (wish.size >= kLargeFile ? large_wishes_ : small_wishes_).push_back(&wish);
    }
    while (!failure_ && !is_all_done()) {
      begin_what_fits();
      if (failure_) break;
      const Result<std::size_t> polled = client_.http().poll(kRound);
      if (!polled) return polled.error();
      tell_progress();
      if (watch_.is_interrupted && watch_.is_interrupted()) {
        publish();
        return Error{Errc::interrupted, "interrupted; the files that were complete are kept"};
      }
      if (finished_.size() >= kBatch) publish();
      if (!failure_ && transfers_.empty() && !may_begin()) wait_or_return();
    }
    publish();  // after a failure too: these are whole
    tell_progress();
    if (failure_) return *failure_;
    return {};
  }

 private:
  /// One file or part that is being fetched.
  struct Transfer {
    std::unique_ptr<FileGet> get;
    Attempts attempts;
    std::function<Result<void>()> when_done;
    std::optional<MonotonicTime> again_at;  ///< set while it pauses
  };

  using Place = std::list<Transfer>::iterator;

  [[nodiscard]] bool is_all_done() const {
    return transfers_.empty() && small_wishes_.empty() && large_wishes_.empty() && !large_ &&
           busy_.empty() && finished_.empty();
  }

  [[nodiscard]] bool may_begin() const { return !small_wishes_.empty() || !large_wishes_.empty(); }

  void begin_what_fits() {
    resume_paused();
    while (!failure_ && transfers_.size() < kMostExchangesAtOnce && !is_held()) {
      if (large_ && n_parts_ < kPartsAtOnce && large_->has_part_to_begin()) {
        begin_part();
      } else if (!large_ && !large_wishes_.empty()) {
        begin_large();
      } else if (!small_wishes_.empty() && finished_.size() < kBatch) {
        begin_small();
      } else {
        return;
      }
    }
  }

  /// The lock of a wish, if it is still to be fetched and nobody else does.
  std::optional<BlobLock> take_lock(const BlobWish& wish) {
    Result<std::optional<BlobLock>> lock = BlobLock::try_acquire(wish.lock);
    if (!lock) {
      failure_ = lock.error();
      return std::nullopt;
    }
    if (!*lock) {
      busy_.push_back(&wish);
      return std::nullopt;
    }
    const Result<bool> is_there = rules_.is_there(wish);
    if (!is_there) {
      failure_ = is_there.error();
    } else if (*is_there) {
      progress_.bytes_done += wish.size;
      place(wish);
    } else {
      return *std::move(lock);
    }
    return std::nullopt;
  }

  void place(const BlobWish& wish) {
    if (const Result<void> placed = rules_.placed(wish); !placed) failure_ = placed.error();
    ++progress_.n_files_done;
  }

  [[nodiscard]] WantedBytes wanted(const BlobWish& wish) const {
    WantedBytes wanted;
    wanted.size = wish.size;
    wanted.what = fmt::format("{} of {}", wish.file, repo_.id());
    wanted.commit = commit_;
    wanted.etag = wish.etag;
    return wanted;
  }

  void begin_small() {
    const BlobWish& wish = *small_wishes_.front();
    small_wishes_.pop_front();
    std::optional<BlobLock> lock = take_lock(wish);
    if (!lock) return;
    Result<IncompleteBlob> blob =
        IncompleteBlob::create(wish.target, wish.etag, wish.size, wish.stem);
    if (!blob) {
      failure_ = blob.error();
      return;
    }
    auto small = std::make_shared<Small>(Small{&wish, *std::move(lock), *std::move(blob)});
    auto get = std::make_unique<FileGet>(client_.endpoint(), client_.user_agent(),
                                         client_.file_url(repo_, commit_, wish.file), token_,
                                         wanted(wish), [this, small](std::string_view piece) {
                                           progress_.bytes_done += piece.size();
                                           return small->blob.write(piece);
                                         });
    begin(std::move(get), [this, small]() -> Result<void> {
      if (Result<void> verified = small->blob.verify(); !verified)
        return named(verified.error(), *small->wish);
      finished_.push_back({small->wish, std::move(small->lock), std::move(small->blob)});
      return {};
    });
  }

  void begin_large() {
    const BlobWish& wish = *large_wishes_.front();
    large_wishes_.pop_front();
    std::optional<BlobLock> lock = take_lock(wish);
    if (!lock) return;
    Result<std::unique_ptr<LargeFile>> large = LargeFile::create(wish, *std::move(lock));
    if (!large) {
      failure_ = large.error();
      return;
    }
    large_ = *std::move(large);
  }

  void begin_part() {
    LargeFile::Part& part = large_->begin_part();
    const BlobWish& wish = large_->wish();
    WantedBytes bytes = wanted(wish);
    bytes.begin = part.begin;
    bytes.end = part.end;
    auto get = std::make_unique<FileGet>(client_.endpoint(), client_.user_agent(),
                                         client_.file_url(repo_, commit_, wish.file), token_,
                                         std::move(bytes), [this, &part](std::string_view piece) {
                                           progress_.bytes_done += piece.size();
                                           return large_->write(part, piece);
                                         });
    if (!large_->found_at().empty()) get->begin_at(large_->found_at());
    part.get = get.get();
    ++n_parts_;
    begin(std::move(get), [this, &part]() -> Result<void> {
      --n_parts_;
      large_->end_part(part);
      if (!large_->is_complete()) return {};
      const std::unique_ptr<LargeFile> whole = std::move(large_);
      if (Result<void> done = whole->finish(); !done) return named(done.error(), whole->wish());
      place(whole->wish());
      return {};
    });
  }

  static Error named(const Error& error, const BlobWish& wish) {
    return Error{error.code, fmt::format("{}: {}", wish.file, error.detail)};
  }

  void begin(std::unique_ptr<FileGet> get, std::function<Result<void>()> when_done) {
    transfers_.push_back(
        {std::move(get), Attempts(client_.pacing()), std::move(when_done), std::nullopt});
    ask(std::prev(transfers_.end()));
  }

  void ask(Place place) {
    client_.http().start(place->get->next(), [this, place](const Result<HttpResponse>& response) {
      take(place, response);
    });
  }

  void take(Place place, const Result<HttpResponse>& response) {
    if (failure_) return;
    FileGet& get = *place->get;
    switch (get.take(response)) {
      case FileGet::State::done: {
        const std::function<Result<void>()> when_done = std::move(place->when_done);
        const Result<void> done = when_done();
        transfers_.erase(place);
        if (!done) failure_ = done.error();
        return;
      }
      case FileGet::State::failed:
        failure_ = get.error();
        return;
      case FileGet::State::under_way:
        break;
    }
    if (!get.is_passing()) {
      ask(place);  // a redirect
      return;
    }
    if (get.has_moved()) place->attempts = Attempts(client_.pacing());
    const std::optional<milliseconds> pause = place->attempts.next_pause(get.told());
    if (!pause) {
      failure_ = get.error();
      return;
    }
    place->again_at = client_.pacing().clock->monotonic() + *pause;
    // A used-up quota is every file's: nobody asks until it is there again.
    if (get.error().code == Errc::rate_limited && place->again_at > held_until_) {
      held_until_ = place->again_at;
      note(fmt::format("{}; waiting {} s", get.error().detail, pause->count() / 1000 + 1));
    }
  }

  [[nodiscard]] bool is_held() const {
    return held_until_ && client_.pacing().clock->monotonic() < *held_until_;
  }

  void resume_paused() {
    bool is_any_running = false;
    const MonotonicTime now = client_.pacing().clock->monotonic();
    for (auto place = transfers_.begin(); place != transfers_.end(); ++place) {
      if (place->again_at && now >= *place->again_at) {
        place->again_at.reset();
        ask(place);
      }
      is_any_running = is_any_running || !place->again_at;
    }
    // Nothing for poll() to wait for.
    if (!is_any_running && !transfers_.empty()) client_.pacing().pause(kRound);
  }

  /// Nothing runs and nothing can begin: make durable what is whole, then see to files that other
  /// processes had under their locks.
  void wait_or_return() {
    publish();
    if (failure_ || busy_.empty()) return;
    if (!is_told_) note("waiting for another process that downloads the same files");
    is_told_ = true;
    client_.pacing().pause(kRound);
    for (const BlobWish* wish : busy_)
      (wish->size >= kLargeFile ? large_wishes_ : small_wishes_).push_back(wish);
    busy_.clear();
  }

  /// Makes durable and renames whatever is whole.
  void publish() {
    const bool together = finished_.size() >= kWorthABatch;
    if (together && ::syncfs(finished_.front().blob.fd()) != 0)
      failure_ = error_from_errno(errno, finished_.front().wish->target.string());
    std::vector<Finished> batch = std::move(finished_);
    finished_.clear();
    for (Finished& one : batch) {
      if (!together) {
        if (const Result<void> synced = one.blob.sync(); !synced) failure_ = synced.error();
      }
      if (const Result<void> published = one.blob.publish(); !published) {
        failure_ = published.error();
        continue;
      }
      place(*one.wish);
    }
  }

  void note(const std::string& text) const {
    if (watch_.note) watch_.note(text);
  }

  void tell_progress() const {
    if (watch_.progress) watch_.progress(progress_);
  }

  HubClient& client_;
  const Repo& repo_;
  const std::string& commit_;
  const Secret* token_;
  const FillRules& rules_;
  const DownloadWatch& watch_;
  DownloadProgress progress_;
  std::deque<const BlobWish*> small_wishes_;
  std::deque<const BlobWish*> large_wishes_;
  std::vector<const BlobWish*> busy_;  ///< under another process's lock
  std::vector<Finished> finished_;
  std::unique_ptr<LargeFile> large_;  ///< one at a time: its parts use the network well enough
  std::size_t n_parts_ = 0;
  std::optional<MonotonicTime> held_until_;
  std::optional<Error> failure_;
  bool is_told_ = false;
  std::list<Transfer> transfers_;
};

}  // namespace

Result<void> fill_blobs(HubClient& client, const Repo& repo, const std::string& commit,
                        const Secret* token, const std::vector<BlobWish>& wishes,
                        const FillRules& rules, const DownloadWatch& watch) {
  return BlobFill(client, repo, commit, token, rules, watch).run(wishes);
}

}  // namespace hfauth::hub
