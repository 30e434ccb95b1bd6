// SPDX-License-Identifier: Apache-2.0
//
// A server on loopback that says one thing to one client: for answers that no Hub would give.
#pragma once

#include "hfauth/core/file.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>

namespace hfauth::testing {

/// A server for one connection: reads a request's head, sends the same bytes to everyone, closes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : answer_(std::move(answer)) {
    listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    BOOST_REQUIRE(::bind(listener_.get(), generic, size) == 0);
    BOOST_REQUIRE(::listen(listener_.get(), 1) == 0);
    BOOST_REQUIRE(::getsockname(listener_.get(), generic, &size) == 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }

  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  ~OneAnswer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] const std::string& address() const { return address_; }

  /// What the client sent; waits for it.
  [[nodiscard]] std::string request() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
    return request_;
  }

 private:
  void serve() {
    const UniqueFd peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer) return;
    char buffer[4096];
    while (request_.find("\r\n\r\n") == std::string::npos) {
      const ssize_t n_bytes = ::recv(peer.get(), buffer, sizeof buffer, 0);
      if (n_bytes <= 0) return;
      request_.append(buffer, static_cast<std::size_t>(n_bytes));
    }
    for (std::size_t sent = 0; sent < answer_.size();) {
      const ssize_t n_bytes =
          ::send(peer.get(), answer_.data() + sent, answer_.size() - sent, MSG_NOSIGNAL);
      if (n_bytes <= 0) return;
      sent += static_cast<std::size_t>(n_bytes);
    }
  }

  std::string answer_;
  std::string address_;
  std::string request_;
  UniqueFd listener_;
  std::thread thread_;
};

}  // namespace hfauth::testing
