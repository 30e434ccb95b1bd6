// SPDX-License-Identifier: Apache-2.0
//
// Opening the network side, and turning its answers into sentences.
#include "hub_session.hpp"

#include "hfauth/core/mask.hpp"
#include "talk.hpp"

namespace hfauth::cli {
namespace {

std::string words_of(const hub::ServerAnswer& answer) {
  std::string words =
      answer.message.empty() ? filled(tr("status {}"), answer.status) : answer.message;
  if (!answer.request_id.empty()) words += filled(tr(" (request id {})"), answer.request_id);
  return redact(words);
}

}  // namespace

Result<HubSession> HubSession::open(const Context& context, token::Endpoint endpoint,
                                    hub::Pacing pacing) {
  if (context.offline) {
    return Error{Errc::offline, tr("the network is switched off (--offline or HF_HUB_OFFLINE)")};
  }
  Result<std::unique_ptr<hub::HttpClient>> http = hub::load_http_client(context.environment);
  if (!http) return http.error();
  HubSession session;
  session.http_ = std::move(*http);
  session.client_ = std::make_unique<hub::HubClient>(*session.http_, std::move(endpoint),
                                                     "hfauth/" HFAUTH_VERSION, std::move(pacing));
  return session;
}

std::string show_verdict(const hub::Whoami& whoami, const token::Endpoint& endpoint) {
  switch (whoami.verdict) {
    case hub::Verdict::valid:
      return tr("the token is valid");
    case hub::Verdict::invalid:
      return filled(tr("{0} says that the token is not valid: {1}"), endpoint.url(),
                    words_of(whoami.answer));
    case hub::Verdict::expired:
      return filled(tr("{0} says that the token has expired: {1}"), endpoint.url(),
                    words_of(whoami.answer));
    case hub::Verdict::unknown:
      break;
  }
  const std::string reason =
      whoami.failure ? redact(whoami.failure->detail) : words_of(whoami.answer);
  return filled(tr("{0} could not be asked about the token: {1}"), endpoint.url(), reason);
}

}  // namespace hfauth::cli
