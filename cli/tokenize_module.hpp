// SPDX-License-Identifier: Apache-2.0
//
// The tokenizer's side of `hfauth tokenize` as a module (libhfauth_tokenize.so): Oniguruma,
// simdjson and the tables are mapped only by the command that needs them, so that `hfauth token`
// starts without them (docs/decisions/0007). Both sides come from one build and share the C++
// runtime; the entry's name carries the version.
#pragma once

#include "context.hpp"
#include "tokenize_command.hpp"
#include "tokenize_compare.hpp"

#include <vector>

namespace hfauth::cli {

/// What crosses into the module. Everything outlives the call.
struct TokenizeJob {
  const TokenizeRequest& request;
  const std::vector<NamedTokenizer>& tokenizers;  ///< one, or for compare at least one
  int input_fd;
  std::ostream& out;
  std::ostream& err;
};

/// Raise the number in it with every change of TokenizeJob or TokenizeRequest.
inline constexpr char kTokenizeEntryName[] = "hfauth_run_tokenize_3";
using TokenizeEntry = int (*)(const TokenizeJob& job);

/// Loads the module and runs the job; the exit status. Errors: internal (the module is missing or
/// of another version).
[[nodiscard]] Result<int> run_in_tokenize_module(const TokenizeJob& job);

}  // namespace hfauth::cli
