// SPDX-License-Identifier: Apache-2.0
//
// hfauth exec -- PROGRAM: becomes the program (exec, not fork), with exactly one token in its
// environment. Signals, the terminal and the exit status are then the program's own.
#include "agent_session.hpp"
#include "child_environment.hpp"
#include "commands.hpp"
#include "hfauth/core/core_dumps.hpp"
#include "hfauth/core/search_path.hpp"
#include "talk.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr int kCannotRun = 126;  // POSIX sh: found, but not executable
constexpr int kNotFound = 127;   // POSIX sh: not found

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()                                                                  //
      ("name", po::value<std::string>()->value_name("NAME"), tr("the profile to take"))  //
      ("via", po::value<std::string>()->value_name("DOOR"),
       tr("env: HF_TOKEN holds the token, for every client; file: HF_TOKEN_PATH names a lease, so "
          "that no secret is "
          "in the environment (Python)"));
}

/// The environment with its one token. Errors: those of the agent, denied (another endpoint).
Result<Environment> environment_with_token(agent::AgentClient& agent, const Context& context,
                                           const std::optional<token::ProfileName>& profile,
                                           bool via_file) {
  const Result<agent::TokenAnswer> answer = ask_agent_for_token(agent, context, profile);
  if (!answer) return answer.error();
  const token::TokenFacts& facts = answer->profile.facts;
  Environment child = context.environment;
  scrub_token_variables(child);
  const Result<std::optional<token::Endpoint>> endpoint = endpoint_to_set(facts.endpoint, context);
  if (!endpoint) return endpoint.error();
  if (*endpoint) child.set("HF_ENDPOINT", (*endpoint)->url());
  if (!via_file) {
    child.set("HF_TOKEN", std::string(answer->token.expose()));
    return child;
  }
  const Result<agent::Lease> lease = open_lease_for(agent, facts, true);
  if (!lease) return lease.error();
  child.set("HF_TOKEN_PATH", lease->path.string());
  return child;
}

/// As exec wants them: with a null pointer at the end. They live as long as `texts`.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Whether the program is there: then what is missing is the interpreter that its first line names.
bool is_there(const std::string& program, const Environment& environment) {
  if (program.find('/') != std::string::npos) return access(program.c_str(), F_OK) == 0;
  const auto folders = folders_of_path(environment.non_empty("PATH").value_or("/bin:/usr/bin"));
  return std::any_of(folders.begin(), folders.end(), [&](const std::filesystem::path& folder) {
    return access((folder / program).c_str(), X_OK) == 0;
  });
}

/// Does not return if the program could be started; else gives errno.
int become(const std::vector<std::string>& program, const Environment& environment) {
  std::vector<std::string> variables;
  variables.reserve(environment.variables().size());
  for (const auto& [name, value] : environment.variables())
    variables.push_back(fmt::format("{}={}", name, value));
  std::vector<std::string> words = program;
  std::vector<char*> envp = pointers_to(variables);
  std::vector<char*> argv = pointers_to(words);
  allow_core_dumps_again();
  execvpe(argv.front(), argv.data(), envp.data());
  const int error_number = errno;
  for (std::string& variable : variables)
    wipe(variable);
  return error_number;
}

int run(const po::variables_map& values, Context& context) {
  const auto& program = values["program"].as<std::vector<std::string>>();
  if (program.empty()) {
    return fail(context, "exec",
                {Errc::usage, tr("which program? hfauth exec -- PROGRAM [ARGUMENT...]")});
  }
  const std::string door = values.count("via") != 0 ? values["via"].as<std::string>() : "env";
  if (door != "env" && door != "file") {
    return fail(context, "exec", {Errc::usage, filled(tr("--via {}: one of env, file"), door)});
  }
  const Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return fail(context, "exec", profile.error());
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "exec", agent.error());
  const Result<Environment> child =
      environment_with_token(*agent, context, *profile, door == "file");
  if (!child) return fail(context, "exec", child.error());
  context.out.flush();
  context.err.flush();
  const int error_number = become(program, *child);
  Error error = error_from_errno(error_number, program.front());
  const bool is_script = error.code == Errc::not_found && is_there(program.front(), *child);
  if (is_script)
    error.detail =
        filled(tr("{}: the interpreter in its first line does not exist"), program.front());
  fail(context, "exec", error);
  return error.code == Errc::not_found && !is_script ? kNotFound : kCannotRun;
}

}  // namespace

const Command kExecCommand{
    .name = "exec",
    .usage = "[--name NAME] [--via env|file] -- PROGRAM [ARGUMENT...]",
    .summary = tr_later("Run a program with exactly one token in its environment"),
    .describe = describe,
    .run = run,
    .program = ProgramWords::behind_options,
};

}  // namespace hfauth::cli
