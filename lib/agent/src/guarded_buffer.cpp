// SPDX-License-Identifier: Apache-2.0
//
// Growth doubles, so appending n bytes copies O(n) bytes. Memory left behind is wiped and kept for
// the next buffer of this thread: to allocate and free a guarded page takes a dozen system calls,
// which was most of what a short connection cost.
#include "hfauth/agent/guarded_buffer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace hfauth::agent {
namespace {

/// Wiped memory that nobody uses, by size: kKeptBytes and the powers of two above it.
class Spares {
 public:
  [[nodiscard]] Secret take(std::size_t at_least) {
    const std::size_t size = std::bit_ceil(std::max(at_least, GuardedBuffer::kKeptBytes));
    if (Shelf* const shelf = shelf_of(size); shelf != nullptr && shelf->count > 0) {
      return std::move(shelf->memory[--shelf->count]);
    }
    return Secret::allocate(size);
  }

  void give(Secret memory) noexcept {
    Shelf* const shelf = shelf_of(memory.size());
    if (shelf != nullptr && shelf->count < kOfASize) {
      shelf->memory[shelf->count++] = std::move(memory);
    }
  }

 private:
  static constexpr std::size_t kSizes = 5;     // up to 64 KiB: a request
  static constexpr std::size_t kOfASize = 16;  // 2 MiB in all

  struct Shelf {
    std::array<Secret, kOfASize> memory;
    std::size_t count = 0;
  };

  Shelf* shelf_of(std::size_t size) noexcept {
    if (!std::has_single_bit(size) || size < GuardedBuffer::kKeptBytes) return nullptr;
    const auto index = static_cast<std::size_t>(std::countr_zero(size / GuardedBuffer::kKeptBytes));
    return index < kSizes ? &shelves_[index] : nullptr;
  }

  std::array<Shelf, kSizes> shelves_;
};

Spares& spares() {
  thread_local Spares kept;
  return kept;
}

}  // namespace

GuardedBuffer::~GuardedBuffer() {
  let_go();
}

/// Wipes all of it (a read may have come in behind the content) and hands it on.
void GuardedBuffer::let_go() noexcept {
  if (memory_.empty()) return;
  wipe(memory_.writable());
  spares().give(std::move(memory_));
  memory_ = Secret();
}

GuardedBuffer& GuardedBuffer::operator=(GuardedBuffer&& other) noexcept {
  if (this == &other) return *this;
  let_go();
  memory_ = std::move(other.memory_);
  begin_ = std::exchange(other.begin_, 0);
  end_ = std::exchange(other.end_, 0);
  return *this;
}

void GuardedBuffer::reserve_behind(std::size_t size) {
  if (memory_.size() - end_ >= size) return;
  const std::size_t used = end_ - begin_;
  Secret larger = spares().take(std::max(used + size, 2 * used));
  if (used > 0) std::memcpy(larger.writable().data(), memory_.expose().data() + begin_, used);
  let_go();
  memory_ = std::move(larger);
  begin_ = 0;
  end_ = used;
}

void GuardedBuffer::append(std::string_view bytes) {
  if (bytes.empty()) return;
  reserve_behind(bytes.size());
  std::memcpy(memory_.writable().data() + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

void GuardedBuffer::push_back(char byte) {
  reserve_behind(1);
  memory_.writable()[end_++] = byte;
}

std::span<char> GuardedBuffer::prepare(std::size_t size) {
  reserve_behind(size);
  return memory_.writable().subspan(end_);
}

void GuardedBuffer::consume(std::size_t size) noexcept {
  const std::size_t taken = std::min(size, end_ - begin_);
  wipe(memory_.writable().subspan(begin_, taken));
  begin_ += taken;
  if (begin_ == end_) clear();
}

void GuardedBuffer::clear() noexcept {
  if (memory_.size() > kKeptBytes) {
    let_go();
  } else {
    wipe(memory_.writable().subspan(begin_, end_ - begin_));
  }
  begin_ = 0;
  end_ = 0;
}

}  // namespace hfauth::agent
