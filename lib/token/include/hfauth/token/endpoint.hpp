// SPDX-License-Identifier: Apache-2.0
//
// The origin of a Hub, to which a token is bound: scheme, host, port, nothing else (RFC 6454).
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace hfauth::token {

class Endpoint {
 public:
  /// https://huggingface.co
  [[nodiscard]] static Endpoint hub();

  /// Lower-cases scheme and host, drops the default port, trailing slashes and refuses user info,
  /// query, fragment and a path. http is accepted for loopback hosts (localhost, 127.0.0.0/8,
  /// [::1]) only, unless `allow_plain_http`. Errors: invalid_input, naming the part that is wrong.
  [[nodiscard]] static Result<Endpoint> parse(std::string_view url, bool allow_plain_http = false);

  /// What the Hub's clients would use: the staging Hub if HUGGINGFACE_CO_STAGING is true, else
  /// HF_ENDPOINT if set and not empty, else hub() (huggingface_hub 1.29 constants.py).
  /// HFAUTH_ALLOW_PLAIN_HTTP=1 lets a host that is not loopback be http. Errors: usage.
  [[nodiscard]] static Result<Endpoint> from(const Environment& environment);

  [[nodiscard]] const std::string& url() const noexcept {
    return url_;
  }  ///< "https://huggingface.co", no slash

  [[nodiscard]] std::string_view host() const noexcept;  ///< without port

  [[nodiscard]] bool is_https() const noexcept { return url_.starts_with("https:"); }

  /// localhost, 127.0.0.0/8 in four numbers, [::1]: this machine itself, the one rule by which a
  /// token may travel without TLS, and to a Hub that nobody has named before. False for every name
  /// that a server elsewhere can have: 127.example, localhost.example.
  [[nodiscard]] bool is_loopback() const noexcept;

  [[nodiscard]] bool is_official() const noexcept;  ///< huggingface.co or hf.co over https

  /// Whether an absolute `url` has this origin; https is never equal to http.
  [[nodiscard]] bool is_origin_of(std::string_view url) const;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;

 private:
  explicit Endpoint(std::string url) : url_(std::move(url)) {}

  std::string url_;
};

}  // namespace hfauth::token
