// SPDX-License-Identifier: Apache-2.0
//
// One counter gives out the tasks. No task in front of the first that failed is ever left out, so
// that the error which is told is always the same.
#include "parallel.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

namespace hfauth::tokenizer {

namespace {

/// Some milliseconds of work: thread starts and the counter are nothing beside it.
constexpr std::size_t kBytesOfAStretch = std::size_t{64} * 1024;

std::size_t available_processors() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&allowed)));
}

class Tasks {
 public:
  Tasks(std::size_t n_tasks, const std::function<bool(std::size_t, std::size_t)>& work)
      : n_tasks_(n_tasks), first_failed_(n_tasks), work_(work) {}

  void run(std::size_t worker) noexcept {
    while (true) {
      const std::size_t task = next_.fetch_add(1);
      if (task >= n_tasks_ || task > first_failed_.load()) return;
      try {
        if (!work_(worker, task)) note_failure(task, nullptr);
      } catch (...) {  // door: handed to the caller's thread
        note_failure(task, std::current_exception());
      }
    }
  }

  /// Once all workers are done.
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  void note_failure(std::size_t task, std::exception_ptr thrown) noexcept {
    const std::lock_guard lock(mutex_);
    if (task >= first_failed_) return;
    first_failed_ = task;
    thrown_ = std::move(thrown);
  }

  std::size_t n_tasks_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> first_failed_;
  const std::function<bool(std::size_t, std::size_t)>& work_;
  std::mutex mutex_;
  std::exception_ptr thrown_;
};

}  // namespace

std::size_t total_size(std::span<const std::string_view> texts) noexcept {
  std::size_t n_bytes = 0;
  for (const std::string_view text : texts)
    n_bytes += text.size();
  return n_bytes;
}

std::vector<TextRange> stretches_of(std::span<const std::string_view> texts) {
  std::vector<TextRange> stretches;
  std::size_t n_bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (stretches.empty() || n_bytes >= kBytesOfAStretch) {
      stretches.push_back({i, i});
      n_bytes = 0;
    }
    stretches.back().end = i + 1;
    n_bytes += texts[i].size();
  }
  return stretches;
}

std::size_t threads_for(unsigned wanted, std::size_t n_tasks) {
  const std::size_t most = wanted == 0 ? available_processors() : wanted;
  return std::clamp<std::size_t>(n_tasks, 1, most);
}

void run_tasks(std::size_t n_threads, std::size_t n_tasks,
               const std::function<bool(std::size_t worker, std::size_t task)>& work) {
  Tasks tasks(n_tasks, work);
  {
    std::vector<std::jthread> threads;
    threads.reserve(n_threads);
    try {
      for (std::size_t worker = 1; worker < n_threads; ++worker)
        threads.emplace_back([&tasks, worker] { tasks.run(worker); });
    } catch (const std::system_error&) {
      // No more threads to be had: those that there are do all of it.
    }
    tasks.run(0);
  }
  tasks.rethrow();
}

}  // namespace hfauth::tokenizer
