// SPDX-License-Identifier: Apache-2.0
//
// What the probes found on a machine: one plain value without a secret, which can be written to a
// file and read back, and from which alone every finding is made.
//
// Where a machine has a token, the facts have a *stand-in*: "hf_" and the token's keyed
// fingerprint, between exactly the white space, quotes, prefixes and marks that stood around the
// token. So the resolver and the checks come to the same answers as with the real value, equal
// tokens have equal stand-ins, and replays need no secret.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/diagnose/facts_hub.hpp"
#include "hfauth/diagnose/facts_places.hpp"
#include "hfauth/diagnose/facts_programs.hpp"
#include "hfauth/diagnose/facts_script.hpp"
#include "hfauth/token/resolver.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

enum class ValueSource { env, file, agent };

struct ValueFault {
  std::string name;  ///< token::name_of(TokenFault)
  std::string note;  ///< for people, without any part of the token

  friend bool operator==(const ValueFault&, const ValueFault&) = default;
};

/// One place that holds a token.
struct TokenValue {
  ValueSource source = ValueSource::env;
  std::string where;     ///< variable, absolute path, or profile name
  std::string stand_in;  ///< of the raw value
  std::string sent;      ///< stand-in of what huggingface_hub would send: cleaned; "" for nothing
  std::string
      repaired;  ///< stand-in of the token alone, without what surrounds it; "" if there is none
  std::string mask;         ///< "hf_****abcd"
  std::string fingerprint;  ///< of what would be sent, 8 hexadecimal digits; "" for nothing
  std::size_t length = 0;   ///< bytes of the raw value
  bool sendable = true;     ///< fits into a header
  std::vector<ValueFault> faults;

  [[nodiscard]] bool has(std::string_view fault) const;
  friend bool operator==(const TokenValue&, const TokenValue&) = default;
};

/// A file on a path where some client would look for a token.
struct TokenFile {
  std::string path;  ///< absolute
  token::FileState::Kind kind = token::FileState::Kind::missing;
  std::uint32_t mode = 0;  ///< permission bits; 0 if missing
  std::uint64_t size = 0;  ///< bytes; 0 if missing
  std::string stand_in;    ///< of the content, if readable

  friend bool operator==(const TokenFile&, const TokenFile&) = default;
};

/// A line of a start-up file, of a shell or a service, that sets a variable of the client's.
struct SettingLine {
  std::string path;
  int line = 0;
  std::string variable;

  friend bool operator==(const SettingLine&, const SettingLine&) = default;
};

struct RuntimeFacts {
  bool colab = false;
  bool colab_enterprise = false;
  bool kaggle = false;
  bool space = false;
  bool ci = false;
  bool container = false;
  bool jupyter = false;
  bool systemd = false;
  bool github = false;  ///< GitHub Actions
  bool kubernetes = false;
  bool wsl = false;
  bool slurm = false;
  bool sagemaker = false;
  bool editor = false;        ///< a terminal inside of VS Code
  bool below_kernel = false;  ///< this program was started by a notebook's kernel ("!hfauth ...")
  std::string shell;          ///< "bash", "zsh", "fish", ""

  friend bool operator==(const RuntimeFacts&, const RuntimeFacts&) = default;
};

/// The huggingface_hub that the next `python3` of this shell would import.
struct ClientFacts {
  std::string version;  ///< "1.28.0"; "" if none was found: the newest known rules are assumed
  std::string where;    ///< the folder in which it is installed

  friend bool operator==(const ClientFacts&, const ClientFacts&) = default;
};

/// The client that the question is about (--for); token::parse_client() knows the names.
struct AskedClient {
  std::string name;     ///< "hfrs"; "" for the huggingface_hub of this machine
  std::string version;  ///< whose rules count, as asked for or as installed; "" if not known

  friend bool operator==(const AskedClient&, const AskedClient&) = default;
};

struct AgentProfile {
  std::string name;
  std::string endpoint;
  std::string stand_in;
  std::string mask;
  std::string fingerprint;
  std::string user;
  std::string role;
  bool is_default = false;
  bool login_again = false;  ///< the Hub refused to renew this browser login
  std::string expires;       ///< ISO 8601, "" if not known

