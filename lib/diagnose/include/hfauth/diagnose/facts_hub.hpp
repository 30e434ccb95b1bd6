// SPDX-License-Identifier: Apache-2.0
//
// Parts of the facts (facts.hpp) on what the Hub, the network and a notebook's vault answered.
// Plain values; tokens are stand-ins.
#pragma once

#include "hfauth/hub/access.hpp"
#include "hfauth/hub/hub_client.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hfauth::diagnose {

/// The Hub's answer on one token.
struct TokenVerdict {
  std::string sent;  ///< stand-in
  hub::Verdict verdict = hub::Verdict::unknown;
  std::string user;
  std::string role;
  std::string display_name;
  std::string expires;  ///< ISO 8601, "" if not known
  int status = 0;       ///< HTTP; 0: no answer
  std::string message;  ///< the Hub's own words
  std::string request_id;
  std::string failure;  ///< why it is unknown
  bool can_read_gated = true;
  bool email_unverified = false;    ///< of the account; the Hub says so
  bool cannot_pay = false;          ///< the account has no means of payment; the Hub says so
  std::vector<std::string> scopes;  ///< permissions of a fine-grained token, as the Hub names them
  std::vector<std::string> orgs;

  friend bool operator==(const TokenVerdict&, const TokenVerdict&) = default;
};

/// What hfauth itself remembers of a token (hub/verdict_cache.hpp).
struct RememberedVerdict {
  std::string sent;  ///< stand-in
  hub::Verdict verdict = hub::Verdict::unknown;
  std::string asked;   ///< ISO 8601
  bool fresh = false;  ///< it is still used in place of a question

  friend bool operator==(const RememberedVerdict&, const RememberedVerdict&) = default;
};

/// One step of the control request.
struct NetworkStep {
  std::string name;  ///< "dns", "connect", "tls", "http", "client" (as the client does it)
  std::int64_t milliseconds = 0;  ///< it took; 0 also for less than one
  std::string failure;            ///< "" if it worked

  friend bool operator==(const NetworkStep&, const NetworkStep&) = default;
};

struct HubFacts {
  std::string endpoint;          ///< "https://huggingface.co"
  std::string endpoint_problem;  ///< why HF_ENDPOINT cannot be used; "" if it can
  bool asked = false;            ///< false: switched off, see `not_asked`
  std::string not_asked;         ///< why; "" if asked
  bool reached = false;          ///< the anonymous control request got an answer of the Hub
  int control_status = 0;
  std::string control_failure;
  bool control_not_hub = false;  ///< something answered, and not as the Hub does: a portal
  int control_retry_after = 0;   ///< seconds that the Hub asks to wait; 0: it does not
  std::int64_t clock_ahead = 0;  ///< seconds that this clock is ahead of the answer's Date
  bool clock_known = false;      ///< there was a Date
  std::string
      client_failure;  ///< why the client fails where hfauth gets through; "" if it does not
  std::string client_failure_step;  ///< "tls", "proxy", "network"
  std::string client_authority;  ///< the CA file that hfauth trusted and the client does not read
  std::string client_authority_set_by;  ///< the variable that names it
  std::string issuer;  ///< of the endpoint's certificate, where TLS failed; "" if not asked
  std::vector<TokenVerdict> verdicts;
  std::vector<RememberedVerdict> remembered;
  std::vector<NetworkStep> steps;

  friend bool operator==(const HubFacts&, const HubFacts&) = default;
};

/// What the Hub lets one token, or nobody, do with a target.
struct TargetAnswer {
  std::string sent;  ///< stand-in; "" for an anonymous request
  hub::Access access = hub::Access::unknown;
  int status = 0;
  std::string message;
  std::string request_id;
  std::string failure;

  friend bool operator==(const TargetAnswer&, const TargetAnswer&) = default;
};

/// A server from which the target's large files come: another host than the Hub's.
struct FileHostFacts {
  std::string host;     ///< "cdn-lfs.hf.co"; "" if it was not asked, or is the Hub itself
  std::string file;     ///< that was asked for
  int status = 0;       ///< HTTP; 0: no answer
  std::string failure;  ///< why no byte came; "" if one did
  std::string step;     ///< "dns", "connect", "tls", ...

  friend bool operator==(const FileHostFacts&, const FileHostFacts&) = default;
};

/// A repository that the user wants to use.
struct TargetFacts {
  std::string id;              ///< "org/name"
  std::string type = "model";  ///< "dataset", "space"
  std::string revision;
  std::vector<TargetAnswer> answers;
  std::vector<std::string> other_types;  ///< of which there is one by this id
  FileHostFacts file_host;
  FileHostFacts xet_host;            ///< where clients with hf_xet get them
  std::vector<std::string> similar;  ///< ids of the same owner that differ by a letter or two

  friend bool operator==(const TargetFacts&, const TargetFacts&) = default;
};

/// What a cell in the notebook's kernel found; no program outside of it can.
struct NotebookFacts {
  std::string vault;             ///< "present", "missing", "no_access", "timeout"; "" if not asked
  std::string get_token;         ///< "none", "some"; "" if not asked
  std::string vault_token;       ///< stand-in, if told
  bool secret_is_newer = false;  ///< than the session's first question

  friend bool operator==(const NotebookFacts&, const NotebookFacts&) = default;
};

/// A message that a program printed and explain recognised.
struct SaidMessage {
  std::string check;    ///< "HFA702"
  std::string message;  ///< "M-002"
  std::string quote;    ///< its first words, masked

  friend bool operator==(const SaidMessage&, const SaidMessage&) = default;
};

}  // namespace hfauth::diagnose
