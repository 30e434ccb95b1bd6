// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a vault file (docs/vault-format.md), apart from any file system: parse and check a
// header, open a body, write a whole image. Pure functions of their arguments but for the random
// nonce; safe on hostile input: every length is checked before it is used, and no parameter of the
// file makes the reader take more memory or time than the bounds below.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/token_record.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace hfauth::store::vault {

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kHeaderBytes = 152;
inline constexpr std::size_t kMaxFileBytes = std::size_t{1}
                                             << 20;  ///< some hundred records of the largest size

inline constexpr std::uint32_t kNewPasses =
    3;  ///< RFC 9106 §4, second recommended option: 3 passes, 64 MiB
inline constexpr std::uint64_t kNewMemoryBytes = std::uint64_t{64} << 20;
inline constexpr std::uint32_t kMaxPasses = 16;  ///< a hostile file must not keep us busy for hours
inline constexpr std::uint64_t kMinMemoryBytes = std::uint64_t{8}
                                                 << 20;  ///< nor weaken the next write
inline constexpr std::uint64_t kMaxMemoryBytes = std::uint64_t{1}
                                                 << 30;  ///< nor ask for a terabyte

enum class Kdf : std::uint32_t { key_file = 1, argon2id = 2 };

/// How the key of a vault comes about. The salt is new with each key, so it also names the key.
struct KeyRule {
  Kdf kdf = Kdf::key_file;
  std::uint32_t passes = 0;        ///< 0 for key_file
  std::uint64_t memory_bytes = 0;  ///< 0 for key_file
  std::string salt;                ///< crypto::kSaltBytes

  /// A rule with a new random salt.
  [[nodiscard]] static KeyRule fresh(Kdf kdf);
};

struct Header {
  KeyRule rule;
  std::string key_check;  ///< 32 bytes
  std::uint64_t generation = 0;
  std::string nonce;  ///< crypto::kNonceBytes
  std::uint64_t body_bytes = 0;
};

using Records = std::map<token::ProfileName, token::TokenRecord>;

/// Checks everything that needs no key: magic, checksum, version, parameters within their bounds,
/// and that the file has exactly the length that the header tells. Errors: corrupt, unsupported (an
/// intact file of a later version).
[[nodiscard]] Result<Header> parse_header(std::string_view file);

/// Whether `key` is the vault's. Errors: denied (it is not).
[[nodiscard]] Result<void> check_key(const Header& header, const Secret& key);

/// The records of an intact file. The plain body lives in guarded memory alone. Errors: denied
/// (other key), corrupt.
[[nodiscard]] Result<Records> open_body(const Header& header, std::string_view file,
                                        const Secret& key);

/// A whole file with a new random nonce. Errors: too_large (more than kMaxFileBytes), internal (a
/// record's document has a line break).
[[nodiscard]] Result<std::string> write_image(const KeyRule& rule, const Secret& key,
                                              std::uint64_t generation, const Records& records);

/// The lines of a plain body. Separate for the fuzzer. Errors: corrupt.
[[nodiscard]] Result<Records> parse_body(std::string_view plain);

}  // namespace hfauth::store::vault
