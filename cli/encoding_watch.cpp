// SPDX-License-Identifier: Apache-2.0
#include "encoding_watch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hfauth::cli {
namespace {

constexpr std::uint64_t kWorthWatching = 4'000'000;
constexpr std::chrono::milliseconds kInterval{100};

}  // namespace

EncodingWatch::EncodingWatch(const TokenizeRequest& request, std::uint64_t n_bytes,
                             std::string what)
    : request_(request), n_bytes_(n_bytes), what_(std::move(what)) {
  if (request.on_progress && n_bytes > kWorthWatching)
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

EncodingWatch::~EncodingWatch() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  request_.on_progress(n_bytes_, n_bytes_, what_);
}

void EncodingWatch::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    request_.on_progress(std::min<std::uint64_t>(n_done_, n_bytes_ - 1), n_bytes_, what_);
    wake_.wait_for(lock, stop, kInterval, [] { return false; });
  }
}

}  // namespace hfauth::cli
