// SPDX-License-Identifier: Apache-2.0
//
// What `hfauth tokenize` does once the tokenizer is loaded: texts or ids in, one of the output
// forms out. It knows nothing of options, models or the Hub, so that it can be tested without them.
#pragma once

#include "hfauth/tokenizer/tokenizer.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

enum class TokenizeForm : std::uint8_t {
  tokens,      ///< ['I', 'Ġam']: as Python prints a list of strings
  ids,         ///< [40, 1097]
  json,        ///< one object a text: ids, tokens, offsets
  count,       ///< the number of tokens
  decode,      ///< the other way: ids in, text out
  html,        ///< a page with the tokens of all texts
  compare,     ///< how many tokens each of several tokenizers makes
  json_lines,  ///< requests and replies, one JSON object a line, until the input ends
};

/// A request that the caller has already checked: form json_lines has no texts and no file.
struct TokenizeRequest {
  TokenizeForm form = TokenizeForm::tokens;
  /// Each is one input. For decode: ids, separated by commas or white space, brackets allowed; all
  /// of them make one text. If there are none and no file, standard input is read to its end as one
  /// input.
  std::vector<std::string> texts = {};
  /// Read instead of standard input; the whole text of each is one input. "-" is standard input.
  std::vector<std::filesystem::path> files = {};
  bool add_special_tokens = true;
  bool skip_special_tokens = false;  ///< decode only
  bool strict = false;               ///< what is not UTF-8 is a fault, not U+FFFD
  bool colour = false;               ///< tokens: alternating backgrounds
  bool as_json = false;              ///< compare only
  std::vector<std::string> fields =
      {};  ///< json and json_lines: which lists an encoding carries; empty: all
  /// Told of a long encoding some times a second, from another thread, one call at a time: bytes
  /// done and bytes altogether, which at last are the same, and of several tokenizers the name.
  /// Empty if nobody looks.
  std::function<void(std::uint64_t n_done, std::uint64_t n_bytes, const std::string& name)>
      on_progress = {};
};

/// The names that `fields` may hold.
[[nodiscard]] const std::vector<std::string>& encoding_fields();

/// Runs a request. Results go to `out`, one line each; a fault goes to `err` as one line "hfauth
/// tokenize: what: why". `name` is the tokenizer's, for the page. Reads `input_fd` (a file
/// descriptor, so that json_lines can see when the input runs dry). Returns the exit status: 0, 1
/// for a fault of the input, a file or the output, 2 for fields that are unknown or of another
/// form, or ids that are not numbers. With `strict`, invalid UTF-8 is a fault that names the byte
/// offset; an empty text is none. A line of json_lines that cannot be answered gets an error reply
/// and does not change the exit status.
[[nodiscard]] int run_tokenize(const TokenizeRequest& request,
                               const tokenizer::Tokenizer& tokenizer, int input_fd,
                               std::ostream& out, std::ostream& err, std::string_view name = {});

}  // namespace hfauth::cli
