// SPDX-License-Identifier: Apache-2.0
//
// Strip: takes a character off the beginning and the end of each token, so many times at most. A
// token that is nothing else becomes empty.
#include "decoders/decoder.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Strip final : public Decoder {
 public:
  Strip(std::string content, std::size_t n_begin, std::size_t n_end)
      : content_(std::move(content)), n_begin_(n_begin), n_end_(n_end) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    for (std::string& token : tokens) {
      std::string_view rest = token;
      for (std::size_t i = 0; i < n_begin_ && rest.starts_with(content_); ++i)
        rest.remove_prefix(content_.size());
      for (std::size_t i = 0; i < n_end_ && rest.ends_with(content_); ++i)
        rest.remove_suffix(content_.size());
      token = std::string(rest);
    }
    return {};
  }

 private:
  std::string content_;
  std::size_t n_begin_;
  std::size_t n_end_;
};

}  // namespace

DecoderHandle strip_decoder(std::string content, std::size_t n_begin, std::size_t n_end) {
  return std::make_unique<Strip>(std::move(content), n_begin, n_end);
}

}  // namespace hfauth::tokenizer
