// SPDX-License-Identifier: Apache-2.0
//
// The environment is read here once, so that the module never calls getenv and tests can say what
// the user's variables are.
#include "http_settings.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <optional>
#include <string>
#include <system_error>

namespace hfauth::hub {
namespace {

constexpr std::array<std::string_view, 4> kCertificateVariables{
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"};

Result<void> choose_certificates(const Environment& environment, HttpSettings& settings) {
  for (const std::string_view variable : kCertificateVariables) {
    const std::optional<std::string> path = environment.non_empty(variable);
    if (!path) continue;

    struct stat status {};

    const bool exists = ::stat(path->c_str(), &status) == 0;
    const bool is_folder = exists && S_ISDIR(status.st_mode);
    if (!exists || ::access(path->c_str(), is_folder ? R_OK | X_OK : R_OK) != 0) {
      const std::string reason = std::generic_category().message(errno);
      return Error{Errc::invalid_input,
                   fmt::format("{} names {}, which cannot be read ({}): correct or unset it",
                               variable, *path, reason)};
    }
    (is_folder ? settings.ca_folder : settings.ca_file) = *path;
    break;
  }
  return {};
}

std::string first_set(const Environment& environment,
                      std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (std::optional<std::string> value = environment.non_empty(name)) return *std::move(value);
  }
  return {};
}

}  // namespace

Result<HttpSettings> http_settings_from(const Environment& environment) {
  HttpSettings settings;
  if (const Result<void> chosen = choose_certificates(environment, settings); !chosen)
    return chosen.error();
  settings.http_proxy = first_set(environment, {"http_proxy", "all_proxy", "ALL_PROXY"});
  settings.https_proxy =
      first_set(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  settings.no_proxy = first_set(environment, {"no_proxy", "NO_PROXY"});
  return settings;
}

std::string proxy_host(std::string_view proxy_url) {
  if (const auto scheme = proxy_url.find("://"); scheme != std::string_view::npos)
    proxy_url.remove_prefix(scheme + 3);
  proxy_url = proxy_url.substr(0, proxy_url.find_first_of("/?#"));
  if (const auto user = proxy_url.rfind('@'); user != std::string_view::npos)
    proxy_url.remove_prefix(user + 1);
  return std::string(proxy_url);
}

}  // namespace hfauth::hub
