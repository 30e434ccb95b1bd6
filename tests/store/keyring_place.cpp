// SPDX-License-Identifier: Apache-2.0
//
// Definitions of keyring_place.hpp.
#include "keyring_place.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace hfauth::testing {

std::string output_of(const std::string& command) {
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::string text;
  std::array<char, 4096> part{};
  for (std::size_t n_read = 0; (n_read = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
    text.append(part.data(), n_read);
  }
  ::pclose(pipe);
  return text;
}

std::size_t prompts_seen() {
  const char* file =
      std::getenv("WITH_KEYRING_PROMPTS");  // NOLINT(concurrency-mt-unsafe): nobody writes it
  BOOST_REQUIRE(file != nullptr);
  const std::string marks = slurp(file);
  return static_cast<std::size_t>(std::count(marks.begin(), marks.end(), '\n'));
}

}  // namespace hfauth::testing
