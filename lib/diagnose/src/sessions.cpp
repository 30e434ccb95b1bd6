// SPDX-License-Identifier: Apache-2.0
//
// A session is asked as Python would be asked inside of it, and compared with a Python that is
// started now.
#include "hfauth/diagnose/sessions.hpp"

#include "checks/check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/python_answer.hpp"
#include "session_answer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

struct Known {
  std::string mask;
  std::string fingerprint;
};

/// What is known of a stand-in: the session's own variables first, then the machine's places.
Known known_of(const Facts& facts, const SessionFacts& session, const std::string& sent) {
  for (const HeldToken& token : session.tokens) {
    if (token.stand_in == sent) return {token.mask, token.fingerprint};
  }
  for (const TokenValue& value : facts.values) {
    if (value.sent == sent) return {value.mask, value.fingerprint};
  }
  return {};
}

std::string account_of(const Facts& facts, const std::string& sent) {
  if (const TokenVerdict* verdict = verdict_on(facts, sent); verdict != nullptr)
    return verdict->user;
  const auto profile = std::find_if(facts.agent.profiles.begin(), facts.agent.profiles.end(),
                                    [&](const AgentProfile& one) { return one.stand_in == sent; });
  return profile == facts.agent.profiles.end() ? "" : profile->user;
}

std::string text_of_stale(const Facts& facts, const SessionView& view, const PythonAnswer& here) {
  const Known now = known_of(facts, {}, here.sent);
  return here.has_token()
             ? fmt::format(fmt::runtime(tr("keeps the {} of its start; a new program uses {}: "
                                           "restart it")),
                           view.where, now.mask)
             : fmt::format(fmt::runtime(tr("keeps the {} of its start; here it is not set")),
                           view.where);
}

void judge(const Facts& facts, const PythonAnswer& here, SessionView& view) {
  const PythonAnswer inside = ask_session(facts, view.session);
  const Known known = known_of(facts, view.session, inside.sent);
  view.where = inside.where;
  view.mask = known.mask;
  view.fingerprint = known.fingerprint;
  view.account = account_of(facts, inside.sent);
  if (inside.raises) {
    view.state = SessionState::missing;
    view.reason = tr("every request fails: its token file cannot be read");
  } else if (!inside.has_token()) {
    view.state = SessionState::missing;
    view.needs_restart = here.has_token();
    view.reason = here.has_token() ? tr("was started without it: restart it, or log in inside")
                                   : tr("no token, and none in this shell either: hfauth login");
  } else if (inside.sent == here.sent || !comes_from_environment(inside)) {
    view.state = SessionState::ok;
    view.reason = comes_from_environment(inside)
                      ? fmt::format(fmt::runtime(tr("has the same {}; a change needs a restart")),
                                    inside.where)
                      : std::string(tr("reads the file at every request: no restart needed"));
  } else {
    view.state = SessionState::stale;
    view.needs_restart = here.has_token();
    view.reason = text_of_stale(facts, view, here);
  }
  if (is_bad(facts, inside.sent)) {
    view.state = SessionState::stale;
    view.needs_restart = comes_from_environment(inside);
    view.reason = tr("the Hub refuses its token");
  }
}

}  // namespace

std::string_view name_of(SessionState state) noexcept {
  switch (state) {
    case SessionState::ok:
      return "ok";
    case SessionState::stale:
      return "stale";
    case SessionState::missing:
      return "missing";
    case SessionState::unknown:
      break;
  }
  return "unknown";
}

std::vector<SessionView> judge_sessions(const Facts& facts) {
  const PythonAnswer here = ask_python(facts);
  std::vector<SessionView> views;
  for (const SessionFacts& session : facts.sessions) {
    SessionView view;
    view.session = session;
    view.reason = session.problem;
    if (session.problem.empty()) judge(facts, here, view);
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace hfauth::diagnose
