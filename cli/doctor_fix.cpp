// SPDX-License-Identifier: Apache-2.0
//
// What the next shell will find is what counts: this one keeps the variables that it started with,
// whatever its start-up files say now. So the machine is looked at again with the environment that
// the repair leaves.
#include "doctor_fix.hpp"

#include "agent_session.hpp"
#include "doctor_facts.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/file_edit.hpp"
#include "hfauth/diagnose/repair.hpp"
#include "repair_journal.hpp"
#include "talk.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <ostream>
#include <vector>

namespace hfauth::cli {
namespace {

using diagnose::Facts;
using diagnose::FileEdit;
using diagnose::FixSafety;
using diagnose::Repair;

constexpr int kRepairFailed = 5;           // facts/doctor.md §3.7
constexpr std::size_t kMostRepairs = 256;  // each looks at the machine again

/// The file's name below the home folder, so that a diff can be applied there.
std::string name_for_diff(const std::string& path, const Context& context) {
  const std::string home = context.paths.home.string() + "/";
  return path.starts_with(home) ? path.substr(home.size()) : path;
}

std::string note_for(const Repair& repair) {
  return "hfauth doctor, " + repair.finding;
}

/// Diffs go through a terminal as text, line by line; a file or a pipe gets them as they are.
void print_diff(const std::string& diff, Context& context) {
  if (!context.terminal.out_is_terminal) {
    context.out << diff;
    return;
  }
  for (std::string_view rest = diff; !rest.empty();)
    context.out << utf8::visible(take_until(rest, '\n')) << '\n';
}

using Kind = diagnose::FixChange::Kind;

/// This shell's environment as the next one will have it after the repair.
Environment environment_after(const Context& context, const Facts& before, const Repair& repair) {
  Environment environment = context.environment;
  const diagnose::FixChange& change = repair.change;
  const auto value = environment.get(change.variable);
  switch (change.kind) {
    case Kind::comment_line:
    case Kind::rename_variable:
      // Another line may set it still.
      if (!diagnose::after_repair(before, repair).environment.get(change.variable)) {
        environment.unset(change.variable);
        if (change.kind == Kind::rename_variable && value) environment.set("HF_TOKEN", *value);
      }
      break;
    case Kind::write_value:
      environment.set(change.variable, change.value);
      break;
    case Kind::copy_line:
      if (value) environment.set(change.value, *value);
      break;
    default:  // what is no line of a start-up file leaves the variables as they are
      break;
  }
  return environment;
}

/// The agent's default for the endpoint of `profile`; "" if there is none.
Result<std::string> default_beside(agent::AgentClient& agent, const std::string& profile) {
  const Result<std::vector<agent::StoredProfile>> known = agent.list();
  if (!known) return with_cure(known.error());
  const auto chosen = std::find_if(known->begin(), known->end(), [&](const auto& one) {
    return one.facts.profile.str() == profile;
  });
  if (chosen == known->end())
    return Error{Errc::not_found, filled(tr("the agent has no {} any more"), profile)};
  for (const agent::StoredProfile& one : *known) {
    if (one.is_default && one.facts.endpoint == chosen->facts.endpoint)
      return one.facts.profile.str();
  }
  return std::string();
}

/// Makes the profile the default, with an entry in the journal. Errors: conflict (there was no
/// default to go back to), those of the agent and of the journal.
Result<JournalEntry> change_default(const Repair& repair, RepairJournal& journal,
                                    const Context& context) {
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return agent.error();
  const Result<token::ProfileName> profile = token::ProfileName::parse(repair.change.value);
  if (!profile) return profile.error();
  const Result<std::string> before = default_beside(*agent, repair.change.value);
  if (!before) return before.error();
  if (before->empty()) return Error{Errc::conflict, tr("there is no default; use 'hfauth switch'")};
  Result<JournalEntry> entry = journal.note_default(*before, repair.change.value, repair.finding,
                                                    repair.title, SystemClock());
  if (!entry) return entry;
  const Result<agent::StoredProfile> chosen = agent->set_default(*profile);
  if (!chosen) return with_cure(chosen.error());
  return entry;
}

class Fixing {
 public:
  Fixing(const po::variables_map& values, Examination seen, const DoctorQuestion& question,
         Context& context)
      : dry_(values["dry-run"].as<bool>()),
        unsafe_too_(values["unsafe-fixes"].as<bool>()),
        question_(question),
        context_(context),
        environment_(context.environment),
        fixed_{std::move(seen.facts), std::move(seen.report), 0} {}

  Fixed run() && {
    std::size_t n_made = 0;
    // A change may move the lines of the next one: behind each, the report is a new one.
    while (const Repair* next = next_of(fixed_.report.repairs)) {
      const Repair repair = *next;
      tried_.push_back(repair.change);
      n_made += fix(repair) ? 1U : 0U;
    }
    const std::vector<Repair>& plan = fixed_.report.repairs;
    const auto n_left =
        std::count_if(plan.begin(), plan.end(), [this](const Repair& one) { return waits(one); });
    say_what_is_left(n_made, static_cast<std::size_t>(n_left));
    if (fixed_.status == 0) fixed_.status = fixed_.report.exit_code;
    return std::move(fixed_);
  }

 private:
  /// It is one for --unsafe-fixes, and that was not said.
  [[nodiscard]] bool waits(const Repair& repair) const {
    return repair.safety == FixSafety::unsafe && !unsafe_too_;
  }

