// SPDX-License-Identifier: Apache-2.0
//
// Text of a server is untrusted: it is cut, put on one line and masked before anything else sees
// it. The mapping from status and X-Error-Code to Errc stands here alone.
#include "server_answer.hpp"

#include "hfauth/core/mask.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hub_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace hfauth::hub {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::size_t kLongestMessage = 500;  // the Hub's longest known message has 230 characters

/// Server text on its way to a person: one line, not endless, without anything that looks like or
/// is a token.
std::string clean(std::string_view text, const Secret* token) {
  std::string line(trimmed(text.substr(0, kLongestMessage), kBlanks));
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  if (token != nullptr && !token->empty()) {
    const std::string mask = mask_token(token->expose());
    for (auto at = line.find(token->expose()); at != std::string::npos;
         at = line.find(token->expose(), at)) {
      line.replace(at, token->size(), mask);
      at += mask.size();
    }
  }
  return redact(line);
}

std::string first_header(const HttpResponse& response,
                         std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const auto value = response.header(name); value && !value->empty())
      return std::string(*value);
  }
  return {};
}

bool is_html(const HttpResponse& response) {
  const auto type = response.header("content-type");
  if (type && type->find("html") != std::string_view::npos) return true;
  const auto first = response.body.find_first_not_of(" \t\r\n");
  return first != std::string::npos && response.body[first] == '<';
}

/// Digits behind `key`, white space allowed between: `r = 12`.
std::optional<int> number_behind(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + key.size());
  text = trimmed(text, kBlanks);
  if (text.starts_with('=')) text = trimmed(text.substr(1), kBlanks);
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc() && value >= 0 ? std::optional(value) : std::nullopt;
}

/// The Hub's words with a colon before, or nothing.
std::string its_words(const ServerAnswer& answer) {
  std::string words = answer.message.empty() ? std::string() : ": " + answer.message;
  if (!answer.request_id.empty()) words += " (request " + answer.request_id + ")";
  return words;
}

Error unauthorized(const ServerAnswer& answer, const Question& question) {
  if (answer.error_code == "GatedRepo") {
    return {Errc::unauthorized,
            fmt::format("{} is gated: log in with an account that was granted access{}",
                        question.what, its_words(answer))};
  }
  if (question.with_token) {
    return {Errc::unauthorized,
            fmt::format("{}: the Hub refuses the token{}", question.what, its_words(answer))};
  }
  return {Errc::unauthorized, fmt::format("{} does not exist or is private: check the spelling, or "
                                          "log in (the Hub does not tell which{})",
                                          question.what, its_words(answer))};
}

Error not_found(const ServerAnswer& answer, const Question& question) {
  const char* why = "is not on the Hub, or this account may not see it";
  if (answer.error_code == "RevisionNotFound") why = "has no such revision";
  if (answer.error_code == "EntryNotFound") why = "is not in that revision of the repository";
  return {Errc::not_found, fmt::format("{} {}{}", question.what, why, its_words(answer))};
}

std::string status_of(const HttpResponse& response) {
  return fmt::format("status {}{}", response.status,
                     is_html(response)
                         ? ", a web page instead of the Hub's answer (a login portal or a proxy?)"
                         : "");
}

}  // namespace

bool is_passing_failure(const Result<HttpResponse>& response) {
  if (!response)
    return response.error().code == Errc::network || response.error().code == Errc::timeout;
  constexpr std::array<int, 6> kPassing{408, 429, 500, 502, 503, 504};
  return std::find(kPassing.begin(), kPassing.end(), response->status) != kPassing.end();
}

std::optional<std::chrono::seconds> retry_after(const HttpResponse& response) {
  if (const auto limit = response.header("ratelimit")) {
    const auto fields = limit->find(';');
    const std::string_view rest =
        fields == std::string_view::npos ? std::string_view() : limit->substr(fields);
    const auto remaining = number_behind(rest, "r");
    const auto resets = number_behind(rest, "t");
    if (remaining && resets && *remaining == 0) return std::chrono::seconds(*resets);
  }
  if (const auto header = response.header("retry-after")) {
    if (const auto seconds = number_behind(*header, "")) return std::chrono::seconds(*seconds);
  }
  return std::nullopt;
}

ServerAnswer read_answer(const HttpResponse& response, const Secret* token) {
  ServerAnswer answer;
  answer.status = response.status;
  answer.error_code = clean(first_header(response, {"x-error-code"}), token);
  answer.request_id =
      clean(first_header(response, {"x-request-id", "x-amzn-trace-id", "x-amz-cf-id"}), token);
  std::string message = first_header(response, {"x-error-message"});
  if (message.empty() && response.status >= 400 && !is_html(response)) {
    const std::optional<std::string> error = read_error_body(response.body);
    message = error ? *error : response.body;  // resolve answers in plain text
  }
  answer.message = clean(message, token);
  if (const auto warning = response.header("x-hf-warning")) {
    const auto topic = warning->find(';');
    answer.warning =
        clean(topic == std::string_view::npos ? *warning : warning->substr(topic + 1), token);
  }
  answer.retry_after = retry_after(response);
  return answer;
}

bool is_hub_refusal(const HttpResponse& response, const ServerAnswer& answer) {
  if (is_html(response)) return false;
  if (response.header("x-error-message")) return true;
  if (!read_error_body(response.body)) return false;
  if (!answer.request_id.empty()) return true;
  // Older recordings of the Hub have no request id: its known wordings are enough.
  return answer.message.starts_with("Invalid username or password") ||
         answer.message.starts_with("Invalid credentials in Authorization header") ||
         answer.message.ends_with("is expired");
}

Error error_from(const HttpResponse& response, const ServerAnswer& answer,
                 const Question& question) {
  switch (response.status) {
    case 401:
      if (is_html(response)) break;
      return unauthorized(answer, question);
    case 403:
      if (is_html(response)) break;
      return {Errc::forbidden,
              fmt::format("the Hub refuses access to {}{}", question.what, its_words(answer))};
    case 404:
      return not_found(answer, question);
    case 429: {
      const std::string when = answer.retry_after
                                   ? fmt::format("; try again in {} s", answer.retry_after->count())
                                   : std::string();
      return {Errc::rate_limited,
              fmt::format("the Hub limits the rate of requests{}{}", its_words(answer), when)};
    }
    default:
      break;
  }
  return {Errc::network,
          fmt::format("{}: {}{}", question.what, status_of(response), its_words(answer))};
}

Error whoami_failure(const HttpResponse& response, const ServerAnswer& answer) {
  if (response.status == 429) return error_from(response, answer, {.what = {}});
  const std::string status = status_of(response);
  const char* meaning = "it answers in a way that nobody expects";
  if (response.status == 404) meaning = "it does not know the question, so it may be no Hub";
  if (response.status == 403) meaning = "it refuses the question";
  if (response.status >= 300 && response.status < 400) meaning = "it sends elsewhere";
  if (response.status >= 500) meaning = "it has trouble of its own; try again later";
  return {Errc::network, fmt::format("{}: {}{}", meaning, status, its_words(answer))};
}

}  // namespace hfauth::hub
