// SPDX-License-Identifier: Apache-2.0
//
// Replace as a decoder: within each token, a string in place of every match of a pattern.
#include "decoders/decoder.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Replace final : public Decoder {
 public:
  Replace(std::unique_ptr<const Pattern> pattern, std::string content)
      : pattern_(std::move(pattern)), content_(std::move(content)) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    std::vector<SplitEvent> events;
    for (std::string& token : tokens) {
      if (const Result<void> found = pattern_->find_events(token, events); !found)
        return found.error();
      std::string out;
      for (const SplitEvent& event : events) {
        if (event.is_match) {
          out += content_;
        } else {
          out.append(token, event.range.begin, event.range.end - event.range.begin);
        }
      }
      token = std::move(out);
    }
    return {};
  }

 private:
  std::unique_ptr<const Pattern> pattern_;
  std::string content_;
};

}  // namespace

DecoderHandle replace_decoder(std::unique_ptr<const Pattern> pattern, std::string content) {
  return std::make_unique<Replace>(std::move(pattern), std::move(content));
}

}  // namespace hfauth::tokenizer
