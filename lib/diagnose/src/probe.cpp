// SPDX-License-Identifier: Apache-2.0
//
// The probes in their order: the client's version decides which files are looked at, and the Hub
// comes last, because it is asked about what the others found. Between them, those that read this
// machine run beside each other and beside the agent's answer.
#include "hfauth/diagnose/probe.hpp"

#include "hfauth/diagnose/client_answer.hpp"
#include "hfauth/diagnose/work_tree.hpp"
#include "hfauth/token/token_text.hpp"
#include "probe_runner.hpp"
#include "probes.hpp"
#include "stand_in.hpp"

#include <memory>
#include <system_error>

namespace hfauth::diagnose {

TokenValue take_value(const ProbeInput& input, ValueSource source, std::string where,
                      std::string_view raw, Secrets& secrets) {
  TokenValue value = describe_value(source, std::move(where), raw, input.fingerprinter);
  if (!value.sent.empty()) {
    secrets.emplace(value.sent, token::clean_as_huggingface_hub(raw));
  }
  std::vector<token::TokenFault> repairs;
  if (!value.repaired.empty() && value.repaired != value.sent) {
    if (Result<Secret> core = token::accept_token(raw, repairs)) {
      secrets.emplace(value.repaired, std::move(*core));
    }
  }
  return value;
}

namespace {

// The input for probes that may be left behind: nothing of it is the caller's but the key and the
// clock.
struct KeptInput {
  explicit KeptInput(const ProbeInput& from)
      : environment(from.environment),
        paths(from.paths),
        input{.environment = environment,
              .paths = paths,
              .working_directory = from.working_directory,
              .fingerprinter = from.fingerprinter,
              .clock = from.clock,
              .offline = from.offline,
              .write = from.write,
              .security = from.security,
              .targets = from.targets,
              .client = from.client,
              .printed = from.printed,
              .said = from.said,
              .interpreter = from.interpreter,
              .scripts = from.scripts,
              .context = from.context,
              .shell = from.shell,
              .unknown = from.unknown,
              .on_host = from.on_host,
              .foreign = from.foreign,
              .try_all = from.try_all,
              .scope = from.scope,
              .agent = {},
              .hub = {},
              .git_leaks = from.git_leaks,
              .git_helper = from.git_helper,
              .local_deadline = from.local_deadline,
              .whole_deadline = from.whole_deadline,
              .begun = from.begun,
              .root = from.root} {}

  KeptInput(const KeptInput&) = delete;
  KeptInput& operator=(const KeptInput&) = delete;
  ~KeptInput() = default;

  Environment environment;
  UserPaths paths;
  ProbeInput input;
};

/// What stands in the user's own places, beside the token files: of another user's, or of a
/// container's, these would be the wrong ones.
void start_probes_of_home(const std::shared_ptr<const KeptInput>& kept, ProbeRunner& local) {
  local.start("start-up files", [kept](Facts& part, Secrets& found) {
    probe_setting_lines(kept->input, part, found);
    probe_services(kept->input, part, found);
  });
  local.start("logins",
              [kept](Facts& part, Secrets& found) { probe_logins(kept->input, part, found); });
  local.start("git", [kept](Facts& part, Secrets& found) { probe_git(kept->input, part, found); });
  local.start("folders", [kept](Facts& part, Secrets&) { probe_folders(kept->input, part); });
  local.start("programs", [kept](Facts& part, Secrets&) {
    probe_programs(kept->input, part);
    probe_pythons(kept->input, part);
  });
  local.start("exposed tokens",
              [kept](Facts& part, Secrets& found) { probe_exposed(kept->input, part, found); });
  if (kept->input.git_leaks) {
    local.start("git history", [kept](Facts& part, Secrets&) {
      const std::filesystem::path& folder = kept->input.working_directory;
      if (work_tree_of(folder).empty()) return;
      GitLeaks leaks = kept->input.git_leaks(folder);
      part.exposed = std::move(leaks.exposed);
      part.incomplete = std::move(leaks.incomplete);
    });
  }
}

Facts begin_facts(const ProbeInput& input) {
  Facts facts;
  facts.taken = input.clock.now();
  facts.home = input.paths.home.string();
  facts.working_directory = input.working_directory.string();
  facts.context = input.context;
  facts.all_tried = input.try_all;
  facts.shell = input.shell;
  facts.incomplete = input.unknown;
  return facts;
}

}  // namespace

Facts take_facts(const ProbeInput& input) {
  const auto kept = std::make_shared<const KeptInput>(input);
  const bool is_own = !input.foreign && !input.on_host;
  const bool is_whole = input.scope == ProbeScope::machine;
  Facts facts = begin_facts(input);
  Secrets secrets;
  probe_environment(input, facts, secrets);
  probe_runtime(input, facts);
  if (is_own) {
    probe_client(input, facts);
    if (is_whole) probe_surroundings(input, facts);
  }
  if (input.client) {
    ask_about(*input.client, facts);  // its release decides which files are looked at
  }
  ProbeRunner local(facts);
  local.start("files", [kept](Facts& part, Secrets& found) {
    if (kept->input.context.empty() && kept->input.scope != ProbeScope::sources) {
      probe_sessions(kept->input, part, found);  // their variables name files too
      probe_session_pythons(part);
    }
    probe_files(kept->input, part, found);
  });
  if (is_whole && is_own) {
    start_probes_of_home(kept, local);
  }
  if (is_whole) {
    local.start("scripts",
                [kept](Facts& part, Secrets& found) { probe_scripts(kept->input, part, found); });
    local.start("log", [kept](Facts& part, Secrets&) { probe_printed(kept->input, part); });
  }
  if (input.scope != ProbeScope::sources) {
    probe_agent(input, facts);
  }
  local.finish(input.local_deadline, facts, secrets);
  if (!is_whole) {
    return facts;
  }
  if (input.client) {
    ask_about(*input.client, facts);  // the programs are known now
  }
  probe_hub(input, facts, secrets);
  probe_targets(input, facts, secrets);
  return facts;
}

Fingerprinter doctor_fingerprinter(const UserPaths& paths) {
  const std::filesystem::path key_file = paths.state / "fingerprint.key";
  std::error_code ignored;
  if (std::filesystem::exists(key_file, ignored)) {
    if (Result<Fingerprinter> shared = Fingerprinter::load_or_create(key_file)) {
      return std::move(*shared);
    }
  }
  return Fingerprinter::ephemeral();
}

}  // namespace hfauth::diagnose
