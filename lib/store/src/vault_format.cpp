// SPDX-License-Identifier: Apache-2.0
//
// Reading and writing the layout of docs/vault-format.md. Integers are little-endian. The header
// ends with a checksum that needs no key, so that damage is never mistaken for a wrong passphrase
// and no damaged parameter reaches Argon2id; what an attacker changes (and re-checksums) is caught
// by the key check or by the AEAD, whose associated data is the whole header.
#include "vault_format.hpp"

#include "hfauth/core/crypto.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace hfauth::store::vault {
namespace {

constexpr std::string_view kMagic = "HFVAULT\n";
constexpr std::string_view kKeyCheckLabel = "hfauth vault key check";
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kMaxHeaderBytes = 4096;  // of any later version
constexpr std::size_t kFixedBytes = 16;  // magic, version, header length: the same in every version

Error damaged(std::string_view what) {
  return Error{Errc::corrupt, "the vault is damaged: " + std::string(what)};
}

std::uint64_t read_integer(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) {
    value = (value << 8U) | static_cast<unsigned char>(bytes[i - 1]);
  }
  return value;
}

void append_integer(std::string& out, std::uint64_t value, std::size_t n_bytes) {
  for (std::size_t i = 0; i < n_bytes; ++i) {
    out.push_back(static_cast<char>(value & 0xFFU));
    value >>= 8U;
  }
}

/// Takes fields off the front of a header whose length was checked.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  std::string_view bytes(std::size_t n_bytes) {
    const std::string_view field = rest_.substr(0, n_bytes);
    rest_.remove_prefix(n_bytes);
    return field;
  }

  std::uint32_t u32() { return static_cast<std::uint32_t>(read_integer(bytes(4))); }

  std::uint64_t u64() { return read_integer(bytes(8)); }

 private:
  std::string_view rest_;
};

std::string key_check_of(const KeyRule& rule, const Secret& key) {
  return crypto::keyed_hash(key, std::string(kKeyCheckLabel) + rule.salt);
}

/// Magic, header length and checksum: the part that holds for every version. Returns the header's
/// length.
Result<std::size_t> check_frame(std::string_view file) {
  if (file.size() < kFixedBytes) {
    return damaged("it ends inside the header");
  }
  if (!file.starts_with(kMagic)) {
    return damaged("it does not begin like a vault");
  }
  const std::uint64_t header_bytes = read_integer(file.substr(12, 4));
  if (header_bytes < kFixedBytes + kHashBytes || header_bytes > kMaxHeaderBytes) {
    return damaged("the header's length is impossible");
  }
  if (file.size() < header_bytes) {
    return damaged("it ends inside the header");
  }
  const auto length = static_cast<std::size_t>(header_bytes);
  const std::string_view checked = file.substr(0, length - kHashBytes);
  if (crypto::hash(checked) != file.substr(length - kHashBytes, kHashBytes)) {
    return damaged("the header's checksum differs");
  }
  return length;
}

Result<void> check_rule(const KeyRule& rule) {
  switch (rule.kdf) {
    case Kdf::key_file:
      if (rule.passes != 0 || rule.memory_bytes != 0) {
        return damaged("key file with parameters of a passphrase");
      }
      return {};
    case Kdf::argon2id:
      if (rule.passes < 1 || rule.passes > kMaxPasses || rule.memory_bytes < kMinMemoryBytes ||
          rule.memory_bytes > kMaxMemoryBytes) {
        return damaged("the cost of the passphrase is out of bounds");
      }
      return {};
  }
  return damaged("unknown kind of key");
}

}  // namespace

KeyRule KeyRule::fresh(Kdf kdf) {
  const bool costly = kdf == Kdf::argon2id;
  return {.kdf = kdf,
          .passes = costly ? kNewPasses : 0,
          .memory_bytes = costly ? kNewMemoryBytes : 0,
          .salt = crypto::random_bytes(crypto::kSaltBytes)};
}

