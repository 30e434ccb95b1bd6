// SPDX-License-Identifier: Apache-2.0
//
// git's order: what stands in the remote's URL, then netrc (its libcurl reads it), then the helpers
// one after the other (gitcredentials(7)). A helper is not run here: what only it knows is not
// known. curl reads netrc with -n alone.
#include "hfauth/diagnose/client_answer.hpp"

#include "resolver_input.hpp"

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using Outcome = token::ResolutionStep::Outcome;
using token::OtherClient;
using token::TokenSource;

bool is_legal_in_a_header(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte < 0x7f);
  });
}

void note(PythonAnswer& answer, std::string where, Outcome outcome, std::string reason) {
  answer.steps.push_back({TokenSource::none, std::move(where), outcome, std::move(reason)});
}

// The first place with a token decides; the later ones are hidden by it.
void take(PythonAnswer& answer, const std::string& where, const HeldToken& token,
          std::string reason) {
  if (answer.has_token()) {
    note(answer, where, Outcome::shadowed, "an earlier source decides");
    return;
  }
  answer.where = where;
  answer.sent = token.stand_in;
  note(answer, where, Outcome::used, std::move(reason));
}

}  // namespace

bool is_for_the_hub(const Facts& facts, const GitHelper& helper) {
  const std::string& endpoint = facts.hub.endpoint;
  const std::size_t host = endpoint.find("://");
  return helper.scope.empty() || endpoint.empty() ||
         helper.scope.find(endpoint.substr(host == std::string::npos ? 0 : host + 3)) !=
             std::string::npos;
}

namespace {

void ask_helper(const Facts& facts, const GitHelper& helper, PythonAnswer& answer) {
  const std::string where = "credential.helper " + helper.helper;
  if (helper.helper.find("hfauth") != std::string::npos) {
    const AgentProfile* profile = default_profile(facts);
    if (profile == nullptr) {
      note(answer, where, Outcome::empty, "hfauth's helper, and the agent has no default token");
    } else {
      take(answer, where, {profile->stand_in, profile->mask, profile->fingerprint},
           "hfauth's helper: the agent's default token");
    }
  } else if (helper.helper == "store" || helper.helper.starts_with("store ")) {
    if (facts.git.stored.empty()) {
      note(answer, where, Outcome::empty, "nothing is stored for the Hub");
    } else {
      take(answer, where, facts.git.stored.front().token, "what git stored");
    }
  } else if (helper.asked && helper.token.mask.empty()) {
    note(answer, where, Outcome::empty, "it has nothing for the Hub");
  } else if (helper.asked) {
    take(answer, where, helper.token, "what it answers git");
  } else {
    note(answer, where, Outcome::not_asked, "a program that is not run here: not known");
  }
}

PythonAnswer ask_git(const Facts& facts) {
  PythonAnswer answer;
  for (const GitRemote& remote : facts.git.remotes)
    take(answer, "remote " + remote.name, remote.token, "the token in the remote's address");
  for (const NetrcEntry& entry : facts.netrc)
    take(answer, entry.path, entry.token, "the entry for the Hub");
  for (const GitHelper& helper : facts.git.helpers) {
    if (is_for_the_hub(facts, helper)) ask_helper(facts, helper, answer);
  }
  note(answer, "HF_TOKEN", Outcome::not_asked, "git does not read it");
  return answer;
}

PythonAnswer ask_curl(const Facts& facts) {
  PythonAnswer answer;
  note(answer, "HF_TOKEN", Outcome::not_asked, "curl does not read it");
  for (const NetrcEntry& entry : facts.netrc)
    note(answer, entry.path, Outcome::not_asked, "has an entry for the Hub, read with -n alone");
  return answer;
}

/// hfrs looks for nothing then; what it would have found is told all the same, as it is of Python.
PythonAnswer ask_hfrs(token::ResolverInput& input) {
  PythonAnswer answer = answer_of(token::resolve_other(OtherClient::hfrs, input));
  if (answer.sent_by_default) return answer;
  const token::ResolutionStep reason = answer.steps.front();
  input.environment.unset("HF_HUB_DISABLE_IMPLICIT_TOKEN");
  answer = answer_of(token::resolve_other(OtherClient::hfrs, input));
  answer.sent_by_default = false;
  answer.steps.insert(answer.steps.begin(), reason);
  return answer;
}

PythonAnswer ask_other(const Facts& facts, const token::NamedClient& client) {
  switch (*client.other) {
    case OtherClient::git:
      return ask_git(facts);
    case OtherClient::curl:
      return ask_curl(facts);
    default:
      break;
  }
  token::ResolverInput input = resolver_input(facts);
  PythonAnswer answer =
      *client.other == OtherClient::hfrs
          ? ask_hfrs(input)
          : answer_of(token::resolve_other(
                *client.other, input,
                token::ClientVersion::parse(client.version).value_or(token::ClientVersion{})));
  if (!is_legal_in_a_header(answer.sent)) {
    const bool loud = *client.other == OtherClient::hfjs;
    answer.sent.clear();
    answer.raises = loud;
    const auto used = std::find_if(
        answer.steps.begin(), answer.steps.end(),
        [](const token::ResolutionStep& step) { return step.outcome == Outcome::used; });
    answer.steps.insert(used == answer.steps.end() ? used : used + 1,
                        {answer.source, answer.where, loud ? Outcome::raises : Outcome::empty,
                         loud ? "no legal header: the command stops"
                              : "no legal header: nothing is sent, without a word"});
  }
  return answer;
}

}  // namespace

token::NamedClient asked_client(const Facts& facts) {
  const Result<token::NamedClient> named = token::parse_client(facts.asked.name);
  token::NamedClient client = named ? *named : token::NamedClient{"huggingface_hub", {}, "", ""};
  client.version = facts.asked.version;
  return client;
}

PythonAnswer ask_client(const Facts& facts) {
  const token::NamedClient client = asked_client(facts);
  return client.other ? ask_other(facts, client) : ask_python(facts);
}

void ask_about(const token::NamedClient& client, Facts& facts) {
  facts.asked = {client.name, client.version};
  const auto program =
      std::find_if(facts.programs.begin(), facts.programs.end(),
                   [&](const ProgramFacts& one) { return one.name == client.name; });
  if (facts.asked.version.empty() && program != facts.programs.end())
    facts.asked.version = program->version;
  if (client.other) return;
  // Of the Python family: the rules are those of a huggingface_hub.
  if (!client.version.empty()) {
    facts.client = {client.version, ""};
  } else if (client.name == "hf" && !facts.asked.version.empty()) {
    facts.client = {facts.asked.version, program->where};
  }
}

}  // namespace hfauth::diagnose
