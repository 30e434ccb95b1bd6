// SPDX-License-Identifier: Apache-2.0
//
// The only file that knows libsodium 1.0.18: guarded memory for Secret, and crypto.hpp.
#include "hfauth/core/crypto.hpp"

#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <utility>

namespace hfauth {
namespace {

// sodium_init() is thread-safe and cheap after the first call; without it sodium_malloc's canary is
// not random.
void require_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready)
    throw Failure({Errc::internal, "libsodium cannot be initialised (no source of randomness)"});
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

void require_size(std::string_view what, std::size_t size, std::size_t wanted) {
  if (size != wanted) throw Failure({Errc::internal, std::string(what) + " has the wrong length"});
}

}  // namespace

Secret::~Secret() {
  if (data_ != nullptr) sodium_free(data_);  // wipes
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    if (data_ != nullptr) sodium_free(data_);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret Secret::allocate(std::size_t size) {
  if (size == 0) return {};
  require_sodium();
  void* memory = sodium_malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  std::memset(memory, 0, size);
  return {static_cast<char*>(memory), size};
}

Secret Secret::copy_of(std::string_view bytes) {
  Secret copy = allocate(bytes.size());
  if (copy.data_ != nullptr) std::memcpy(copy.data_, bytes.data(), bytes.size());
  return copy;
}

void Secret::truncate(std::size_t size) noexcept {
  if (size >= size_) return;
  sodium_memzero(data_ + size, size_ - size);
  size_ = size;
}

bool Secret::equals(std::string_view other) const noexcept {
  return size_ == other.size() && (size_ == 0 || sodium_memcmp(data_, other.data(), size_) == 0);
}

void wipe(std::span<char> memory) noexcept {
  sodium_memzero(memory.data(), memory.size());
}

namespace crypto {

static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(kSaltBytes == crypto_pwhash_SALTBYTES);

void wipe_stack() noexcept {
  // The deepest calls here are libsodium's and GLib's; none keeps larger frames than this.
  constexpr std::size_t kReach = std::size_t{128} << 10;
  sodium_stackzero(kReach);
}

MemoryProtection memory_protection() noexcept {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* probe = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) return MemoryProtection::guarded_only;
  const bool locked = mlock(probe, page) == 0;
  munmap(probe, page);
  return locked ? MemoryProtection::locked : MemoryProtection::guarded_only;
}

std::string random_bytes(std::size_t size) {
  require_sodium();
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), size);
  return bytes;
}

Secret random_key() {
  Secret key = Secret::allocate(kKeyBytes);
  randombytes_buf(key.writable().data(), key.size());
  return key;
}

std::string keyed_hash(const Secret& key, std::string_view message) {
  require_sodium();
  std::string digest(crypto_generichash_BYTES, '\0');
  if (crypto_generichash(bytes_of(digest), digest.size(), bytes_of(message), message.size(),
                         bytes_of(key.expose()), key.size()) != 0) {
    throw Failure({Errc::internal, "keyed hash: the key has the wrong length"});
  }
  return digest;
}

std::string hash(std::string_view message) {
  require_sodium();
  std::string digest(crypto_generichash_BYTES, '\0');
  crypto_generichash(bytes_of(digest), digest.size(), bytes_of(message), message.size(), nullptr,
                     0);
  return digest;
}

std::string seal(const Secret& key, std::string_view nonce, std::string_view associated,
                 std::string_view plain) {
  require_sodium();
  require_size("key", key.size(), kKeyBytes);
  require_size("nonce", nonce.size(), kNonceBytes);
  std::string sealed(plain.size() + kTagBytes, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes_of(sealed), nullptr, bytes_of(plain),
                                             plain.size(), bytes_of(associated), associated.size(),
                                             nullptr, bytes_of(nonce), bytes_of(key.expose()));
  return sealed;
}

Result<Secret> open(const Secret& key, std::string_view nonce, std::string_view associated,
                    std::string_view sealed) {
  require_sodium();
  require_size("key", key.size(), kKeyBytes);
  require_size("nonce", nonce.size(), kNonceBytes);
  if (sealed.size() < kTagBytes) return Error{Errc::corrupt, "the encrypted part is too short"};
  // One byte more than needed, so that an empty plain text has memory to point at.
  Secret plain = Secret::allocate(sealed.size() - kTagBytes + 1);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plain.writable().data()), nullptr, nullptr,
          bytes_of(sealed), sealed.size(), bytes_of(associated), associated.size(), bytes_of(nonce),
          bytes_of(key.expose())) != 0) {
    return Error{Errc::corrupt, "the key does not fit or the data was changed"};
  }
  plain.truncate(sealed.size() - kTagBytes);
  return plain;
}

Result<Secret> derive_key(const Secret& passphrase, std::string_view salt, std::uint64_t passes,
                          std::size_t memory_bytes) {
  require_sodium();
  require_size("salt", salt.size(), kSaltBytes);
  Secret key = Secret::allocate(kKeyBytes);
  const char* const text = passphrase.empty() ? "" : passphrase.expose().data();  // never null
  if (crypto_pwhash(reinterpret_cast<unsigned char*>(key.writable().data()), key.size(), text,
                    passphrase.size(), bytes_of(salt), passes, memory_bytes,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error{Errc::no_space, "not enough memory to derive the key from the passphrase"};
  }
  return key;
}

std::string hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes_of(bytes), bytes.size());
  text.pop_back();
  return text;
}

}  // namespace crypto
}  // namespace hfauth
