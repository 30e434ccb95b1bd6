// SPDX-License-Identifier: Apache-2.0
//
// When a failed question to the Hub is asked again, and how long one waits before. Time and waiting
// come in from outside, so that tests do neither.
#pragma once

#include "hfauth/core/clock.hpp"

#include <chrono>
#include <functional>
#include <optional>

namespace hfauth::hub {

/// Asked again are transport failures and 408, 429, 500, 502, 503, 504 (huggingface_hub 1.29
/// utils/_http.py). The server's own word (RateLimit, Retry-After) is kept: if it names a longer
/// time than `longest_pause` or than what is left of `total`, its answer is final at once, and
/// nobody asks earlier than told.
struct Pacing {
  int retries = 2;
  std::chrono::milliseconds first_pause{500};  ///< doubles each time
  std::chrono::milliseconds longest_pause{8000};
  std::chrono::milliseconds total{
      30000};                    ///< no new attempt begins later than this after the first
  const Clock* clock = nullptr;  ///< not owned
  std::function<void(std::chrono::milliseconds)> pause;

  /// The system's clock, and sleeping.
  [[nodiscard]] static Pacing real();

  /// One attempt and no waiting.
  [[nodiscard]] static Pacing once();

  /// For a download of many files: it waits out the Hub's window of 300 s (facts/hub-auth.md §4.6)
  /// when the quota is used up, and the attempts begin anew with every byte that comes.
  [[nodiscard]] static Pacing for_downloads();
};

/// Counts the attempts at one question; `pacing` outlives it. For one thread.
class Attempts {
 public:
  explicit Attempts(const Pacing& pacing);

  /// Waits and says yes if another attempt is due. `told` is what the server said.
  [[nodiscard]] bool again(std::optional<std::chrono::seconds> told);

  /// As again(), but the caller does the waiting: how long; nullopt if no attempt is due.
  [[nodiscard]] std::optional<std::chrono::milliseconds> next_pause(
      std::optional<std::chrono::seconds> told);

 private:
  const Pacing* pacing_;
  MonotonicTime start_;
  int made_ = 0;
};

}  // namespace hfauth::hub
