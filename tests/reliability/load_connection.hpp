// SPDX-License-Identifier: Apache-2.0
//
// One connection of the load generator: what it asks in each protocol, and what counts as a right
// answer.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::load {

/// varlink: GetToken alone; mixed: GetToken, Status, List and GetInfo; ssh:
/// SSH_AGENTC_REQUEST_IDENTITIES; git: get.
enum class Protocol { varlink, mixed, ssh, git };

[[noreturn]] void fail(std::string_view what);
[[nodiscard]] Protocol protocol_named(std::string_view name);
[[nodiscard]] std::uint64_t now_ns();
/// A connected, non-blocking socket; waits while the peer's backlog is full.
[[nodiscard]] int connect_to(const std::string& path);

class Connection {
 public:
  struct Outcome {
    std::vector<std::uint64_t> latencies;  ///< ns, one an answer
    std::uint64_t errors = 0;              ///< answers that are not what was asked for
    bool broken = false;  ///< closed by the peer, or nothing that can be understood
  };

  Connection(Protocol protocol, int number)
      : protocol_(protocol), turn_(static_cast<std::uint64_t>(number)) {}

  /// `due`: when the question was to be asked, by now_ns(); its latency counts from then.
  void ask(std::uint64_t due);
  [[nodiscard]] Outcome read_answers();

  /// How long the oldest question waits, 0 if none does.
  [[nodiscard]] std::uint64_t waits_since(std::uint64_t now) const {
    if (asked_.empty()) return 0;
    return now > asked_.front() ? now - asked_.front() : 1;
  }

  void restart(int socket);

  int fd = -1;
  bool idle = false;
  std::uint64_t last_answer = 0;

 private:
  [[nodiscard]] std::string_view next_request();
  [[nodiscard]] bool whole_answer(std::string_view input, std::size_t& size) const;
  [[nodiscard]] bool right(std::string_view answer) const;

  Protocol protocol_;
  std::uint64_t turn_;
  std::string input_;
  std::deque<std::uint64_t> asked_;
};

}  // namespace hfauth::load
