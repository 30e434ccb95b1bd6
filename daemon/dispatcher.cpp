// SPDX-License-Identifier: Apache-2.0
//
// One overload a method. Those that read memory answer at once when the store was loaded; changes
// answer when the store has acknowledged. A token leaves through get_token(), open_lease() and
// begin_refresh() alone, and each asks the gate first.
#include "dispatcher.hpp"

#include "peer.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::daemon {

using agent::AuditEntry;
using agent::Fault;
using agent::FaultCode;
namespace call = agent::call;

namespace {

constexpr std::size_t kAuditPiece = 100;  ///< entries of one reply: some 40 KiB

std::string outcome_of(const Fault& fault) {
  const std::string_view name = agent::name_of(fault.code);
  return std::string(name.substr(name.rfind('.') + 1));
}

/// Takes over what a change says of the stored token.
void fill(AuditEntry& entry, const agent::StoredProfile& profile) {
  entry.profile = profile.facts.profile.str();
  entry.endpoint = profile.facts.endpoint.url();
  entry.fingerprint = profile.fingerprint;
}

AuditEntry entry_of(const char* event, const call::GetToken& question) {
  AuditEntry entry{.event = event};
  if (question.profile) entry.profile = question.profile->str();
  if (question.endpoint) entry.endpoint = question.endpoint->url();
  entry.repo = question.purpose.repo;
  if (!entry.repo.empty()) entry.access = question.purpose.write ? "write" : "read";
  return entry;
}

AuditEntry entry_of(const char* event, const std::optional<token::ProfileName>& profile) {
  return {.event = event, .profile = profile ? profile->str() : std::string()};
}

}  // namespace

Dispatcher::Dispatcher(TokenService& service, AuditTrail& audit, const Clock& clock,
                       std::function<ProcessFacts()> process, std::function<void()> shut_down)
    : service_(service),
      audit_(audit),
      clock_(clock),
      process_(std::move(process)),
      shut_down_(std::move(shut_down)),
      gate_(clock) {}

template <class Give, class Write>
auto Dispatcher::send(const Give& give, const Write& write) {
  // Taken out while the message is handed over, because whoever gets it may begin the next call at
  // once.
  agent::GuardedBuffer message = std::move(buffer_);
  write(message);
  const auto taken = give(message.view());
  message.clear();
  buffer_ = std::move(message);
  return taken;
}

Picture Dispatcher::picture() const {
  Picture now;
  agent::AgentStatus status;
  service_.describe(status);
  now.locked = status.locked;
  now.store = status.store_state;
  now.config = process_().config;
  for (const agent::Lease& lease : status.leases)
    now.leases[lease.path.native()] = lease.profile;
  now.routes = service_.routes();
  const Answer<std::vector<agent::StoredProfile>> profiles = service_.list();
  if (!profiles) return now;
  for (const agent::StoredProfile& profile : *profiles) {
    now.profiles[profile.facts.profile.str()] = profile.facts.generation;
    if (profile.is_default)
      now.defaults[profile.facts.endpoint.url()] = profile.facts.profile.str();
  }
  return now;
}

void Dispatcher::observe() {
  if (!feed_.empty()) feed_.look(picture(), clock_.now());
}

void Dispatcher::on_caller_gone(Caller caller) {
  service_.on_caller_gone(caller);
  feed_.drop(caller);
  audit_.drop(caller);
}

namespace {

/// A call's way back to who made it.
struct Asker {
  std::shared_ptr<Client> client;
  bool oneway = false;
  bool more = false;

  [[nodiscard]] bool reply(std::string_view message) const {
    client->reply(oneway ? std::string_view() : message);
    return true;
  }
};

}  // namespace

struct MethodRunner {
  Dispatcher& self;
  Asker asker;

  template <class Write>
  static void reply(Dispatcher& self, const Asker& asker, const Write& write) {
    static_cast<void>(
        self.send([&](std::string_view message) { return asker.reply(message); }, write));
  }

  template <class Write>
  [[nodiscard]] static bool interim(Dispatcher& self, const Asker& asker, const Write& write) {
    return self.send([&](std::string_view message) { return asker.client->interim(message); },
                     write);
  }

