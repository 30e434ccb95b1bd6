// SPDX-License-Identifier: Apache-2.0
//
// Connecting, asking, and the cure that belongs to each refusal of the agent.
#include "agent_session.hpp"

#include "expiry_notice.hpp"
#include "talk.hpp"

namespace hfauth::cli {
namespace {

/// `detail` and the cure, unless the detail already names the command.
std::string joined(const std::string& detail, const char* command, const std::string& cure) {
  if (detail.find(command) != std::string::npos) return detail;
  return detail.empty() ? cure : detail + "; " + cure;
}

}  // namespace

Result<std::optional<token::ProfileName>> wanted_profile(const po::variables_map& values) {
  if (values.count("name") == 0) return std::optional<token::ProfileName>();
  Result<token::ProfileName> parsed = token::ProfileName::parse(values["name"].as<std::string>());
  if (!parsed) return parsed.error();
  return std::optional(std::move(*parsed));
}

Result<agent::AgentClient> connect_agent(const Context& context) {
  return agent::AgentClient::connect(context.environment, context.paths, agent::Spawn::if_missing);
}

Error with_cure(Error error) {
  switch (error.code) {
    case Errc::locked:
      return {error.code, joined(error.detail, "hfauth unlock", tr("run 'hfauth unlock'"))};
    case Errc::not_found:
    case Errc::token_required:
      return {Errc::token_required,
              joined(error.detail, "hfauth login", tr("run 'hfauth login', or see 'hfauth list'"))};
    case Errc::ambiguous:
      return {error.code, joined(error.detail, "--name",
                                 tr("choose one with --name, or with 'hfauth switch NAME'"))};
    case Errc::expired:
      return {error.code, joined(error.detail, "hfauth login", tr("run 'hfauth login' again"))};
    default:
      return error;
  }
}

Result<agent::TokenAnswer> ask_agent_for_token(agent::AgentClient& agent, const Context& context,
                                               const std::optional<token::ProfileName>& profile) {
  std::optional<token::Endpoint> endpoint;
  if (!profile) {
    Result<token::Endpoint> wanted = token::Endpoint::from(context.environment);
    if (!wanted) return wanted.error();
    endpoint = std::move(*wanted);
  }
  Result<agent::TokenAnswer> answer = agent.get_token(profile, endpoint);
  if (!answer) return with_cure(answer.error());
  tell_expiry(context, answer->profile, SystemClock().now());
  return answer;
}

Result<std::optional<token::Endpoint>> endpoint_to_set(const token::Endpoint& bound,
                                                       const Context& context) {
  const Result<token::Endpoint> asked = token::Endpoint::from(context.environment);
  if (!asked) return asked.error();
  if (*asked == bound) return std::optional<token::Endpoint>();
  // huggingface_hub's constants.py lets the staging switch win over HF_ENDPOINT: setting that would
  // not keep the token from going there.
  const bool staging = context.environment.is_true("HUGGINGFACE_CO_STAGING");
  if (!staging && !context.environment.non_empty("HF_ENDPOINT")) return std::optional(bound);
  return Error{
      Errc::denied,
      filled(tr("the token belongs to {0} and {2} leads to {1}; unset {2} or choose "
                "another token with --name"),
             bound.url(), asked->url(), staging ? "HUGGINGFACE_CO_STAGING" : "HF_ENDPOINT")};
}

Result<agent::Lease> open_lease_for(agent::AgentClient& agent, const token::TokenFacts& facts,
                                    bool named) {
  std::optional<token::ProfileName> slot;
  if (named || facts.endpoint != token::Endpoint::hub()) slot = facts.profile;
  Result<agent::Lease> lease = agent.open_lease(slot, std::nullopt);
  if (!lease) return with_cure(lease.error());
  return lease;
}

}  // namespace hfauth::cli
