// SPDX-License-Identifier: Apache-2.0
//
// usage: tokenizer_bench TOKENIZER_JSON TEXT_FILE [ROUNDS [THREADS [SHARE]]]
// How long the tokenizer takes to load and how fast it encodes the documents of the text: ids alone
// and full encodings, in batches of some 4 MB, on one thread in processor time (other work on the
// machine does not count) and on THREADS by the clock. Medians of ROUNDS (default 5), as one JSON
// object; `digest` is the CRC-32 of the ids of the documents that begin in the first SHARE bytes
// (all if it is 0 or absent), by which scripts/bench/tokenizer.py sees whether its peers, which
// take that share, agree. A document ends at the first line end behind 16 KiB.
#include "hfauth/tokenizer/tokenizer.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using hfauth::tokenizer::EncodeScratch;
using hfauth::tokenizer::IdBatch;
using hfauth::tokenizer::TokenId;
using hfauth::tokenizer::Tokenizer;
using Documents = std::vector<std::string_view>;

constexpr std::size_t kDocument = 16384;
/// No document that begins in the share ends so far behind it.
constexpr std::size_t kLongestLine = std::size_t{1} << 20U;
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

/// The documents, a batch at a time.
template <class Encode>
void in_batches(const Documents& documents, Encode encode) {
  constexpr std::size_t kBatch = 256;
  for (std::size_t at = 0; at < documents.size(); at += kBatch)
    encode(std::span(documents).subspan(at, std::min(kBatch, documents.size() - at)));
}

void encode_ids(const Tokenizer& tokenizer, const Documents& documents, unsigned n_threads) {
  IdBatch batch;
  in_batches(documents, [&](std::span<const std::string_view> some) {
    tokenizer.encode_ids_batch(some, batch, kPlain, n_threads).value();
  });
}

void encode(const Tokenizer& tokenizer, const Documents& documents, unsigned n_threads) {
  in_batches(documents, [&](std::span<const std::string_view> some) {
    (void)tokenizer.encode_batch(some, kPlain, n_threads).value();
  });
}

/// The ids of the documents that begin in the first `share` bytes; of all if it is 0.
std::vector<TokenId> ids_of_share(const Tokenizer& tokenizer, const Documents& documents,
                                  std::size_t share) {
  std::vector<TokenId> ids;
  EncodeScratch scratch;
  std::size_t n_bytes = 0;
  for (const std::string_view document : documents) {
    if (share > 0 && n_bytes >= share) break;
    tokenizer.encode_ids(document, ids, scratch, kPlain).value();
    n_bytes += document.size();
  }
  return ids;
}

/// The first `most` bytes of a file; all of it if that is 0.
std::string text_of(const char* path, std::size_t most) {
  std::ifstream file(path, std::ios::binary);
  if (most == 0) return {std::istreambuf_iterator<char>(file), {}};
  std::string text(most, '\0');
  file.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
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
    fmt::print(stderr, "usage: {} TOKENIZER_JSON TEXT_FILE [ROUNDS [THREADS [SHARE]]]\n", argv[0]);
    return 2;
  }
  const int rounds = argc > 3 ? std::max(1, std::atoi(argv[3])) : 5;
  const auto threads = static_cast<unsigned>(argc > 4 ? std::max(0, std::atoi(argv[4])) : 1);
  const std::size_t share = argc > 5 ? std::strtoull(argv[5], nullptr, 10) : 0;
  const double load = median_seconds(rounds, processor_seconds,
                                     [&] { (void)Tokenizer::from_file(argv[1]).value(); });
  const Tokenizer tokenizer = Tokenizer::from_file(argv[1]).value();
  // The peak is that of the share, which is all that the peers have.
  const std::string beginning = text_of(argv[2], share > 0 ? share + kLongestLine : 0);
  const std::vector<TokenId> ids = ids_of_share(tokenizer, documents_of(beginning), share);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::string text = text_of(argv[2], 0);
  const Documents documents = documents_of(text);
  encode_ids(tokenizer, documents, 1);
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  const double ids_time =
      median_seconds(rounds, processor_seconds, [&] { encode_ids(tokenizer, documents, 1); });
  if (threads == 0) {
    fmt::print("{{\"load_ms\": {:.2f}, \"digest\": {}, \"ids\": {:.2f}}}\n", load * 1e3, crc32(ids),
               megabytes / ids_time);
    return 0;
  }
  const double full_time =
      median_seconds(rounds, processor_seconds, [&] { encode(tokenizer, documents, 1); });
  const double all_ids_time =
      median_seconds(rounds, clock_seconds, [&] { encode_ids(tokenizer, documents, threads); });
  const double all_full_time =
      median_seconds(rounds, clock_seconds, [&] { encode(tokenizer, documents, threads); });
  fmt::print(
      "{{\"load_ms\": {:.2f}, \"bytes\": {}, \"share_tokens\": {}, \"digest\": {}, \"peak_mb\": "
      "{:.1f}, "
      "\"ids\": {:.2f}, \"offsets\": {:.2f}, \"all_ids\": {:.2f}, \"all_offsets\": {:.2f}}}\n",
      load * 1e3, text.size(), ids.size(), crc32(ids), static_cast<double>(usage.ru_maxrss) / 1024,
      megabytes / ids_time, megabytes / full_time, megabytes / all_ids_time,
      megabytes / all_full_time);
  return 0;
}
