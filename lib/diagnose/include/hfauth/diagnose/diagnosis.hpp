// SPDX-License-Identifier: Apache-2.0
//
// From facts to a report: checks, causes, verdict. Pure and quick; the same facts give the same
// report.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/finding.hpp"
#include "hfauth/token/resolver_other.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hfauth::diagnose {

enum class FailOn { error, warning, never };

struct DiagnosisOptions {
  std::vector<std::string> only;  ///< ids or slugs; empty: all
  std::vector<std::string> skip;
  FailOn fail_on = FailOn::error;
  std::vector<Acknowledgement> acknowledged = {};  ///< those that hold today
};

enum class VerdictState { healthy, degraded, blocked, unknown };

/// What is known of one distinct token; `ref` stands for it elsewhere in the report.
struct TokenReport {
  struct Source {
    std::string kind;   ///< "env", "file", "keyring" (the agent)
    std::string where;  ///< variable, path with "~", profile
  };

  std::string ref;  ///< "token-1"
  std::string mask;
  std::string fingerprint;
  std::vector<Source> sources;
  std::string state;  ///< "valid", "invalid", "expired", "unknown", "not_checked"
  std::string account;
  std::string role;
  std::string display_name;
  std::string expires;
  std::string sent;  ///< the stand-in of the facts; not shown
};

/// --try-all: what came of one token, for the Hub or for one target.
struct TriedToken {
  std::string ref;
  std::string target;   ///< "org/name"; "" if no target was named
  std::string outcome;  ///< "works", "refused", "not_known"
  std::string detail;   ///< for people, in the chosen language
};

/// What one client would use.
struct ClientReport {
  /// One place in which it looks.
  struct Step {
    std::string where;   ///< variable, path with "~"
    std::string reason;  ///< what came of it, in the chosen language
    token::ResolutionStep::Outcome outcome = token::ResolutionStep::Outcome::not_asked;
    std::string token;  ///< ref of the token that stands there; "" for none
    /// When a running program takes notice of a change there; nullopt where there is no token.
    std::optional<token::Notice> noticed;
  };

  std::string client;              ///< "huggingface_hub"
  std::string version;             ///< "1.28.0", "1.29.0 (assumed)"
  std::string uses;                ///< a token's ref; "" for none
  std::vector<std::string> order;  ///< "HF_TOKEN: not set", ...
  std::vector<Step> steps;         ///< the same taken apart
  bool sends = true;               ///< false: it keeps the token to itself, or stops
};

struct Report {
  VerdictState state = VerdictState::unknown;
  int exit_code = 0;
  std::string headline;
  std::string next;                ///< the next command; "" if there is nothing to do
  std::vector<std::string> roots;  ///< ids, in the order in which to fix them
  std::string account;
  std::string role;
  std::string token_ref;
  std::vector<TokenReport> tokens;
  std::vector<ClientReport> clients;
  std::vector<Finding> findings;  ///< roots first, then symptoms
  std::vector<Repair> repairs;    ///< what hfauth can mend, in the order in which to make them
  std::vector<Incomplete> incomplete;
  std::string runtime;  ///< the schema's name
  std::size_t checks_run = 0;
  std::vector<std::string> checked;  ///< the ids of those checks, sorted
  bool offline = false;
  bool client_asked = false;  ///< --for: clients.front() is what was asked about
  std::string context;        ///< as in the facts
  std::vector<ScriptFacts> scripts;
  std::vector<TriedToken> tried;  ///< in the order of the tokens
};

[[nodiscard]] Report diagnose(const Facts& facts, const DiagnosisOptions& options);

/// The ids of all checks of the doctor, for --only and --skip. Errors of parse: usage, naming the
/// unknown word.
[[nodiscard]] std::vector<std::string> check_ids();
[[nodiscard]] Result<std::vector<std::string>> parse_check_list(const std::string& words);

[[nodiscard]] std::string_view name_of(VerdictState state) noexcept;

}  // namespace hfauth::diagnose
