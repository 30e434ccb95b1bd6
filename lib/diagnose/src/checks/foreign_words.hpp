// SPDX-License-Identifier: Apache-2.0
//
// Facts hold what lower layers say, in English, because they are written down and judged by it;
// people read it in their language. What is not known here stays as it is: a server's own words, an
// operating system's, libcurl's.
#pragma once

#include <string>

namespace hfauth::diagnose {

/// What is wrong with a value: ValueFault::note, made by find_faults() of lib/token.
[[nodiscard]] std::string translated_note(const std::string& note);

/// What is wrong with stored_tokens: "stored_tokens, line 3: ...", made by parse_stored_tokens().
[[nodiscard]] std::string translated_problem(const std::string& problem);

/// What is wrong with HF_ENDPOINT: "not the URL of a Hub: ...", made by Endpoint::parse().
[[nodiscard]] std::string translated_endpoint_problem(const std::string& problem);

/// Why no answer came: "127.0.0.1: connecting took too long", made by the HTTP client.
[[nodiscard]] std::string translated_failure(const std::string& failure);

}  // namespace hfauth::diagnose
