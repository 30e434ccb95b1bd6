// SPDX-License-Identifier: Apache-2.0
//
// Metaspace as a decoder: the visible character becomes a space again. In the first token all of
// them go, unless the scheme says that none was put in front.
#include "decoders/decoder.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Metaspace final : public Decoder {
 public:
  explicit Metaspace(MetaspaceOptions options) : options_(std::move(options)) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const bool dropped = i == 0 && options_.prepend_scheme != PrependScheme::never;
      tokens[i] = replaced_all(tokens[i], options_.replacement, dropped ? "" : " ");
    }
    return {};
  }

 private:
  MetaspaceOptions options_;
};

}  // namespace

DecoderHandle metaspace_decoder(MetaspaceOptions options) {
  return std::make_unique<Metaspace>(std::move(options));
}

}  // namespace hfauth::tokenizer
