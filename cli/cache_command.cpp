// SPDX-License-Identifier: Apache-2.0
//
// Options and words of `hfauth cache ...`.
#include "cache_command.hpp"

#include "hfauth/core/paths.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "shown_name.hpp"
#include "talk.hpp"

#include <array>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;
using hub::CacheTrouble;
using hub::RepoType;

constexpr std::array kTypes{RepoType::model, RepoType::dataset, RepoType::space, RepoType::kernel};

/// "model" and "models".
std::optional<RepoType> type_named(std::string_view word) {
  if (word.ends_with('s')) word.remove_suffix(1);
  for (const RepoType type : kTypes) {
    if (name_of(type) == word) return type;
  }
  return std::nullopt;
}

/// For a POSIX shell, quoted only where that is needed.
std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word)
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

const char* pattern_of(CacheTrouble trouble) {
  switch (trouble) {
    case CacheTrouble::not_a_repository:
      return tr("{} is no repository of a Hub cache: it is left alone");
    case CacheTrouble::no_snapshots:
      return tr(
          "{} holds no snapshot: a download ended early or was removed by hand; delete it, or "
          "download the repository again");
    case CacheTrouble::unreadable:
      return tr("{} cannot be read: correct its owner or mode");
    case CacheTrouble::missing_blob:
      return tr("{} is a link to a blob that is gone: delete it, or download the repository again");
    case CacheTrouble::outside_blob:
      return tr("{} is a link that leaves the cache: it is not used; delete it");
    case CacheTrouble::odd_entry:
      return tr("{} is no file or link to one: delete it");
    case CacheTrouble::bad_ref:
      return tr("{} holds no commit: delete it, the next download writes it again");
    case CacheTrouble::stale_ref:
      return tr("{} names a commit of which nothing is cached: go online once, or delete it");
    case CacheTrouble::too_deep:
      return tr("{} is nested deeper than any repository: delete it");
  }
  return "{}";
}

}  // namespace

void describe_cache_folder(po::options_description& options) {
  options.add_options()("cache-dir", po::value<std::string>()->value_name("FOLDER"),
                        tr("the cache, if it is not the one that HF_HUB_CACHE or HF_HOME names"));
}

void describe_repo_type(po::options_description& options) {
  options.add_options()("type", po::value<std::string>()->value_name("TYPE"),
                        tr("model (default), dataset, space or kernel"));
}

fs::path cache_folder(const po::variables_map& values, const Context& context) {
  const fs::path named =
      values.count("cache-dir") != 0
          ? fs::path(values["cache-dir"].as<std::string>())
          : token::HubPaths::from(context.environment, context.paths.home).hub_cache;
  std::error_code failed;
  const fs::path absolute = fs::absolute(named, failed);
  return failed ? named : absolute.lexically_normal();
}

Result<hub::Repo> parse_repo_argument(std::string_view word, const po::variables_map& values) {
  RepoType type = RepoType::model;
  if (values.count("type") != 0) {
    const auto& named = values["type"].as<std::string>();
    const std::optional<RepoType> known = type_named(named);
    if (!known) {
      return Error{Errc::usage, filled(tr("--type {}: one of model, dataset, space, kernel"),
                                       shown_name(named))};
    }
    return hub::Repo::parse(word, *known);
  }
  const std::size_t slash = word.find('/');
  const std::optional<RepoType> prefix =
      slash == std::string_view::npos ? std::nullopt : type_named(word.substr(0, slash));
  if (!prefix) return hub::Repo::parse(word, type);
  return hub::Repo::parse(word.substr(slash + 1), *prefix);
}

Error with_cache_cure(const Error& error) {
  if (error.code != Errc::not_found) return error;
  return {error.code,
          filled(tr("{}: nothing was downloaded yet, or HF_HUB_CACHE names another folder"),
                 error.detail)};
}

Error not_cached(const hub::Repo& repo) {
  return {Errc::not_found, filled(tr("nothing of {0} is cached; 'hfauth cache why {1}' says more"),
                                  repo.id(), repo_words(repo.type(), repo.id()))};
}

std::string show_size(std::uint64_t size) {
  constexpr std::array<const char*, 6> kUnits{"K", "M", "G", "T", "P", "E"};
  if (size < 1000) return std::to_string(size);
  auto value = static_cast<double>(size) / 1000;
  std::size_t unit = 0;
  while (value >= 999.95 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f}{}", value, kUnits.at(unit));
}

std::string show_day(WallTime time) {
  return time == WallTime{} ? "-" : format_utc(time).substr(0, 10);
}

std::string shown_path(const fs::path& path, const Context& context) {
  return shown_name(show_path(path, context.paths.home));
}

std::string show_problem(const hub::CacheProblem& problem, const Context& context) {
  return filled(pattern_of(problem.trouble), shown_path(problem.path, context));
}

std::string repo_words(RepoType type, std::string_view id) {
  if (type == RepoType::model) return shown_name(id);
  return fmt::format("--type {} {}", name_of(type), shown_name(id));
}

std::string download_command(RepoType type, std::string_view id, std::string_view revision,
                             std::string_view file) {
  std::string command = "hfauth download " + repo_words(type, id);
  if (!file.empty()) command += " " + shell_word(shown_name(file));
  if (!revision.empty() && revision != "main")
    command += " --revision " + shell_word(shown_name(revision));
  return command;
}

}  // namespace hfauth::cli