Result<Header> parse_header(std::string_view file) {
  const Result<std::size_t> header_bytes = check_frame(file);
  if (!header_bytes) {
    return header_bytes.error();
  }
  FieldReader fields(file.substr(kMagic.size()));
  const std::uint32_t version = fields.u32();
  if (version != kVersion) {
    return Error{Errc::unsupported, "the vault has version " + std::to_string(version) +
                                        ", this program reads version 1: upgrade hfauth"};
  }
  if (*header_bytes != kHeaderBytes) {
    return damaged("the header's length is not that of its version");
  }
  fields.bytes(4);
  Header header;
  header.rule.kdf = static_cast<Kdf>(fields.u32());
  header.rule.passes = fields.u32();
  header.rule.memory_bytes = fields.u64();
  header.rule.salt = fields.bytes(crypto::kSaltBytes);
  header.key_check = fields.bytes(kHashBytes);
  header.generation = fields.u64();
  header.nonce = fields.bytes(crypto::kNonceBytes);
  header.body_bytes = fields.u64();
  if (const Result<void> rule = check_rule(header.rule); !rule) {
    return rule.error();
  }
  if (header.body_bytes < crypto::kTagBytes || header.body_bytes != file.size() - kHeaderBytes) {
    return damaged("the body is not as long as the header says");
  }
  return header;
}

Result<void> check_key(const Header& header, const Secret& key) {
  const Secret expected = Secret::copy_of(key_check_of(header.rule, key));
  if (!expected.equals(header.key_check)) {
    return Error{Errc::denied, header.rule.kdf == Kdf::argon2id
                                   ? "wrong passphrase for the vault"
                                   : "the key file belongs to another vault"};
  }
  return {};
}

Result<Records> open_body(const Header& header, std::string_view file, const Secret& key) {
  if (const Result<void> fits = check_key(header, key); !fits) {
    return fits.error();
  }
  const Result<Secret> plain =
      crypto::open(key, header.nonce, file.substr(0, kHeaderBytes), file.substr(kHeaderBytes));
  if (!plain) {
    return damaged("its content does not match its seal");
  }
  return parse_body(plain->expose());
}

Result<Records> parse_body(std::string_view plain) {
  Records records;
  while (!plain.empty()) {
    const std::size_t end = plain.find('\n');
    if (end == std::string_view::npos) {
      return damaged("the last record has no end");
    }
    Result<token::TokenRecord> record = token::decode_record(plain.substr(0, end));
    if (!record) {
      return damaged(record.error().detail);
    }
    const token::ProfileName profile = record->facts.profile;
    if (!records.emplace(profile, std::move(*record)).second) {
      return damaged("two records for profile " + profile.str());
    }
    plain.remove_prefix(end + 1);
  }
  return records;
}

Result<std::string> write_image(const KeyRule& rule, const Secret& key, std::uint64_t generation,
                                const Records& records) {
  std::vector<Secret> documents;
  documents.reserve(records.size());
  std::size_t plain_bytes = 0;
  for (const auto& [profile, record] : records) {
    documents.push_back(token::encode_record(record));
    if (documents.back().expose().find('\n') != std::string_view::npos) {
      return Error{Errc::internal,
                   "the document of profile " + profile.str() + " has a line break"};
    }
    plain_bytes += documents.back().size() + 1;
  }
  const std::size_t body_bytes = plain_bytes + crypto::kTagBytes;
  if (kHeaderBytes + body_bytes > kMaxFileBytes) {
    return Error{Errc::too_large,
                 "the vault would grow over 1 MiB: remove profiles that are no longer used"};
  }
  Secret plain = Secret::allocate(plain_bytes);
  auto out = plain.writable().begin();
  for (const Secret& document : documents) {
    out = std::copy(document.expose().begin(), document.expose().end(), out);
    *out++ = '\n';
  }

  const std::string nonce = crypto::random_bytes(crypto::kNonceBytes);
  std::string image(kMagic);
  append_integer(image, kVersion, 4);
  append_integer(image, kHeaderBytes, 4);
  append_integer(image, static_cast<std::uint32_t>(rule.kdf), 4);
  append_integer(image, rule.passes, 4);
  append_integer(image, rule.memory_bytes, 8);
  image += rule.salt;
  image += key_check_of(rule, key);
  append_integer(image, generation, 8);
  image += nonce;
  append_integer(image, body_bytes, 8);
  image += crypto::hash(image);
  image += crypto::seal(key, nonce, image, plain.expose());
  return image;
}

}  // namespace hfauth::store::vault
