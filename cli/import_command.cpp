// SPDX-License-Identifier: Apache-2.0
//
// hfauth import: takes over the tokens that lie on this machine in plain text (plain_tokens.hpp):
// each is shown masked with where it came from, checked with the Hub, and stored; then, only if
// the user says so, taken out of its file, of which a copy is kept (plain_removal.hpp).
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/mask.hpp"
#include "hub_session.hpp"
#include "json_output.hpp"
#include "next_client.hpp"
#include "plain_removal.hpp"
#include "plain_tokens.hpp"
#include "question.hpp"
#include "talk.hpp"
#include "terminal.hpp"
#include "token_facts.hpp"
#include "token_verdict.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

/// One token, however many places hold it.
struct Candidate {
  std::vector<const PlainToken*> places;
  hub::Whoami whoami;
  std::optional<agent::StoredProfile> stored;

  [[nodiscard]] const Secret& token() const { return places.front()->token; }

  /// The place that knows most: the refresh token and the name of stored_tokens.
  [[nodiscard]] const PlainToken& best() const {
    for (const PlainToken* place : places) {
      if (!place->refresh.empty()) return *place;
    }
    for (const PlainToken* place : places) {
      if (!place->section.empty()) return *place;
    }
    return *places.front();
  }
};

void describe(po::options_description& options,
              po::positional_options_description& /*positional*/) {
  options.add_options()  //
      ("from", po::value<std::string>()->value_name("PLACES"),
       tr("look only there: variables, token, stored_tokens, git, netrc, with commas"))  //
      ("remove-plain", po::bool_switch(),
       tr("take what was stored out of its plain-text file, without asking"));
}

void say(Context& context, const std::string& sentence) {
  if (context.verbosity >= 0 && context.format != Format::json) context.err << sentence << '\n';
}

/// Errors: usage (an unknown word).
Result<std::vector<PlainPlace>> wanted_places(const po::variables_map& values) {
  const std::vector<PlainPlace> all{PlainPlace::variable, PlainPlace::token_file,
                                    PlainPlace::stored_tokens, PlainPlace::git_store,
                                    PlainPlace::netrc};
  if (values.count("from") == 0) return all;
  std::vector<PlainPlace> wanted;
  std::string rest = values["from"].as<std::string>() + ",";
  for (std::size_t comma = rest.find(','); comma != std::string::npos; comma = rest.find(',')) {
    const std::string word = rest.substr(0, comma);
    rest.erase(0, comma + 1);
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](PlainPlace place) { return name_of(place) == word; });
    if (found == all.end()) {
      return Error{
          Errc::usage,
          filled(tr("--from {}: one of variables, token, stored_tokens, git, netrc"), word)};
    }
    wanted.push_back(*found);
  }
  return wanted;
}

std::vector<Candidate> grouped(const PlainTokens& found, const std::vector<PlainPlace>& wanted) {
  std::vector<Candidate> candidates;
  for (const PlainToken& plain : found.tokens) {
    if (std::find(wanted.begin(), wanted.end(), plain.place) == wanted.end()) continue;
    const auto same = std::find_if(
        candidates.begin(), candidates.end(),
        [&](const Candidate& candidate) { return candidate.token().equals(plain.token.expose()); });
    if (same != candidates.end()) {
      same->places.push_back(&plain);
    } else {
      candidates.push_back({{&plain}, {}, std::nullopt});
    }
  }
  return candidates;
}

std::string places_of(const Candidate& candidate, const Context& context) {
  std::string list;
  for (const PlainToken* place : candidate.places)
    list += (list.empty() ? "" : ", ") + show_place(*place, context);
  return list;
}

/// Why a token is not taken over; nullopt if it is. One that has run out is, if it can be renewed.
std::optional<Error> refusal(const Candidate& candidate, const token::Endpoint& endpoint,
                             bool offline) {
  const hub::Whoami& whoami = candidate.whoami;
  switch (whoami.verdict) {
    case hub::Verdict::valid:
      if (whoami.kind == token::TokenKind::org)
        return Error{Errc::invalid_input,
                     tr("a token of an organisation, which the Hub's clients refuse")};
      return std::nullopt;
    case hub::Verdict::invalid:
    case hub::Verdict::expired:
      if (!candidate.best().refresh.empty()) return std::nullopt;
      return Error{Errc::unauthorized, show_verdict(whoami, endpoint)};
    case hub::Verdict::unknown:
      break;
  }
  if (offline) return std::nullopt;
  return Error{Errc::network, show_verdict(whoami, endpoint)};
}

