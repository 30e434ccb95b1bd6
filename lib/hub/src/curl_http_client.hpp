// SPDX-License-Identifier: Apache-2.0
//
// HttpClient on libcurl, inside the network module. curl_http_client.cpp is the only file that
// includes curl.
#pragma once

#include "module_interface.hpp"

namespace hfauth::hub {

/// One easy handle, so that connections are reused; for one thread. nullptr if libcurl cannot be
/// set up.
[[nodiscard]] HttpClient* make_curl_http_client(const HttpSettings& settings) noexcept;

}  // namespace hfauth::hub
