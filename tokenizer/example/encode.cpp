// SPDX-License-Identifier: Apache-2.0
//
// Prints the tokens of a text with their places, and the text that they decode to.
// usage: encode TOKENIZER TEXT
#include <hfauth/tokenizer/tokenizer.hpp>

#include <iostream>

int main(int argc, char** argv) {
  using namespace hfauth::tokenizer;
  if (argc != 3) return 2;
  const Result<Tokenizer> tokenizer = Tokenizer::from_file(argv[1]);
  if (!tokenizer) {
    std::cerr << tokenizer.error().detail << '\n';
    return 1;
  }
  const Result<Encoding> encoding = tokenizer->encode(argv[2], {.byte_offsets = true});
  if (!encoding) {
    std::cerr << encoding.error().detail << '\n';
    return 1;
  }
  for (std::size_t i = 0; i < encoding->size(); ++i) {
    std::cout << encoding->ids[i] << ' ' << encoding->tokens[i] << ' '
              << encoding->byte_offsets[i].begin << ' ' << encoding->byte_offsets[i].end << '\n';
  }
  const Result<std::string> text = tokenizer->decode(encoding->ids);
  if (text) std::cout << *text << '\n';
  return text ? 0 : 1;
}
