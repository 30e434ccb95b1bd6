// SPDX-License-Identifier: Apache-2.0
//
// The few cryptographic tools that the project needs, all libsodium's; sodium.cpp is the only file
// that includes it. Thread-safe. Every function initialises the library on first use.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hfauth::crypto {

inline constexpr std::size_t kKeyBytes = 32;    ///< XChaCha20-Poly1305 and BLAKE2b keys
inline constexpr std::size_t kNonceBytes = 24;  ///< XChaCha20-Poly1305
inline constexpr std::size_t kTagBytes = 16;    ///< added to the plain text's length by seal()
inline constexpr std::size_t kSaltBytes = 16;   ///< Argon2id

/// What guarded memory really got on this machine.
enum class MemoryProtection { locked, guarded_only };

/// Overwrites what finished calls left on this thread's stack: ciphers and copies spill words of
/// what they work on there (measured: half a token after a vault was read). Call from the thread's
/// outermost function after work with secrets; takes microseconds.
void wipe_stack() noexcept;

/// Whether a page of guarded memory can be locked here (RLIMIT_MEMLOCK).
[[nodiscard]] MemoryProtection memory_protection() noexcept;

/// `size` random bytes from the system.
[[nodiscard]] std::string random_bytes(std::size_t size);
[[nodiscard]] Secret random_key();

/// Keyed BLAKE2b of `message`, 32 bytes. `key` has 16 to 64 bytes.
[[nodiscard]] std::string keyed_hash(const Secret& key, std::string_view message);

/// Unkeyed BLAKE2b, 32 bytes. Not for secrets that can be guessed.
[[nodiscard]] std::string hash(std::string_view message);

/// Whole-message authenticated encryption with associated data. `key` kKeyBytes, `nonce`
/// kNonceBytes.
[[nodiscard]] std::string seal(const Secret& key, std::string_view nonce,
                               std::string_view associated, std::string_view plain);
/// Errors: corrupt (wrong key, changed bytes, too short).
[[nodiscard]] Result<Secret> open(const Secret& key, std::string_view nonce,
                                  std::string_view associated, std::string_view sealed);

/// Argon2id with the given cost; blocks for its whole time (about 0.1 s at 64 MiB, 3 passes).
/// `salt` kSaltBytes. Errors: no_space (the memory could not be had).
[[nodiscard]] Result<Secret> derive_key(const Secret& passphrase, std::string_view salt,
                                        std::uint64_t passes, std::size_t memory_bytes);

/// Lower-case hexadecimal of bytes.
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace hfauth::crypto