bool is_own(const agent::StoredProfile& profile, const token::TokenFacts& facts) {
  return profile.facts.endpoint == facts.endpoint &&
         (profile.facts.user == facts.user || profile.facts.user.empty());
}

/// The name in stored_tokens, else the token's own, else oauth-<user>; with a number behind where
/// somebody else's token has it.
token::ProfileName free_name(const Candidate& candidate, const token::TokenFacts& facts,
                             const std::vector<agent::StoredProfile>& profiles) {
  std::string wish = candidate.best().section;
  if (wish.empty()) wish = facts.display_name;
  if (wish.empty() && !facts.user.empty()) wish = "oauth-" + facts.user;
  if (wish.empty()) wish = "imported";
  for (int number = 1;; ++number) {
    token::ProfileName name = token::ProfileName::from_display_name(
        number == 1 ? wish : wish.substr(0, 58) + "-" + std::to_string(number));
    const auto taken = std::find_if(
        profiles.begin(), profiles.end(),
        [&](const agent::StoredProfile& profile) { return profile.facts.profile == name; });
    if (taken == profiles.end() || is_own(*taken, facts)) return name;
  }
}

token::TokenRecord record_of(const Candidate& candidate, const token::Endpoint& endpoint,
                             const std::vector<agent::StoredProfile>& profiles) {
  const hub::Whoami& whoami = candidate.whoami;
  const PlainToken& best = candidate.best();
  const bool is_oauth = !best.refresh.empty() || whoami.kind == token::TokenKind::oauth;
  token::TokenFacts facts =
      facts_from(token::ProfileName::from_display_name("imported"), endpoint, whoami);
  if (is_oauth) facts.kind = token::TokenKind::oauth;
  if (best.expires) facts.expires = best.expires;
  facts.profile = free_name(candidate, facts, profiles);
  return {std::move(facts), candidate.token().clone(), best.refresh.clone()};
}

class Import {
 public:
  Import(Context& context, token::Endpoint endpoint, agent::AgentClient agent)
      : context_(context), endpoint_(std::move(endpoint)), agent_(std::move(agent)) {}

  /// Asks the Hub about every candidate. Errors: those of HubSession::open.
  Result<void> validate(std::vector<Candidate>& candidates) {
    if (context_.offline) return {};
    Result<HubSession> hub = HubSession::open(context_, endpoint_);
    if (!hub) return hub.error();
    for (Candidate& candidate : candidates)
      candidate.whoami = hub->client().whoami(candidate.token());
    return {};
  }

  /// Stores what is good and tells of each. Errors: those of the agent.
  Result<void> store(std::vector<Candidate>& candidates) {
    Result<std::vector<agent::StoredProfile>> profiles = agent_.list();
    if (!profiles) return with_cure(profiles.error());
    bool has_default = std::any_of(profiles->begin(), profiles->end(), [&](const auto& profile) {
      return profile.is_default && profile.facts.endpoint == endpoint_;
    });
    const token::Resolution active = resolve_next_client(context_);
    for (Candidate& candidate : candidates) {
      const std::string shown =
          mask_token(candidate.token().expose()) + "  " + places_of(candidate, context_);
      if (const std::optional<Error> why = refusal(candidate, endpoint_, context_.offline)) {
        say(context_, filled(tr("Not taken over: {0}: {1}"), shown, why->detail));
        status = std::max(status, exit_status(why->code));
        continue;
      }
      const token::TokenRecord record = record_of(candidate, endpoint_, *profiles);
      const bool is_active = active.token.equals(candidate.token().expose());
      const bool is_first = &candidate == &candidates.front();
      const bool make_default = !has_default && (is_active || is_first);
      Result<agent::StoredProfile> stored =
          agent_.add(record, {.replace = true, .make_default = make_default});
      if (!stored) return with_cure(stored.error());
      remember_verdict(context_, *stored, candidate.whoami.verdict);
      tell(*stored, candidate, shown);
      candidate.stored = *stored;
      std::erase_if(*profiles, [&](const agent::StoredProfile& profile) {
        return profile.facts.profile == stored->facts.profile;
      });
      profiles->push_back(std::move(*stored));
      if (is_active) has_default = true;
    }
    return {};
  }

