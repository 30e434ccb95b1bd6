// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as git's store and as a netrc: entries lie in the file, in order and apart, and a file
// without them has none left.
#include "hfauth/token/plain_credentials.hpp"
#include "property.hpp"

#include <cstdint>
#include <string_view>

using hfauth::fuzzing::require;
using hfauth::token::PlainCredential;

namespace {

void check(std::string_view content,
           std::vector<PlainCredential> (*parse)(std::string_view content)) {
  const std::vector<PlainCredential> found = parse(content);
  std::vector<const PlainCredential*> all;
  std::size_t before = 0;
  for (const PlainCredential& entry : found) {
    require(entry.begin >= before && entry.begin < entry.end && entry.end <= content.size(),
            "an entry lies in the file, behind the one before");
    require(!entry.password.empty() && !entry.host.empty(), "an entry has a host and a password");
    before = entry.end;
    all.push_back(&entry);
  }
  const hfauth::Secret rest = hfauth::token::without_entries(content, all);
  require(parse(rest.expose()).empty(), "what is taken out is gone");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  check(content, &hfauth::token::parse_git_store);
  check(content, &hfauth::token::parse_netrc);
  return 0;
}
