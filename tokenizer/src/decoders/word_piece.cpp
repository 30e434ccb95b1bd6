// SPDX-License-Identifier: Apache-2.0
//
// WordPiece as a decoder: words are set apart by spaces, what continues a word is not.
#include "decoders/decoder.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class WordPiece final : public Decoder {
 public:
  WordPiece(std::string prefix, bool cleanup) : prefix_(std::move(prefix)), cleanup_(cleanup) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::string& token = tokens[i];
      if (i > 0 && token.starts_with(prefix_)) {
        token.erase(0, prefix_.size());
      } else if (i > 0) {
        token.insert(0, 1, ' ');
      }
      if (cleanup_) token = without_artifacts(token);
    }
    return {};
  }

 private:
  std::string prefix_;
  bool cleanup_;
};

}  // namespace

std::string without_artifacts(std::string_view text) {
  // One after the other, in the reference's order: "do not" comes before " 's".
  static constexpr std::pair<std::string_view, std::string_view> kArtifacts[] = {
      {" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
      {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
      {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  std::string out(text);
  for (const auto& [from, to] : kArtifacts) {
    if (out.find(from) != std::string::npos) out = replaced_all(out, from, to);
  }
  return out;
}

DecoderHandle word_piece_decoder(std::string prefix, bool cleanup) {
  return std::make_unique<WordPiece>(std::move(prefix), cleanup);
}

}  // namespace hfauth::tokenizer
