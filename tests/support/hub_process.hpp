// SPDX-License-Identifier: Apache-2.0
//
// The Hub stand-in (tests/support/hub/hub.py) as a child process, for a test's lifetime: started
// when constructed, ready when the constructor returns, ended by the destructor, and by itself if
// the test dies. One thread.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/hub/http_client.hpp"
#include "hfauth/token/endpoint.hpp"

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hfauth::testing {

class HubProcess {
 public:
  /// `options` as hub.py takes them ("--https"). Blocks until the readiness line, at most 30 s.
  /// Throws std::runtime_error, saying what the stand-in did instead.
  explicit HubProcess(const std::vector<std::string>& options = {});
  ~HubProcess();
  HubProcess(const HubProcess&) = delete;
  HubProcess& operator=(const HubProcess&) = delete;

  [[nodiscard]] const std::string& url() const noexcept { return url_; }  ///< for HF_ENDPOINT

  [[nodiscard]] const std::string& cdn_url() const noexcept { return cdn_url_; }

  /// The same Hub over http, where a token must not go; "" without --https.
  [[nodiscard]] const std::string& plain_url() const noexcept { return plain_url_; }

  [[nodiscard]] const std::string& ca_file() const noexcept {
    return ca_file_;
  }  ///< "" without --https

  [[nodiscard]] token::Endpoint endpoint() const;

  /// The token of "alice", "bob" (accounts.py). Throws std::out_of_range.
  [[nodiscard]] const std::string& token_text(const std::string& account) const {
    return tokens_.at(account);
  }

  [[nodiscard]] Secret token(const std::string& account) const {
    return Secret::copy_of(token_text(account));
  }

  /// SSL_CERT_FILE for the stand-in's own CA; empty without --https. No proxies.
  [[nodiscard]] Environment environment() const;

  /// One order of the control endpoint, as JSON (control.py): control(R"({"fault": "hang", "path":
  /// "/"})"). Returns its answer, a JSON object. Throws std::runtime_error if it is refused.
  std::string control(const std::string& order);

  /// No faults, empty logs, accounts as at start.
  void reset() { control(R"({"fault": "clear"})"); }

  /// One request that an origin was sent.
  struct Seen {
    std::string method;
    std::string path;
    std::string who;  ///< account, "anonymous", "bad"; "leaked" at another origin
    std::string range;
    std::string user_agent;
    bool authorization = false;
    int status = 0;
  };

  [[nodiscard]] std::vector<Seen> log() { return read_log(url_); }

  [[nodiscard]] std::vector<Seen> cdn_log() { return read_log(cdn_url_); }

  [[nodiscard]] std::vector<Seen> plain_log() { return read_log(plain_url_); }

 private:
  void spawn(const std::vector<std::string>& options);
  [[nodiscard]] std::string read_line() const;
  [[nodiscard]] std::vector<Seen> read_log(const std::string& origin);
  void end() noexcept;

  pid_t child_ = -1;
  UniqueFd input_;  ///< its standard input: closing it ends the stand-in
  UniqueFd output_;
  std::string url_;
  std::string cdn_url_;
  std::string plain_url_;
  std::string ca_file_;
  std::map<std::string, std::string> tokens_;
  std::unique_ptr<hub::HttpClient> http_;
};

}  // namespace hfauth::testing
