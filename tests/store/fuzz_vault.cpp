// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer on everything that reads a vault without its key being right. The first byte chooses: 0
// the raw bytes as a file; 1 the bytes as a header behind the right magic, with a mended checksum
// and the right body length, so that the checks behind the checksum are reached; 2 the bytes as a
// decrypted body.
#include "hfauth/core/crypto.hpp"
#include "vault_format.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace std::string_view_literals;

namespace {

void open_file(std::string_view file) {
  static const hfauth::Secret key =
      hfauth::Secret::copy_of(std::string(hfauth::crypto::kKeyBytes, 'k'));
  const auto header = hfauth::store::vault::parse_header(file);
  if (header) {
    static_cast<void>(hfauth::store::vault::open_body(*header, file, key));
  }
}

void open_mended(std::string_view bytes) {
  constexpr std::size_t kHeader = hfauth::store::vault::kHeaderBytes;
  if (bytes.size() < kHeader) {
    return;
  }
  std::string file(bytes);
  file.replace(0, 16, "HFVAULT\n\x01\0\0\0\x98\0\0\0"sv);
  const std::uint64_t body = file.size() - kHeader;
  for (std::size_t i = 0; i < 8; ++i) {
    file[112 + i] = static_cast<char>((body >> (8 * i)) & 0xFFU);
  }
  file.replace(kHeader - 32, 32, hfauth::crypto::hash(file.substr(0, kHeader - 32)));
  open_file(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      open_file(bytes);
      break;
    case 1:
      open_mended(bytes);
      break;
    default:
      static_cast<void>(hfauth::store::vault::parse_body(bytes));
      break;
  }
  return 0;
}
