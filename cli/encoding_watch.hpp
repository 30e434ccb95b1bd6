// SPDX-License-Identifier: Apache-2.0
//
// Tells whoever looks how far a long encoding is, from a thread of its own, while it lives.
#pragma once

#include "tokenize_command.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace hfauth::cli {

class EncodingWatch {
 public:
  /// `n_bytes` are to be encoded; a few MB and less are done before anybody would look. `what` is
  /// passed on.
  EncodingWatch(const TokenizeRequest& request, std::uint64_t n_bytes, std::string what = {});
  EncodingWatch(const EncodingWatch&) = delete;
  EncodingWatch& operator=(const EncodingWatch&) = delete;
  EncodingWatch(EncodingWatch&&) = delete;
  EncodingWatch& operator=(EncodingWatch&&) = delete;
  ~EncodingWatch();  ///< with the last call, if there was one before

  /// To be counted up; nullptr if nobody looks.
  [[nodiscard]] std::atomic<std::size_t>* counter() noexcept {
    return thread_.joinable() ? &n_done_ : nullptr;
  }

 private:
  void run(const std::stop_token& stop);

  const TokenizeRequest& request_;
  std::uint64_t n_bytes_;
  std::string what_;
  std::atomic<std::size_t> n_done_{0};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace hfauth::cli
