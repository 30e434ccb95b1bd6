// SPDX-License-Identifier: Apache-2.0
//
// The scratch machine: files are real, in a folder of their own that is removed at the end.
#include "diagnose/machine.hpp"

#include "support/fake_clock.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>

namespace hfauth::testing {

using diagnose::AgentAccess;
using diagnose::Facts;
using diagnose::Finding;
using diagnose::Report;

std::string token_of(char letter) {
  // Two letters, since a run of one is taken for a placeholder.
  std::string text = "hf_";
  for (int i = 0; i < 17; ++i) {
    text += letter;
    text += static_cast<char>('A' + i);
  }
  return text;
}

Machine::Machine() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hfauth-doctor-XXXXXX").string();
  BOOST_REQUIRE(mkdtemp(pattern.data()) != nullptr);
  home_ = pattern;
  std::filesystem::create_directory(home_ / "cwd");
  environment_ = Environment({{"HOME", home_.string()},
                              {"SHELL", "/bin/bash"},
                              {"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"}});
  paths_ = UserPaths::from(environment_).value();
  fingerprinter_ = std::make_unique<Fingerprinter>(Fingerprinter::ephemeral());
  agent_running();
}

Machine::~Machine() {
  std::error_code ignored;
  std::filesystem::remove_all(home_, ignored);
}

Machine& Machine::set(const std::string& name, const std::string& value) {
  environment_.set(name, value);
  return *this;
}

Machine& Machine::file(const std::string& relative, const std::string& content) {
  const std::filesystem::path path = home_ / relative;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  return *this;
}

Machine& Machine::directory(const std::string& relative) {
  std::filesystem::create_directories(home_ / relative);
  return *this;
}

Machine& Machine::installed(const std::string& version) {
  directory("venv/lib/python3.11/site-packages/huggingface_hub-" + version + ".dist-info");
  return set("VIRTUAL_ENV", (home_ / "venv").string());
}

Machine& Machine::offline() {
  offline_ = true;
  return *this;
}

Machine& Machine::every_session() {
  scope_ = diagnose::ProbeScope::sessions;
  return *this;
}

Machine& Machine::sources_alone() {
  scope_ = diagnose::ProbeScope::sources;
  return *this;
}

Machine& Machine::asked(const std::string& client) {
  client_ = token::parse_client(client).value();
  return *this;
}

Machine& Machine::valid(const std::string& token, const std::string& user,
                        const std::string& role) {
  hub::Whoami whoami;
  whoami.verdict = hub::Verdict::valid;
  whoami.user = user;
  whoami.role = role;
  whoami.display_name = "laptop";
  whoami.answer.status = 200;
  answers_[token] = whoami;
  return *this;
}

Machine& Machine::rejected(const std::string& token) {
  hub::Whoami whoami;
  whoami.verdict = hub::Verdict::invalid;
  whoami.answer.status = 401;
  whoami.answer.message = "Invalid username or password.";
  whoami.answer.request_id = "Root=1-0000";
  answers_[token] = whoami;
  return *this;
}

Machine& Machine::rate_limited(const std::string& token) {
  hub::Whoami whoami;
  whoami.answer.status = 429;
  whoami.failure = Error{Errc::rate_limited, "the Hub limits whoami; try again in 55 s"};
  answers_[token] = whoami;
  return *this;
}

Machine& Machine::unreachable(const std::string& reason) {
  unreachable_ = reason;
  return *this;
}

Machine& Machine::slow(std::chrono::seconds control) {
  slowness_ = control;
  return *this;
}

Machine& Machine::agent_running() {
  if (!agent_) {
    agent_ = std::make_shared<AgentAccess::Snapshot>();
    agent_->status.store = "vault";
    agent_->status.store_state = "ok";
  }
  return *this;
}

Machine& Machine::agent_fails(Errc code, const std::string& reason) {
  agent_.reset();
  agent_failure_ = Error{code, reason};
  return *this;
}

Machine& Machine::agent_locked() {
  agent_running();
  agent_->status.locked = true;
  return *this;
}

