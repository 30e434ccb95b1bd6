// SPDX-License-Identifier: Apache-2.0
//
// What the program and its network module (libhfauth_http.so) say to each other: one C entry point
// that hands out a table of functions. Both sides come from one build; the version and the sizes in
// the table catch a module that does not. No exception crosses: the module's functions are noexcept
// and its objects answer with Result.
#pragma once

#include "hfauth/hub/http_client.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hfauth::hub {

/// What the user's environment says on certificates and proxies, decided on the program's side
/// (http_settings.hpp).
struct HttpSettings {
  std::string ca_file;      ///< "" with an empty ca_folder: the system's own
  std::string ca_folder;    ///< hashed names, as openssl rehash makes them
  std::string http_proxy;   ///< "": none
  std::string https_proxy;  ///< "": none
  std::string no_proxy;     ///< libcurl's form: hosts, domains, CIDR ranges, or "*"
};

enum class DigestKind { sha1, sha256 };

/// A digest in progress (libcrypto). Not thread-safe.
class Digest {
 public:
  Digest() = default;
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  virtual ~Digest() = default;
  [[nodiscard]] virtual bool add(std::string_view bytes) noexcept = 0;
  /// Lower-case hexadecimal, once; "" if libcrypto failed.
  [[nodiscard]] virtual std::string finish() noexcept = 0;
};

/// Raise it with every change of this file or of the public HttpClient types.
inline constexpr std::uint32_t kModuleVersion = 4;
inline constexpr char kModuleEntryName[] = "hfauth_network_module";

struct NetworkModule {
  std::uint32_t version = kModuleVersion;
  std::size_t request_size = sizeof(HttpRequest);
  std::size_t response_size = sizeof(HttpResponse);
  /// nullptr if libcurl cannot be set up.
  HttpClient* (*make_client)(const HttpSettings& settings) noexcept = nullptr;
  /// nullptr if libcrypto refuses the algorithm.
  Digest* (*make_digest)(DigestKind kind) noexcept = nullptr;
};

/// The type of the entry point: the table if the module speaks `version`, else nullptr.
using ModuleEntry = const NetworkModule* (*)(std::uint32_t version);

}  // namespace hfauth::hub
