// SPDX-License-Identifier: Apache-2.0
//
// hfauth git-credential, also as git-credential-hfauth: git asks for a user and a password and gets
// the token that belongs to the address (gitcredentials(7), git-credential(1)). With
// credential.useHttpPath git says for which repository, and the routes choose. What git did with it
// (store, erase) is of no interest: the agent is where tokens come and go.
#include "agent_session.hpp"
#include "commands.hpp"
#include "repo_purpose.hpp"
#include "talk.hpp"
#include "target_argument.hpp"

#include <istream>
#include <map>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr const char* kName = "git-credential";

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()("action", po::value<std::string>()->value_name("ACTION"), "");
  positional.add("action", 1);
}

using Fields = std::map<std::string, std::string>;

/// Lines "key=value" up to an empty one. Errors: too_large, invalid_input.
Result<Fields> read_fields(std::istream& in) {
  constexpr std::size_t kMostBytes = std::size_t{64} << 10;
  Fields fields;
  std::size_t n_bytes = 0;
  for (std::string line; std::getline(in, line) && !line.empty();) {
    n_bytes += line.size();
    if (n_bytes > kMostBytes) return Error{Errc::too_large, "git's question has more than 64 KiB"};
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos)
      return Error{Errc::invalid_input, "git's question: no key=value"};
    // A password that git has already is none of our business, and stays nowhere.
    const std::string key = line.substr(0, equals);
    if (key == "protocol" || key == "host" || key == "path") fields[key] = line.substr(equals + 1);
    wipe(line);
  }
  return fields;
}

/// What git wants a token for; without a path, or with one that is no repository, nothing is known.
/// git does not say whether it is going to push: the token that may is right for both.
agent::Purpose purpose_from(const Fields& fields) {
  const auto path = fields.find("path");
  if (path == fields.end()) return {};
  std::string_view name = path->second;
  for (const std::string_view end : {"/info/lfs", "/", ".git"}) {
    if (name.ends_with(end)) name.remove_suffix(end.size());
  }
  const Result<hub::Repo> repo = parse_target(name);
  if (!repo) return {};
  agent::Purpose purpose = purpose_of(*repo);
  purpose.write = true;
  return purpose;
}

int give(const Fields& fields, Context& context) {
  const auto text = [&fields](const char* key) {
    const auto found = fields.find(key);
    return found == fields.end() ? std::string() : found->second;
  };
  // Not ours: git asks its next helper.
  const Result<token::Endpoint> endpoint =
      token::Endpoint::parse(text("protocol") + "://" + text("host"), true);
  if (!endpoint) return 0;
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return fail(context, kName, agent.error());
  const Result<agent::TokenAnswer> answer =
      agent->get_token(std::nullopt, *endpoint, purpose_from(fields));
  if (!answer && answer.error().code == Errc::not_found) return 0;
  if (!answer) return fail(context, kName, with_cure(answer.error()));
  const token::TokenFacts& facts = answer->profile.facts;
  // Any name would do; huggingface_hub's own.
  context.out << "username=hf_user\npassword=" << answer->token.expose() << '\n';
  if (facts.expires)
    context.out << "password_expiry_utc=" << facts.expires->time_since_epoch().count() << '\n';
  return 0;
}

int run(const po::variables_map& values, Context& context) {
  const std::string action = values.count("action") > 0 ? values["action"].as<std::string>() : "";
  if (action.empty()) {
    return fail(context, kName,
                {Errc::usage, tr("git runs this; set it up with: git config --global "
                                 "credential.https://huggingface.co.helper hfauth")});
  }
  if (action != "get") return 0;  // store, erase, and what a later git adds
  const Result<Fields> fields = read_fields(context.in);
  if (!fields) return fail(context, kName, fields.error());
  return give(*fields, context);
}

}  // namespace

const Command kGitCredentialCommand{
    .name = "git-credential",
    .usage = "get | store | erase",
    .summary = tr_later("Give git the token of an address: a credential helper"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
