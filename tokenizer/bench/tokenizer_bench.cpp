// SPDX-License-Identifier: Apache-2.0
//
// usage: tokenizer_bench TOKENIZER_JSON TEXT_FILE [ROUNDS [THREADS]]
// How long the tokenizer takes to load and how fast it encodes the documents of the text: ids alone
// and full encodings, on one thread in processor time (other work on the machine does not count)
// and on THREADS by the clock. Medians of ROUNDS (default 5), as one JSON object; `digest` is the
// CRC-32 of all ids, by which scripts/bench/tokenizer.py sees whether its peers agree. A document
// ends at the first line end behind 16 KiB.
#include "hfauth/tokenizer/tokenizer.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using hfauth::tokenizer::EncodeScratch;
using hfauth::tokenizer::TokenId;
using hfauth::tokenizer::Tokenizer;
using Documents = std::vector<std::string_view>;

constexpr std::size_t kDocument = 16384;
constexpr hfauth::tokenizer::EncodeOptions kPlain{.add_special_tokens = false};

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double clock_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median_seconds(int rounds, double (*now)(), const std::function<void()>& action) {
  std::vector<double> all;
  for (int i = 0; i < rounds; ++i) {
    const double begin = now();
    action();
    all.push_back(now() - begin);
  }
  std::nth_element(all.begin(), all.begin() + rounds / 2, all.end());
  return all[static_cast<std::size_t>(rounds / 2)];
}

Documents documents_of(std::string_view text) {
  Documents documents;
  while (!text.empty()) {
    const std::size_t from = std::min(kDocument, text.size() - 1);
    const std::size_t end = std::min(text.find('\n', from), text.size() - 1) + 1;
    documents.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return documents;
}

std::vector<TokenId> encode_ids(const Tokenizer& tokenizer, const Documents& documents) {
  std::vector<TokenId> ids;
  EncodeScratch scratch;
  for (const std::string_view document : documents)
    tokenizer.encode_ids(document, ids, scratch, kPlain).value();
  return ids;
}

void encode(const Tokenizer& tokenizer, const Documents& documents) {
  for (const std::string_view document : documents)
    (void)tokenizer.encode(document, kPlain).value();
}

/// Each thread takes sixteen documents at a time.
template <class Encode>
void on_threads(int n_threads, const Documents& documents, Encode encode_some) {
  constexpr std::size_t kTake = 16;
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < n_threads; ++i) {
    threads.emplace_back([&] {
      while (true) {
        const std::size_t begin = next.fetch_add(kTake);
        if (begin >= documents.size()) return;
        const std::size_t end = std::min(begin + kTake, documents.size());
        encode_some(Documents(documents.begin() + static_cast<std::ptrdiff_t>(begin),
                              documents.begin() + static_cast<std::ptrdiff_t>(end)));
      }
    });
  }
}

std::uint32_t crc32(const std::vector<TokenId>& ids) {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value >> 1U) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
    table[i] = value;
  }
  std::uint32_t crc = 0xFFFFFFFF;
  for (const TokenId id : ids) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      crc = (crc >> 8U) ^ table[(crc ^ (id >> shift)) & 0xFFU];
  }
  return ~crc;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: {} TOKENIZER_JSON TEXT_FILE [ROUNDS [THREADS]]\n", argv[0]);
    return 2;
  }
  const int rounds = argc > 3 ? std::max(1, std::atoi(argv[3])) : 5;
  const int threads = argc > 4 ? std::max(0, std::atoi(argv[4])) : 1;
  const double load = median_seconds(rounds, processor_seconds,
                                     [&] { (void)Tokenizer::from_file(argv[1]).value(); });
  const Tokenizer tokenizer = Tokenizer::from_file(argv[1]).value();
  std::ifstream file(argv[2], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const Documents documents = documents_of(text);
  const std::vector<TokenId> ids = encode_ids(tokenizer, documents);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  const double ids_time =
      median_seconds(rounds, processor_seconds, [&] { (void)encode_ids(tokenizer, documents); });
  if (threads == 0) {
    fmt::print("{{\"load_ms\": {:.2f}, \"digest\": {}, \"ids\": {:.2f}}}\n", load * 1e3, crc32(ids),
               megabytes / ids_time);
    return 0;
  }
  const double full_time =
      median_seconds(rounds, processor_seconds, [&] { encode(tokenizer, documents); });
  const double all_ids_time = median_seconds(rounds, clock_seconds, [&] {
    on_threads(threads, documents,
               [&](const Documents& some) { (void)encode_ids(tokenizer, some); });
  });
  const double all_full_time = median_seconds(rounds, clock_seconds, [&] {
    on_threads(threads, documents, [&](const Documents& some) { encode(tokenizer, some); });
  });
  fmt::print(
      "{{\"load_ms\": {:.2f}, \"bytes\": {}, \"tokens\": {}, \"digest\": {}, \"peak_mb\": {:.1f}, "
      "\"ids\": {:.2f}, \"offsets\": {:.2f}, \"all_ids\": {:.2f}, \"all_offsets\": {:.2f}}}\n",
      load * 1e3, text.size(), ids.size(), crc32(ids), static_cast<double>(usage.ru_maxrss) / 1024,
      megabytes / ids_time, megabytes / full_time, megabytes / all_ids_time,
      megabytes / all_full_time);
  return 0;
}
