// SPDX-License-Identifier: Apache-2.0
//
// Small tokenizers made up for tests.
#include "small_tokenizer.hpp"

#include "byte_alphabet.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace hfauth::testing {

namespace {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string SmallTokenizer::json() const {
  std::map<std::string, int> ids;
  std::string vocabulary;
  const auto add = [&](const std::string& token) {
    if (!ids.emplace(token, static_cast<int>(ids.size())).second) return;
    vocabulary +=
        fmt::format("{}{}:{}", vocabulary.empty() ? "" : ",", json_string(token), ids.at(token));
  };
  for (int byte = 0; byte < 256; ++byte) {
    std::string spelling;
    const char c = static_cast<char>(byte);
    tokenizer::byte_alphabet::append_spelling(spelling, std::string_view(&c, 1));
    add(spelling);
  }
  std::vector<std::string> lines;
  for (const auto& [left, right] : merges) {
    add(left + right);
    lines.push_back(json_string(left + " " + right));
  }
  return fmt::format(
      R"({{{},"added_tokens":{},"normalizer":{},"pre_tokenizer":{},"post_processor":{},"decoder":{},)"
      R"("model":{{"type":"BPE",{},"vocab":{{{}}},"merges":[{}]}}}})",
      top_options, added_tokens, normalizer, pre_tokenizer, post_processor, decoder, model_options,
      vocabulary, fmt::join(lines, ","));
}

tokenizer::Tokenizer SmallTokenizer::load() const {
  auto loaded = tokenizer::Tokenizer::from_json(json());
  if (!loaded) BOOST_FAIL(loaded.error().detail);
  return std::move(*loaded);
}

std::string added_token(std::string_view content, const std::vector<std::string>& flags) {
  std::string out = fmt::format(R"({{"id":7,"content":{})", json_string(content));
  for (const char* name : {"single_word", "lstrip", "rstrip", "normalized", "special"}) {
    const bool on = std::find(flags.begin(), flags.end(), name) != flags.end();
    out += fmt::format(R"(,"{}":{})", name, on);
  }
  return out + "}";
}

}  // namespace hfauth::testing
