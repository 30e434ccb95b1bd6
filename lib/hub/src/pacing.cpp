// SPDX-License-Identifier: Apache-2.0
//
// Exponential pauses without jitter: one user's few requests need no spreading, and the Hub says
// itself when to come back.
#include "hfauth/hub/pacing.hpp"

#include <algorithm>
#include <thread>

namespace hfauth::hub {

using std::chrono::milliseconds;

namespace {

/// Where the server names no time: huggingface_hub doubles up to 8 s as well.
constexpr milliseconds kLongestOwnPause{8000};

}  // namespace

Pacing Pacing::real() {
  static const SystemClock clock;
  Pacing pacing;
  pacing.clock = &clock;
  pacing.pause = [](milliseconds time) { std::this_thread::sleep_for(time); };
  return pacing;
}

Pacing Pacing::once() {
  Pacing pacing = real();
  pacing.retries = 0;
  return pacing;
}

Pacing Pacing::for_downloads() {
  Pacing pacing = real();
  pacing.retries = 5;  // as huggingface_hub 2.4 has it
  pacing.longest_pause = std::chrono::seconds(310);
  pacing.total = std::chrono::minutes(20);
  return pacing;
}

Attempts::Attempts(const Pacing& pacing) : pacing_(&pacing), start_(pacing.clock->monotonic()) {}

bool Attempts::again(std::optional<std::chrono::seconds> told) {
  const std::optional<milliseconds> wait = next_pause(told);
  if (wait) pacing_->pause(*wait);
  return wait.has_value();
}

std::optional<milliseconds> Attempts::next_pause(std::optional<std::chrono::seconds> told) {
  if (made_ >= pacing_->retries) return std::nullopt;
  milliseconds wait = std::min({pacing_->first_pause * (1 << std::min(made_, 16)),
                                pacing_->longest_pause, kLongestOwnPause});
  // One second more: the server's seconds are rounded, and a request in the last of them fails
  // again.
  if (told) wait = std::max(wait, milliseconds(*told + std::chrono::seconds(1)));
  if (wait > pacing_->longest_pause) return std::nullopt;
  if (pacing_->clock->monotonic() + wait > start_ + pacing_->total) return std::nullopt;
  ++made_;
  return wait;
}

}  // namespace hfauth::hub
