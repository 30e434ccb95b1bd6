// SPDX-License-Identifier: Apache-2.0
#include "repo_purpose.hpp"

#include "agent_session.hpp"
#include "expiry_notice.hpp"
#include "shown_name.hpp"
#include "talk.hpp"

namespace hfauth::cli {

Result<agent::RulesClient> connect_rules(const Context& context) {
  return agent::RulesClient::connect(context.environment, context.paths, agent::Spawn::if_missing);
}

Result<agent::TokenAnswer> ask_agent_for_repo(const Context& context,
                                              const agent::Purpose& purpose) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  Result<agent::RulesClient> agent = connect_rules(context);
  if (!agent) return agent.error();
  Result<agent::TokenAnswer> answer = agent->get_token(std::nullopt, *endpoint, purpose);
  if (!answer) return with_cure(answer.error());
  tell_expiry(context, answer->profile, SystemClock().now());
  return answer;
}

agent::Purpose purpose_of(const hub::Repo& repo) {
  return {.repo = repo.id(), .repo_type = std::string(hub::name_of(repo.type()))};
}

void describe_pattern(po::options_description& options) {
  options.add_options()                                           //
      ("repo", po::value<std::string>()->value_name("REPO"), "")  //
      ("type", po::value<std::string>()->value_name("TYPE"),
       tr("model, dataset, space or kernel; else all of them"))  //
      ("access", po::value<std::string>()->value_name("ACCESS"),
       tr("read or write; else both"))  //
      ("endpoint", po::value<std::string>()->value_name("URL"),
       tr("only at this Hub; else at that of the token"));
}

Result<agent::RoutePattern> pattern_from(const po::variables_map& values) {
  const auto text = [&values](const char* name) {
    return values.count(name) == 0 ? std::string() : values[name].as<std::string>();
  };
  agent::RoutePattern pattern{
      .endpoint = {}, .repo_type = text("type"), .repo = text("repo"), .access = text("access")};
  if (!pattern.repo_type.empty() && !agent::is_repo_type(pattern.repo_type)) {
    return Error{Errc::usage, filled(tr("--type {}: one of model, dataset, space, kernel"),
                                     shown_name(pattern.repo_type))};
  }
  if (!pattern.access.empty() && pattern.access != "read" && pattern.access != "write")
    return Error{Errc::usage, filled(tr("--access {}: read or write"), shown_name(pattern.access))};
  if (!agent::is_repo_text(pattern.repo))
    return Error{Errc::usage, tr("a repository or a pattern is needed: org/name, 'org/*', '*'")};
  if (const std::string url = text("endpoint"); !url.empty()) {
    Result<token::Endpoint> endpoint = token::Endpoint::parse(url, true);
    if (!endpoint) return Error{Errc::usage, "--endpoint: " + endpoint.error().detail};
    pattern.endpoint = std::move(*endpoint);
  }
  return pattern;
}

Result<std::optional<token::Endpoint>> endpoint_of_address(const std::string& word) {
  if (!word.starts_with("https://") && !word.starts_with("http://"))
    return std::optional<token::Endpoint>();
  const std::size_t slash = word.find('/', word.find("//") + 2);
  Result<token::Endpoint> endpoint = token::Endpoint::parse(word.substr(0, slash), true);
  if (!endpoint) return Error{Errc::usage, endpoint.error().detail};
  return std::optional(std::move(*endpoint));
}

}  // namespace hfauth::cli
