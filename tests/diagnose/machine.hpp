// SPDX-License-Identifier: Apache-2.0
//
// A machine to diagnose: a scratch home, an environment, a Hub that knows some tokens, an agent
// that holds some. The probes run for real on it; only the agent and the network are played. Tokens
// are built here so that no scanner takes them for live ones, and every report is searched for
// them.
#pragma once

#include "hfauth/core/fingerprint.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/probe.hpp"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::testing {

/// "hf_" and 34 times the letter: the shape of a user token, obviously nobody's.
[[nodiscard]] std::string token_of(char letter);

class Machine {
 public:
  Machine();
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  Machine& set(const std::string& name, const std::string& value);
  /// Writes below the home folder.
  Machine& file(const std::string& relative, const std::string& content);
  Machine& directory(const std::string& relative);

  /// The usual token file.
  Machine& saved(const std::string& content) { return file(".cache/huggingface/token", content); }

  Machine& installed(const std::string& version);  ///< of huggingface_hub, in a virtual environment
  Machine& offline();
  Machine& every_session();                   ///< as `hfauth ps` looks
  Machine& sources_alone();                   ///< what Python sends from here, and no more
  Machine& asked(const std::string& client);  ///< --for

  Machine& valid(const std::string& token, const std::string& user,
                 const std::string& role = "read");
  Machine& rejected(const std::string& token);
  Machine& rate_limited(const std::string& token);
  Machine& unreachable(const std::string& reason = "could not resolve host");
  Machine& slow(std::chrono::seconds control);  ///< how long the first answer of the Hub takes
  Machine& agent_running();                     ///< and it has nothing: how a machine begins
  Machine& agent_fails(Errc code, const std::string& reason);
  Machine& agent_locked();
  Machine& in_agent(const std::string& profile, const std::string& token, const std::string& user);
  /// The profile that was put into the agent last can no longer be renewed.
  Machine& not_renewed(const std::string& expires);

  Machine& no_default();  ///< none of the agent's profiles

  [[nodiscard]] diagnose::Facts facts() const;
  /// Of the facts, written to JSON and read back: every test so checks that a replay says the same.
  [[nodiscard]] diagnose::Report report(const diagnose::DiagnosisOptions& options = {}) const;

  [[nodiscard]] const std::filesystem::path& home() const { return home_; }

  [[nodiscard]] int whoami_calls() const { return *whoami_calls_; }

  [[nodiscard]] int pings() const { return *pings_; }

  [[nodiscard]] const std::vector<std::string>& sent() const { return *sent_; }

 private:
  std::filesystem::path home_;
  Environment environment_;
  UserPaths paths_;
  bool offline_ = false;
  bool write_ = false;
  diagnose::ProbeScope scope_ = diagnose::ProbeScope::machine;
  std::optional<token::NamedClient> client_;
  std::vector<hub::Repo> targets_;
  std::string printed_;
  std::map<std::string, hub::Whoami> answers_;
  std::string unreachable_;
  std::chrono::seconds slowness_{0};
  std::shared_ptr<diagnose::AgentAccess::Snapshot> agent_;
  Error agent_failure_;
  std::map<std::string, std::string> agent_tokens_;
  std::unique_ptr<Fingerprinter> fingerprinter_;
  std::shared_ptr<int> whoami_calls_ = std::make_shared<int>(0);
  std::shared_ptr<int> pings_ = std::make_shared<int>(0);
  std::shared_ptr<std::vector<std::string>> sent_ = std::make_shared<std::vector<std::string>>();
};

/// The ids of the findings that are roots, with the severity: "HFA101/error HFA110/info".
[[nodiscard]] std::string roots_of(const diagnose::Report& report);
/// The ids of the symptoms with their cause: "HFA301<HFA101".
[[nodiscard]] std::string symptoms_of(const diagnose::Report& report);

}  // namespace hfauth::testing
