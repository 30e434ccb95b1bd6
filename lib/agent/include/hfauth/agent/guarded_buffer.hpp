// SPDX-License-Identifier: Apache-2.0
//
// A growing byte buffer in guarded memory: what a message that carries a token is built in and read
// into. Bytes that are consumed, cleared or left behind by growth are wiped at once. Move-only; not
// thread-safe.
#pragma once

#include "hfauth/core/secret.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace hfauth::agent {

class GuardedBuffer {
 public:
  GuardedBuffer() noexcept = default;

  GuardedBuffer(GuardedBuffer&& other) noexcept
      : memory_(std::move(other.memory_)),
        begin_(std::exchange(other.begin_, 0)),
        end_(std::exchange(other.end_, 0)) {}

  GuardedBuffer& operator=(GuardedBuffer&& other) noexcept;
  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;
  ~GuardedBuffer();

  /// Throws std::bad_alloc. `bytes` must not lie in this buffer.
  void append(std::string_view bytes);
  void push_back(char byte);

  /// At least `size` writable bytes behind the content, to be filled by read(2) and then taken over
  /// by commit(). Throws std::bad_alloc. The span ends with the next call that is not commit().
  [[nodiscard]] std::span<char> prepare(std::size_t size);

  void commit(std::size_t size) noexcept { end_ += size; }

  /// Wipes and drops the first `size` bytes (not more than there are).
  void consume(std::size_t size) noexcept;

  /// Wipes everything. Memory of up to kKeptBytes stays; larger memory is handed on to the next
  /// buffer of this thread that grows.
  void clear() noexcept;

  /// The content; ends with the next change.
  [[nodiscard]] std::string_view view() const noexcept {
    return memory_.expose().substr(begin_, end_ - begin_);
  }

  [[nodiscard]] std::size_t size() const noexcept { return end_ - begin_; }

  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

  static constexpr std::size_t kKeptBytes = 4096;

 private:
  void reserve_behind(std::size_t size);
  void let_go() noexcept;

  Secret memory_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace hfauth::agent
