// SPDX-License-Identifier: Apache-2.0
//
// Any bytes go through the agent's session: they become calls, errors or the end of the connection.
// A call that was read can be written and is read again as the same one; the same bytes taken for a
// reply give a value or an error.
#include "hfauth/agent/audit_log.hpp"
#include "hfauth/agent/protocol.hpp"
#include "property.hpp"
#include "session_machine.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

using hfauth::fuzzing::require;
namespace agent = hfauth::agent;

namespace {

void check_call(const agent::Call& call) {
  agent::GuardedBuffer first;
  agent::write_call(first, call.request);
  const std::string_view message = first.view().substr(0, first.size() - 1);
  const agent::DecodedCall again = agent::decode_call(message);
  const auto* const read = std::get_if<agent::Call>(&again.content);
  require(read != nullptr, "a call that was written can be read");
  agent::GuardedBuffer second;
  agent::write_call(second, read->request);
  require(first.view() == second.view(), "a call survives writing and reading");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)agent::read_token_reply(bytes);
  (void)agent::read_status_reply(bytes);
  (void)agent::read_records_reply(bytes);
  (void)agent::read_routes_reply(bytes);
  (void)agent::read_which_reply(bytes);
  (void)agent::read_audit_reply(bytes);
  (void)agent::read_event_reply(bytes);
  (void)agent::parse_audit_line(bytes);
  hfauth::daemon::SessionMachine machine{hfauth::MonotonicTime{}};
  while (!bytes.empty() && machine.wants_input()) {
    const std::span<char> room = machine.room();
    const std::size_t taken = std::min(room.size(), bytes.size());
    std::copy_n(bytes.begin(), taken, room.begin());
    machine.on_bytes(taken, {});
    bytes.remove_prefix(taken);
    while (const std::optional<agent::Call> call = machine.next_call({})) {
      check_call(*call);
      machine.on_reply("", {});
    }
    machine.on_sent(machine.output().size(), {});
  }
  require(machine.output().size() < agent::kMaxReplyBytes, "the output is bounded");
  return 0;
}
