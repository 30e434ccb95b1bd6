// SPDX-License-Identifier: Apache-2.0
//
// hfauth export: stored tokens in plain text, for a machine or a program that cannot ask the agent.
// What leaves is built in guarded memory; a file is written only after the user has said yes, with
// mode 0600, whole or not at all. stored_tokens is merged, under the clients' own lock, so that
// other tokens of `hf` stay.
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/agent/guarded_buffer.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/secret_json.hpp"
#include "hfauth/token/stored_tokens_file.hpp"
#include "question.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;

enum class Form { stored_tokens, environment, json };

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()  //
      ("name", po::value<std::string>()->value_name("NAME"),
       tr("only this stored token; else all of HF_ENDPOINT's"))  //
      ("as", po::value<std::string>()->value_name("FORM"),
       tr("stored-tokens (hf's own file, the default), env (HF_TOKEN=...) or json"))  //
      ("output,o", po::value<std::string>()->value_name("FILE"),
       tr("write to this file, 0600, instead of standard output"))                         //
      ("yes", po::bool_switch(), tr("do not ask before plain text is written to a file"))  //
      ("show", po::bool_switch(), tr("print tokens even though standard output is a terminal"));
}

Result<Form> parse_form(const po::variables_map& values) {
  if (values.count("as") == 0) return Form::stored_tokens;
  const auto& word = values["as"].as<std::string>();
  if (word == "stored-tokens") return Form::stored_tokens;
  if (word == "env") return Form::environment;
  if (word == "json") return Form::json;
  return Error{Errc::usage, filled(tr("--as {}: one of stored-tokens, env, json"), word)};
}

struct Exported {
  agent::StoredProfile profile;
  Secret token;
  Secret refresh;
};

/// The agent hands a refresh token out to whoever takes the turn to refresh; the turn is given back
/// at once.
Result<Exported> taken(agent::AgentClient& agent, const agent::StoredProfile& profile) {
  const token::TokenFacts& facts = profile.facts;
  if (profile.refreshable) {
    Result<std::optional<agent::RefreshClaim>> claim = agent.begin_refresh(facts.profile, true);
    if (!claim) return with_cure(claim.error());
    if (*claim) {
      const Result<void> back =
          agent.abandon_refresh(facts.profile, (*claim)->profile.facts.generation, false);
      if (!back) return back.error();
      return Exported{profile, std::move((*claim)->token), std::move((*claim)->refresh)};
    }
  }
  Result<agent::TokenAnswer> answer = agent.get_token(facts.profile, facts.endpoint);
  if (!answer) return with_cure(answer.error());
  return Exported{profile, std::move(answer->token), Secret()};
}

/// Errors: token_required (nothing to export), usage (env takes one token).
Result<std::vector<Exported>> chosen(const po::variables_map& values, Form form,
                                     agent::AgentClient& agent, const Context& context) {
  const Result<std::optional<token::ProfileName>> named = wanted_profile(values);
  if (!named) return named.error();
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  const Result<std::vector<agent::StoredProfile>> profiles = agent.list();
  if (!profiles) return with_cure(profiles.error());
  std::vector<Exported> exported;
  for (const agent::StoredProfile& profile : *profiles) {
    const bool is_wanted = *named ? profile.facts.profile == **named
                                  : profile.facts.endpoint == *endpoint &&
                                        (form != Form::environment || profile.is_default);
    if (!is_wanted) continue;
    Result<Exported> one = taken(agent, profile);
    if (!one) return one.error();
    exported.push_back(std::move(*one));
  }
  if (exported.empty()) {
    return Error{Errc::token_required,
                 *named ? filled(tr("no token is stored as {}; see 'hfauth list'"), (*named)->str())
                        : std::string(tr("no token is stored to export; see 'hfauth list'"))};
  }
  return exported;
}

Result<Secret> as_stored_tokens(const std::vector<Exported>& tokens, std::string_view before) {
  Secret content = Secret::copy_of(before);
  for (const Exported& one : tokens) {
    Result<Secret> next = token::with_login(content.expose(), one.profile.facts.profile.str(),
                                            {one.token, one.refresh, one.profile.facts.expires});
    if (!next) return next.error();
    content = std::move(*next);
  }
  return content;
}

/// Names, accounts and endpoints of ours hold no character that JSON escapes; the dates neither.
Secret json_object(const Exported& one) {
  const token::TokenFacts& facts = one.profile.facts;
  const std::string expires =
      facts.expires ? "\"" + format_utc(*facts.expires) + "\"" : std::string("null");
  const std::string head = R"({"name":")" + facts.profile.str() + R"(","endpoint":")" +
                           facts.endpoint.url() + R"(","expires":)" + expires + "}";
  if (one.refresh.empty()) return add_secret_members(head, {{"token", one.token.expose()}});
  return add_secret_members(
      head, {{"token", one.token.expose()}, {"refresh_token", one.refresh.expose()}});
}

