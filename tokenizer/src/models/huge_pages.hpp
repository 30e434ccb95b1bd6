// SPDX-License-Identifier: Apache-2.0
//
// Memory for the large tables of this library, on huge pages where the system gives them: their
// look-ups go all over the table, and would each pay for a page table walk.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace hfauth::tokenizer {

template <class T>
struct HugePageAllocator {
  using value_type = T;

  HugePageAllocator() = default;

  template <class U>
  explicit HugePageAllocator(const HugePageAllocator<U>& /*other*/) noexcept {}

  [[nodiscard]] T* allocate(std::size_t n) {
    if (!is_large(n)) return static_cast<T*>(::operator new(n * sizeof(T)));
    void* memory = ::operator new(n * sizeof(T), kHugePage);
    (void)::madvise(memory, n * sizeof(T), MADV_HUGEPAGE);  // a wish
    return static_cast<T*>(memory);
  }

  void deallocate(T* memory, std::size_t n) noexcept {
    if (is_large(n)) {
      ::operator delete(memory, kHugePage);
    } else {
      ::operator delete(memory);
    }
  }

  friend bool operator==(const HugePageAllocator&, const HugePageAllocator&) noexcept {
    return true;
  }

 private:
  static constexpr std::align_val_t kHugePage{std::size_t{2} << 20U};

  static bool is_large(std::size_t n) noexcept {
    return n >= static_cast<std::size_t>(kHugePage) / sizeof(T);
  }
};

template <class T>
using LargeTable = std::vector<T, HugePageAllocator<T>>;

}  // namespace hfauth::tokenizer