  friend bool operator==(const AgentProfile&, const AgentProfile&) = default;
};

struct AgentFacts {
  bool running = false;  ///< it answered; false: nothing is known of what it keeps
  bool locked = false;
  std::string store;        ///< "vault", "secret-service", ...
  std::string store_state;  ///< "ok", "locked", or why not
  std::vector<AgentProfile> profiles;
  std::vector<std::string> lease_paths;
  std::string runtime;  ///< the folder of sockets and leases, whether an agent runs or not

  friend bool operator==(const AgentFacts&, const AgentFacts&) = default;
};

/// Incomplete::id of what a context did not tell.
inline constexpr std::string_view kContextProbe = "probe-context";

/// A probe that could not do its work; never a verdict on anything.
struct Incomplete {
  std::string id;  ///< the probe or check: "probe-agent", "HFA301"
  std::string reason;
  std::string next;    ///< the command to try; "" if there is none
  bool needed = true;  ///< the verdict is unknown without; false: it is told, and changes nothing

  friend bool operator==(const Incomplete&, const Incomplete&) = default;
};

struct Facts {
  WallTime taken;
  Environment environment;  ///< the variables that matter, token values as stand-ins
  std::string home;
  std::string working_directory;
  std::vector<TokenValue> values;
  std::vector<TokenFile> files;
  std::vector<SettingLine> setting_lines;
  RuntimeFacts runtime;
  ClientFacts client;
  AskedClient asked;
  std::string context;  ///< whose environment it is: "pid:4242", "cron"; "" for the shell's own
  HeldPlace shell;      ///< with a context: what Python sends from the shell that asks
  AgentFacts agent;
  HubFacts hub;
  bool colab_secret_assumed = false;  ///< only in replays: what if Colab had the secret
  std::vector<TargetFacts> targets;
  std::vector<ScriptFacts> scripts;  ///< programs and notebooks that were named as targets
  bool all_tried = false;            ///< --try-all: every token was asked about
  bool write_intended = false;       ///< --write: judged for uploading
  std::string expected_user;         ///< the account that hfauth.toml of the current folder names
  bool security_profile = false;     ///< --profile security: what is only unwise counts too
  std::vector<ProgramFacts> programs;
  std::vector<PythonFacts> pythons;
  std::vector<SessionFacts> sessions;
  std::vector<ServiceFacts> services;
  std::vector<NetrcEntry> netrc;
  GitFacts git;
  StoredTokensFacts stored;
  KeyringFacts keyring;
  SudoFacts sudo;
  std::vector<FolderFacts> folders;
  std::vector<ExposedToken> exposed;
  NotebookFacts notebook;
  std::vector<SaidMessage> said;
  std::vector<Incomplete> incomplete;
};

/// The value that stands at `where` (a variable or a path); nullptr if there is none.
[[nodiscard]] const TokenValue* value_at(const Facts& facts, std::string_view where);
/// The Hub's answer on what would be sent; nullptr if it was not asked.
[[nodiscard]] const TokenVerdict* verdict_on(const Facts& facts, std::string_view sent);
/// The profile that the agent gives out for the endpoint if none is named: the endpoint's default,
/// else its only one. nullptr: none, or several of which none is the default.
[[nodiscard]] const AgentProfile* default_profile(const Facts& facts);
/// The agent's profiles of the endpoint, which may be several without a default.
[[nodiscard]] std::vector<const AgentProfile*> profiles_here(const Facts& facts);
/// The agent answered, is unlocked, and has no token for the endpoint.
[[nodiscard]] bool agent_has_none(const Facts& facts);

/// Something of the context could not be read, so that "there is no token" cannot be said.
[[nodiscard]] bool is_partly_unknown(const Facts& facts);

/// The same facts with "/~" for the home folder and without the name of who called sudo, for a file
/// that leaves the machine. Findings are the same.
[[nodiscard]] Facts without_home_folder(Facts facts);

/// The facts as a JSON document of several lines, and back. Errors: invalid_input, naming the
/// field.
[[nodiscard]] std::string facts_to_json(const Facts& facts);
[[nodiscard]] Result<Facts> facts_from_json(std::string_view text);

}  // namespace hfauth::diagnose
