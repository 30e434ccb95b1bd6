// SPDX-License-Identifier: Apache-2.0
//
// Small tokenizers made up for tests: the 256 byte symbols, a few merges, and whatever a case adds.
#pragma once

#include "hfauth/tokenizer/tokenizer.hpp"

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hfauth::tokenizer {

inline std::ostream& operator<<(std::ostream& out, Errc code) {
  return out << name_of(code);
}

inline std::ostream& operator<<(std::ostream& out, const Error& error) {
  return out << name_of(error.code) << ": " << error.detail;
}

inline std::ostream& operator<<(std::ostream& out, const CodePointRange& range) {
  return out << '[' << range.begin << ',' << range.end << ']';
}

}  // namespace hfauth::tokenizer

namespace hfauth::testing {

/// The parts of a tokenizer.json as JSON text; the model is byte-level BPE.
struct SmallTokenizer {
  /// Merges in order of rank, spelled in the byte-level alphabet (Ġ is the space).
  std::vector<std::pair<std::string, std::string>> merges = {
      {"h", "e"}, {"l", "l"},   {"he", "ll"},  {"hell", "o"}, {"Ġ", "w"},
      {"o", "r"}, {"Ġw", "or"}, {"Ġwor", "l"}, {"Ġworl", "d"}};
  std::string added_tokens = "[]";
  std::string normalizer = "null";
  std::string pre_tokenizer =
      R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true})";
  std::string post_processor = "null";
  std::string decoder = R"({"type":"ByteLevel"})";
  std::string model_options = R"("dropout":null,"unk_token":null)";
  std::string top_options = R"("version":"1.0","truncation":null,"padding":null)";

  [[nodiscard]] std::string json() const;
  /// Fails the test if it does not load.
  [[nodiscard]] tokenizer::Tokenizer load() const;
};

/// One entry of "added_tokens"; `flags` is any of "single_word", "lstrip", "rstrip", "normalized",
/// "special".
[[nodiscard]] std::string added_token(std::string_view content,
                                      const std::vector<std::string>& flags = {});

}  // namespace hfauth::testing
