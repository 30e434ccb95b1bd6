// SPDX-License-Identifier: Apache-2.0
//
// One thread that owns a GMainContext and runs jobs one after another; inside a job, asynchronous
// GIO operations are awaited by iterating that context, so code reads in sequence and signals (a
// name that vanished) are seen as well. Each job has a deadline: a pending operation is then
// cancelled and abandoned, and the caller gets store_timeout. If GLib itself never comes back, the
// caller is released after a grace and the thread is left behind at the end.
#pragma once

#include "hfauth/core/result.hpp"

#include <gio/gio.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>

namespace hfauth::store {

struct GObjectUnref {
  void operator()(gpointer object) const noexcept { g_object_unref(object); }
};

template <class T>
using GObjectPtr = std::unique_ptr<T, GObjectUnref>;

using Deadline = std::chrono::steady_clock::time_point;

/// A job's view of the worker. Lives on the worker's thread for the length of one job.
class GioCall {
 public:
  GioCall(GMainContext* context, Deadline deadline);
  ~GioCall();
  GioCall(const GioCall&) = delete;
  GioCall& operator=(const GioCall&) = delete;

  /// To be given to every asynchronous operation of the job.
  [[nodiscard]] GCancellable* cancellable() const noexcept { return cancellable_.get(); }

  [[nodiscard]] bool expired() const { return std::chrono::steady_clock::now() >= deadline_; }

  using Start = std::function<void(GAsyncReadyCallback done, gpointer data)>;

  /// Starts an operation and waits for its result, which the operation's own _finish function then
  /// takes. Errors: store_timeout (the operation is cancelled and its late result dropped).
  [[nodiscard]] Result<GObjectPtr<GAsyncResult>> wait(const Start& start);

 private:
  GMainContext* context_;
  Deadline deadline_;
  GObjectPtr<GCancellable> cancellable_;
  GSource* alarm_;
};

class GioWorker {
 public:
  /// Starts the thread, all signals blocked in it. Throws std::system_error if there can be no
  /// thread.
  GioWorker();
  /// Ends the thread after the job in hand; leaves it behind if that takes longer than the grace.
  ~GioWorker();
  GioWorker(const GioWorker&) = delete;
  GioWorker& operator=(const GioWorker&) = delete;

  /// `task` runs on the thread after whatever woke it while no job was there: a signal of the bus,
  /// the end of a connection. It has `limit`, and must own what it captures. Thread-safe.
  void on_event(std::chrono::milliseconds limit, std::function<void(GioCall&)> task);

  /// Runs `job` on the thread and waits for at most `limit` and a short grace. `job` must own what
  /// it captures: after a time-out it may still be running. Thread-safe. Errors: store_timeout, and
  /// the job's own.
  template <class T>
  [[nodiscard]] Result<T> run(std::chrono::milliseconds limit,
                              std::function<Result<T>(GioCall&)> job) {
    auto task = std::make_shared<std::packaged_task<Result<T>(GioCall&)>>(std::move(job));
    std::future<Result<T>> answer = task->get_future();
    const Deadline deadline = std::chrono::steady_clock::now() + limit;
    post(deadline, [task](GioCall& call) { (*task)(call); });
    if (answer.wait_until(deadline + kGrace) != std::future_status::ready) {
      return timed_out();
    }
    return answer.get();
  }

  static constexpr std::chrono::milliseconds kGrace{
      250};  ///< between a job's deadline and giving up on the thread

 private:
  struct State;
  void post(Deadline deadline, std::function<void(GioCall&)> job);
  [[nodiscard]] static Error timed_out();
  static void thread_main(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
};

}  // namespace hfauth::store
