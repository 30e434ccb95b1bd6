// SPDX-License-Identifier: Apache-2.0
//
// hfauth download: files of a repository into the shared cache or into a folder, as `hf download`
// does; prints where they are.
#include "cache_command.hpp"
#include "commands.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/hub/download.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "hub_access.hpp"
#include "hub_session.hpp"
#include "interruption.hpp"
#include "json_output.hpp"
#include "progress_bar.hpp"
#include "talk.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <system_error>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()  //
      ("revision", po::value<std::string>()->value_name("REVISION"),
       tr("a branch, tag or commit; else main"))  //
      ("type", po::value<std::string>()->value_name("TYPE"),
       tr("what the repository is: model, dataset or space"))  //
      ("include", po::value<Words>()->value_name("GLOB"),
       tr("only files whose path matches; may be repeated"))  //
      ("exclude", po::value<Words>()->value_name("GLOB"),
       tr("no files whose path matches; may be repeated"))  //
      ("local-dir", po::value<std::string>()->value_name("FOLDER"),
       tr("put the files into this folder instead of the cache"))                    //
      ("dry-run", po::bool_switch(), tr("show what would be downloaded, and stop"))  //
      ("repo", po::value<std::string>(), "")                                         //
      ("files", po::value<Words>(), "");
  positional.add("repo", 1).add("files", -1);
}

Words words_of(const po::variables_map& values, const char* name) {
  return values.count(name) != 0 ? values[name].as<Words>() : Words();
}

Result<hub::RepoType> type_of(const po::variables_map& values) {
  if (values.count("type") == 0) return hub::RepoType::model;
  const auto& word = values["type"].as<std::string>();
  constexpr std::array kTypes{hub::RepoType::model, hub::RepoType::dataset, hub::RepoType::space,
                              hub::RepoType::kernel};
  for (const hub::RepoType type : kTypes) {
    if (word == name_of(type)) return type;
  }
  return Error{Errc::usage, filled(tr("--type {}: one of model, dataset, space"), word)};
}

struct Order {
  hub::Repo repo;
  hub::DownloadWish wish;
  fs::path local_folder;
  bool is_dry = false;
};

Result<Order> order_of(const po::variables_map& values) {
  if (values.count("repo") == 0)
    return Error{Errc::usage, tr("which repository? hfauth download REPO [FILE...]")};
  const Result<hub::RepoType> type = type_of(values);
  if (!type) return type.error();
  Result<hub::Repo> repo = hub::Repo::parse(values["repo"].as<std::string>(), *type);
  if (!repo) return repo.error();
  Order order{.repo = *std::move(repo), .wish = {}, .local_folder = {}};
  if (values.count("revision") != 0) order.wish.revision = values["revision"].as<std::string>();
  order.wish.filter = {.include = words_of(values, "include"),
                       .exclude = words_of(values, "exclude")};
  order.is_dry = values["dry-run"].as<bool>();
  if (values.count("local-dir") != 0) {
    std::error_code failed;
    order.local_folder = fs::absolute(values["local-dir"].as<std::string>(), failed);
    if (order.local_folder.empty()) return Error{Errc::usage, tr("--local-dir names no folder")};
  }
  Words files = words_of(values, "files");
  if (files.empty()) return order;
  if (!order.wish.filter.is_open())
    return Error{Errc::usage, tr("name files, or choose them by --include and --exclude")};
  const bool has_folder =
      std::any_of(files.begin(), files.end(), [](const auto& name) { return name.ends_with('/'); });
  (has_folder ? order.wish.filter.include : order.wish.files) = std::move(files);
  return order;
}

/// The one file that was asked for, else the folder.
fs::path shown_path(const Order& order, const fs::path& folder) {
  return order.wish.files.size() == 1 ? folder / order.wish.files.front() : folder;
}

