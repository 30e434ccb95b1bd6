// SPDX-License-Identifier: Apache-2.0
//
// A vault file from an enemy. The first byte chooses what the others are: 0 a whole file; 1 a
// header behind the right magic, with its checksum mended and the body's length put right, so that
// the checks behind those are reached; 2 a decrypted body. Properties: an accepted header keeps its
// bounds; an accepted body survives being written and read.
#include "hfauth/core/crypto.hpp"
#include "property.hpp"
#include "vault_format.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace std::string_view_literals;

namespace {

namespace vault = hfauth::store::vault;
using hfauth::fuzzing::require;

const hfauth::Secret& key() {
  static const hfauth::Secret bytes =
      hfauth::Secret::copy_of(std::string(hfauth::crypto::kKeyBytes, 'k'));
  return bytes;
}

void check_body(const hfauth::Result<vault::Records>& records) {
  if (!records) return;
  const auto rule = vault::KeyRule::fresh(vault::Kdf::key_file);
  const auto image = vault::write_image(rule, key(), 1, *records);
  require(image.has_value(), "accepted records can be written");
  const auto header = vault::parse_header(*image);
  require(header.has_value(), "a written header is accepted");
  const auto again = vault::open_body(*header, *image, key());
  require(again && again->size() == records->size(), "written records are read back");
}

void check_file(std::string_view file) {
  const auto header = vault::parse_header(file);
  if (!header) return;
  const bool costly = header->rule.kdf == vault::Kdf::argon2id;
  require(costly || header->rule.kdf == vault::Kdf::key_file, "the kind of key is known");
  require(header->rule.memory_bytes <= vault::kMaxMemoryBytes, "the memory is bounded");
  require(header->rule.passes <= vault::kMaxPasses, "the passes are bounded");
  require(header->body_bytes + vault::kHeaderBytes == file.size(), "the length is right");
  check_body(vault::open_body(*header, file, key()));
}

void check_mended(std::string_view bytes) {
  if (bytes.size() < vault::kHeaderBytes) return;
  std::string file(bytes);
  file.replace(0, 16, "HFVAULT\n\x01\0\0\0\x98\0\0\0"sv);
  const std::uint64_t body = file.size() - vault::kHeaderBytes;
  for (std::size_t i = 0; i < 8; ++i) {
    file[112 + i] = static_cast<char>((body >> (8 * i)) & 0xFFU);
  }
  file.replace(vault::kHeaderBytes - 32, 32,
               hfauth::crypto::hash(file.substr(0, vault::kHeaderBytes - 32)));
  check_file(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      check_file(bytes);
      break;
    case 1:
      check_mended(bytes);
      break;
    default:
      check_body(vault::parse_body(bytes));
      break;
  }
  return 0;
}
