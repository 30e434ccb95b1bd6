// SPDX-License-Identifier: Apache-2.0
//
// Level by level over the sorted spellings: a node stands for a run of them that share their first
// bytes, and its children for the runs that share one more. The children of a node are put where
// all their places are free: a few places are tried behind the last one that failed, then the end
// of the array is taken, so that building is linear.
#include "models/token_trie.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

class TokenTrie::Builder {
 public:
  Builder(std::vector<Unit>& units, std::vector<Spelling> spellings)
      : units_(units), spellings_(std::move(spellings)) {
    grow(spellings_.size() + kBytes);
    units_[kRoot].parent = kRoot;
    level_.push_back({kRoot, 0, spellings_.size()});
  }

  void build() {
    for (std::size_t depth = 0; !level_.empty(); ++depth) {
      for (const Run& run : std::exchange(level_, {}))
        add_children(run, depth);
    }
    units_.resize(used_);
    units_[kRoot].parent = kNone;
  }

 private:
  static constexpr std::size_t kBytes = 256;
  static constexpr std::size_t kTries = 64;

  /// Spellings [begin, end) agree in their first bytes, which lead to `node`.
  struct Run {
    Node node;
    std::size_t begin;
    std::size_t end;
  };

  void add_children(const Run& run, std::size_t depth) {
    std::size_t begin = run.begin;
    while (begin < run.end && spellings_[begin].first.size() == depth)
      units_[run.node].id = spellings_[begin++].second;
    children_.clear();
    while (begin < run.end) {
      const char byte = spellings_[begin].first[depth];
      std::size_t end = begin + 1;
      while (end < run.end && spellings_[end].first[depth] == byte)
        ++end;
      children_.push_back({static_cast<unsigned char>(byte), begin, end});
      begin = end;
    }
    if (children_.empty()) return;
    const std::size_t base = free_base();
    units_[run.node].base = static_cast<std::uint32_t>(base);
    for (const Run& child : children_) {
      const auto place = static_cast<Node>(base + child.node);
      units_[place].parent = run.node;
      used_ = std::max(used_, std::size_t{place} + 1);
      level_.push_back({place, child.begin, child.end});
    }
  }

  /// Where the bytes of children_ (as their nodes) are free behind it.
  std::size_t free_base() {
    const std::size_t first_byte = children_.front().node;
    std::size_t place = std::max(search_from_, first_byte);
    const std::size_t last = std::min(place + kTries, used_);
    for (; place < last; ++place) {
      if (units_[place].parent == kNone && is_free(place - first_byte)) return place - first_byte;
    }
    // What is behind is full but for gaps that rarely fit.
    search_from_ = std::max(search_from_, std::min(place, used_));
    grow(used_ + 2 * kBytes);
    return std::max(used_, first_byte) - first_byte;
  }

  [[nodiscard]] bool is_free(std::size_t base) {
    grow(base + kBytes);
    return std::all_of(children_.begin(), children_.end(),
                       [&](const Run& child) { return units_[base + child.node].parent == kNone; });
  }

  void grow(std::size_t size) {
    if (size > units_.size()) units_.resize(std::max(size, units_.size() + units_.size() / 2));
  }

  std::vector<Unit>& units_;
  std::vector<Spelling> spellings_;
  std::vector<Run> level_;
  std::vector<Run> children_;  ///< of one node; the byte in place of the node
  std::size_t search_from_ = 1;
  std::size_t used_ = 1;  ///< one past the last unit that is not free
};

TokenTrie::TokenTrie(const Vocabulary& vocabulary) {
  std::vector<Spelling> spellings;
  spellings.reserve(vocabulary.size());
  vocabulary.for_each([&](std::string_view spelling, TokenId id) {
    if (!spelling.empty() && vocabulary.find(spelling) == id) spellings.emplace_back(spelling, id);
  });
  std::sort(spellings.begin(), spellings.end());
  Builder(units_, std::move(spellings)).build();
}

}  // namespace hfauth::tokenizer
