// SPDX-License-Identifier: Apache-2.0
//
// The network module's one exported symbol.
#include "curl_http_client.hpp"
#include "digest.hpp"
#include "module_interface.hpp"

extern "C" __attribute__((visibility("default"))) const hfauth::hub::NetworkModule*
hfauth_network_module(std::uint32_t version) noexcept;

const hfauth::hub::NetworkModule* hfauth_network_module(std::uint32_t version) noexcept {
  static constexpr hfauth::hub::NetworkModule kModule{
      .make_client = &hfauth::hub::make_curl_http_client,
      .make_digest = &hfauth::hub::make_openssl_digest};
  return version == hfauth::hub::kModuleVersion ? &kModule : nullptr;
}