Secret as_json(const std::vector<Exported>& tokens) {
  agent::GuardedBuffer buffer;
  buffer.append("[");
  for (const Exported& one : tokens) {
    if (buffer.size() > 1) buffer.append(",");
    buffer.append(json_object(one).expose());
  }
  buffer.append("]\n");
  return Secret::copy_of(buffer.view());
}

/// As `docker --env-file` and a shell's `. FILE` read it: tokens need no quotes.
Secret as_environment(const Exported& one) {
  agent::GuardedBuffer buffer;
  buffer.append("HF_TOKEN=");
  buffer.append(one.token.expose());
  buffer.append("\n");
  if (!one.profile.facts.endpoint.is_official())
    buffer.append("HF_ENDPOINT=" + one.profile.facts.endpoint.url() + "\n");
  return Secret::copy_of(buffer.view());
}

Result<Secret> written_as(Form form, const std::vector<Exported>& tokens, std::string_view before) {
  switch (form) {
    case Form::environment:
      return as_environment(tokens.front());
    case Form::json:
      return as_json(tokens);
    case Form::stored_tokens:
      break;
  }
  return as_stored_tokens(tokens, before);
}

/// Errors: usage (nobody to ask), interrupted (no).
Result<void> consent(const fs::path& file, std::size_t n_tokens, Context& context) {
  if (!can_ask(context)) {
    return Error{Errc::usage, tr("this writes tokens to a file in plain text and nobody is there "
                                 "to agree; add --yes")};
  }
  const std::string question =
      filled(tr("{0} will hold {1} tokens in plain text, readable by every program of yours. Write "
                "it?"),
             show_path(file, context.paths.home), n_tokens);
  if (ask_yes(context, question)) return {};
  return Error{Errc::interrupted, tr("nothing was written")};
}

/// What the file holds already, if it is one that is merged into. Errors: conflict (a file of
/// another kind is in the way).
Result<Secret> content_before(const fs::path& file, Form form) {
  Result<Secret> before = read_secret_file(file);
  if (!before && before.error().code == Errc::not_found) return Secret();
  if (!before) return before.error();
  if (form == Form::stored_tokens) return before;
  return Error{
      Errc::conflict,
      filled(tr("{} is there already; remove it, or give another --output"), file.native())};
}

Result<void> write(const fs::path& file, Form form, const std::vector<Exported>& tokens) {
  std::optional<token::StoredTokensLock> lock;
  if (form == Form::stored_tokens) {
    Result<token::StoredTokensLock> taken_lock =
        token::StoredTokensLock::acquire(file, std::chrono::seconds(10));
    if (!taken_lock) return taken_lock.error();
    lock.emplace(std::move(*taken_lock));
  }
  const Result<Secret> before = content_before(file, form);
  if (!before) return before.error();
  const Result<Secret> content = written_as(form, tokens, before->expose());
  if (!content) return content.error();
  return token::write_hub_secret(file, content->expose());
}

int run(const po::variables_map& values, Context& context) {
  const Result<Form> form = parse_form(values);
  if (!form) return fail(context, "export", form.error());
  const bool to_file = values.count("output") != 0;
  if (!to_file && context.terminal.out_is_terminal && !values["show"].as<bool>()) {
    return fail(context, "export",
                {Errc::usage, tr("this would show tokens on the screen; redirect it, give "
                                 "--output, or say --show")});
  }
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "export", agent.error());
  const Result<std::vector<Exported>> tokens = chosen(values, *form, *agent, context);
  if (!tokens) return fail(context, "export", tokens.error());
  if (!to_file) {
    const Result<Secret> content = written_as(*form, *tokens, "");
    if (!content) return fail(context, "export", content.error());
    context.out << content->expose();
    return 0;
  }
  const fs::path file = values["output"].as<std::string>();
  if (!values["yes"].as<bool>()) {
    if (const Result<void> agreed = consent(file, tokens->size(), context); !agreed)
      return fail(context, "export", agreed.error());
  }
  if (const Result<void> done = write(file, *form, *tokens); !done)
    return fail(context, "export", done.error());
  if (context.verbosity >= 0) {
    context.err << filled(tr("Wrote {0} (mode 0600, plain text). Remove it when it is no longer "
                             "needed."),
                          show_path(file, context.paths.home))
                << '\n';
  }
  return 0;
}

}  // namespace

const Command kExportCommand{
    .name = "export",
    .usage = "[--name NAME] [--as FORM] [--output FILE]",
    .summary = tr_later("Write stored tokens in plain text, for what cannot ask the agent"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
