// SPDX-License-Identifier: Apache-2.0
//
// What one exchange has received so far, held to its request's limits. Knows nothing of libcurl:
// the network module feeds it header lines and pieces of the body.
#pragma once

#include "hfauth/hub/http_client.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace hfauth::hub {

/// All header lines of an answer together: the Hub sends about 3 KiB.
inline constexpr std::size_t kHeaderLimit = std::size_t{256} << 10;

class HttpExchange {
 public:
  /// Keeps a reference: `request` outlives this object.
  explicit HttpExchange(const HttpRequest& request) : request_(request) {}

  /// One header line. A status line begins a new head: interim answers (100, 103) are forgotten.
  /// Trailers are ignored. Sets the failure too_large.
  void take_header(std::string_view line);

  /// A piece of the body of an answer with `status`: a 2xx goes to the request's sink, if it has
  /// one, anything else into the response. Sets the failure: too_large, or what the sinks returned.
  void take_body(int status, std::string_view piece);

  void fail(Error error) { failure_ = std::move(error); }

  /// Why a callback stopped the exchange.
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

  [[nodiscard]] HttpResponse& response() noexcept { return response_; }

 private:
  const HttpRequest& request_;
  HttpResponse response_;
  std::optional<Error> failure_;
  std::size_t header_bytes_ = 0;
  bool in_body_ = false;
};

}  // namespace hfauth::hub
