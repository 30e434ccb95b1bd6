// SPDX-License-Identifier: Apache-2.0
//
// The tokenizer module's one exported symbol: loads the tokenizer and runs the request.
#include "tokenize_module.hpp"

#include <ostream>

extern "C" __attribute__((visibility("default"))) int hfauth_run_tokenize_1(
    const hfauth::cli::TokenizeJob& job);

int hfauth_run_tokenize_1(const hfauth::cli::TokenizeJob& job) {
  using hfauth::tokenizer::Tokenizer;
  const hfauth::tokenizer::Result<Tokenizer> tokenizer = Tokenizer::from_file(job.tokenizer);
  if (!tokenizer) {
    const bool damaged = tokenizer.error().code == hfauth::tokenizer::Errc::corrupt;
    job.err << "hfauth tokenize: " << tokenizer.error().detail;
    if (damaged && !job.cure_if_damaged.empty()) job.err << "; " << job.cure_if_damaged;
    job.err << '\n';
    return hfauth::exit_status(hfauth::Errc::corrupt);
  }
  return hfauth::cli::run_tokenize(job.request, *tokenizer, job.input_fd, job.out, job.err);
}
