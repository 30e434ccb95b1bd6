// SPDX-License-Identifier: Apache-2.0
//
// Operations on the store, one after the other: decided on the loop when their turn comes (so that
// two requests cannot both find a name free), done on the worker because a store blocks, finished
// on the loop. Lives on the loop.
#pragma once

#include <deque>
#include <functional>

namespace hfauth::daemon {

/// Runs `work` where it may block and then `finish` on the loop. Implementations: server.cpp's
/// thread; in tests, at once or when the test says so.
class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;
  virtual void run(std::function<void()> work, std::function<void()> finish) = 0;
};

struct StoreStep {
  std::function<bool()> begin;  ///< false: answered already, nothing to do
  std::function<void()> work;   ///< touches the store and what the step owns, nothing else
  std::function<void()> finish;
};

class StoreQueue {
 public:
  explicit StoreQueue(Worker& worker) : worker_(worker) {}

  void submit(StoreStep step);

  [[nodiscard]] bool idle() const noexcept { return !running_ && steps_.empty(); }

 private:
  void advance();

  Worker& worker_;
  std::deque<StoreStep> steps_;
  bool running_ = false;
};

}  // namespace hfauth::daemon
