// SPDX-License-Identifier: Apache-2.0
//
// Asks the person by a program (config.hpp's Confirmation): status 0 is a yes, everything else, and
// no answer in time, is a no. One question at a time; others wait, and their time runs when they
// are put. Part of the server; lives on the loop.
#pragma once

#include "config.hpp"

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hfauth::daemon {

class ServerAsker {
 public:
  /// `askpass`: the program of SSH_ASKPASS, for who names none in the configuration.
  ServerAsker(boost::asio::io_context& io, std::optional<std::string> askpass)
      : askpass_(std::move(askpass)), child_ended_(io), timer_(io) {}

  ServerAsker(const ServerAsker&) = delete;
  ServerAsker& operator=(const ServerAsker&) = delete;

  ~ServerAsker() { end_child(); }

  void ask(const Config::Confirmation& how, const std::string& question,
           std::function<void(bool)> answer);

  /// The agent ends: everything that waits is a no.
  void close();

 private:
  struct Question {
    Config::Confirmation how;
    std::string text;
    std::function<void(bool)> answer;
  };

  /// argv without the question; empty: there is no program to ask with.
  [[nodiscard]] std::vector<std::string> program_of(const Config::Confirmation& how) const;
  void put_next();
  [[nodiscard]] bool start(const Question& question);
  void end_child();
  void finish(bool yes);

  std::optional<std::string> askpass_;
  boost::asio::posix::stream_descriptor child_ended_;
  boost::asio::steady_timer timer_;
  std::deque<Question> questions_;  ///< the first one is being put while child_ is set
  std::optional<pid_t> child_;
  bool closed_ = false;
};

}  // namespace hfauth::daemon
