// SPDX-License-Identifier: Apache-2.0
//
// Writes JSON straight into guarded memory, so that a reply with a token has no copy elsewhere.
// Calls must nest properly; commas are the writer's. Strings are UTF-8; a byte that is not becomes
// U+FFFD, so a secret that must arrive as it is must be checked before. Not thread-safe.
#pragma once

#include "hfauth/agent/guarded_buffer.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace hfauth::agent {

class JsonWriter {
 public:
  /// Appends to `out`, which must outlive the writer.
  explicit JsonWriter(GuardedBuffer& out) : out_(out) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();

  /// The name of the member whose value comes next.
  void key(std::string_view name);

  /// Straight into the buffer, without a copy anywhere else.
  void string(std::string_view utf8);
  void number(std::int64_t value);
  void boolean(bool value);
  void null();

  void member(std::string_view name, std::string_view value) { key(name), string(value); }

  void member(std::string_view name, const char* value) { key(name), string(value); }

  template <std::same_as<bool> Bool>
  void member(std::string_view name, Bool value) {
    key(name), boolean(value);
  }

  template <std::integral Integer>

  requires(!std::same_as<Integer, bool>) void member(std::string_view name, Integer value) {
    key(name), number(static_cast<std::int64_t>(value));
  }

 private:
  void separate();
  void escaped(std::string_view valid_utf8);

  GuardedBuffer& out_;
  bool needs_comma_ = false;
};

}  // namespace hfauth::agent
