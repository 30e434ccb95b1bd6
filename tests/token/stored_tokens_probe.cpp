// SPDX-License-Identifier: Apache-2.0
//
// What read_sections() makes of texts, for configparser_test.py: each line of standard input is a
// text in hexadecimal digits; each line of standard output "error", or the sections: name, then key
// and value by turns, words in hexadecimal digits after a mark ("[", "k", "v").
#include "hfauth/core/crypto.hpp"
#include "stored_tokens_sections.hpp"

#include <charconv>
#include <iostream>
#include <string>

namespace {

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const std::string text = from_hex(line);
    const auto sections = hfauth::token::read_sections(text);
    if (!sections) {
      std::cout << "error\n";
      continue;
    }
    for (const hfauth::token::Section& section : *sections) {
      std::cout << " [" << hfauth::crypto::hex(section.name);
      for (const auto& [key, value] : section.members)
        std::cout << " k" << hfauth::crypto::hex(key) << " v"
                  << hfauth::crypto::hex(value.expose());
    }
    std::cout << '\n';
  }
  return 0;
}
