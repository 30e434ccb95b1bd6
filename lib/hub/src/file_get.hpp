// SPDX-License-Identifier: Apache-2.0
//
// One file, or a part of one, on its way from the Hub into a sink: over redirects, broken transfers
// and refusals that pass, whoever makes the exchanges. No I/O here: `next` says what to ask, `take`
// what the answer means. The rules for redirects are ours (facts/hub-auth.md §2.8): within the
// endpoint's origin they are followed with the token; the first one that leaves it loses the token,
// and nothing behind it gets it back; https never becomes http.
#pragma once

#include "hfauth/hub/http_client.hpp"
#include "hfauth/token/endpoint.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace hfauth::hub {

/// What is known of the file beforehand, and what of it is wanted.
struct WantedBytes {
  std::optional<std::uint64_t> size;  ///< of the whole file
  std::uint64_t begin = 0;
  std::optional<std::uint64_t> end;  ///< behind the last byte; nullopt: to the end of the file
  std::string commit;                ///< "": not checked
  std::string what;                  ///< "FILE of REPO", for errors; "": the URL is named
  std::string etag;                  ///< "": not checked

  [[nodiscard]] bool is_part() const noexcept { return begin > 0 || end.has_value(); }
};

class FileGet {
 public:
  enum class State { under_way, done, failed };

  /// `token` may be null; it and `endpoint` outlive this object. `sink` is called in order, each
  /// byte once.
  FileGet(const token::Endpoint& endpoint, std::string user_agent, std::string url,
          const Secret* token, WantedBytes wanted, BodySink sink);
  FileGet(const FileGet&) = delete;
  FileGet& operator=(const FileGet&) = delete;
  ~FileGet() = default;

  /// What to ask now. The request refers to this object.
  [[nodiscard]] HttpRequest next();

  /// Takes the answer to `next`. under_way: ask again, at once or, if is_passing(), after a pause.
  State take(const Result<HttpResponse>& response);

  /// Why it failed, or what would be repeated.
  [[nodiscard]] const Error& error() const noexcept { return error_; }

  /// Whether the last answer was a failure that may pass (Pacing decides how often).
  [[nodiscard]] bool is_passing() const noexcept { return is_passing_; }

  /// When to ask again, if the server said so.
  [[nodiscard]] std::optional<std::chrono::seconds> told() const noexcept { return told_; }

  [[nodiscard]] std::uint64_t done() const noexcept { return done_; }  ///< bytes the sink has

  /// Bytes came since this was asked last.
  [[nodiscard]] bool has_moved() noexcept { return std::exchange(has_moved_, false); }

  /// The server ignores Range: it sends all, and so does the sink get all, from the first byte.
  [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }

  /// Where the content was found, once its head has come: other parts may begin there.
  [[nodiscard]] const std::string& found_at() const noexcept { return found_at_; }

  /// The first URL of another part, if `found_at` of this file is known; goes back to its own URL
  /// when that is refused (signed addresses run out).
  void begin_at(std::string url);

 private:
  Result<void> begin(int status, const std::vector<HttpHeader>& headers);
  Result<void> deliver(std::string_view piece);
  [[nodiscard]] Result<void> check_head(const std::vector<HttpHeader>& headers) const;
  State redirect(const HttpResponse& response);
  State fail(Error error, bool is_passing);

  const token::Endpoint& endpoint_;
  std::string user_agent_;
  std::string start_url_;
  std::string url_;
  const Secret* token_;
  const Secret* bearer_;  ///< of the next exchange
  WantedBytes wanted_;
  BodySink sink_;
  std::string found_at_;
  Error error_;
  std::optional<std::chrono::seconds> told_;
  std::uint64_t done_ = 0;
  std::uint64_t skip_ = 0;  ///< bytes to come in this exchange that the sink has already
  int hops_ = 0;
  bool is_passing_ = false;
  bool has_moved_ = false;
  bool is_whole_ = false;
};

/// Strips W/ and the quotes. It becomes a file's name, so nothing that could be a path is taken: ""
/// if it cannot be used.
[[nodiscard]] std::string clean_etag(std::string_view etag);

[[nodiscard]] bool is_redirect(int status);

/// Where a redirect leads. Errors: network (nowhere, or from https to http).
[[nodiscard]] Result<std::string> redirect_target(const HttpResponse& response,
                                                  const std::string& url);

/// "HOST answers WHAT".
[[nodiscard]] Error nonsense(std::string_view url, std::string_view what);

inline constexpr int kMostRedirects = 5;

}  // namespace hfauth::hub
