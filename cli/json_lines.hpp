// SPDX-License-Identifier: Apache-2.0
//
// The JSON-lines mode of `hfauth tokenize`: a request a line, a reply a line, in order. A request
// is one of
//   {"text": s, "pair"?: s, "add_special_tokens"?: bool}     -> an encoding
//   {"texts": [s...], "add_special_tokens"?: bool}           -> {"batch": [encoding...]}
//   {"ids": [n...], "skip_special_tokens"?: bool}            -> {"text": s}
//   {"normalize": s}                                         -> {"normalized": s}
//   {"pre_tokenize": s}                                      -> {"pieces": [[piece, [begin,
//   end]]...]}
// and everything else, or a text that cannot be encoded, gets {"error": s}. Lone surrogates in \u
// escapes stand for U+FFFD. Offsets count code points.
#pragma once

#include "hfauth/tokenizer/tokenizer.hpp"

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

/// A longer line is an error reply; its bytes are passed over, not kept.
inline constexpr std::size_t kMaxRequestBytes = std::size_t{256} << 20U;

/// Answers requests one at a time; no I/O. Not for several threads at once.
class JsonLinesResponder {
 public:
  /// `tokenizer` must outlive this. `fields` restricts what an encoding carries; empty: all.
  JsonLinesResponder(const tokenizer::Tokenizer& tokenizer, std::vector<std::string> fields);
  ~JsonLinesResponder();
  JsonLinesResponder(const JsonLinesResponder&) = delete;
  JsonLinesResponder& operator=(const JsonLinesResponder&) = delete;
  JsonLinesResponder(JsonLinesResponder&&) = delete;
  JsonLinesResponder& operator=(JsonLinesResponder&&) = delete;

  /// The reply to one line (any bytes, without its newline): one line of JSON, without a newline.
  /// The view lives until the next call.
  [[nodiscard]] std::string_view reply(std::string_view line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Serves lines from `input_fd` until its end. Replies are flushed whenever no further input is
/// there yet, so that a caller may wait for each reply; a last line without a newline is answered
/// too. Stops early when `out` fails. Returns 0, or the errno of a failed read.
[[nodiscard]] int serve_json_lines(const tokenizer::Tokenizer& tokenizer,
                                   const std::vector<std::string>& fields, int input_fd,
                                   std::ostream& out);

}  // namespace hfauth::cli
