// SPDX-License-Identifier: Apache-2.0
//
// The socket of a connection. What a client asks as it connects is there when the connection is
// taken, and most clients ask once and go: such a socket is read as it is, and never becomes part
// of the loop, which would cost more system calls than the answer does. Lives on the loop.
#pragma once

#include "hfauth/core/file.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace hfauth::daemon {

class SessionSocket {
 public:
  SessionSocket(boost::asio::io_context& io, UniqueFd socket)
      : fresh_(std::move(socket)), descriptor_(io) {}

  [[nodiscard]] bool is_open() const noexcept { return fresh_ || descriptor_.is_open(); }

  /// -1 once it is closed.
  [[nodiscard]] int native_handle();

  struct Arrival {
    boost::system::error_code failure;  ///< eof: the peer sends no more
    std::size_t size = 0;
  };

  /// What is there already. nullopt: nothing, or the loop has the socket; then async_read().
  [[nodiscard]] std::optional<Arrival> read_now(std::span<char> room);

  /// How many bytes the socket took; does not wait. A failure shows at the next use of it.
  [[nodiscard]] std::size_t send_some(std::string_view bytes);

  /// As async_read_some of a stream_descriptor.
  template <class Handler>
  void async_read(std::span<char> room, Handler handler) {
    loop_side().async_read_some(boost::asio::buffer(room.data(), room.size()), std::move(handler));
  }

  template <class Handler>
  void async_wait_for_room(Handler handler) {
    loop_side().async_wait(boost::asio::posix::stream_descriptor::wait_write, std::move(handler));
  }

  /// Ends what waits; the handlers are told operation_aborted.
  void cancel();

  void close();

 private:
  boost::asio::posix::stream_descriptor& loop_side();

  UniqueFd fresh_;  ///< until the loop has it
  boost::asio::posix::stream_descriptor descriptor_;
  int n_read_now_ = 0;
};

}  // namespace hfauth::daemon
