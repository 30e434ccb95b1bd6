// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzzer's entry point without libFuzzer, so that every build and every sanitizer checks it
// (label fuzz-smoke): each file of the corpus as it is, cut at every length, and with single bytes
// exchanged for ones that parsers trip over. Deterministic; at most kVariants variants of a file,
// spread evenly, so that a large seed does not take minutes. Then, with --seconds N in front,
// random changes of them for so long; HFAUTH_SEED chooses others, and a failure is repeated by the
// seed.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kVariants = 400;
constexpr std::array<char, 8> kAwkwardBytes{'\0', '\n', '"', '\\', '[', '{', '\x7f', '\xff'};

void run(const std::string& input) {
  // A copy of exactly this size, so that the address sanitizer sees a read past its end.
  const std::string exact(input.data(), input.size());
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(exact.data()), exact.size());
}

std::size_t run_variants(const std::string& seed) {
  const std::size_t stride = std::max<std::size_t>(1, seed.size() / kVariants);
  std::size_t inputs = 1;
  run(seed);
  for (std::size_t at = 0; at < seed.size(); at += stride, inputs += 2) {
    run(seed.substr(0, at));
    std::string changed = seed;
    changed[at] = kAwkwardBytes[at / stride % kAwkwardBytes.size()];
    run(changed);
  }
  return inputs;
}

/// Changes a seed in a few places: single bytes, ranges taken out, doubled, or put in from another.
std::string random_variant(const std::vector<std::string>& seeds, std::mt19937& source) {
  const auto below = [&source](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(source);
  };
  constexpr std::size_t kMostChanges = 6;
  constexpr std::size_t kLongestRange = 40;
  constexpr std::size_t kMostBytes = 65536;
  std::string text = seeds[below(seeds.size())];
  for (std::size_t changes = 1 + below(kMostChanges); changes > 0; --changes) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(1 + below(kLongestRange), text.size() - at);
    switch (below(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2: {
        const std::string& other = seeds[below(seeds.size())];
        if (!other.empty()) text.insert(at, other.substr(below(other.size()), kLongestRange));
        break;
      }
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      default:
        if (at < text.size()) text[at] = kAwkwardBytes[below(kAwkwardBytes.size())];
    }
  }
  text.resize(std::min(text.size(), kMostBytes));
  return text;
}

std::size_t run_randomly(const std::vector<std::string>& seeds, std::chrono::seconds duration) {
  const char* const chosen = std::getenv("HFAUTH_SEED");
  std::mt19937 source(chosen != nullptr ? static_cast<unsigned>(std::atoi(chosen)) : 20261125U);
  const auto end = std::chrono::steady_clock::now() + duration;
  std::size_t inputs = 0;
  for (; std::chrono::steady_clock::now() < end; ++inputs)
    run(random_variant(seeds, source));
  return inputs;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool is_timed = words.size() > 2 && words[0] == "--seconds";
  std::vector<std::string> seeds;
  std::size_t inputs = 0;
  for (std::size_t i = is_timed ? 2 : 0; i < words.size(); ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(words[i])) {
      std::fprintf(stderr, "%s\n", entry.path().c_str());
      seeds.push_back(content_of(entry.path()));
      inputs += run_variants(seeds.back());
    }
  }
  if (is_timed && !seeds.empty())
    inputs += run_randomly(seeds, std::chrono::seconds(std::atoi(words[1].c_str())));
  std::printf("%zu seeds, %zu inputs\n", seeds.size(), inputs);
  return seeds.empty() ? 1 : 0;
}
