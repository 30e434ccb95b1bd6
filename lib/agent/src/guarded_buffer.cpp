// SPDX-License-Identifier: Apache-2.0
//
// Growth doubles, so appending n bytes copies O(n) bytes; the memory left behind is wiped by
// Secret.
#include "hfauth/agent/guarded_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace hfauth::agent {

GuardedBuffer& GuardedBuffer::operator=(GuardedBuffer&& other) noexcept {
  memory_ = std::move(other.memory_);
  begin_ = std::exchange(other.begin_, 0);
  end_ = std::exchange(other.end_, 0);
  return *this;
}

void GuardedBuffer::reserve_behind(std::size_t size) {
  if (memory_.size() - end_ >= size) return;
  const std::size_t used = end_ - begin_;
  Secret larger = Secret::allocate(std::max({kKeptBytes, used + size, 2 * used}));
  if (used > 0) std::memcpy(larger.writable().data(), memory_.expose().data() + begin_, used);
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
    memory_ = Secret();
  } else {
    wipe(memory_.writable().subspan(begin_, end_ - begin_));
  }
  begin_ = 0;
  end_ = 0;
}

}  // namespace hfauth::agent
