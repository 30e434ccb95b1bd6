// SPDX-License-Identifier: Apache-2.0
//
// All tokens of a vocabulary that a text begins with, shortest first: a double array, in which the
// child of a node for a byte is at base + byte, if the unit there names the node as its parent. One
// step is one load. Built once, then immutable.
#pragma once

#include "models/vocabulary.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace hfauth::tokenizer {

class TokenTrie {
 public:
  using Node = std::uint32_t;
  static constexpr Node kRoot = 0;
  static constexpr Node kNone = 0xFFFFFFFF;

  /// Takes the spellings as find of `vocabulary` knows them; an empty one is passed over.
  TokenTrie() = default;  ///< without a token
  explicit TokenTrie(const Vocabulary& vocabulary);

  /// The node for `byte` behind `node`, or kNone.
  [[nodiscard]] Node step(Node node, char byte) const noexcept {
    const std::size_t next = std::size_t{units_[node].base} + static_cast<unsigned char>(byte);
    return next < units_.size() && units_[next].parent == node ? static_cast<Node>(next) : kNone;
  }

  /// The token that is spelled by the way to `node`; kNoToken if there is none.
  [[nodiscard]] TokenId token(Node node) const noexcept { return units_[node].id; }

  /// The node that `text` leads to from the root, or kNone.
  [[nodiscard]] Node node_of(std::string_view text) const noexcept {
    Node node = kRoot;
    for (const char byte : text) {
      node = step(node, byte);
      if (node == kNone) return kNone;
    }
    return node;
  }

  /// Calls `visit(length, id)` for each token that `text` begins with.
  template <class Visit>
  void for_each_prefix(std::string_view text, Visit visit) const {
    Node node = kRoot;
    for (std::size_t length = 0; length < text.size();) {
      node = step(node, text[length++]);
      if (node == kNone) return;
      if (units_[node].id != kNoToken) visit(length, units_[node].id);
    }
  }

 private:
  using Spelling = std::pair<std::string_view, TokenId>;

  struct Unit {
    std::uint32_t base = 0;
    Node parent = kNone;  ///< none: free; the root has no parent, but is never looked for
    TokenId id = kNoToken;
  };

  class Builder;

  std::vector<Unit> units_;
};

}  // namespace hfauth::tokenizer
