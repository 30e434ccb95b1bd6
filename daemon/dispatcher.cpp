// SPDX-License-Identifier: Apache-2.0
//
// What does not belong to one method: the call is handed to the method's overload
// (method_runner.hpp), and watchers are told what changed.
#include "dispatcher.hpp"

#include "method_runner.hpp"

#include <utility>

namespace hfauth::daemon {

using agent::AuditEntry;

AuditTrail::Ticket Exchange::note_for_ticket(AuditEntry entry) const {
  if (!agent_->audit_.enabled()) return {};
  if (PeerProgram* const program = client_->program()) {
    entry.pid = program->pid();
    entry.program = program->seen().program;
    entry.unit = program->seen().unit;
  }
  return agent_->audit_.note(std::move(entry));
}

Dispatcher::Dispatcher(TokenService& service, AuditTrail& audit, const Clock& clock,
                       std::function<ProcessFacts()> process, std::function<void()> shut_down)
    : service_(service),
      audit_(audit),
      clock_(clock),
      process_(std::move(process)),
      shut_down_(std::move(shut_down)),
      gate_(clock) {
  service_.judge_leases_by([this](const std::string& profile, const ProgramFacts& program) {
    return gate_.judge({.profile = profile, .purpose = {}, .program = program});
  });
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

void Dispatcher::lock_by_itself(std::string_view reason) {
  gate_.forget();
  audit_.note({.event = "Lock", .outcome = "ok", .rule = std::string(reason)});
  service_.lock([this](const Answer<void>& /*locked*/) { observe(); });
}

void Dispatcher::handle(agent::Call call, std::shared_ptr<Client> client) {
  hooks_.before_call();
  MethodRunner runner{*this, Exchange(*this, std::move(client), call)};
  std::visit(std::move(runner), std::move(call.request));
}

}  // namespace hfauth::daemon
