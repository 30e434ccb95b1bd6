// SPDX-License-Identifier: Apache-2.0
//
// Hand-written matchers for the pre-tokenization patterns that nearly every byte-level tokenizer
// uses. A pattern is recognised by its exact text. A matcher only has to say where the piece that
// begins here ends: nearly all patterns match at every position of every text (or keep the gap as a
// piece), and those of CLIP leave exactly the white space.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace hfauth::tokenizer {

struct Scanner {
  /// The end of the piece that begins at `at` < text.size(); text is valid UTF-8 and a piece begins
  /// at `at`. The result is greater than `at`.
  std::size_t (*end_of)(std::string_view text, std::size_t at) = nullptr;
  /// Whether a piece that begins with white space is a gap between the matches.
  bool leaves_spaces = false;

  [[nodiscard]] std::size_t operator()(std::string_view text, std::size_t at) const {
    return end_of(text, at);
  }

  friend bool operator==(const Scanner&, const Scanner&) = default;
};

/// The pattern of GPT-2 and of ByteLevel(use_regex) (openai/gpt-2, encoder.py).
inline constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

/// The pattern of cl100k (GPT-4), phi-4 and Llama 3 as their tokenizer.json files have it.
inline constexpr std::string_view kCl100kPattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// Qwen2, 2.5 and 3: the same, digits one by one.
inline constexpr std::string_view kQwen2Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// Qwen3.5: marks count as letters.
inline constexpr std::string_view kQwen35Pattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// o200k (GPT-4o), gpt-oss, Llama 4: words are cut before a capital.
inline constexpr std::string_view kO200kPattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// Tekken (Mistral): o200k without contractions, digits one by one.
inline constexpr std::string_view kTekkenPattern =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// DeepSeek V3 and R1: three patterns, each of which cuts the pieces of the one before. The file
/// has the line breaks of the last one as they are, not as escapes.
inline constexpr std::string_view kDeepSeekPatterns[] = {
    R"(\p{N}{1,3})", "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
    "[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|"
    "\\s+(?!\\S)|\\s+"};

/// CLIP: no piece has white space, digits stand alone.
inline constexpr std::string_view kClipPattern =
    R"('s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";

/// The same with the marks of a text's ends, as openai/clip (simple_tokenizer.py) has it.
inline constexpr std::string_view kMarkedClipPattern =
    R"(<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+)";

/// The last stage of Falcon.
inline constexpr std::string_view kThreeDigitsPattern = "[0-9][0-9][0-9]";

[[nodiscard]] std::size_t scan_gpt2(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_cl100k(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_qwen2(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_qwen35(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_o200k(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_tekken(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_deepseek(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_clip(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_marked_clip(std::string_view text, std::size_t at);
/// Falcon's four stages, which are no pattern: runs of punctuation apart, the pattern of GPT-2,
/// runs of digits in the byte-level spelling apart, three of 0 to 9 apart. Pieces may begin and end
/// within a character.
[[nodiscard]] std::size_t scan_falcon(std::string_view text, std::size_t at);

/// The matcher for `pattern`, or nullopt if it is none of those that stand alone.
[[nodiscard]] std::optional<Scanner> scanner_for(std::string_view pattern);

/// The matcher for several patterns that cut one after the other, matches and gaps kept.
[[nodiscard]] std::optional<Scanner> scanner_for(std::span<const std::string_view> patterns);

}  // namespace hfauth::tokenizer
