// SPDX-License-Identifier: Apache-2.0
//
// libcrypto's EVP interface; this is the only file that includes OpenSSL.
// Speed is the library's own: it uses the SHA instructions where the processor has them.
#include "digest.hpp"

#include "hfauth/core/hex.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <new>

namespace hfauth::hub {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { ::EVP_MD_CTX_free(context); }
};

using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

class OpensslDigest final : public Digest {
 public:
  explicit OpensslDigest(Context context) noexcept : context_(std::move(context)) {}

  [[nodiscard]] bool add(std::string_view bytes) noexcept override {
    return ::EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }

  [[nodiscard]] std::string finish() noexcept override {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned int size = 0;
    if (::EVP_DigestFinal_ex(context_.get(), raw.data(), &size) != 1) return {};
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
      text += hex::kDigits[raw[i] >> 4U];
      text += hex::kDigits[raw[i] & 0xFU];
    }
    return text;
  }

 private:
  Context context_;
};

}  // namespace

Digest* make_openssl_digest(DigestKind kind) noexcept {
  Context context(::EVP_MD_CTX_new());
  const EVP_MD* algorithm = kind == DigestKind::sha1 ? ::EVP_sha1() : ::EVP_sha256();
  if (!context || ::EVP_DigestInit_ex(context.get(), algorithm, nullptr) != 1) return nullptr;
  return new (std::nothrow) OpensslDigest(std::move(context));
}

}  // namespace hfauth::hub