  static void refuse(Dispatcher& self, const Asker& asker, const Fault& fault) {
    reply(self, asker, [&](agent::GuardedBuffer& out) { agent::write_fault(out, fault); });
  }

  template <class T, class Write>
  static void answer(Dispatcher& self, const Asker& asker, const Answer<T>& answer,
                     const Write& write) {
    if (!answer) {
      refuse(self, asker, answer.error());
      return;
    }
    reply(self, asker, [&](agent::GuardedBuffer& out) {
      if constexpr (std::is_void_v<T>) {
        write(out);
      } else {
        write(out, *answer);
      }
    });
  }

  static AuditTrail::Ticket note(Dispatcher& self, const Asker& asker, AuditEntry entry) {
    if (!self.audit_.enabled()) return {};
    if (PeerProgram* const program = asker.client->program()) {
      entry.pid = program->pid();
      entry.program = program->seen().program;
      entry.unit = program->seen().unit;
    }
    return self.audit_.note(std::move(entry));
  }

  template <class T>
  static void note(Dispatcher& self, const Asker& asker, AuditEntry entry,
                   const Answer<T>& answer) {
    entry.outcome = answer ? "ok" : outcome_of(answer.error());
    note(self, asker, std::move(entry));
  }

  /// Notes a change, answers it, and tells the watchers.
  [[nodiscard]] Done<agent::StoredProfile> record_reply(AuditEntry entry) const {
    return [&self = self, asker = asker,
            entry = std::move(entry)](const Answer<agent::StoredProfile>& profile) mutable {
      if (profile) fill(entry, *profile);
      note(self, asker, entry, profile);
      answer(self, asker, profile, agent::write_record_reply);
      self.observe();
    };
  }

  [[nodiscard]] Done<void> empty_reply(AuditEntry entry) const {
    return [&self = self, asker = asker, entry = std::move(entry)](const Answer<void>& done) {
      note(self, asker, entry, done);
      answer(self, asker, done, agent::write_empty_reply);
      self.observe();
    };
  }

  /// Calls `go` with the question and the entry if the policy lets the token of that question out;
  /// answers the refusal itself. The question then names the profile that was judged.
  template <class Go>
  static void guarded(Dispatcher& self, const Asker& asker, call::GetToken question,
                      AuditEntry entry, Go go) {
    const Policy& policy = self.gate_.policy();
    const Answer<token::ProfileName> profile =
        policy.empty() ? Answer<token::ProfileName>(Fault{}) : self.service_.profile_for(question);
    if (!profile) {
      go(question, std::move(entry));
      return;
    }
    question.profile = *profile;
    Subject subject{.profile = profile->str(), .purpose = question.purpose, .program = {}};
    if (PeerProgram* const program = asker.client->program()) subject.program = program->look();
    self.gate_.pass(subject,
                    [&self, asker, question = std::move(question), entry = std::move(entry),
                     go = std::move(go)](const Gate::Passage& passage) mutable {
                      entry.rule = passage.rule;
                      if (passage.refused) {
                        entry.profile = question.profile->str();
                        entry.outcome = outcome_of(*passage.refused);
                        note(self, asker, std::move(entry));
                        refuse(self, asker, *passage.refused);
                      } else {
                        go(question, std::move(entry));
                      }
                    });
  }

  void operator()(const call::GetInfo& /*call*/) const {
    const agent::ServiceInfo info{
        .vendor = "hfauth",
        .product = "hfauthd",
        .version = self.process_().version,
        .url = "",
        .interfaces = {std::string(agent::kServiceInterface), std::string(agent::kInterface)}};
    reply(self, asker, [&](agent::GuardedBuffer& out) { agent::write_info_reply(out, info); });
  }

  void operator()(const call::GetInterfaceDescription& call) const {
    if (call.interface != agent::kInterface && call.interface != agent::kServiceInterface) {
      refuse(self, asker, {.code = FaultCode::interface_not_found, .text = call.interface});
      return;
    }
    const std::string_view text = call.interface == agent::kInterface
                                      ? agent::interface_description()
                                      : agent::service_description();
    reply(self, asker,
          [&](agent::GuardedBuffer& out) { agent::write_description_reply(out, text); });
  }

