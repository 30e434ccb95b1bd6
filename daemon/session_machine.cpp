// SPDX-License-Identifier: Apache-2.0
//
// Four conditions decide everything: is a call under way, is part of a request here, is output
// waiting, will the peer send more. The deadline that runs is that of the first of: waiting output,
// a request in part, idleness.
#include "session_machine.hpp"

#include "limits.hpp"

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;

std::span<char> SessionMachine::room() {
  return input_.prepare(kReadBytes);
}

bool SessionMachine::wants_input() const noexcept {
  if (closing_ || ended_ || broken_) return false;
  // A watcher that goes is noticed by reading; what it asks meanwhile waits.
  if (streaming_) return input_.size() < kReadBytes;
  return !calling_ && output_.size() < kOutputPauseBytes;
}

bool SessionMachine::finished() const noexcept {
  return broken_ || (closing_ && output_.empty());
}

void SessionMachine::on_bytes(std::size_t size, MonotonicTime now) {
  if (input_.empty()) first_byte_ = now;
  input_.commit(size);
  last_activity_ = now;
}

void SessionMachine::on_end() {
  ended_ = true;
  if (!calling_ && input_.empty()) closing_ = true;
}

void SessionMachine::refuse(const Fault& fault) {
  agent::write_fault(output_, fault);
  closing_ = true;
  input_.clear();
}

std::optional<agent::Call> SessionMachine::next_call(MonotonicTime now) {
  while (!calling_ && !closing_ && !broken_ && output_.size() < kOutputPauseBytes) {
    const Result<std::optional<std::string_view>> message = input_.front();
    if (!message) {
      refuse({.code = FaultCode::too_large, .number = std::int64_t{agent::kMaxRequestBytes}});
      break;
    }
    if (!*message) {
      // Half a request without the hope of a second half is dropped.
      if (ended_) closing_ = true;
      break;
    }
    if (output_.empty()) last_progress_ = now;
    agent::DecodedCall decoded = agent::decode_call(**message);
    input_.pop();
    first_byte_ = now;
    if (decoded.malformed) {
      refuse(std::get<Fault>(decoded.content));
      break;
    }
    if (const Fault* const fault = std::get_if<Fault>(&decoded.content)) {
      if (!decoded.oneway) agent::write_fault(output_, *fault);
      continue;
    }
    calling_ = true;
    return std::move(std::get<agent::Call>(decoded.content));
  }
  return std::nullopt;
}

bool SessionMachine::on_interim(std::string_view message, MonotonicTime now) {
  if (!calling_ || broken_ || output_.size() >= kWatcherOutputBytes) return false;
  if (output_.empty()) last_progress_ = now;
  output_.append(message);
  streaming_ = true;
  last_activity_ = now;
  return true;
}

void SessionMachine::on_reply(std::string_view message, MonotonicTime now) {
  if (output_.empty()) last_progress_ = now;
  output_.append(message);
  calling_ = false;
  streaming_ = false;
  last_activity_ = now;
  first_byte_ = now;
  if (ended_ && input_.empty()) closing_ = true;
}

void SessionMachine::on_sent(std::size_t size, MonotonicTime now) {
  output_.consume(size);
  last_progress_ = now;
}

void SessionMachine::on_shutdown() {
  // Nobody knows an end of what a watcher is told: the connection's end is one.
  if (calling_ && !streaming_) {
    ended_ = true;
    input_.clear();
  } else {
    closing_ = true;
  }
}

std::optional<MonotonicTime> SessionMachine::deadline() const {
  if (!output_.empty()) return last_progress_ + kWriteDeadline;
  if (calling_ || finished()) return std::nullopt;
  if (!input_.empty()) return first_byte_ + kRequestDeadline;
  return last_activity_ + kIdleDeadline;
}

void SessionMachine::on_time(MonotonicTime now) {
  const std::optional<MonotonicTime> due = deadline();
  if (!due || now < *due) return;
  if (output_.empty() && !input_.empty()) {
    last_progress_ = now;
    refuse({.code = FaultCode::timeout,
            .text = "the request was not complete after " +
                    std::to_string(kRequestDeadline.count()) + " s"});
  } else {
    broken_ = true;
  }
}

}  // namespace hfauth::daemon