  /// Takes what was stored out of its files, if the user agrees.
  void remove_plain_copies(const std::vector<Candidate>& candidates, bool agreed) {
    std::vector<std::vector<const PlainToken*>> files;
    for (const Candidate& candidate : candidates) {
      if (!candidate.stored) continue;
      for (const PlainToken* place : candidate.places)
        note(place, files);
    }
    if (files.empty()) return;
    if (!agreed) {
      std::string names;
      for (const auto& tokens : files)
        names += (names.empty() ? "" : ", ") + show(tokens.front()->file);
      if (!can_ask(context_)) {
        say(context_, filled(tr("The plain copies are still there: {}. To take them out: hfauth "
                                "import --remove-plain"),
                             names));
        return;
      }
      const bool yes = ask_yes(
          context_, filled(tr("Take the plain copies out of {}? A backup is kept."), names));
      if (!yes) return;
    }
    for (const auto& tokens : files)
      remove_from(tokens);
  }

  int status = 0;

 private:
  [[nodiscard]] std::string show(const std::filesystem::path& file) const {
    return show_path(file, context_.paths.home);
  }

  void tell(const agent::StoredProfile& stored, const Candidate& candidate,
            const std::string& shown) {
    const token::TokenFacts& facts = stored.facts;
    if (context_.format == Format::json || context_.verbosity < 0) return;
    if (context_.format == Format::agent) {
      context_.out << "name=" << facts.profile.str() << " token=" << stored.mask
                   << " user=" << facts.user << '\n';
      return;
    }
    context_.out << painted(context_.terminal, Paint::good, check_mark(context_.terminal)) << ' '
                 << filled(candidate.whoami.verdict == hub::Verdict::valid
                               ? tr("{0} is stored as \"{1}\" ({2}).")
                               : tr("{0} is stored as \"{1}\", unchecked."),
                           shown, facts.profile.str(), facts.user)
                 << '\n';
  }

  /// Variables are the shell's: they are only named.
  void note(const PlainToken* place, std::vector<std::vector<const PlainToken*>>& files) {
    if (place->place == PlainPlace::variable) {
      say(context_, filled(tr("The variable {0} hides what is stored: unset {0}, and take it out "
                              "of your start-up files."),
                           place->where));
      return;
    }
    const auto same = std::find_if(files.begin(), files.end(), [&](const auto& tokens) {
      return tokens.front()->file == place->file;
    });
    if (same != files.end()) {
      same->push_back(place);
    } else {
      files.push_back({place});
    }
  }

  void remove_from(const std::vector<const PlainToken*>& tokens) {
    const Result<PlainRemoval> removal = remove_plain(context_, endpoint_, tokens);
    if (!removal) {
      status = std::max(status, fail(context_, "import",
                                     {removal.error().code,
                                      filled(tr("{0} still holds the token: {1}"),
                                             show(tokens.front()->file), removal.error().detail)}));
      return;
    }
    say(context_, filled(tr("Took it out of {0}. As it was: {1}; to undo: cp -p {1} {0}; to be rid "
                            "of it for good: rm {1}"),
                         show(removal->file), show(removal->backup)));
  }

  Context& context_;
  token::Endpoint endpoint_;
  agent::AgentClient agent_;
};

int run(const po::variables_map& values, Context& context) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return fail(context, "import", endpoint.error());
  const Result<std::vector<PlainPlace>> wanted = wanted_places(values);
  if (!wanted) return fail(context, "import", wanted.error());
  const PlainTokens found = find_plain_tokens(context, *endpoint);
  for (const Error& fault : found.faults)
    say(context, filled(tr("Passed over: {}"), fault.detail));
  std::vector<Candidate> candidates = grouped(found, *wanted);
  if (candidates.empty()) {
    return fail(context, "import",
                {Errc::not_found, filled(tr("no token for {} lies in plain text where Hub clients "
                                            "look"),
                                         endpoint->url())});
  }
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return fail(context, "import", agent.error());
  Import import(context, *endpoint, std::move(*agent));
  if (const Result<void> asked = import.validate(candidates); !asked)
    return fail(context, "import", asked.error());
  if (const Result<void> stored = import.store(candidates); !stored)
    return fail(context, "import", stored.error());
  if (context.format == Format::json) {
    std::vector<agent::StoredProfile> profiles;
    for (const Candidate& candidate : candidates) {
      if (candidate.stored) profiles.push_back(*candidate.stored);
    }
    context.out << json_of(profiles);
  }
  import.remove_plain_copies(candidates, values["remove-plain"].as<bool>());
  return import.status;
}

}  // namespace

const Command kImportCommand{
    .name = "import",
    .usage = "[--from PLACES] [--remove-plain]",
    .summary =
        tr_later("Take over tokens that lie in plain text: hf's files, variables, git, netrc"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
