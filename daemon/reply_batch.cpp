// SPDX-License-Identifier: Apache-2.0
//
// The end of a turn is a handler that was posted during it: it runs when those that were ready
// before have run. It costs about as much as a short request, so a single client, whose replies
// come one a turn, is answered at once, but for a try now and then.
#include "reply_batch.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace hfauth::daemon {
namespace {

/// A longer message is not copied once more.
constexpr std::size_t kLongest = 2048;

/// Together, for the 128 connections that epoll_wait(2) tells of at once; what does not fit any
/// more is sent at once.
constexpr std::size_t kMostBytes = std::size_t{64} << 10;

/// After a turn with one reply, so many are sent at once before the next try.
constexpr unsigned kLonelyReplies = 63;

}  // namespace

bool ReplyBatch::add(const std::shared_ptr<Addressee>& addressee, std::string_view message) {
  if (lonely_ > 0) {
    --lonely_;
    return false;
  }
  if (message.size() > kLongest || turn_.bytes.size() + message.size() > kMostBytes) return false;
  if (turn_.kept.empty()) boost::asio::post(io_, [this] { end_turn(); });
  turn_.bytes.append(message);
  turn_.kept.push_back({.addressee = addressee, .end = turn_.bytes.size()});
  return true;
}

void ReplyBatch::end_turn() {
  // Whoever gets its reply may have another one at once, which belongs to the next turn.
  std::swap(turn_, ending_);
  if (ending_.kept.size() == 1) lonely_ = kLonelyReplies;
  std::size_t begin = 0;
  for (const Kept& kept : ending_.kept) {
    kept.addressee->send(ending_.bytes.view().substr(begin, kept.end - begin));
    begin = kept.end;
  }
  for (const Kept& kept : ending_.kept)
    kept.addressee->go_on();
  ending_.kept.clear();
  ending_.bytes.clear();
}

}  // namespace hfauth::daemon
