// SPDX-License-Identifier: Apache-2.0
//
// The user's variables for certificates and proxies as plain values. Pure but for the check that a
// certificate file can be read; libcurl's own look at the process's environment is switched off.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"
#include "module_interface.hpp"

#include <string_view>

namespace hfauth::hub {

/// Certificates: the first that is set and not empty of SSL_CERT_FILE, SSL_CERT_DIR,
/// REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE replaces the system's (httpx 0.28 _config.py and
/// requests 2.32; a folder is accepted wherever a bundle is, as requests does). Proxies, by
/// libcurl's rule (libcurl-env(3)): http_proxy in lower case only, because a CGI program's
/// HTTP_PROXY is under control of whoever sends it a "Proxy:" header; https_proxy before
/// HTTPS_PROXY; all_proxy, then ALL_PROXY for what is not set; no_proxy before NO_PROXY. Errors:
/// invalid_input, naming the variable and the file that cannot be read.
[[nodiscard]] Result<HttpSettings> http_settings_from(const Environment& environment);

/// "proxy.example:3128" of a proxy's URL: without scheme, user and password. For error texts.
[[nodiscard]] std::string proxy_host(std::string_view proxy_url);

}  // namespace hfauth::hub
