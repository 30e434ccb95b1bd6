// SPDX-License-Identifier: Apache-2.0
//
// A queue of pieces behind a stream buffer, from which explain_text() reads as from a file.
#include "output_listener.hpp"

#include "hfauth/core/secret.hpp"

#include <condition_variable>
#include <deque>
#include <istream>
#include <mutex>
#include <streambuf>
#include <string>
#include <thread>

namespace hfauth::cli {
namespace {

constexpr std::size_t kUnreadLimit = std::size_t{16}
                                     << 20;  // a burst, and no more memory than that

class PieceQueue final : public std::streambuf {
 public:
  PieceQueue() = default;
  PieceQueue(const PieceQueue&) = delete;
  PieceQueue& operator=(const PieceQueue&) = delete;

  ~PieceQueue() override { wipe(current_); }

  void push(std::string_view bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return deaf_ || unread_ < kUnreadLimit; });
    if (deaf_) return;
    pieces_.emplace_back(bytes);
    unread_ += bytes.size();
    changed_.notify_all();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

  /// Nobody reads any more.
  void stop_listening() {
    const std::lock_guard lock(mutex_);
    deaf_ = true;
    for (std::string& piece : pieces_)
      wipe(piece);
    pieces_.clear();
    changed_.notify_all();
  }

 protected:
  int_type underflow() override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !pieces_.empty(); });
    wipe(current_);
    if (pieces_.empty()) return traits_type::eof();
    current_ = std::move(pieces_.front());
    pieces_.pop_front();
    unread_ -= current_.size();
    changed_.notify_all();
    setg(current_.data(), current_.data(), current_.data() + current_.size());
    return traits_type::to_int_type(*gptr());
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  std::string current_;
  std::size_t unread_ = 0;
  bool closed_ = false;
  bool deaf_ = false;
};

}  // namespace

struct OutputListener::Shared {
  PieceQueue queue;
  Result<diagnose::Explained> explained = Error{Errc::internal, "the output was not read"};
  std::thread thread;
};

OutputListener::OutputListener() : shared_(std::make_unique<Shared>()) {
  shared_->thread = std::thread([shared = shared_.get()] {
    std::istream stream(&shared->queue);
    shared->explained = diagnose::explain_text(stream);
    shared->queue.stop_listening();
  });
}

OutputListener::~OutputListener() {
  if (!shared_->thread.joinable()) return;
  shared_->queue.close();
  shared_->thread.join();
}

void OutputListener::feed(std::string_view bytes) {
  if (!bytes.empty()) shared_->queue.push(bytes);
}

Result<diagnose::Explained> OutputListener::finish() {
  shared_->queue.close();
  shared_->thread.join();
  return std::move(shared_->explained);
}

}  // namespace hfauth::cli
