// SPDX-License-Identifier: Apache-2.0
//
// The tokenizer module's one exported symbol: loads the tokenizer and runs the request.
#include "tokenize_module.hpp"

extern "C" __attribute__((visibility("default"))) int hfauth_run_tokenize_3(
    const hfauth::cli::TokenizeJob& job);

int hfauth_run_tokenize_3(const hfauth::cli::TokenizeJob& job) {
  using namespace hfauth::cli;  // NOLINT(google-build-using-namespace): the module's one function
  if (job.request.form == TokenizeForm::compare) {
    const auto inputs = gather_inputs(job.request, job.input_fd, job.err);
    return inputs ? compare_tokenizers(job.request, job.tokenizers, *inputs, job.out, job.err) : 1;
  }
  const NamedTokenizer& named = job.tokenizers.front();
  const auto tokenizer = hfauth::tokenizer::Tokenizer::from_file(named.path);
  if (!tokenizer) {
    return tell_fault(job.err, load_fault(tokenizer.error(), named),
                      hfauth::exit_status(hfauth::Errc::corrupt));
  }
  return run_tokenize(job.request, *tokenizer, job.input_fd, job.out, job.err, named.name);
}
