// SPDX-License-Identifier: Apache-2.0
//
// hfauth cache why: what a client without network would find, step by step, the cause and the cure.
#include "cache_command.hpp"
#include "cache_json.hpp"
#include "commands.hpp"
#include "hfauth/hub/cache_explain.hpp"
#include "shown_name.hpp"
#include "table.hpp"
#include "talk.hpp"

#include <ostream>

namespace hfauth::cli {
namespace {

using hub::CacheCause;
using hub::CacheStep;
using hub::StepKind;

constexpr const char* kName = "cache why";

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()                                           //
      ("repo", po::value<std::string>()->value_name("REPO"), "")  //
      ("file", po::value<std::string>()->value_name("FILE"), "")  //
      ("revision", po::value<std::string>()->default_value("main", "")->value_name("REVISION"),
       tr("a branch, tag or commit; else main"));
  describe_repo_type(options);
  describe_cache_folder(options);
  positional.add("repo", 1);
  positional.add("file", 1);
}

/// What was asked, for the sentences.
struct Question {
  hub::Repo repo;
  std::string revision;
  std::optional<std::string> file;
};

const char* title_of(StepKind kind) {
  switch (kind) {
    case StepKind::cache:
      return tr("cache");
    case StepKind::repository:
      return tr("repository");
    case StepKind::revision:
      return tr("revision");
    case StepKind::absence:
      return tr("noted as absent");
    case StepKind::listing:
      return tr("list of files");
    case StepKind::snapshot:
      return tr("snapshot");
    case StepKind::blob:
      return tr("content");
    case StepKind::shared:
      return tr("shared content");
    case StepKind::download:
      return tr("download");
  }
  return "";
}

const char* word_of(CacheStep::State state) {
  switch (state) {
    case CacheStep::State::good:
      return tr("ok");
    case CacheStep::State::bad:
      return tr("FAILS");
    case CacheStep::State::note:
      break;
  }
  return tr("note");
}

/// A count of files or of bytes, or what it is: a commit, a reason.
std::string show_found(const CacheStep& step, const Question& asked) {
  const bool is_good = step.state == CacheStep::State::good;
  const bool counts_files =
      step.kind == StepKind::listing || (step.kind == StepKind::blob && !asked.file);
  const bool counts_bytes = step.kind == StepKind::blob || step.kind == StepKind::download;
  if (counts_files && (is_good || step.kind == StepKind::blob))
    return filled(tr("{} files"), step.found);
  if (counts_bytes && (is_good || step.kind == StepKind::download))
    return filled(tr("{} bytes"), step.found);
  return shown_name(step.found);
}

/// Below the cache's folder, which the first step names, without that.
std::string show_place(const CacheStep& step, const std::filesystem::path& cache,
                       const Context& context) {
  if (step.kind == StepKind::cache) return shown_path(step.path, context);
  const std::filesystem::path below = step.path.lexically_relative(cache);
  const bool is_below = !below.empty() && *below.begin() != "..";
  return is_below ? shown_name(below.string()) : shown_path(step.path, context);
}

void print_steps(const hub::CacheExplanation& told, const Question& asked, Context& context) {
  const std::filesystem::path cache =
      told.steps.empty() ? std::filesystem::path() : told.steps.front().path;
  std::vector<std::vector<std::string>> cells;
  for (const CacheStep& step : told.steps) {
    cells.push_back({title_of(step.kind), word_of(step.state),
                     step.time ? show_day(*step.time) : "-", show_place(step, cache, context),
                     show_found(step, asked)});
  }
  print_table(context, {{tr("STEP")}, {tr("STATE")}, {tr("WRITTEN")}, {tr("PATH")}, {tr("FOUND")}},
              cells);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + shown_name(name);
  return text;
}

/// The cause in one sentence.
std::string show_cause(const hub::CacheExplanation& told, const Question& asked,
                       const Context& context) {
  const std::string file = asked.file ? shown_name(*asked.file) : std::string();
  const std::string revision = shown_name(asked.revision);
  const std::string& repo = asked.repo.id();
  const std::string commit = told.commit.substr(0, 7);
  const std::string culprit = shown_path(told.culprit, context);
  switch (told.cause) {
    case CacheCause::found:
      return asked.file
                 ? filled(tr("A client without network finds {}."), file)
                 : filled(tr("Every file of the snapshot can be used ({0} files of commit {1})."),
                          told.files ? told.files->n_usable : 0, commit);
    case CacheCause::no_cache:
      return filled(tr("There is no cache at {}."), culprit);
    case CacheCause::unreadable:
      return shown_name(told.detail) + ".";
    case CacheCause::other_type:
      return filled(tr("{0} is not cached as a {1}, but as a {2}."), repo,
                    name_of(asked.repo.type()), told.detail);
    case CacheCause::other_case:
      return filled(tr("It is cached as {0}: capital letters count."), shown_name(told.detail));
    case CacheCause::not_downloaded:
      return filled(tr("Nothing of {} was ever downloaded into this cache."), repo);
    case CacheCause::no_such_ref:
      return told.names.empty()
                 ? filled(tr("Revision {} is not cached."), revision)
                 : filled(
                       tr("Revision {0} is not cached; these are: {1}. Another one is never taken "
                          "instead."),
                       revision, joined(told.names));
    case CacheCause::bad_ref:
      return filled(tr("{} holds no commit: it is damaged."), culprit);
    case CacheCause::no_snapshot:
      return filled(tr("Commit {} is known, but nothing of it is cached: the download ended before "
                       "its first file, or the snapshot was removed."),
                    commit);
    case CacheCause::known_missing:
      return filled(
          tr("The Hub said that commit {0} has no {1}; clients remember that and do not ask "
             "again."),
          commit, file);
    case CacheCause::contradiction:
      return filled(tr("{0} is cached, but also noted as absent, and clients believe the note."),
                    file);
    case CacheCause::not_in_commit:
      return told.detail.empty() ? filled(tr("Commit {0} has no {1}."), commit, file)
                                 : filled(tr("Commit {0} has no {1}; did you mean {2}?"), commit,
                                          file, shown_name(told.detail));
    case CacheCause::file_not_downloaded:
      return filled(tr("{0} of commit {1} was not downloaded."), file, commit);
    case CacheCause::running:
      return tr("A download of it is under way: its lock is held.");
    case CacheCause::broken_off:
      return filled(tr("A download of {} broke off."), file);
    case CacheCause::odd_entry:
      return filled(tr("{} is no file."), culprit);
    case CacheCause::missing_blob:
      return filled(tr("{} is a link to content that is gone: it was removed by hand, or by a "
                       "clean-up of another program."),
                    culprit);
    case CacheCause::missing_payload:
      return filled(tr("{} is a link to shared content that is gone."), culprit);
    case CacheCause::outside:
      return filled(tr("{} is a link that leaves the cache: it is not used."), culprit);
    case CacheCause::wrong_size:
      return filled(
          tr("{0} does not have the {1} bytes that the commit's list tells: it broke off."),
          culprit, told.detail);
    case CacheCause::incomplete:
      return filled(tr("Of commit {0}, {1} files can be used, {2} are broken, {3} were not "
                       "downloaded."),
                    commit, told.files->n_usable, told.files->broken.size(),
                    told.files->lacking.size());
  }
  return {};
}

std::string show_cure(const hub::CacheExplanation& told, const Question& asked,
                      const Context& context) {
  const std::string download =
      download_command(asked.repo.type(), asked.repo.id(), asked.revision, asked.file.value_or(""));
  const std::string culprit = shown_path(told.culprit, context);
  switch (told.cause) {
    case CacheCause::found:
    case CacheCause::unreadable:  // the cause says it
      return {};
    case CacheCause::no_cache:
      return filled(tr("Set HF_HUB_CACHE or HF_HOME to where it is, or: {}"), download);
    case CacheCause::other_type:
      return filled(tr("Say --type {}."), told.detail);
    case CacheCause::other_case:
      return filled(tr("Write it so, or: {}"), download);
    case CacheCause::known_missing:
      return tr("Nothing to do if the program goes without it; else choose another revision.");
    case CacheCause::not_in_commit:
      return tr("Correct the name, or choose another revision.");
    case CacheCause::running:
      return tr("Wait for it.");
    case CacheCause::contradiction:
    case CacheCause::bad_ref:
    case CacheCause::odd_entry:
    case CacheCause::outside:
    case CacheCause::wrong_size:
    case CacheCause::missing_payload:
      return filled(tr("Delete {0}, then: {1}"), culprit, download);
    case CacheCause::not_downloaded:
    case CacheCause::no_such_ref:
    case CacheCause::no_snapshot:
    case CacheCause::file_not_downloaded:
    case CacheCause::broken_off:
    case CacheCause::missing_blob:
    case CacheCause::incomplete:
      break;
  }
  return filled(tr("Run: {}"), download);
}

int run(const po::variables_map& values, Context& context) {
  if (values.count("repo") == 0)
    return fail(context, kName,
                {Errc::usage, tr("which repository? hfauth cache why REPO [FILE]")});
  const Result<hub::Repo> repo = parse_repo_argument(values["repo"].as<std::string>(), values);
  if (!repo) return fail(context, kName, repo.error());
  Question asked{.repo = *repo, .revision = values["revision"].as<std::string>(), .file = {}};
  if (values.count("file") != 0) asked.file = values["file"].as<std::string>();
  const Result<hub::CacheExplanation> told =
      explain_cache(cache_folder(values, context), asked.repo, asked.revision, asked.file);
  if (!told) return fail(context, kName, told.error());
  const std::string cause = show_cause(*told, asked, context);
  const std::string cure = show_cure(*told, asked, context);
  if (context.format == Format::json) {
    context.out << json_of(*told, asked.repo, asked.revision, cause, cure);
  } else if (context.format == Format::quiet) {
    context.out << name_of(told->cause) << '\n';
  } else {
    print_steps(*told, asked, context);
    context.out << '\n' << cause << '\n';
    if (!cure.empty()) context.out << cure << '\n';
  }
  return told->cause == CacheCause::found ? 0 : exit_status(Errc::not_found);
}

}  // namespace

const Command kCacheWhyCommand{
    .name = "cache why",
    .usage = "REPO [FILE] [--revision REVISION]",
    .summary = tr_later("Explain step by step what a client finds in the cache, and why"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