int print_plan(const hub::DownloadPlan& plan, Context& context) {
  if (context.format == Format::json) {
    context.out << json_of(plan);
    return 0;
  }
  for (const hub::PlannedFile& one : plan.files) {
    if (context.format == Format::quiet) {
      if (!one.is_cached) context.out << one.file.path << '\n';
      continue;
    }
    context.out << fmt::format("{:>9}  ", one.is_cached ? "-" : show_size(one.file.size))
                << redact(one.file.path) << '\n';
  }
  if (context.verbosity >= 0 && context.format != Format::quiet) {
    context.err << "hfauth download: "
                << filled(tr("would download {0} of {1} files, {2}"), plan.n_to_fetch(),
                          plan.files.size(), show_size(plan.bytes_to_fetch()))
                << '\n';
  }
  return 0;
}

int print_result(const Order& order, const hub::DownloadPlan& plan, const fs::path& folder,
                 Context& context) {
  const fs::path path = shown_path(order, folder);
  if (context.format == Format::json) {
    context.out << json_of(plan, path.string());
  } else {
    context.out << path.string() << '\n';
  }
  return 0;
}

/// From what is there already; `why` is told if the Hub was to be asked.
int use_cached(const Order& order, const hub::Download& download, const Error* why,
               Context& context) {
  const Result<fs::path> found = download.find(order.wish);
  if (!found) return fail(context, "download", why != nullptr ? *why : found.error());
  if (why != nullptr && context.verbosity >= 0) {
    context.err << "hfauth download: "
                << filled(tr("{}; the files of the last download are used"), redact(why->detail))
                << '\n';
  }
  return print_result(order, {}, *found, context);
}

/// Whether older files are an answer: not where the Hub says that the revision or a file does not
/// exist, nor where the command line is wrong (huggingface_hub 2.4 snapshot_download).
bool may_use_cached(const Error& error) {
  return error.code == Errc::network || error.code == Errc::timeout ||
         error.code == Errc::rate_limited || error.code == Errc::unauthorized ||
         error.code == Errc::forbidden;
}

int download_online(const Order& order, const hub::Download& download, Context& context) {
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return fail(context, "download", endpoint.error());
  Result<HubSession> session = HubSession::open(context, *endpoint, hub::Pacing::for_downloads());
  if (!session) return fail(context, "download", session.error());
  const TokenForHub access = token_for_hub(context, order.repo);
  const Result<hub::DownloadPlan> plan = download.plan(session->client(), order.wish, access.get());
  if (!plan) {
    const Error error = access.explain(plan.error());
    if (!order.is_dry && may_use_cached(error)) return use_cached(order, download, &error, context);
    return fail(context, "download", error);
  }
  if (order.is_dry) return print_plan(*plan, context);

  Result<fs::path> folder = fs::path();
  {
    const Interruption interruption;
    ProgressBar bar(context);
    const hub::DownloadWatch watch{
        .progress = [&](const hub::DownloadProgress& progress) { bar.show(progress); },
        .note = [&](const std::string& text) { bar.say(redact(text)); },
        .is_interrupted = [] { return Interruption::is_asked_for(); }};
    folder = download.run(session->client(), *plan, order.wish, access.get(), watch);
  }
  if (!folder) return fail(context, "download", access.explain(folder.error()));
  return print_result(order, *plan, *folder, context);
}

int run(const po::variables_map& values, Context& context) {
  const Result<Order> order = order_of(values);
  if (!order) return fail(context, "download", order.error());
  const token::HubPaths paths = token::HubPaths::from(context.environment, context.paths.home);
  const hub::Download download(paths.hub_cache, order->repo, order->local_folder,
                               !context.environment.is_true("HF_HUB_DISABLE_SYMLINKS"));
  if (!context.offline) return download_online(*order, download, context);
  if (order->is_dry) {
    return fail(context, "download",
                {Errc::offline, tr("--dry-run asks the Hub, and the network is switched off "
                                   "(--offline or HF_HUB_OFFLINE)")});
  }
  return use_cached(*order, download, nullptr, context);
}

}  // namespace

const Command kDownloadCommand{
    .name = "download",
    .usage = "REPO [FILE...] [--revision REV] [--include GLOB] [--local-dir FOLDER]",
    .summary = tr_later("Download a repository, or files of it, into the cache that all share"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