  /// The call that there are thousands of a second: nothing is copied that can be moved.
  void operator()(call::GetToken call) {
    self.service_.when_loaded(
        [&self = self, asker = std::move(asker), call = std::move(call)]() mutable {
          if (self.gate_.policy().empty()) {
            auto question = std::make_shared<const call::GetToken>(std::move(call));
            self.service_.get_fresh_token(*question, [&self, asker = std::move(asker),
                                                      question](const Answer<const Entry*>& found) {
              note_token(self, asker, *question, found);
              give_token(self, asker, found);
            });
            return;
          }
          AuditEntry asked = entry_of("GetToken", call);
          guarded(self, asker, std::move(call), std::move(asked),
                  [&self, asker](const call::GetToken& question, AuditEntry entry) {
                    self.service_.get_fresh_token(question,
                                                  [&self, asker, entry = std::move(entry)](
                                                      const Answer<const Entry*>& found) mutable {
                                                    if (found) fill(entry, (*found)->profile);
                                                    note(self, asker, std::move(entry), found);
                                                    give_token(self, asker, found);
                                                  });
                  });
        });
  }

  /// The same token again for the same connection is only counted: an entry has a dozen strings.
  static void note_token(Dispatcher& self, const Asker& asker, const call::GetToken& question,
                         const Answer<const Entry*>& found) {
    if (!self.audit_.enabled()) return;
    Client::Noted& noted = asker.client->noted;
    const bool is_plain = found && question.purpose.repo.empty();
    if (is_plain) {
      const token::TokenFacts& facts = (*found)->profile.facts;
      if (noted.generation == facts.generation && noted.profile == facts.profile.str() &&
          self.audit_.count_again(noted.ticket))
        return;
    }
    AuditEntry entry = entry_of("GetToken", question);
    entry.outcome = found ? "ok" : outcome_of(found.error());
    if (found) fill(entry, (*found)->profile);
    const AuditTrail::Ticket ticket = note(self, asker, std::move(entry));
    if (!is_plain) return;
    const token::TokenFacts& facts = (*found)->profile.facts;
    noted = {.ticket = ticket, .profile = facts.profile.str(), .generation = facts.generation};
  }

  static void give_token(Dispatcher& self, const Asker& asker, const Answer<const Entry*>& found) {
    answer(self, asker, found,
           [](agent::GuardedBuffer& out, const Entry* given) { out.append(given->token_reply()); });
    if (found) self.hooks_.on_use();
  }

  void operator()(call::Which call) const {
    self.service_.when_loaded([&self = self, asker = asker, call = std::move(call)] {
      Answer<agent::WhichAnswer> which = self.service_.which(call.question);
      if (which) {
        which->decision = name_of(Verdict::allow);
        if (which->profile) {
          Subject subject{.profile = which->profile->facts.profile.str(),
                          .purpose = call.question.purpose,
                          .program = {}};
          if (PeerProgram* const program = asker.client->program())
            subject.program = program->look();
          const Decision decision = self.gate_.policy().decide(subject, &which->steps);
          which->decision = name_of(decision.verdict);
          which->rule = decision.rule;
        }
      }
      answer(self, asker, which, agent::write_which_reply);
    });
  }

  void operator()(const call::List& /*call*/) const {
    self.service_.when_loaded([&self = self, asker = asker] {
      answer(self, asker, self.service_.list(),
             [&self](agent::GuardedBuffer& out, const std::vector<agent::StoredProfile>& profiles) {
               agent::write_records_reply(out, profiles, self.service_.routes());
             });
    });
  }

  void operator()(call::Add call) const {
    AuditEntry entry = entry_of("Add", call.record.facts.profile);
    self.service_.add(std::move(call), record_reply(std::move(entry)));
  }

  void operator()(const call::Remove& call) const {
    self.service_.remove(call.profile, empty_reply(entry_of("Remove", call.profile)));
  }

  void operator()(const call::SetDefault& call) const {
    self.service_.set_default(call.profile, record_reply(entry_of("SetDefault", call.profile)));
  }

