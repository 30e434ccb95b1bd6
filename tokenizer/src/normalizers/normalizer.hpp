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
#include <variant>
#include <vector>

namespace hfauth::tokenizer {

struct BertOptions {
  bool clean_text = true;            ///< drops control characters, turns white space into spaces
  bool handle_chinese_chars = true;  ///< puts spaces around ideographs
  std::optional<bool> strip_accents = std::nullopt;  ///< else as lowercase
  bool lowercase = true;
};

/// Spaces become U+2581, with one more in front of the text.
struct SpaceMarking {
  bool prepends = false;
  bool replaces = false;
};

class Charsmap;

/// What a normalizer does, for the paths to ids that do it in a way of their own; monostate: none
/// of these. A Charsmap lives as long as the normalizer.
using NormalizerShape = std::variant<std::monostate, SpaceMarking, BertOptions, const Charsmap*>;

class Normalizer {
 public:
  Normalizer() = default;
  Normalizer(const Normalizer&) = delete;
  Normalizer& operator=(const Normalizer&) = delete;
  Normalizer(Normalizer&&) = delete;
  Normalizer& operator=(Normalizer&&) = delete;
  virtual ~Normalizer() = default;

  /// Rewrites `text`. Errors: regex_limit; invalid_input if it would grow beyond all measure.
  [[nodiscard]] virtual Result<void> apply(NormalizedText& text) const = 0;

  /// What apply makes of `text`, without places: `text` itself or a view of `home`, whose content
  /// is replaced. Errors: regex_limit.
  [[nodiscard]] virtual Result<std::string_view> rewrite(std::string_view text,
                                                         std::string& home) const;

  [[nodiscard]] virtual NormalizerShape shape() const { return {}; }
};

using NormalizerHandle = std::unique_ptr<const Normalizer>;

enum class UnicodeForm : std::uint8_t { nfc, nfd, nfkc, nfkd };

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
[[nodiscard]] Result<NormalizerHandle> precompiled_normalizer(std::string_view charsmap);

struct SentencePieceOptions {
  std::string_view charsmap = {};                   ///< empty for none; read during the call
  std::vector<std::string_view> user_defined = {};  ///< symbols that stay as they are
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool escape_whitespaces = true;
  bool treat_whitespace_as_suffix = false;
};

/// All that SentencePiece itself does to a text, in one pass. Errors: as precompiled_normalizer.
[[nodiscard]] Result<NormalizerHandle> sentence_piece_normalizer(
    const SentencePieceOptions& options);
[[nodiscard]] NormalizerHandle sequence_normalizer(std::vector<NormalizerHandle> stages);

}  // namespace hfauth::tokenizer
