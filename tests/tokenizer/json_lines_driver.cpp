// SPDX-License-Identifier: Apache-2.0
//
// usage: tokenizer_json_lines tokenize --tokenizer FILE [--json-lines | --ids | --count | --json |
// --decode]
//        [TEXT...]
// The tokenize command without option parsing, configuration and Hub: the golden and
// interoperability tests drive the library through it when they look for a fault below the CLI.
#include "tokenize_command.hpp"

#include <unistd.h>

#include <iostream>
#include <string>

int main(int argc, char** argv) {
  using hfauth::cli::TokenizeForm;
  using hfauth::tokenizer::Tokenizer;
  hfauth::cli::TokenizeRequest request;
  std::string file;
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--tokenizer" && i + 1 < argc) {
      file = argv[++i];
    } else if (word == "--json-lines") {
      request.form = TokenizeForm::json_lines;
    } else if (word == "--ids") {
      request.form = TokenizeForm::ids;
    } else if (word == "--count") {
      request.form = TokenizeForm::count;
    } else if (word == "--json") {
      request.form = TokenizeForm::json;
    } else if (word == "--decode") {
      request.form = TokenizeForm::decode;
    } else {
      request.texts.push_back(word);
    }
  }
  const auto tokenizer = Tokenizer::from_file(file);
  if (!tokenizer) {
    std::cerr << "hfauth tokenize: " << tokenizer.error().detail << '\n';
    return 1;
  }
  return hfauth::cli::run_tokenize(request, *tokenizer, STDIN_FILENO, std::cout, std::cerr);
}