  void operator()(const call::SetRoute& call) const {
    AuditEntry entry = entry_of("SetRoute", call.profile);
    entry.repo = call.pattern.repo;
    entry.access = call.pattern.access;
    self.service_.set_route(call, empty_reply(std::move(entry)));
  }

  void operator()(const call::Lock& /*call*/) const {
    self.gate_.forget();
    self.service_.lock(empty_reply({.event = "Lock"}));
  }

  void operator()(call::Unlock call) const {
    const Done<void> done = empty_reply({.event = "Unlock"});
    self.service_.unlock(std::move(call.passphrase),
                         [&self = self, done](const Answer<void>& told) {
                           done(told);
                           if (told) self.hooks_.on_unlock();
                         });
  }

  void operator()(call::SetPassphrase call) const {
    self.service_.set_passphrase(std::move(call), empty_reply({.event = "SetPassphrase"}));
  }

  void operator()(const call::Migrate& call) const {
    self.service_.migrate(call.to,
                          [&self = self, asker = asker](const Answer<agent::Migration>& moved) {
                            note(self, asker, {.event = "Migrate"}, moved);
                            answer(self, asker, moved, agent::write_migrate_reply);
                            self.observe();
                          });
  }

  void operator()(const call::Status& /*call*/) const {
    self.service_.when_checked([&self = self, asker = asker] {
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
      reply(self, asker,
            [&](agent::GuardedBuffer& out) { agent::write_status_reply(out, status, rules); });
    });
  }

  void operator()(call::OpenLease call) const {
    self.service_.when_loaded([&self = self, asker = asker, call = std::move(call)] {
      guarded(self, asker, {.profile = call.profile, .endpoint = {}},
              entry_of("OpenLease", call.profile),
              [&self, asker, call](const call::GetToken& /*question*/, AuditEntry entry) {
                const Answer<agent::Lease> lease = self.service_.open_lease(call);
                if (lease) entry.profile = lease->profile;
                note(self, asker, std::move(entry), lease);
                answer(self, asker, lease, agent::write_lease_reply);
                self.observe();
              });
    });
  }

  void operator()(const call::CloseLease& call) const {
    empty_reply(entry_of("CloseLease", call.profile))(self.service_.close_lease(call));
  }

  void operator()(const call::BeginRefresh& call) const {
    const auto begin = [&self = self, asker = asker, call](const call::GetToken& /*question*/,
                                                           AuditEntry entry) {
      self.service_.begin_refresh(
          asker.client->caller(), call,
          [&self, asker,
           entry = std::move(entry)](const Answer<TokenService::RefreshOffer>& offer) mutable {
            if (offer) fill(entry, offer->profile);
            note(self, asker, std::move(entry), offer);
            answer(self, asker, offer,
                   [](agent::GuardedBuffer& out, const TokenService::RefreshOffer& given) {
                     agent::write_refresh_reply(out, given.record, given.profile);
                   });
          });
    };
    AuditEntry entry = entry_of("BeginRefresh", call.profile);
    // The agent's own program renews tokens whatever the policy says of other programs.
    PeerProgram* const program = asker.client->program();
    if (program != nullptr && !self.gate_.policy().empty() &&
        is_own_program(program->look().program)) {
      begin({}, std::move(entry));
      return;
    }
    guarded(self, asker, {.profile = call.profile, .endpoint = {}}, std::move(entry), begin);
  }

  void operator()(call::FinishRefresh call) const {
    AuditEntry entry = entry_of("FinishRefresh", call.profile);
    self.service_.finish_refresh(asker.client->caller(), std::move(call),
                                 record_reply(std::move(entry)));
  }

  void operator()(const call::AbandonRefresh& call) const {
    self.service_.abandon_refresh(asker.client->caller(), call,
                                  empty_reply(entry_of("AbandonRefresh", call.profile)));
  }

