// SPDX-License-Identifier: Apache-2.0
//
// Looking at the machine: the only part of the diagnosis that touches files, the agent and the
// network. Changes nothing but caches (what the Hub said, what git was asked), and starts nothing
// but the agent, as every command does that needs a token, and git, which is asked what it keeps.
// Each probe fails alone: what it could not find out stands in Facts::incomplete.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/environment.hpp"
#include "hfauth/core/fingerprint.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/diagnose/facts.hpp"
#include "hfauth/hub/access.hpp"
#include "hfauth/hub/hub_client.hpp"
#include "hfauth/token/client_name.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace hfauth::diagnose {

/// The agent, as the doctor asks it. Tests put lambdas here.
struct AgentAccess {
  struct Snapshot {
    agent::AgentStatus status;
    std::vector<agent::StoredProfile> profiles;  ///< empty if locked
  };

  /// Starts the agent if none runs. Errors: agent_unreachable (it could not be started), and
  /// whatever else went wrong; none of them says that there is no token.
  std::function<Result<Snapshot>()> look;
  /// The default profile's token, for asking the Hub about it.
  std::function<Result<Secret>(const token::Endpoint&)> default_token;
  /// A named profile's token, for its own endpoint. May be empty.
  std::function<Result<Secret>(const std::string& profile, const token::Endpoint&)> token_of = {};
};

/// What came back from an anonymous question that any Hub answers.
struct ControlAnswer {
  int status = 0;
  bool is_hub = true;      ///< false: something else answered, a login portal or a proxy
  std::string page_title;  ///< of the HTML page that came instead; redacted
  std::string date;        ///< the Date header as it came
  int retry_after = 0;     ///< seconds; 0: it does not say
  hub::HttpTimings timings;
};

struct FileHosts {
  FileHostFacts plain;  ///< by HTTP
  FileHostFacts xet;
};

/// The Hub, as the doctor asks it. Nothing is loaded before the first call. Each may be empty.
struct HubAccess {
  std::function<Result<ControlAnswer>()> ping;
  /// The same, reading no other CA variables than these.
  std::function<Result<ControlAnswer>(const Environment& environment)> ping_with;
  std::function<hub::Whoami(const Secret& token)> whoami;
  /// `token` is nullptr for an anonymous question.
  std::function<hub::AccessAnswer(const hub::Repo&, bool write, const Secret* token)> access;
  /// Who issued the endpoint's certificate, believed or not; "" if that cannot be told.
  std::function<std::string()> issuer{};
  /// Where a large file of the repository comes from, if that is not the Hub, and whether its first
  /// byte can be had; and the same of Xet's own server. Each is tried three times, without the
  /// token. An empty answer: no such file.
  std::function<FileHosts(const hub::Repo&, const Secret* token)> file_hosts;
  /// Ids of the owner's public repositories of that type, a hundred at most.
  std::function<std::vector<std::string>(const hub::Repo&)> siblings;
};

/// How much is looked at.
enum class ProbeScope {
  machine,   ///< all
  sessions,  ///< every process of this user that may use the Hub, not only those that run for long,
             ///< and whose tokens they are: variables, files, the agent
  sources,   ///< what Python sends from here: variables and files
};

/// What git keeps of the current folder, and how much of it was not searched.
struct GitLeaks {
  std::vector<ExposedToken> exposed;
  std::vector<Incomplete> incomplete;
};

struct ProbeInput {
  const Environment& environment;
  const UserPaths& paths;
  std::filesystem::path working_directory;
  const Fingerprinter& fingerprinter;
  const Clock& clock;
  bool offline = false;   ///< --offline: the Hub is not asked
  bool write = false;     ///< --write: judge for uploading
  bool security = false;  ///< --profile security
  std::vector<hub::Repo> targets;
  std::optional<token::NamedClient> client = std::nullopt;  ///< --for
  std::string printed;              ///< --log: what a program printed, to be recognised
  std::vector<SaidMessage> said{};  ///< what a program was heard to print, recognised already
  std::string interpreter{};        ///< whose huggingface_hub counts, absolute; "" for that of PATH
  std::vector<std::filesystem::path> scripts{};  ///< programs and notebooks that are targets
  std::string context{};                         ///< whose environment this is; "" for the shell's
  HeldPlace shell{};                  ///< with a context: what the shell that asks would send
  std::vector<Incomplete> unknown{};  ///< what could not be read of the context
  /// The place on this machine of a file that the context names; nullopt: not to be reached from
  /// here, so it is unknown. Empty: the same place. For containers.
  std::function<std::optional<std::filesystem::path>(const std::filesystem::path&)> on_host{};
  /// The context is another user's: what this one may not read is unknown, and no fault.
  bool foreign = false;
  /// Every token of every place is asked about, not only the most telling ones.
  bool try_all = false;
  /// Of less than the machine, nothing is asked of the Hub and no other program is started.
  ProbeScope scope = ProbeScope::machine;
  AgentAccess agent;
  HubAccess hub;
  /// Tokens that git keeps of the folder, in its index and its history, within a second or two; may
  /// be empty. Asked about a work tree alone, in a thread of its own: what it holds must live as
  /// long as the process.
  std::function<GitLeaks(const std::filesystem::path& folder)> git_leaks{};
  /// Asks one of git's credential helpers for the endpoint: an empty secret if it has nothing,
  /// nullopt if it was not asked, because it might show a window. May be empty; called as above.
  std::function<std::optional<Secret>(const std::string& helper, const token::Endpoint&)>
      git_helper{};
  /// For the probes that read this machine, together; what is not known by then stays unknown.
  std::chrono::milliseconds local_deadline{3000};
  /// No question to the Hub is begun that could end later than this after `begun`.
  std::chrono::milliseconds whole_deadline{15000};
  MonotonicTime begun = clock.monotonic();
  std::filesystem::path root = "/";  ///< where system files are looked for; tests have their own
};

/// At most this many tokens are asked about in one run: whoami is strictly limited (facts/doctor.md
/// §3.2).
inline constexpr std::size_t kMaxTokensAsked = 3;
inline constexpr std::size_t kMaxTokensTried = 20;  ///< with try_all

/// Key and clock of `input` must live as long as the process, because a probe that hangs is left
/// behind with them. Blocks: local files, the agent (its own deadline), and the Hub (up to 10 s a
/// request; none if `offline`).
[[nodiscard]] Facts take_facts(const ProbeInput& input);

/// The accesses of the real program. Both keep references to their arguments.
[[nodiscard]] AgentAccess agent_access(const Environment& environment, const UserPaths& paths);
[[nodiscard]] HubAccess hub_access(const Environment& environment, const std::string& user_agent);

/// The fingerprint key that the agent uses too, so that fingerprints agree; a passing one if there
/// is none yet.
[[nodiscard]] Fingerprinter doctor_fingerprinter(const UserPaths& paths);

}  // namespace hfauth::diagnose
