// SPDX-License-Identifier: Apache-2.0
//
// Limits are checked before anything is kept, so a hostile answer costs no more memory than they
// say.
#include "http_exchange.hpp"

#include "hfauth/core/text_pieces.hpp"
#include "http_request_check.hpp"

#include <fmt/format.h>

namespace hfauth::hub {

void HttpExchange::take_header(std::string_view line) {
  if (in_body_) return;  // trailers
  if (line.starts_with("HTTP/")) {
    response_.headers.clear();
    return;
  }
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderLimit) {
    failure_ = Error{Errc::too_large,
                     fmt::format("the answer's header is over {} KiB", kHeaderLimit >> 10U)};
    return;
  }
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  response_.headers.push_back({std::string(trimmed(line.substr(0, colon), kBlanks)),
                               std::string(trimmed(line.substr(colon + 1), kBlanks))});
}

void HttpExchange::take_body(int status, std::string_view piece) {
  const bool is_first = !in_body_;
  in_body_ = true;
  if (request_.sink && status >= 200 && status < 300) {
    if (is_first && request_.on_head) {
      if (Result<void> begun = request_.on_head(status, response_.headers); !begun) {
        failure_ = begun.error();
        return;
      }
    }
    if (Result<void> taken = request_.sink(piece); !taken) failure_ = taken.error();
    return;
  }
  if (response_.body.size() + piece.size() > request_.body_limit) {
    failure_ = Error{Errc::too_large, fmt::format("the answer of {} is over {} bytes",
                                                  host_of(request_.url), request_.body_limit)};
    return;
  }
  response_.body += piece;
}

}  // namespace hfauth::hub
