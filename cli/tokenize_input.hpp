// SPDX-License-Identifier: Apache-2.0
//
// Where `hfauth tokenize` has its texts from: words, files, standard input.
#pragma once

#include "tokenize_command.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

struct TokenizeInput {
  std::string name;  ///< the file as it was named; empty for a word
  std::string text;  ///< UTF-8, unless the request is strict
};

/// All inputs of the request. What is not UTF-8 is replaced by U+FFFD as Python's `replace` does,
/// unless the request is strict: then the tokenizer will say where it is. nullopt after a message
/// on `err`.
[[nodiscard]] std::optional<std::vector<TokenizeInput>> gather_inputs(
    const TokenizeRequest& request, int input_fd, std::ostream& err);

[[nodiscard]] std::vector<std::string_view> texts_of(const std::vector<TokenizeInput>& inputs);

/// Bytes of all of them.
[[nodiscard]] std::uint64_t total_size(const std::vector<TokenizeInput>& inputs);

/// Says "hfauth tokenize: what" on `err`; returns `status`.
int tell_fault(std::ostream& err, std::string_view what, int status = 1);

}  // namespace hfauth::cli
