// SPDX-License-Identifier: Apache-2.0
//
// One overload a method. Those that read memory answer at once when the store was loaded; changes
// answer when the store has acknowledged.
#include "dispatcher.hpp"

#include <utility>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;
namespace call = agent::call;

template <class Write>
void Dispatcher::send(const Reply& reply, const Write& write) {
  // Taken out while the reply is handed over, because whoever gets it may begin the next call at
  // once.
  agent::GuardedBuffer message = std::move(buffer_);
  write(message);
  reply(message.view());
  message.clear();
  buffer_ = std::move(message);
}

void Dispatcher::send_fault(const Reply& reply, const Fault& fault) {
  send(reply, [&](agent::GuardedBuffer& out) { agent::write_fault(out, fault); });
}

struct MethodRunner {
  Dispatcher& self;
  Reply reply;
  Caller caller;

  template <class T, class Write>
  static void answer(Dispatcher& self, const Reply& reply, const Answer<T>& answer,
                     const Write& write) {
    if (!answer) {
      self.send_fault(reply, answer.error());
      return;
    }
    self.send(reply, [&](agent::GuardedBuffer& out) {
      if constexpr (std::is_void_v<T>) {
        write(out);
      } else {
        write(out, *answer);
      }
    });
  }

  [[nodiscard]] Done<agent::StoredProfile> record_reply() const {
    return [&self = self, reply = reply](const Answer<agent::StoredProfile>& profile) {
      answer(self, reply, profile, agent::write_record_reply);
    };
  }

  [[nodiscard]] Done<void> empty_reply() const {
    return [&self = self, reply = reply](const Answer<void>& done) {
      answer(self, reply, done, agent::write_empty_reply);
    };
  }

  void operator()(const call::GetInfo& /*call*/) const {
    const agent::ServiceInfo info{
        .vendor = "hfauth",
        .product = "hfauthd",
        .version = self.process_().version,
        .url = "",
        .interfaces = {std::string(agent::kServiceInterface), std::string(agent::kInterface)}};
    self.send(reply, [&](agent::GuardedBuffer& out) { agent::write_info_reply(out, info); });
  }

  void operator()(const call::GetInterfaceDescription& call) const {
    if (call.interface != agent::kInterface && call.interface != agent::kServiceInterface) {
      self.send_fault(reply, {.code = FaultCode::interface_not_found, .text = call.interface});
      return;
    }
    const std::string_view text = call.interface == agent::kInterface
                                      ? agent::interface_description()
                                      : agent::service_description();
    self.send(reply, [&](agent::GuardedBuffer& out) { agent::write_description_reply(out, text); });
  }

  /// The call that there are thousands of a second: nothing is copied that can be moved.
  void operator()(call::GetToken call) {
    self.service_.when_loaded(
        [&self = self, reply = std::move(reply), call = std::move(call)]() mutable {
          self.service_.get_fresh_token(
              call, [&self, reply = std::move(reply)](const Answer<const Entry*>& entry) {
                answer(self, reply, entry, [](agent::GuardedBuffer& out, const Entry* found) {
                  out.append(found->token_reply());
                });
              });
        });
  }

  void operator()(const call::List& /*call*/) const {
    self.service_.when_loaded([&self = self, reply = reply] {
      answer(self, reply, self.service_.list(), agent::write_records_reply);
    });
  }

  void operator()(call::Add call) const { self.service_.add(std::move(call), record_reply()); }

  void operator()(const call::Remove& call) const {
    self.service_.remove(call.profile, empty_reply());
  }

  void operator()(const call::SetDefault& call) const {
    self.service_.set_default(call.profile, record_reply());
  }

  void operator()(const call::Lock& /*call*/) const { self.service_.lock(empty_reply()); }

  void operator()(call::Unlock call) const {
    self.service_.unlock(std::move(call.passphrase), empty_reply());
  }

  void operator()(const call::Status& /*call*/) const {
    self.service_.when_checked([&self = self, reply = reply] {
      agent::AgentStatus status;
      ProcessFacts facts = self.process_();
      status.version = std::move(facts.version);
      status.pid = facts.pid;
      status.uptime = facts.uptime;
      status.connections = facts.connections;
      status.activation = std::move(facts.activation);
      self.service_.describe(status);
      self.send(reply, [&](agent::GuardedBuffer& out) { agent::write_status_reply(out, status); });
    });
  }

  void operator()(call::OpenLease call) const {
    self.service_.when_loaded([&self = self, reply = reply, call = std::move(call)] {
      answer(self, reply, self.service_.open_lease(call), agent::write_lease_reply);
    });
  }

  void operator()(const call::CloseLease& call) const {
    answer(self, reply, self.service_.close_lease(call), agent::write_empty_reply);
  }

  void operator()(const call::BeginRefresh& call) const {
    self.service_.begin_refresh(
        caller, call,
        [&self = self, reply = reply](const Answer<TokenService::RefreshOffer>& offer) {
          answer(self, reply, offer,
                 [](agent::GuardedBuffer& out, const TokenService::RefreshOffer& given) {
                   agent::write_refresh_reply(out, given.record, given.profile);
                 });
        });
  }

  void operator()(call::FinishRefresh call) const {
    self.service_.finish_refresh(caller, std::move(call), record_reply());
  }

  void operator()(const call::AbandonRefresh& call) const {
    self.service_.abandon_refresh(caller, call, empty_reply());
  }

  void operator()(const call::Shutdown& /*call*/) const {
    // Before the answer: who has read it finds neither socket nor lock of this agent any more.
    self.shut_down_();
    self.send(reply, [](agent::GuardedBuffer& out) { agent::write_empty_reply(out); });
  }
};

void Dispatcher::handle(agent::Call call, Reply reply, Caller caller) {
  Reply sender = std::move(reply);
  if (call.oneway) {
    sender = [told = std::move(sender)](std::string_view /*message*/) { told({}); };
  }
  std::visit(MethodRunner{*this, std::move(sender), caller}, std::move(call.request));
}

}  // namespace hfauth::daemon
