// SPDX-License-Identifier: Apache-2.0
//
// One call on its way: what each method of the interface needs to read its question, note what came
// of it and answer. Private to the dispatcher; its methods are in dispatcher_tokens.cpp (a token
// goes out), dispatcher_changes.cpp (something is stored or locked) and dispatcher_reports.cpp (the
// agent tells of itself). Lives on the loop.
#pragma once

#include "dispatcher.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hfauth::daemon {

/// A call's way back to who made it; copied freely into what happens later.
class Exchange {
 public:
  Exchange(Dispatcher& agent, std::shared_ptr<Client> client, const agent::Call& call)
      : agent_(&agent),
        client_(std::move(client)),
        oneway_(call.oneway),
        more_(call.more && !call.oneway) {}

  [[nodiscard]] Client& client() const noexcept { return *client_; }

  /// The caller takes several replies.
  [[nodiscard]] bool wants_more() const noexcept { return more_; }

  /// The last message, whole.
  void reply_as(std::string_view message) const {
    client_->reply(oneway_ ? std::string_view() : message);
  }

  template <class Write>
  void reply(const Write& write) const {
    static_cast<void>(send(write, [this](std::string_view message) {
      reply_as(message);
      return true;
    }));
  }

  /// False: the caller takes no more of them.
  template <class Write>
  [[nodiscard]] bool interim(const Write& write) const {
    return send(write, [this](std::string_view message) { return client_->interim(message); });
  }

  void refuse(const agent::Fault& fault) const {
    reply([&fault](agent::GuardedBuffer& out) { agent::write_fault(out, fault); });
  }

  template <class T, class Write>
  void answer(const Answer<T>& answer, const Write& write) const {
    if (!answer) {
      refuse(answer.error());
      return;
    }
    reply([&](agent::GuardedBuffer& out) {
      if constexpr (std::is_void_v<T>) {
        write(out);
      } else {
        write(out, *answer);
      }
    });
  }

  /// Of the program at the other end, as it is now.
  [[nodiscard]] ProgramFacts look() const {
    PeerProgram* const program = client_->program();
    return program == nullptr ? ProgramFacts() : program->look();
  }

  /// With what the audit tells of the program.
  void note(agent::AuditEntry entry) const { static_cast<void>(note_for_ticket(std::move(entry))); }

  [[nodiscard]] AuditTrail::Ticket note_for_ticket(agent::AuditEntry entry) const;

  template <class T>
  void note(agent::AuditEntry entry, const Answer<T>& answer) const {
    entry.outcome = answer ? "ok" : agent::short_name_of(answer.error().code);
    note(std::move(entry));
  }

  /// Each notes a change, answers it, and tells the watchers.
  [[nodiscard]] Done<agent::StoredProfile> record_reply(agent::AuditEntry entry) const;
  [[nodiscard]] Done<void> empty_reply(agent::AuditEntry entry) const;

 private:
  /// Writes one message by `write` and hands it out; the buffer is kept for the next one, wiped.
  template <class Write, class Give>
  [[nodiscard]] bool send(const Write& write, const Give& give) const {
    // Taken out while the message is handed over, because whoever gets it may begin the next call
    // at once.
    agent::GuardedBuffer message = std::move(agent_->buffer_);
    write(message);
    const bool taken = give(message.view());
    message.clear();
    agent_->buffer_ = std::move(message);
    return taken;
  }

  Dispatcher* agent_;
  std::shared_ptr<Client> client_;
  bool oneway_;
  bool more_;
};

/// Takes over what a change says of the stored token.
void fill(agent::AuditEntry& entry, const agent::StoredProfile& profile);
[[nodiscard]] agent::AuditEntry entry_of(const char* event,
                                         const std::optional<token::ProfileName>& profile);

/// One overload a method. Those that read memory answer at once when the store was loaded; changes
/// answer when the store has acknowledged.
struct MethodRunner {
  Dispatcher& self;
  Exchange exchange;

  // dispatcher_tokens.cpp
  void operator()(agent::call::GetToken call);
  void operator()(agent::call::Which call) const;
  void operator()(agent::call::OpenLease call) const;
  void operator()(const agent::call::CloseLease& call) const;
  void operator()(const agent::call::BeginRefresh& call) const;

  // dispatcher_changes.cpp
  void operator()(agent::call::Add call) const;
  void operator()(const agent::call::Remove& call) const;
  void operator()(const agent::call::SetDefault& call) const;
  void operator()(const agent::call::SetRoute& call) const;
  void operator()(const agent::call::Lock& call) const;
  void operator()(agent::call::Unlock call) const;
  void operator()(agent::call::SetPassphrase call) const;
  void operator()(const agent::call::Migrate& call) const;
  void operator()(agent::call::FinishRefresh call) const;
  void operator()(const agent::call::AbandonRefresh& call) const;

  // dispatcher_reports.cpp
  void operator()(const agent::call::GetInfo& call) const;
  void operator()(const agent::call::GetInterfaceDescription& call) const;
  void operator()(const agent::call::List& call) const;
  void operator()(const agent::call::Status& call) const;
  void operator()(const agent::call::Audit& call) const;
  void operator()(const agent::call::Watch& call) const;
  void operator()(const agent::call::Shutdown& call) const;

 private:
  static void give_token(Dispatcher& self, const Exchange& exchange,
                         const agent::call::GetToken& call);
  static void give_chosen(Dispatcher& self, const Exchange& exchange,
                          const agent::call::GetToken& call, const Answer<const Entry*>& chosen,
                          const std::string& rule);
  static void hand_over(Dispatcher& self, const Exchange& exchange,
                        const agent::call::GetToken& call, const Answer<const Entry*>& found,
                        const std::string& rule);
  static void note_token(Dispatcher& self, const Exchange& exchange,
                         const agent::call::GetToken& call, const Answer<const Entry*>& found,
                         const std::string& rule);
  static void guarded(Dispatcher& self, const Exchange& exchange, const token::ProfileName& profile,
                      const agent::Purpose& purpose, agent::AuditEntry entry,
                      std::function<void(agent::AuditEntry entry)> go);
  static void watch(Dispatcher& self, const Exchange& exchange);
};

}  // namespace hfauth::daemon
