// SPDX-License-Identifier: Apache-2.0
//
// All tokens of a vocabulary that a text begins with, shortest first. The children of a node stand
// side by side, sorted by byte. Built once, then immutable.
#pragma once

#include "models/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

class TokenTrie {
 public:
  /// Takes the spellings as find of `vocabulary` knows them; an empty one is passed over.
  explicit TokenTrie(const Vocabulary& vocabulary);

  /// Calls `visit(length, id)` for each token that `text` begins with.
  template <class Visit>
  void for_each_prefix(std::string_view text, Visit visit) const {
    if (text.empty()) return;
    std::uint32_t node = roots_[static_cast<unsigned char>(text[0])];
    for (std::size_t length = 1; node != kNone; ++length) {
      if (nodes_[node].id != kNoToken) visit(length, nodes_[node].id);
      if (length == text.size()) return;
      node = child_of(nodes_[node], static_cast<unsigned char>(text[length]));
    }
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Node {
    std::uint32_t first_child = 0;
    std::uint16_t n_children = 0;
    unsigned char byte = 0;
    TokenId id = kNoToken;
  };

  [[nodiscard]] std::uint32_t child_of(const Node& node, unsigned char byte) const noexcept {
    const Node* first = nodes_.data() + node.first_child;
    const Node* last = first + node.n_children;
    const Node* found = std::lower_bound(
        first, last, byte, [](const Node& child, unsigned char key) { return child.byte < key; });
    if (found == last || found->byte != byte) return kNone;
    return static_cast<std::uint32_t>(found - nodes_.data());
  }

  std::vector<Node> nodes_;
  std::array<std::uint32_t, 256> roots_{};
};

}  // namespace hfauth::tokenizer
