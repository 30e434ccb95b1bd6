// SPDX-License-Identifier: Apache-2.0
//
// Work on many texts by several threads. What comes out does not depend on how many they are.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

/// Neighbouring texts, which one thread takes at once.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Bytes of all texts.
[[nodiscard]] std::size_t total_size(std::span<const std::string_view> texts) noexcept;

/// The texts in stretches that are worth being handed out, in order.
[[nodiscard]] std::vector<TextRange> stretches_of(std::span<const std::string_view> texts);

/// How many threads to use for `n_tasks`, the caller's among them, if `wanted` are: 0 means as many
/// as this process may use processors.
[[nodiscard]] std::size_t threads_for(unsigned wanted, std::size_t n_tasks);

/// Calls `work(worker, task)` once for each task below `n_tasks`, worker being below `n_threads`
/// and each worker's calls one after the other, in the order of the tasks; `work` is false if it
/// failed, and then later tasks may be left out, but none before it. Returns when all is done. The
/// caller's thread is worker 0; if the system gives fewer threads, it does more. What `work` throws
/// is thrown here.
void run_tasks(std::size_t n_threads, std::size_t n_tasks,
               const std::function<bool(std::size_t worker, std::size_t task)>& work);

}  // namespace hfauth::tokenizer
