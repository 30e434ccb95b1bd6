// SPDX-License-Identifier: Apache-2.0
//
// What the next shell will find is what counts: this one keeps the variables that it started with,
// whatever its start-up files say now. So the machine is looked at again with the environment that
// the repair leaves.
#include "doctor_fix.hpp"

#include "doctor_facts.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/file_edit.hpp"
#include "hfauth/diagnose/repair.hpp"
#include "repair_journal.hpp"
#include "talk.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

using diagnose::Facts;
using diagnose::FileEdit;
using diagnose::FixSafety;
using diagnose::Repair;
using diagnose::Report;

constexpr int kRepairFailed = 5;  // facts/doctor.md §3.7

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
  for (std::size_t begin = 0; begin < diff.size();) {
    const std::size_t end = std::min(diff.find('\n', begin), diff.size());
    context.out << utf8::visible(diff.substr(begin, end - begin)) << '\n';
    begin = end + 1;
  }
}

/// Whether one of the findings' variables is still set by a line; then the shell has it still.
Environment environment_after(const Context& context, const Facts& before, const Repair& repair) {
  Environment environment = context.environment;
  const Facts after = diagnose::after_repair(before, repair);
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    const bool was = before.environment.get(name).has_value();
    const bool is = after.environment.get(name).has_value();
    if (was && !is) environment.unset(name);
    if (!was && is)  // renamed: the value is the old one's
      environment.set(name, context.environment.get(repair.change.variable).value_or(""));
  }
  if (!after.environment.get(repair.change.variable)) environment.unset(repair.change.variable);
  return environment;
}

class Fixing {
 public:
  Fixing(const po::variables_map& values, Facts facts, const DoctorQuestion& question,
         Context& context)
      : dry_(values["dry-run"].as<bool>()),
        unsafe_too_(values["unsafe-fixes"].as<bool>()),
        question_(question),
        context_(context),
        environment_(context.environment),
        fixed_{std::move(facts), {}, 0} {
    fixed_.report = diagnose::diagnose(fixed_.facts, question_.judging);
  }

  Fixed run() && {
    std::size_t n_made = 0;
    std::size_t n_left = 0;
    for (const Repair& repair : diagnose::plan_repairs(fixed_.facts, fixed_.report)) {
      if (repair.safety == FixSafety::unsafe && !unsafe_too_) {
        ++n_left;
        continue;
      }
      n_made += fix(repair) ? 1U : 0U;
    }
    say_what_is_left(n_made, n_left);
    if (fixed_.status == 0) fixed_.status = fixed_.report.exit_code;
    return std::move(fixed_);
  }

 private:
  bool fix(const Repair& repair) {
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

  /// Looks again, and takes the repair back if the machine is worse off.
  bool is_kept(const Repair& repair, RepairJournal& journal, const JournalEntry& entry) {
    Context again = with_environment(environment_);
    Environment next = environment_after(again, fixed_.facts, repair);
    const Context after = with_environment(next);
    const SystemClock clock;
    Result<Examination> seen = examine(after, clock, question_);
    if (!seen) return gone_wrong(seen.error());
    if (diagnose::is_worse(seen->report, fixed_.report)) {
      const Result<void> undone = journal.undo(entry);
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

Fixed fix_findings(const po::variables_map& values, Facts facts, const DoctorQuestion& question,
                   Context& context) {
  return Fixing(values, std::move(facts), question, context).run();
}

}  // namespace hfauth::cli
