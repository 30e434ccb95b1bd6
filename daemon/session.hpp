// SPDX-License-Identifier: Apache-2.0
//
// One connection with its socket: performs what SessionMachine says. Handlers hold a shared_ptr to
// the session, the server holds one, nobody else does. Lives on the loop.
#pragma once

#include "dispatcher.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/file.hpp"
#include "peer.hpp"
#include "reply_batch.hpp"
#include "seen_programs.hpp"
#include "session_machine.hpp"
#include "session_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <span>

namespace hfauth::daemon {

class Session final : public Client,
                      public Addressee,
                      public std::enable_shared_from_this<Session> {
 public:
  /// What all sessions share; outlives them.
  struct Surroundings {
    ReplyBatch& batch;
    SeenPrograms& programs;
    Dispatcher& dispatcher;
    const Clock& clock;
  };

  /// `on_end` is called once, when the socket is closed.
  Session(boost::asio::io_context& io, const Surroundings& around, UniqueFd socket, Peer peer,
          Caller caller, std::function<void(const std::shared_ptr<Session>&)> on_end);

  /// Answers what is there already; may have ended when it returns.
  void start() { pump(); }

  /// The agent ends: answers what is under way and closes.
  void shut_down();

  [[nodiscard]] const Peer& peer() const noexcept { return peer_; }

 private:
  void reply(std::string_view message) override;
  void send(std::string_view message) override;

  void go_on() override { pump(); }

  [[nodiscard]] bool interim(std::string_view message) override;
  void when_taken(std::function<void()> then) override;

  [[nodiscard]] Caller caller() const override { return caller_; }

  [[nodiscard]] PeerProgram* program() override { return &program_; }

  [[nodiscard]] bool is_hung_up();
  void pump();
  void pump(MonotonicTime now);
  void take_calls(MonotonicTime now);
  void flush();
  void read(std::span<char> room);
  void stop_reading();
  void on_read(boost::system::error_code failure, std::size_t size);
  void wait();
  void wait_for_output();
  void wait_for_deadline();
  void close();

  SessionSocket socket_;
  boost::asio::steady_timer timer_;
  SessionMachine machine_;
  Peer peer_;
  PeerProgram program_;
  Caller caller_;
  ReplyBatch& batch_;
  Dispatcher& dispatcher_;
  const Clock& clock_;
  std::function<void(const std::shared_ptr<Session>&)> on_end_;
  std::function<void()> when_taken_;  ///< what waits for the output to be taken
  std::optional<MonotonicTime> armed_for_;
  bool pumping_ = false;
  bool reading_ = false;  ///< asio may write into machine_.room()
  bool waiting_for_output_ = false;
};

}  // namespace hfauth::daemon
