// SPDX-License-Identifier: Apache-2.0
//
// hfauth undo: takes back what `hfauth doctor --fix` has changed.
#include "commands.hpp"
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

int run(const po::variables_map& values, Context& context) {
  RepairJournal journal(context.paths);
  const Result<std::vector<JournalEntry>> entries = journal.entries();
  if (!entries) return fail(context, "undo", entries.error());
  if (values["list"].as<bool>()) {
    list(*entries, context);
    return 0;
  }
  const Result<JournalEntry> entry = wanted(values, *entries);
  if (!entry) return fail(context, "undo", entry.error());
  if (const Result<void> undone = journal.undo(*entry); !undone)
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
