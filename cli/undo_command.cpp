// SPDX-License-Identifier: Apache-2.0
//
// hfauth undo: takes back what `hfauth doctor --fix` has changed.
#include "agent_session.hpp"
#include "commands.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/paths.hpp"
#include "json_output.hpp"
#include "repair_journal.hpp"
#include "talk.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

using State = JournalEntry::State;

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()  //
      ("list", po::bool_switch(), tr("show what can be taken back, and change nothing"))(
          "id", po::value<std::string>()->value_name("ID"), "");
  positional.add("id", 1);
}

void list(const std::vector<JournalEntry>& entries, Context& context) {
  if (context.format == Format::json) {
    context.out << json_of(entries);
    return;
  }
  for (const JournalEntry& entry : entries) {
    if (entry.state == State::undone) continue;
    if (context.format == Format::quiet) {
      context.out << entry.id << '\n';
    } else {
      context.out << filled("{}  {}  {}\n", entry.id, entry.finding, entry.title);
    }
  }
}

Result<JournalEntry> wanted(const po::variables_map& values,
                            const std::vector<JournalEntry>& entries) {
  if (values.count("id") != 0) {
    const std::string id = values["id"].as<std::string>();
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const JournalEntry& one) { return one.id == id; });
    if (entry != entries.end()) return *entry;
    return Error{Errc::not_found,
                 filled(tr("nothing was changed under the id {}; see 'hfauth undo --list'"), id)};
  }
  const auto last = std::find_if(entries.rbegin(), entries.rend(), [](const JournalEntry& one) {
    return one.state != State::undone;
  });
  if (last != entries.rend()) return *last;
  return Error{Errc::not_found, tr("there is nothing to take back")};
}

/// The default that the agent had before, if it still has the one that was made. Errors: conflict,
/// those of the agent.
Result<void> take_default_back(const JournalEntry& entry, Context& context) {
  const Result<token::ProfileName> before = token::ProfileName::parse(entry.profile_before);
  if (!before) return before.error();
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return agent.error();
  const Result<std::vector<agent::StoredProfile>> profiles = agent->list();
  if (!profiles) return with_cure(profiles.error());
  const bool is_as_made =
      std::any_of(profiles->begin(), profiles->end(), [&](const agent::StoredProfile& one) {
        return one.is_default && one.facts.profile.str() == entry.profile_after;
      });
  if (!is_as_made)
    return Error{Errc::conflict, filled(tr("{} is not the default any more"), entry.profile_after)};
  const Result<agent::StoredProfile> chosen = agent->set_default(*before);
  if (!chosen) return with_cure(chosen.error());
  return {};
}

Result<void> take_back(const JournalEntry& entry, RepairJournal& journal, Context& context) {
  if (entry.profile_after.empty() || entry.state == State::undone) return journal.undo(entry);
  if (Result<void> back = take_default_back(entry, context); !back) return back;
  return journal.mark_undone(entry);
}

int run(const po::variables_map& values, Context& context) {
  RepairJournal journal(context.paths);
  journal.forget_old(SystemClock());
  const Result<std::vector<JournalEntry>> entries = journal.entries();
  if (!entries) return fail(context, "undo", entries.error());
  if (values["list"].as<bool>()) {
    list(*entries, context);
    return 0;
  }
  const Result<JournalEntry> entry = wanted(values, *entries);
  if (!entry) return fail(context, "undo", entry.error());
  if (const Result<void> undone = take_back(*entry, journal, context); !undone)
    return fail(context, "undo", undone.error());
  if (context.verbosity >= 0) {
    context.err << filled(tr("Taken back: {} ({})"), entry->title, entry->finding) << '\n';
  }
  return 0;
}

}  // namespace

const Command kUndoCommand{
    .name = "undo",
    .usage = "[--list] [ID]",
    .summary = tr_later("Take back what 'hfauth doctor --fix' has changed"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