Machine& Machine::in_agent(const std::string& profile, const std::string& token,
                           const std::string& user) {
  agent_running();
  token::TokenFacts facts{.profile = token::ProfileName::parse(profile).value(),
                          .endpoint = token::Endpoint::hub(),
                          .user = user,
                          .role = {},
                          .display_name = {},
                          .scopes = {},
                          .orgs = {},
                          .created = {},
                          .expires = {}};
  agent_->profiles.push_back(
      {std::move(facts), "hf_****mask", fingerprinter_->of(token), agent_->profiles.empty()});
  agent_tokens_[profile] = token;
  return *this;
}

Machine& Machine::not_renewed(const std::string& expires) {
  token::TokenFacts& facts = agent_->profiles.back().facts;
  facts.login_again = true;
  facts.expires = parse_utc(expires).value();
  return *this;
}

Machine& Machine::no_default() {
  for (agent::StoredProfile& profile : agent_->profiles) {
    profile.is_default = false;
  }
  return *this;
}

Facts Machine::facts() const {
  FakeClock clock;
  diagnose::AgentAccess agent;
  agent.look = [this]() -> Result<AgentAccess::Snapshot> {
    if (!agent_) {
      return agent_failure_;
    }
    return *agent_;
  };
  agent.default_token = [this](const token::Endpoint&) -> Result<Secret> {
    return Secret::copy_of(agent_tokens_.at(agent_->profiles.front().facts.profile.str()));
  };
  diagnose::HubAccess hub;
  hub.ping = [this, &clock]() -> Result<diagnose::ControlAnswer> {
    ++*pings_;
    clock.advance(slowness_);
    if (!unreachable_.empty()) {
      return Error{Errc::network, unreachable_};
    }
    diagnose::ControlAnswer answer;
    answer.status = 200;
    answer.timings = {std::chrono::milliseconds(2), std::chrono::milliseconds(5),
                      std::chrono::milliseconds(0), std::chrono::milliseconds(15)};
    return answer;
  };
  hub.whoami = [this](const Secret& token) -> hub::Whoami {
    ++*whoami_calls_;
    sent_->emplace_back(token.expose());
    const auto known = answers_.find(std::string(token.expose()));
    BOOST_REQUIRE_MESSAGE(known != answers_.end(),
                          "the Hub was asked about a token that the test did not expect");
    return known->second;
  };
  return diagnose::take_facts({.environment = environment_,
                               .paths = paths_,
                               .working_directory = home_ / "cwd",
                               .fingerprinter = *fingerprinter_,
                               .clock = clock,
                               .offline = offline_,
                               .write = write_,
                               .targets = targets_,
                               .client = client_,
                               .printed = printed_,
                               .scope = scope_,
                               .agent = std::move(agent),
                               .hub = std::move(hub),
                               .local_deadline = std::chrono::minutes(2),
                               .whole_deadline = std::chrono::seconds(15),
                               .root = home_ / "root"});
}

Report Machine::report(const diagnose::DiagnosisOptions& options) const {
  const Facts live = facts();
  const Result<Facts> replayed = diagnose::facts_from_json(diagnose::facts_to_json(live));
  BOOST_REQUIRE_MESSAGE(replayed.has_value(), (replayed ? "" : replayed.error().detail));
  Report report = diagnose::diagnose(*replayed, options);
  BOOST_TEST(roots_of(diagnose::diagnose(live, options)) == roots_of(report));
  return report;
}

std::string roots_of(const Report& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    if (finding.is_root) {
      text += (text.empty() ? "" : " ") + finding.id + "/" + std::string(name_of(finding.severity));
    }
  }
  return text;
}

std::string symptoms_of(const Report& report) {
  std::string text;
  for (const Finding& finding : report.findings) {
    if (!finding.is_root) {
      text += (text.empty() ? "" : " ") + finding.id + "<" + finding.caused_by.front();
    }
  }
  return text;
}

}  // namespace hfauth::testing
