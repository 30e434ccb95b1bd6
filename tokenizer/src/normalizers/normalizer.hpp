// SPDX-License-Identifier: Apache-2.0
//
// The stage that rewrites a text before it is cut: Unicode forms, case, accents, replacements. Each
// kind is a class of its own file; formats/normalizer_json.cpp builds them. Objects are immutable.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "normalizers/normalized_text.hpp"
#include "pre_tokenizers/pattern.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

class Normalizer {
 public:
  Normalizer() = default;
  Normalizer(const Normalizer&) = delete;
  Normalizer& operator=(const Normalizer&) = delete;
  Normalizer(Normalizer&&) = delete;
  Normalizer& operator=(Normalizer&&) = delete;
  virtual ~Normalizer() = default;

  /// Rewrites `text`. Errors: regex_limit.
  [[nodiscard]] virtual Result<void> apply(NormalizedText& text) const = 0;
};

using NormalizerHandle = std::unique_ptr<const Normalizer>;

enum class UnicodeForm : std::uint8_t { nfc, nfd, nfkc, nfkd };

struct BertOptions {
  bool clean_text = true;            ///< drops control characters, turns white space into spaces
  bool handle_chinese_chars = true;  ///< puts spaces around ideographs
  std::optional<bool> strip_accents = std::nullopt;  ///< else as lowercase
  bool lowercase = true;
};

[[nodiscard]] NormalizerHandle unicode_form_normalizer(UnicodeForm form);
[[nodiscard]] NormalizerHandle lowercase_normalizer();
[[nodiscard]] NormalizerHandle strip_normalizer(bool left, bool right);
[[nodiscard]] NormalizerHandle strip_accents_normalizer();
[[nodiscard]] NormalizerHandle nmt_normalizer();
[[nodiscard]] NormalizerHandle byte_level_normalizer();
[[nodiscard]] NormalizerHandle prepend_normalizer(std::string head);
[[nodiscard]] NormalizerHandle replace_normalizer(std::unique_ptr<const Pattern> pattern,
                                                  std::string content);
[[nodiscard]] NormalizerHandle bert_normalizer(BertOptions options);
/// Errors: corrupt if `charsmap` is not a well-formed one.
[[nodiscard]] Result<NormalizerHandle> precompiled_normalizer(std::string charsmap);
[[nodiscard]] NormalizerHandle sequence_normalizer(std::vector<NormalizerHandle> stages);

}  // namespace hfauth::tokenizer
