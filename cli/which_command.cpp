// SPDX-License-Identifier: Apache-2.0
//
// hfauth which: which stored token is taken for a repository, and why; no token is shown and nobody
// is asked to confirm.
#include "agent_json.hpp"
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/utf8.hpp"
#include "repo_purpose.hpp"
#include "talk.hpp"
#include "target_argument.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()                                                                  //
      ("repo", po::value<std::string>()->value_name("REPO"), "")                         //
      ("name", po::value<std::string>()->value_name("NAME"), tr("the profile to take"))  //
      ("write", po::bool_switch(), tr("for changing the repository, not for reading it"));
  positional.add("repo", 1);
}

struct Question {
  std::optional<token::ProfileName> profile;
  std::optional<token::Endpoint> endpoint;
  agent::Purpose purpose;
};

Result<Question> question_from(const po::variables_map& values, const Context& context) {
  Question question;
  Result<std::optional<token::ProfileName>> profile = wanted_profile(values);
  if (!profile) return profile.error();
  question.profile = std::move(*profile);
  if (values.count("repo") > 0) {
    const auto& word = values["repo"].as<std::string>();
    const Result<hub::Repo> repo = parse_target(word);
    if (!repo) return repo.error();
    question.purpose = purpose_of(*repo);
    Result<std::optional<token::Endpoint>> endpoint = endpoint_of_address(word);
    if (!endpoint) return endpoint.error();
    question.endpoint = std::move(*endpoint);
  }
  question.purpose.write = values["write"].as<bool>();
  if (question.endpoint || question.profile) return question;
  Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  question.endpoint = std::move(*endpoint);
  return question;
}

std::string why(const std::string& outcome) {
  if (outcome == "chosen") return tr("taken");
  if (outcome == "less_particular") return tr("fits, but another is more particular");
  if (outcome == "other_endpoint") return tr("for another Hub");
  if (outcome == "other_type") return tr("for another type of repository");
  if (outcome == "other_repo") return tr("for other repositories");
  if (outcome == "other_access") return tr("for the other access");
  if (outcome == "other_profile") return tr("for another token");
  if (outcome == "other_program") return tr("for another program");
  if (outcome == "other_unit") return tr("for another unit");
  if (outcome == "no_profile") return tr("no token of that name is stored");
  if (outcome == "wrong_endpoint") return tr("the token belongs to another Hub");
  if (outcome == "not_set") return tr("not set");
  if (outcome == "none") return tr("none is stored");
  if (outcome == "several") return tr("several are stored: choose one with 'hfauth switch NAME'");
  if (outcome == "allow") return tr("allows it");
  if (outcome == "confirm") return tr("wants to be confirmed");
  if (outcome == "deny") return tr("denies it");
  return utf8::visible(outcome);
}

std::string title(const agent::Step& step) {
  if (step.kind == "profile") return filled(tr("named: {}"), step.profile);
  if (step.kind == "route") return filled(tr("route {0} -> {1}"), step.pattern, step.profile);
  if (step.kind == "default")
    return step.profile.empty()
               ? filled(tr("default token of {}"), step.pattern)
               : filled(tr("default token of {0}: {1}"), step.pattern, step.profile);
  if (step.kind == "only") return filled(tr("the only token of {}"), step.pattern);
  return filled(tr("rule: {}"), step.pattern);
}

void explain(const agent::WhichAnswer& answer, Context& context) {
  for (const agent::Step& step : answer.steps) {
    std::string line = utf8::visible(title(step)) + ": " + why(step.outcome);
    if (!step.source.empty()) line += " (" + utf8::visible(step.source) + ")";
    context.out << "  " << line << '\n';
  }
}

std::string verdict(const agent::WhichAnswer& answer) {
  const std::string& name = answer.profile->facts.profile.str();
  std::string shown = filled(tr("{0}, {1}, for {2}"), name, answer.profile->mask,
                             answer.profile->facts.endpoint.url());
  if (answer.fault == "Expired") return filled(tr("{}: but it has expired"), shown);
  if (answer.decision == "deny")
    return filled(tr("{0}: but {1} denies it to this program"), shown, answer.rule);
  if (answer.decision == "confirm")
    return filled(tr("{0}: once it is confirmed ({1})"), shown, answer.rule);
  return shown;
}

int run(const po::variables_map& values, Context& context) {
  const Result<Question> question = question_from(values, context);
  if (!question) return fail(context, "which", question.error());
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return fail(context, "which", agent.error());
  const Result<agent::WhichAnswer> answer =
      agent->which(question->profile, question->endpoint, question->purpose);
  if (!answer) return fail(context, "which", with_cure(answer.error()));
  const bool given = answer->profile && answer->fault.empty() && answer->decision != "deny";
  if (context.format == Format::json) {
    context.out << json_of(*answer);
  } else if (context.format == Format::quiet) {
    if (answer->profile) context.out << answer->profile->facts.profile.str() << '\n';
  } else {
    context.out << (answer->profile ? verdict(*answer) : std::string(tr("no token"))) << '\n';
    explain(*answer, context);
  }
  return given ? 0 : exit_status(Errc::token_required);
}

}  // namespace

const Command kWhichCommand{
    .name = "which",
    .usage = "[REPO | URL] [--write] [--name NAME]",
    .summary = tr_later("Show which token is taken for a repository, and why"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
