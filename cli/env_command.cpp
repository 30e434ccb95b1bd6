// SPDX-License-Identifier: Apache-2.0
//
// hfauth env: opens a lease and prints the line that points HF_TOKEN_PATH at it, for eval in a
// shell's start-up file.
#include "agent_session.hpp"
#include "commands.hpp"
#include "json_output.hpp"
#include "shell_quoting.hpp"
#include "talk.hpp"

#include <filesystem>
#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()                                                                   //
      ("name", po::value<std::string>()->value_name("NAME"), tr("the profile to lease"))  //
      ("shell", po::value<std::string>()->value_name("SHELL"),
       tr("sh, fish or csh; else as $SHELL says"));
}

/// HF_TOKEN goes before HF_TOKEN_PATH in every version of huggingface_hub.
void warn_of_shadow(Context& context) {
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    if (context.verbosity < 0 || !context.environment.non_empty(name)) continue;
    context.err << filled(tr("hfauth env: {0} is set and hides the lease (HFA101). Now: unset {0}"),
                          name)
                << '\n';
  }
}

/// The line stands in start-up files: a shell that begins while the agent is locked is told where
/// its token will be, and one line says what is missing. `hfauth unlock` in it opens that lease.
int run_locked(const Error& error, Shell shell, Context& context) {
  const std::filesystem::path lease = context.paths.runtime / "default" / "token";
  context.out << export_line(shell, "HF_TOKEN_PATH", lease.string()) << '\n';
  context.out.flush();
  if (context.verbosity >= 0)
    context.err << tr("hfauth: locked; this shell has its token after 'hfauth unlock'") << '\n';
  return exit_status(error.code);
}

int run(const po::variables_map& values, Context& context) {
  const Result<Shell> shell = values.count("shell") != 0
                                  ? parse_shell(values["shell"].as<std::string>())
                                  : shell_of(context.environment);
  if (!shell) return fail(context, "env", shell.error());
  const Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return fail(context, "env", profile.error());
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "env", agent.error());
  const Result<agent::TokenAnswer> answer = ask_agent_for_token(*agent, context, *profile);
  if (!answer && answer.error().code == Errc::locked && !*profile &&
      context.format != Format::json && context.format != Format::quiet)
    return run_locked(answer.error(), *shell, context);
  if (!answer) return fail(context, "env", answer.error());
  const token::TokenFacts& facts = answer->profile.facts;
  const Result<std::optional<token::Endpoint>> endpoint = endpoint_to_set(facts.endpoint, context);
  if (!endpoint) return fail(context, "env", endpoint.error());
  const Result<agent::Lease> lease = open_lease_for(*agent, facts, profile->has_value());
  if (!lease) return fail(context, "env", lease.error());
  if (context.format == Format::quiet) {
    context.out << lease->path.string() << '\n';
    return 0;
  }
  if (context.format == Format::json) {
    context.out << json_of_variables(lease->path.string(), *endpoint ? (*endpoint)->url() : "");
    return 0;
  }
  context.out << export_line(*shell, "HF_TOKEN_PATH", lease->path.string()) << '\n';
  if (*endpoint) context.out << export_line(*shell, "HF_ENDPOINT", (*endpoint)->url()) << '\n';
  warn_of_shadow(context);
  return 0;
}

}  // namespace

const Command kEnvCommand{
    .name = "env",
    .usage = "[--name NAME] [--shell sh|fish|csh]",
    .summary = tr_later("Print the line that gives this shell the token: eval \"$(hfauth env)\""),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
