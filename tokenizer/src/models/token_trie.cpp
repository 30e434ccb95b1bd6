// SPDX-License-Identifier: Apache-2.0
//
// Level by level over the sorted spellings: a node stands for a run of them that share their first
// bytes, and its children for the runs that share one more.
#include "models/token_trie.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

using Spelling = std::pair<std::string_view, TokenId>;

/// Spellings [begin, end) agree in their first `depth` bytes, which is the depth of `node`.
struct Run {
  std::uint32_t node;
  std::size_t begin;
  std::size_t end;
};

}  // namespace

TokenTrie::TokenTrie(const Vocabulary& vocabulary) {
  roots_.fill(kNone);
  std::vector<Spelling> spellings;
  spellings.reserve(vocabulary.size());
  vocabulary.for_each([&](std::string_view spelling, TokenId id) {
    if (!spelling.empty() && vocabulary.find(spelling) == id) spellings.emplace_back(spelling, id);
  });
  std::sort(spellings.begin(), spellings.end());

  std::vector<Run> level;
  // Adds the nodes for the next byte of spellings [begin, end) behind the last node.
  const auto add_nodes = [&](std::size_t begin, std::size_t end, std::size_t depth) {
    while (begin < end) {
      const char byte = spellings[begin].first[depth];
      std::size_t run_end = begin + 1;
      while (run_end < end && spellings[run_end].first[depth] == byte)
        ++run_end;
      level.push_back({static_cast<std::uint32_t>(nodes_.size()), begin, run_end});
      nodes_.push_back({.byte = static_cast<unsigned char>(byte)});
      begin = run_end;
    }
  };
  add_nodes(0, spellings.size(), 0);
  for (std::uint32_t node = 0; node < nodes_.size(); ++node)
    roots_[nodes_[node].byte] = node;
  for (std::size_t depth = 1; !level.empty(); ++depth) {
    for (const Run& run : std::exchange(level, {})) {
      std::size_t begin = run.begin;
      while (begin < run.end && spellings[begin].first.size() == depth)
        nodes_[run.node].id = spellings[begin++].second;
      nodes_[run.node].first_child = static_cast<std::uint32_t>(nodes_.size());
      const std::size_t n_before = nodes_.size();
      add_nodes(begin, run.end, depth);
      nodes_[run.node].n_children = static_cast<std::uint16_t>(nodes_.size() - n_before);
    }
  }
}

}  // namespace hfauth::tokenizer
