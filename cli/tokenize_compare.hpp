// SPDX-License-Identifier: Apache-2.0
//
// `hfauth tokenize --compare`: the same texts by several tokenizers, a row each.
#pragma once

#include "tokenize_input.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace hfauth::cli {

struct NamedTokenizer {
  std::string name;                 ///< as the user wrote it
  std::filesystem::path path = {};  ///< a file or a folder
  std::string cure = {};            ///< said behind the error if it is damaged; "" for none
};

/// Loads each tokenizer, counts the tokens of all inputs together, and prints a table, or with
/// `as_json` an array. One tokenizer is in memory at a time. Returns the exit status.
[[nodiscard]] int compare_tokenizers(const TokenizeRequest& request,
                                     const std::vector<NamedTokenizer>& tokenizers,
                                     const std::vector<TokenizeInput>& inputs, std::ostream& out,
                                     std::ostream& err);

/// The line for a tokenizer that could not be loaded, with the cure if there is one.
[[nodiscard]] std::string load_fault(const tokenizer::Error& error, const NamedTokenizer& named);

}  // namespace hfauth::cli
