// SPDX-License-Identifier: Apache-2.0
//
// Methods by which the agent tells of itself: what it is, what it holds, what was done, what
// changes.
#include "method_runner.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hfauth::daemon {

using agent::AuditEntry;
using agent::FaultCode;
namespace call = agent::call;

namespace {

constexpr std::size_t kAuditPiece = 100;  ///< entries of one reply: some 40 KiB

using Entries = std::shared_ptr<const std::vector<AuditEntry>>;

void drop_slow(const Exchange& exchange) {
  exchange.refuse({.code = FaultCode::busy, .text = "the watcher does not read what it is sent"});
}

/// False: the call was ended, because its caller does not read.
bool send_piece(const Exchange& exchange, const std::vector<AuditEntry>& entries) {
  const bool taken = exchange.interim(
      [&](agent::GuardedBuffer& out) { agent::write_audit_reply(out, entries, true); });
  if (!taken) drop_slow(exchange);
  return taken;
}

/// In pieces, each when the one before was taken; the last one ends the call unless more may come.
void send_entries(AuditTrail& audit, const Exchange& exchange, const Entries& entries,
                  std::size_t from, bool follow) {
  const std::size_t end = std::min(from + kAuditPiece, entries->size());
  const std::vector<AuditEntry> piece(entries->begin() + static_cast<std::ptrdiff_t>(from),
                                      entries->begin() + static_cast<std::ptrdiff_t>(end));
  if (end == entries->size() && !follow) {
    exchange.reply([&](agent::GuardedBuffer& out) { agent::write_audit_reply(out, piece, false); });
    return;
  }
  if (!send_piece(exchange, piece)) return;
  if (end < entries->size()) {
    exchange.client().when_taken([&audit, exchange, entries, end, follow] {
      send_entries(audit, exchange, entries, end, follow);
    });
    return;
  }
  audit.follow(exchange.client().caller(),
               [&audit, exchange](const std::vector<AuditEntry>& fresh) {
                 if (!send_piece(exchange, fresh)) audit.drop(exchange.client().caller());
               });
}

}  // namespace

void MethodRunner::operator()(const call::GetInfo& /*call*/) const {
  const agent::ServiceInfo info{
      .vendor = "hfauth",
      .product = "hfauthd",
      .version = self.process_().version,
      .url = "",
      .interfaces = {std::string(agent::kServiceInterface), std::string(agent::kInterface)}};
  exchange.reply([&](agent::GuardedBuffer& out) { agent::write_info_reply(out, info); });
}

void MethodRunner::operator()(const call::GetInterfaceDescription& call) const {
  if (call.interface != agent::kInterface && call.interface != agent::kServiceInterface) {
    exchange.refuse({.code = FaultCode::interface_not_found, .text = call.interface});
    return;
  }
  const std::string_view text = call.interface == agent::kInterface ? agent::interface_description()
                                                                    : agent::service_description();
  exchange.reply([&](agent::GuardedBuffer& out) { agent::write_description_reply(out, text); });
}

void MethodRunner::operator()(const call::List& /*call*/) const {
  self.service_.when_loaded([&self = self, exchange = exchange] {
    exchange.answer(
        self.service_.list(),
        [&self](agent::GuardedBuffer& out, const std::vector<agent::StoredProfile>& profiles) {
          agent::write_records_reply(out, profiles, self.service_.routes());
        });
  });
}

void MethodRunner::operator()(const call::Status& /*call*/) const {
  self.service_.when_checked([&self = self, exchange = exchange] {
    agent::AgentStatus status;
    ProcessFacts facts = self.process_();
    status.version = std::move(facts.version);
    status.pid = facts.pid;
    status.uptime = facts.uptime;
    status.connections = facts.connections;
    status.activation = std::move(facts.activation);
    self.service_.describe(status);
    const agent::AgentRules rules{.config = std::move(facts.config),
                                  .audit = self.audit_.state(),
                                  .locks_at = facts.locks_at};
    exchange.reply(
        [&](agent::GuardedBuffer& out) { agent::write_status_reply(out, status, rules); });
  });
}

void MethodRunner::operator()(const call::Audit& call) const {
  const bool follow = call.follow && exchange.wants_more();
  const bool all = exchange.wants_more();
  self.audit_.read(
      call.since, all ? std::nullopt : std::optional(kAuditPiece),
      [&audit = self.audit_, exchange = exchange, follow](Answer<std::vector<AuditEntry>> entries) {
        if (!entries) {
          exchange.refuse(entries.error());
          return;
        }
        send_entries(audit, exchange,
                     std::make_shared<const std::vector<AuditEntry>>(std::move(*entries)), 0,
                     follow);
      });
}

void MethodRunner::operator()(const call::Watch& /*call*/) const {
  // What is there when it is known what is there: else the first thing told is no change.
  self.service_.when_loaded([&self = self, exchange = exchange] { watch(self, exchange); });
}

void MethodRunner::watch(Dispatcher& self, const Exchange& exchange) {
  const Picture now = self.picture();
  const agent::Event present{
      .event = "watching", .time = self.clock_.now(), .detail = now.locked ? "locked" : now.store};
  if (!exchange.wants_more()) {
    exchange.reply(
        [&](agent::GuardedBuffer& out) { agent::write_event_reply(out, present, false); });
    return;
  }
  self.feed_.look(now, self.clock_.now());
  const auto tell = [exchange](const agent::Event& event) {
    const bool taken = exchange.interim(
        [&](agent::GuardedBuffer& out) { agent::write_event_reply(out, event, true); });
    if (!taken) drop_slow(exchange);
    return taken;
  };
  if (tell(present)) self.feed_.add(exchange.client().caller(), tell);
}

void MethodRunner::operator()(const call::Shutdown& /*call*/) const {
  exchange.note({.event = "Shutdown", .outcome = "ok"});
  // Before the answer: who has read it finds neither socket nor lock of this agent any more, and
  // its files are at rest.
  self.audit_.settle([&self = self, exchange = exchange] {
    self.shut_down_();
    exchange.reply([](agent::GuardedBuffer& out) { agent::write_empty_reply(out); });
  });
}

}  // namespace hfauth::daemon
