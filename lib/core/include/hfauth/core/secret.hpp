// SPDX-License-Identifier: Apache-2.0
//
// A secret in guarded memory: locked against swap where the system allows, left out of core dumps,
// between guard pages, wiped when it ends. Move-only, no operator<<, no implicit conversion;
// `expose()` is the one, greppable door.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace hfauth {

class Secret {
 public:
  Secret() noexcept = default;  ///< empty
  ~Secret();
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  /// Copies `bytes` into guarded memory; the caller wipes its own copy. Throws std::bad_alloc.
  [[nodiscard]] static Secret copy_of(std::string_view bytes);

  /// Guarded memory of `size` zero bytes, to be filled through `writable()`. Throws std::bad_alloc.
  [[nodiscard]] static Secret allocate(std::size_t size);

  /// A second copy, said out loud.
  [[nodiscard]] Secret clone() const { return copy_of(expose()); }

  /// The bytes. The view ends with this object; never log, print or store it.
  [[nodiscard]] std::string_view expose() const noexcept { return {data_, size_}; }

  [[nodiscard]] std::span<char> writable() noexcept { return {data_, size_}; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// Shortens to `size` bytes (not more than now); the bytes cut off are wiped.
  void truncate(std::size_t size) noexcept;

  /// Compares in time that depends on the lengths alone.
  [[nodiscard]] bool equals(std::string_view other) const noexcept;

 private:
  Secret(char* data, std::size_t size) noexcept : data_(data), size_(size) {}

  char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Overwrites memory in a way that the compiler keeps. For buffers that held a secret on their way.
void wipe(std::span<char> memory) noexcept;

}  // namespace hfauth
