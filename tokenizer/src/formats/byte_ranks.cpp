// SPDX-License-Identifier: Apache-2.0
//
// All ways to make a token of two others are merges of the token's own rank, so that between equal
// ones the place in the text decides, as it does there. tiktoken looks a whole piece up before it
// merges anything: ignore_merges.
#include "formats/byte_ranks.hpp"

#include "formats/implied_merges.hpp"
#include "formats/json_fields.hpp"

#include <fmt/format.h>

#include <unordered_set>

namespace hfauth::tokenizer {

namespace {

constexpr std::uint32_t kRankLimit = 0x7FFFFFFF;

Error fault(const RankedToken& token, std::string_view what) {
  return {Errc::corrupt, fmt::format("the token of rank {} {}", token.rank, what)};
}

/// The tokens by their bytes.
Result<Vocabulary> by_bytes(const std::vector<RankedToken>& tokens) {
  Vocabulary vocabulary;
  std::unordered_set<std::uint32_t> ranks;
  for (const RankedToken& token : tokens) {
    if (token.bytes.empty()) return fault(token, "is empty");
    if (token.bytes.size() > kLongestRankedToken)
      return fault(token, fmt::format("is longer than {} bytes", kLongestRankedToken));
    if (token.rank >= kRankLimit) return fault(token, "has a rank that is too large");
    if (!ranks.insert(token.rank).second) return fault(token, "has the rank of another one");
    if (vocabulary.find(token.bytes) != kNoToken) return fault(token, "is there twice");
    vocabulary.append(token.bytes, token.rank);
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (vocabulary.find(std::string(1, static_cast<char>(byte))) == kNoToken)
      return Error{Errc::corrupt, fmt::format("there is no token for the byte {:#04x}", byte)};
  }
  return vocabulary;
}

}  // namespace

Result<Bpe> ranked_bpe(const std::vector<RankedToken>& tokens, TokenId first_id) {
  const Result<Vocabulary> known = by_bytes(tokens);
  if (!known) return known.error();
  std::vector<ImpliedMerge> merges;
  for (const RankedToken& token : tokens)
    push_merges(
        token.bytes, token.rank, *known, false, [&] { return token.rank; }, merges);
  Vocabulary vocabulary;
  std::string spelling;
  for (const RankedToken& token : tokens) {
    spelling.clear();
    byte_alphabet::append_spelling(spelling, token.bytes);
    vocabulary.append(spelling, token.rank + first_id);
  }
  vocabulary.index_ids();
  return Bpe(std::move(vocabulary), table_of(merges, first_id), {.ignore_merges = true});
}

}  // namespace hfauth::tokenizer
