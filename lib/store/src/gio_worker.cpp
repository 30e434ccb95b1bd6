// SPDX-License-Identifier: Apache-2.0
//
// The thread's loop: take a job if there is one, else iterate the context. g_main_context_wakeup is
// remembered by the context, so a job posted between the look and the iteration is not missed.
#include "gio_worker.hpp"

#include "hfauth/core/crypto.hpp"

#include <pthread.h>

#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace hfauth::store {
namespace {

constexpr std::chrono::milliseconds kDrainTime{200};  // for the last words of cancelled operations

/// The result of one operation; owned by wait(), or by the late callback once it is abandoned.
struct Pending {
  GAsyncResult* result = nullptr;
  bool abandoned = false;
};

void on_ready(GObject* /*source*/, GAsyncResult* result, gpointer data) {
  std::unique_ptr<Pending> pending(static_cast<Pending*>(data));
  if (pending->abandoned) {
    return;
  }
  pending->result = G_ASYNC_RESULT(g_object_ref(result));
  static_cast<void>(pending.release());  // wait() holds it
}

/// A source that does nothing but end an iteration of `context` at `when`.
GSource* wake_at(GMainContext* context, Deadline when) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(when - std::chrono::steady_clock::now());
  GSource* source =
      g_timeout_source_new(static_cast<guint>(std::max<std::int64_t>(left.count(), 0)));
  g_source_set_callback(
      source, [](gpointer) -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
  g_source_attach(source, context);
  return source;
}

void destroy_source(GSource* source) {
  g_source_destroy(source);
  g_source_unref(source);
}

}  // namespace

GioCall::GioCall(GMainContext* context, Deadline deadline)
    : context_(context),
      deadline_(deadline),
      cancellable_(g_cancellable_new()),
      alarm_(wake_at(context, deadline)) {}

GioCall::~GioCall() {
  destroy_source(alarm_);
}

Result<GObjectPtr<GAsyncResult>> GioCall::wait(const Start& start) {
  if (expired()) {
    return Error{Errc::store_timeout, "the keyring did not answer in time"};
  }
  auto pending = std::make_unique<Pending>();
  start(&on_ready, pending.get());
  while (pending->result == nullptr && !expired()) {
    g_main_context_iteration(context_, TRUE);
  }
  if (pending->result != nullptr) {
    return GObjectPtr<GAsyncResult>(pending->result);
  }
  pending->abandoned = true;
  static_cast<void>(pending.release());  // the late callback deletes it
  g_cancellable_cancel(cancellable_.get());
  return Error{Errc::store_timeout, "the keyring did not answer in time"};
}

struct GioWorker::State {
  struct Job {
    Deadline deadline;
    std::function<void(GioCall&)> run;
  };

  GMainContext* context = g_main_context_new();
  std::mutex mutex;
  std::condition_variable ended_changed;
  std::deque<Job> jobs;
  std::chrono::milliseconds event_limit{};
  std::function<void(GioCall&)> event_task;
  bool quit = false;
  bool ended = false;
  std::thread thread;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ~State() { g_main_context_unref(context); }

  std::optional<Job> take() {
    const std::lock_guard guard(mutex);
    if (jobs.empty()) {
      return std::nullopt;
    }
    Job job = std::move(jobs.front());
    jobs.pop_front();
    return job;
  }

  /// What is to be done after an event; nothing if there is nothing, or a job to do first.
  std::optional<Job> task_of_event() {
    const std::lock_guard guard(mutex);
    if (!event_task || !jobs.empty() || quit) return std::nullopt;
    return Job{std::chrono::steady_clock::now() + event_limit, event_task};
  }

  bool quitting() {
    const std::lock_guard guard(mutex);
    return quit;
  }
};

GioWorker::GioWorker() : state_(std::make_shared<State>()) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  state_->thread = std::thread([state = state_] { thread_main(state); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(state_->thread.native_handle(), "hfauth-keyring");
}

GioWorker::~GioWorker() {
  std::unique_lock lock(state_->mutex);
  state_->quit = true;
  g_main_context_wakeup(state_->context);
  const bool ended = state_->ended_changed.wait_for(lock, kGrace + kDrainTime + kDrainTime,
                                                    [this] { return state_->ended; });
  lock.unlock();
  if (ended) {
    state_->thread.join();
  } else {
    state_->thread.detach();
  }
}

void GioWorker::post(Deadline deadline, std::function<void(GioCall&)> job) {
  const std::lock_guard guard(state_->mutex);
  state_->jobs.push_back({deadline, std::move(job)});
  g_main_context_wakeup(state_->context);
}

void GioWorker::on_event(std::chrono::milliseconds limit, std::function<void(GioCall&)> task) {
  const std::lock_guard guard(state_->mutex);
  state_->event_limit = limit;
  state_->event_task = std::move(task);
}

Error GioWorker::timed_out() {
  return {Errc::store_timeout, "the keyring did not answer in time"};
}

void GioWorker::thread_main(const std::shared_ptr<State>& state) {
  g_main_context_push_thread_default(state->context);
  for (;;) {
    if (std::optional<State::Job> job = state->take()) {
      GioCall call(state->context, job->deadline);
      job->run(call);
      crypto::wipe_stack();
    } else if (state->quitting()) {
      break;
    } else {
      g_main_context_iteration(state->context, TRUE);
      if (std::optional<State::Job> task = state->task_of_event()) {
        GioCall call(state->context, task->deadline);
        task->run(call);
        crypto::wipe_stack();
      }
    }
  }
  const Deadline drained = std::chrono::steady_clock::now() + kDrainTime;
  GSource* const alarm = wake_at(state->context, drained);
  while (g_main_context_pending(state->context) != FALSE &&
         std::chrono::steady_clock::now() < drained) {
    g_main_context_iteration(state->context, FALSE);
  }
  destroy_source(alarm);
  g_main_context_pop_thread_default(state->context);
  const std::lock_guard guard(state->mutex);
  state->ended = true;
  state->ended_changed.notify_all();
}

}  // namespace hfauth::store
