// SPDX-License-Identifier: Apache-2.0
//
// hfauth store status, migrate, passphrase: where the tokens rest and what protects them there.
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "json_output.hpp"
#include "repo_purpose.hpp"
#include "secret_input.hpp"
#include "shown_name.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void describe_status(po::options_description& /*options*/,
                     po::positional_options_description& /*positional*/) {}

int run_status(const po::variables_map& /*values*/, Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "store status", agent.error());
  // Opens the store if it was not needed yet; its own answer does not matter.
  static_cast<void>(agent->list());
  const Result<agent::AgentStatus> status = agent->status();
  if (!status) return fail(context, "store status", status.error());
  const bool is_good = status->store_state == "ok";
  if (context.format == Format::json) {
    context.out << json_of(status);
  } else if (context.format == Format::quiet) {
    context.out << status->store << '\n';
  } else {
    context.out << status->store << ": " << redact(status->store_state) << '\n'
                << show_path(status->store_place, context.paths.home) << '\n'
                << status->store_protection << '\n';
    for (const agent::Refusal& refusal : status->refusals) {
      context.out << filled(tr("{0} is not used: {1}"), refusal.store, redact(refusal.reason))
                  << '\n';
    }
  }
  return is_good ? 0 : exit_status(status->locked ? Errc::locked : Errc::store_unavailable);
}

void describe_migrate(po::options_description& options,
                      po::positional_options_description& /*positional*/) {
  options.add_options()("to", po::value<std::string>()->value_name("STORE"),
                        tr("keyring (the desktop's own) or vault (an encrypted file)"));
}

int run_migrate(const po::variables_map& values, Context& context) {
  const std::string word = values.count("to") > 0 ? values["to"].as<std::string>() : "";
  if (word.empty())
    return fail(context, "store migrate", {Errc::usage, tr("say --to keyring or --to vault")});
  if (word != "keyring" && word != "vault") {
    return fail(context, "store migrate",
                {Errc::usage, filled(tr("--to {}: keyring or vault"), shown_name(word))});
  }
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return fail(context, "store migrate", agent.error());
  const Result<agent::Migration> moved =
      agent->migrate(word == "vault" ? "vault" : "secret-service");
  if (!moved) return fail(context, "store migrate", with_cure(moved.error()));
  if (context.verbosity >= 0) {
    context.err << filled(tr("{0} tokens are in the {1} now."), moved->moved, word) << '\n';
    if (moved->left > 0) {
      context.err << tr("Some could not be removed from the old store; the agent tries again when "
                        "it starts.")
                  << '\n';
    }
  }
  return 0;
}

void describe_passphrase(po::options_description& options,
                         po::positional_options_description& positional) {
  options.add_options()                                               //
      ("action", po::value<std::string>()->value_name("ACTION"), "")  //
      ("stdin", po::bool_switch(),
       tr("read the passphrases from standard input, a line each: the present one (an empty line "
          "if there is none), then the new one"));
  positional.add("action", 1);
}

/// The first line of `text`, without its end; `text` begins behind it then.
Secret take_line(std::string_view& text) {
  std::string_view line = take_until(text, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return Secret::copy_of(line);
}

struct Passphrases {
  Secret current;
  Secret wanted;
};

Result<Passphrases> from_stdin() {
  const Result<Secret> input = read_secret_from_stdin();
  if (!input) return input.error();
  std::string_view rest = input->expose();
  Secret current = take_line(rest);
  return Passphrases{.current = std::move(current), .wanted = take_line(rest)};
}

Result<Passphrases> ask_both(Context& context, bool sets) {
  if (!context.terminal.in_is_terminal)
    return Error{Errc::usage, tr("there is no terminal to ask at; use --stdin")};
  const auto ask = [&context](const char* question) -> Result<Secret> {
    Result<Secret> answer = ask_secret(context, question);
    if (!answer) return answer;
    std::string_view text = answer->expose();
    return take_line(text);
  };
  Passphrases both;
  Result<Secret> current = ask(tr("Present passphrase of the vault (Enter if there is none): "));
  if (!current) return current.error();
  both.current = std::move(*current);
  if (!sets) return both;
  Result<Secret> wanted = ask(tr("New passphrase: "));
  if (!wanted) return wanted.error();
  const Result<Secret> again = ask(tr("The same again: "));
  if (!again) return again.error();
  if (!again->equals(wanted->expose()))
    return Error{Errc::invalid_input, tr("the two are not the same; nothing was changed")};
  both.wanted = std::move(*wanted);
  return both;
}

int run_passphrase(const po::variables_map& values, Context& context) {
  const char* const name = "store passphrase";
  const std::string action = values.count("action") > 0 ? values["action"].as<std::string>() : "";
  if (action != "set" && action != "remove")
    return fail(context, name, {Errc::usage, tr("say set or remove")});
  const bool sets = action == "set";
  Result<Passphrases> both = values["stdin"].as<bool>() ? from_stdin() : ask_both(context, sets);
  if (!both) return fail(context, name, both.error());
  if (sets && both->wanted.empty())
    return fail(context, name, {Errc::invalid_input, tr("an empty passphrase protects nothing")});
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return fail(context, name, agent.error());
  if (!sets) both->wanted = Secret();
  const Result<void> done = agent->set_passphrase(both->current, both->wanted);
  if (!done) return fail(context, name, with_cure(done.error()));
  if (context.verbosity >= 0) {
    context.err << (sets
                        ? tr("The vault has the new passphrase. It is needed when the agent starts "
                             "or was locked: hfauth unlock")
                        : tr("The vault has no passphrase any more; a key file opens it."))
                << '\n';
  }
  return 0;
}

}  // namespace

const Command kStoreStatusCommand{
    .name = "store status",
    .usage = "",
    .summary = tr_later("Show where the tokens rest and what protects them there"),
    .describe = describe_status,
    .run = run_status,
};

const Command kStoreMigrateCommand{
    .name = "store migrate",
    .usage = "--to keyring | vault",
    .summary = tr_later("Move all tokens to the other store"),
    .describe = describe_migrate,
    .run = run_migrate,
};

const Command kStorePassphraseCommand{
    .name = "store passphrase",
    .usage = "set | remove [--stdin]",
    .summary = tr_later("Give the vault a passphrase, or take it away"),
    .describe = describe_passphrase,
    .run = run_passphrase,
};

}  // namespace hfauth::cli
