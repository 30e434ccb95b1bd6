// SPDX-License-Identifier: Apache-2.0
//
// usage: tokenizer_bench TOKENIZER_JSON TEXT_FILE [ROUNDS]
// Prints how long the tokenizer takes to load and how fast it encodes: ids of the whole text at
// once, ids line by line with one scratch, and full encodings. Each figure is the best of ROUNDS
// (default 5).
#include "hfauth/tokenizer/tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

namespace {

using hfauth::tokenizer::EncodeScratch;
using hfauth::tokenizer::TokenId;
using hfauth::tokenizer::Tokenizer;

double best_seconds(int rounds, const std::function<void()>& action) {
  double best = 1e9;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

void encode_lines(const Tokenizer& tokenizer, std::string_view text, std::vector<TokenId>& ids) {
  EncodeScratch scratch;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    tokenizer.encode_ids(text.substr(0, end), ids, scratch).value();
    text.remove_prefix(end);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: {} TOKENIZER_JSON TEXT_FILE [ROUNDS]\n", argv[0]);
    return 2;
  }
  const int rounds = argc > 3 ? std::max(1, std::atoi(argv[3])) : 5;
  const double load = best_seconds(rounds, [&] { (void)Tokenizer::from_file(argv[1]).value(); });
  const Tokenizer tokenizer = Tokenizer::from_file(argv[1]).value();
  std::ifstream file(argv[2], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<TokenId> ids;
  const double whole = best_seconds(rounds, [&] {
    ids.clear();
    tokenizer.encode_ids(text, ids).value();
  });
  const std::size_t n_tokens = ids.size();
  const double lines = best_seconds(rounds, [&] {
    ids.clear();
    encode_lines(tokenizer, text, ids);
  });
  const double full = best_seconds(1, [&] { (void)tokenizer.encode(text).value(); });
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  fmt::print("load {:.2f} ms\n{} bytes, {} tokens\n", load * 1e3, text.size(), n_tokens);
  fmt::print("ids, whole text {:.1f} MB/s\nids, by line {:.1f} MB/s\nencodings {:.1f} MB/s\n",
             megabytes / whole, megabytes / lines, megabytes / full);
  return 0;
}
