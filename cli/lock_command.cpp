// SPDX-License-Identifier: Apache-2.0
//
// hfauth lock, unlock, shutdown: the agent's own state. lock starts an agent where none runs: one
// that was killed left its leases behind, and the next command would be given a token.
#include "agent_session.hpp"
#include "commands.hpp"
#include "secret_input.hpp"
#include "talk.hpp"

#include <filesystem>
#include <ostream>

namespace hfauth::cli {
namespace {

void no_options(po::options_description& /*options*/,
                po::positional_options_description& /*positional*/) {}

/// The agent's state in JSON for programs, a sentence for people.
void say(Context& context, const char* state, const char* sentence) {
  if (context.format == Format::json) {
    context.out << R"({"state":")" << state << "\"}\n";
  } else if (context.verbosity >= 0) {
    context.err << sentence << '\n';
  }
}

Result<agent::AgentClient> running_agent(const Context& context) {
  return agent::AgentClient::connect(context.environment, context.paths, agent::Spawn::never);
}

int run_lock(const po::variables_map& /*values*/, Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "lock", agent.error());
  const Result<void> locked = agent->lock();
  if (!locked && locked.error().code != Errc::locked) return fail(context, "lock", locked.error());
  say(context, "locked", tr("Locked: no token is in memory, and every lease is gone."));
  return 0;
}

void describe_unlock(po::options_description& options,
                     po::positional_options_description& /*positional*/) {
  options.add_options()("passphrase-stdin", po::bool_switch(),
                        tr("read the passphrase from standard input"));
}

/// Without its line break: what a person types or `printf '%s\n'` gives.
void strip_line_end(Secret& passphrase) {
  std::size_t size = passphrase.size();
  while (size > 0 &&
         (passphrase.expose()[size - 1] == '\n' || passphrase.expose()[size - 1] == '\r'))
    --size;
  passphrase.truncate(size);
}

/// `hfauth env` tells a shell that begins while the agent is locked where the default lease will
/// be. Without a default token there is none to open.
void open_awaited_lease(agent::AgentClient& agent, const Context& context) {
  const std::filesystem::path lease = context.paths.runtime / "default" / "token";
  if (context.environment.get("HF_TOKEN_PATH") == lease.string())
    (void)agent.open_lease(std::nullopt, std::nullopt);
}

int run_unlock(const po::variables_map& values, Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "unlock", agent.error());
  const bool from_stdin = values["passphrase-stdin"].as<bool>();
  Result<Secret> passphrase = from_stdin ? read_secret_from_stdin() : Result<Secret>(Secret());
  if (!passphrase) return fail(context, "unlock", passphrase.error());
  strip_line_end(*passphrase);
  Result<void> unlocked = agent->unlock(*passphrase);
  if (!unlocked && unlocked.error().code == Errc::denied && !from_stdin) {
    if (!context.terminal.in_is_terminal) {
      return fail(context, "unlock",
                  {Errc::denied, tr("a passphrase is needed; give it with --passphrase-stdin")});
    }
    passphrase = ask_secret(context, tr("Passphrase of the vault: "));
    if (!passphrase) return fail(context, "unlock", passphrase.error());
    strip_line_end(*passphrase);
    unlocked = agent->unlock(*passphrase);
  }
  if (!unlocked) return fail(context, "unlock", unlocked.error());
  open_awaited_lease(*agent, context);
  say(context, "unlocked", tr("Unlocked."));
  return 0;
}

int run_shutdown(const po::variables_map& /*values*/, Context& context) {
  Result<agent::AgentClient> agent = running_agent(context);
  if (!agent && agent.error().code == Errc::agent_unreachable) {
    say(context, "none", tr("No agent is running."));
    return 0;
  }
  if (!agent) return fail(context, "shutdown", agent.error());
  const Result<void> ended = agent->shutdown();
  if (!ended) return fail(context, "shutdown", ended.error());
  say(context, "none",
      tr("The agent has ended. Stored tokens stay; the next command starts it again."));
  return 0;
}

}  // namespace

const Command kLockCommand{
    .name = "lock",
    .usage = "",
    .summary = tr_later("Wipe the tokens from the agent's memory and take every lease away"),
    .describe = no_options,
    .run = run_lock,
};

const Command kUnlockCommand{
    .name = "unlock",
    .usage = "[--passphrase-stdin]",
    .summary = tr_later("Open the store again"),
    .describe = describe_unlock,
    .run = run_unlock,
};

const Command kShutdownCommand{
    .name = "shutdown",
    .usage = "",
    .summary = tr_later("End the agent; stored tokens stay"),
    .describe = no_options,
    .run = run_shutdown,
};

}  // namespace hfauth::cli
