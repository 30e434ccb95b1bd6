// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzzer's entry point without libFuzzer, so that every build and every sanitizer checks it
// (label fuzz-smoke): each file of the corpus as it is, cut at every length, and with single bytes
// exchanged for ones that parsers trip over. Deterministic; at most kVariants variants of a file,
// spread evenly, so that a large seed does not take minutes.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

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

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 0;
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::fprintf(stderr, "%s\n", entry.path().c_str());
      inputs += run_variants(content_of(entry.path()));
      ++seeds;
    }
  }
  std::printf("%zu seeds, %zu inputs\n", seeds, inputs);
  return seeds == 0 ? 1 : 0;
}