  [[nodiscard]] const Repair* next_of(const std::vector<Repair>& plan) const {
    const auto next = std::find_if(plan.begin(), plan.end(), [this](const Repair& one) {
      return !waits(one) && std::find(tried_.begin(), tried_.end(), one.change) == tried_.end();
    });
    return next == plan.end() || tried_.size() >= kMostRepairs ? nullptr : &*next;
  }

  bool fix(const Repair& repair) {
    if (repair.change.kind == Kind::make_default) return fix_default(repair);
    const Result<FileEdit> edit = diagnose::prepare_edit(repair.change, note_for(repair));
    if (!edit) return gone_wrong(edit.error());
    if (dry_) {
      print_diff(diagnose::diff_of(*edit, name_for_diff(repair.change.path, context_)), context_);
      return true;
    }
    RepairJournal journal(context_.paths);
    const Result<JournalEntry> entry =
        journal.make(*edit, repair.finding, repair.title, SystemClock());
    if (!entry) return gone_wrong(entry.error());
    return is_kept(repair, journal, *entry);
  }

  bool fix_default(const Repair& repair) {
    if (dry_) {
      context_.out << "# hfauth switch " << repair.change.value << '\n';
      return true;
    }
    RepairJournal journal(context_.paths);
    const Result<JournalEntry> entry = change_default(repair, journal, context_);
    if (!entry) return gone_wrong(entry.error());
    return is_kept(repair, journal, *entry);
  }

  Result<void> take_back(RepairJournal& journal, const JournalEntry& entry) {
    if (entry.profile_after.empty()) return journal.undo(entry);
    Result<agent::AgentClient> agent = connect_agent(context_);
    if (!agent) return agent.error();
    const Result<token::ProfileName> before = token::ProfileName::parse(entry.profile_before);
    if (!before) return before.error();
    const Result<agent::StoredProfile> chosen = agent->set_default(*before);
    return chosen ? journal.mark_undone(entry) : Result<void>(with_cure(chosen.error()));
  }

  /// Looks again, and takes the repair back if the machine is worse off.
  bool is_kept(const Repair& repair, RepairJournal& journal, const JournalEntry& entry) {
    Context again = with_environment(environment_);
    Environment next = environment_after(again, fixed_.facts, repair);
    const Context after = with_environment(next);
    const SystemClock clock;
    Result<Examination> seen = examine(after, clock, question_);
    if (!seen) return gone_wrong(seen.error());
    if (diagnose::is_worse(seen->report, fixed_.report)) {
      const Result<void> undone = take_back(journal, entry);
      if (!undone) return gone_wrong(undone.error());
      return gone_wrong({Errc::conflict, filled(tr("{} made it worse and was taken back: {}"),
                                                repair.title, seen->report.headline)});
    }
    environment_ = std::move(next);
    fixed_.facts = std::move(seen->facts);
    fixed_.report = std::move(seen->report);
    if (context_.verbosity >= 0) {
      context_.err << filled(tr("{}: {}. Back with: hfauth undo {}"), repair.finding, repair.title,
                             entry.id)
                   << '\n';
    }
    return true;
  }

  [[nodiscard]] Context with_environment(const Environment& environment) const {
    return {.environment = environment,
            .paths = context_.paths,
            .terminal = context_.terminal,
            .format = context_.format,
            .report_form = context_.report_form,
            .offline = context_.offline,
            .verbosity = context_.verbosity,
            .in = context_.in,
            .out = context_.out,
            .err = context_.err};
  }

  bool gone_wrong(const Error& error) {
    fail(context_, "doctor", error);
    fixed_.status = kRepairFailed;
    return false;
  }

  void say_what_is_left(std::size_t n_made, std::size_t n_left) {
    if (context_.verbosity < 0) return;
    if (dry_ && n_made > 0) {
      context_.err << tr("Nothing was changed. Names are from the home folder; tokens are masked.")
                   << '\n';
    }
    if (n_made == 0 && n_left == 0 && fixed_.status == 0)
      context_.err << tr("There is nothing that hfauth can mend by itself.") << '\n';
    if (n_left > 0) {
      context_.err << (n_left == 1
                           ? std::string(tr("1 more edits a file of yours: add "
                                            "--unsafe-fixes"))
                           : filled(tr("{} more edit files of yours: add --unsafe-fixes"), n_left))
                   << '\n';
    }
  }

  bool dry_;
  bool unsafe_too_;
  const DoctorQuestion& question_;
  Context& context_;
  Environment environment_;
  Fixed fixed_;
  std::vector<diagnose::FixChange> tried_;
};

}  // namespace

void describe_fixing(po::options_description& options) {
  options.add_options()                                                                         //
      ("fix", po::bool_switch(), tr("mend what is safe to mend; 'hfauth undo' takes it back"))  //
      ("unsafe-fixes", po::bool_switch(),
       tr("with --fix: also edit start-up files and the like"))  //
      ("dry-run,n", po::bool_switch(), tr("show what --fix would change, and change nothing"));
}

Result<bool> wants_fixing(const po::variables_map& values) {
  const bool wants = values["fix"].as<bool>() || values["dry-run"].as<bool>();
  if (!wants && values["unsafe-fixes"].as<bool>())
    return Error{Errc::usage, tr("--unsafe-fixes is for --fix or --dry-run")};
  return wants;
}

Fixed fix_findings(const po::variables_map& values, Examination seen,
                   const DoctorQuestion& question, Context& context) {
  return Fixing(values, std::move(seen), question, context).run();
}

}  // namespace hfauth::cli