  void operator()(const call::Audit& call) const {
    const bool follow = call.follow && asker.more;
    const bool all = asker.more;
    self.audit_.read(
        call.since, all ? std::nullopt : std::optional(kAuditPiece),
        [&self = self, asker = asker, follow](Answer<std::vector<AuditEntry>> entries) {
          if (!entries) {
            refuse(self, asker, entries.error());
            return;
          }
          send_entries(self, asker,
                       std::make_shared<const std::vector<AuditEntry>>(std::move(*entries)), 0,
                       follow);
        });
  }

  using Entries = std::shared_ptr<const std::vector<AuditEntry>>;

  /// In pieces, each when the one before was taken; the last one ends the call unless more may
  /// come.
  static void send_entries(Dispatcher& self, const Asker& asker, const Entries& entries,
                           std::size_t from, bool follow) {
    const std::size_t end = std::min(from + kAuditPiece, entries->size());
    const std::vector<AuditEntry> piece(entries->begin() + static_cast<std::ptrdiff_t>(from),
                                        entries->begin() + static_cast<std::ptrdiff_t>(end));
    if (end == entries->size() && !follow) {
      reply(self, asker,
            [&](agent::GuardedBuffer& out) { agent::write_audit_reply(out, piece, false); });
      return;
    }
    if (!send_piece(self, asker, piece)) return;
    if (end < entries->size()) {
      asker.client->when_taken([&self, asker, entries, end, follow] {
        send_entries(self, asker, entries, end, follow);
      });
      return;
    }
    self.audit_.follow(asker.client->caller(),
                       [&self, asker](const std::vector<AuditEntry>& fresh) {
                         if (!send_piece(self, asker, fresh))
                           self.audit_.drop(asker.client->caller());
                       });
  }

  /// False: the call was ended, because its caller does not read.
  static bool send_piece(Dispatcher& self, const Asker& asker,
                         const std::vector<AuditEntry>& entries) {
    const bool taken = interim(self, asker, [&](agent::GuardedBuffer& out) {
      agent::write_audit_reply(out, entries, true);
    });
    if (!taken) drop_slow(self, asker);
    return taken;
  }

  static void drop_slow(Dispatcher& self, const Asker& asker) {
    refuse(self, asker,
           {.code = FaultCode::busy, .text = "the watcher does not read what it is sent"});
  }

  void operator()(const call::Watch& /*call*/) const {
    // What is there when it is known what is there: else the first thing told is no change.
    self.service_.when_loaded([&self = self, asker = asker] { watch(self, asker); });
  }

  static void watch(Dispatcher& self, const Asker& asker) {
    const Picture now = self.picture();
    const agent::Event present{.event = "watching",
                               .time = self.clock_.now(),
                               .detail = now.locked ? "locked" : now.store};
    if (!asker.more) {
      reply(self, asker,
            [&](agent::GuardedBuffer& out) { agent::write_event_reply(out, present, false); });
      return;
    }
    self.feed_.look(now, self.clock_.now());
    const auto tell = [&self, asker](const agent::Event& event) {
      const bool taken = interim(self, asker, [&](agent::GuardedBuffer& out) {
        agent::write_event_reply(out, event, true);
      });
      if (!taken) drop_slow(self, asker);
      return taken;
    };
    if (tell(present)) self.feed_.add(asker.client->caller(), tell);
  }

  void operator()(const call::Shutdown& /*call*/) const {
    note(self, asker, {.event = "Shutdown", .outcome = "ok"});
    // Before the answer: who has read it finds neither socket nor lock of this agent any more, and
    // its files are at rest.
    self.audit_.settle([&self = self, asker = asker] {
      self.shut_down_();
      reply(self, asker, [](agent::GuardedBuffer& out) { agent::write_empty_reply(out); });
    });
  }
};

void Dispatcher::lock_by_itself(std::string_view reason) {
  gate_.forget();
  audit_.note({.event = "Lock", .outcome = "ok", .rule = std::string(reason)});
  service_.lock([this](const Answer<void>& /*locked*/) { observe(); });
}

void Dispatcher::handle(agent::Call call, std::shared_ptr<Client> client) {
  hooks_.before_call();
  std::visit(
      MethodRunner{
          *this,
          {.client = std::move(client), .oneway = call.oneway, .more = call.more && !call.oneway}},
      std::move(call.request));
}

}  // namespace hfauth::daemon
