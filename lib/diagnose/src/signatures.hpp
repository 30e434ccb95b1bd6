// SPDX-License-Identifier: Apache-2.0
//
// Finds the known messages in squeezed text (squeeze.hpp). RE2, because the text is not ours:
// linear time whatever it holds. signatures.cpp is the only file that includes it; a new message is
// one row there.
#pragma once

#include "message.hpp"

#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// No message with all that belongs to it is longer, squeezed.
inline constexpr std::size_t kLongestMessage = std::size_t{1} << 14;

class Signatures {
 public:
  /// Takes in the words of all messages, once per process: less than a millisecond. A pattern is
  /// compiled when a text first may have it.
  Signatures();

  /// Every message that begins in [0, limit) of `squeezed`, by offset, those that are part of
  /// another one folded into it. Offsets are relative to `squeezed`. Updates `facts` by what else
  /// the text tells.
  [[nodiscard]] std::vector<Sighting> find(std::string_view squeezed, std::size_t limit,
                                           TextFacts& facts) const;

 private:
  struct Compiled;
  const Compiled* compiled_ = nullptr;
};

}  // namespace hfauth::diagnose
