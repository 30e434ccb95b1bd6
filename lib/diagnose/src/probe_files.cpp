// SPDX-License-Identifier: Apache-2.0
//
// The files in which a token may be: where the client looks now, and where it would look if one of
// the path variables were not set, so that "what if" needs no second visit to the machine.
#include "hfauth/core/file.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "probes.hpp"
#include "resolver_input.hpp"
#include "stand_in.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

namespace hfauth::diagnose {
namespace {

using Kind = token::FileState::Kind;

constexpr std::size_t kLargestTokenFile = std::size_t{64} << 10;

void add_paths(std::vector<std::string>& paths, const Environment& environment,
               const ProbeInput& input, token::ClientVersion version,
               const std::filesystem::path& home) {
  for (const std::filesystem::path& path :
       token::token_paths_read(environment, home, input.working_directory, version)) {
    if (std::find(paths.begin(), paths.end(), path.string()) == paths.end()) {
      paths.push_back(path.string());
    }
  }
}

std::string without_quotes(std::string value) {
  value.erase(
      std::remove_if(value.begin(), value.end(), [](char c) { return c == '"' || c == '\''; }),
      value.end());
  return value;
}

std::vector<std::string> paths_to_look_at(const Facts& facts, const ProbeInput& input) {
  static constexpr std::array kVariables{"HF_TOKEN_PATH", "HF_HOME", "XDG_CACHE_HOME"};
  const token::ClientVersion version =
      token::ClientVersion::parse(facts.client.version).value_or(token::ClientVersion{});
  std::vector<std::string> paths;
  add_paths(paths, facts.environment, input, version, input.paths.home);
  Environment none = facts.environment;
  for (const char* name : kVariables) {
    Environment changed = facts.environment;
    changed.unset(name);
    none.unset(name);
    add_paths(paths, changed, input, version, input.paths.home);
    if (const auto value = facts.environment.get(name)) {
      changed.set(name, without_quotes(*value));
      add_paths(paths, changed, input, version, input.paths.home);
    }
  }
  add_paths(paths, none, input, version, input.paths.home);
  for (const SessionFacts& session : facts.sessions) {
    add_paths(paths, session.environment, input, version,
              session.home.empty() ? input.paths.home : std::filesystem::path(session.home));
  }
  if (input.client && input.client->other) {
    for (const std::filesystem::path& path : token::token_paths_read_by_hfrs(resolver_input(facts)))
      paths.push_back(path.string());
  }
  // Where a token may have been left: by an old client, and by whoever called sudo.
  paths.push_back((input.paths.home / ".huggingface/token").string());
  if (!facts.sudo.home.empty()) {
    paths.push_back(facts.sudo.home + "/.cache/huggingface/token");
  }
  std::sort(paths.begin() + 1, paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

void note_unknown(const std::string& path, const char* why, Facts& facts) {
  facts.incomplete.push_back({std::string(kContextProbe), path + ": " + why, ""});
}

TokenFile look_at(const ProbeInput& input, const std::string& path, Facts& facts,
                  Secrets& secrets) {
  TokenFile file;
  file.path = path;
  const std::optional<std::filesystem::path> place =
      input.on_host ? input.on_host(path) : std::optional<std::filesystem::path>(path);
  if (!place) {
    note_unknown(path, tr("it is inside of the container"), facts);
    return file;
  }

  struct stat status {};

  if (stat(place->c_str(), &status) != 0) {
    if (errno == EACCES && input.foreign) {
      note_unknown(path, tr("this user may not read it"), facts);
    } else if (errno == EACCES) {
      file.kind = Kind::unreadable;
    }
    return file;
  }
  file.mode = status.st_mode & 07777U;
  // What is far larger than any token is not read: it is something else that was put there.
  const bool regular =
      S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) <= kLargestTokenFile;
  file.size = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
  const Result<Secret> content =
      regular ? read_secret_file(*place, kLargestTokenFile) : Result<Secret>(Secret());
  file.kind = !regular ? Kind::not_a_file : content.has_value() ? Kind::readable : Kind::unreadable;
  if (file.kind == Kind::unreadable && input.foreign) {
    note_unknown(path, tr("this user may not read it"), facts);
    file.kind = Kind::missing;
  } else if (file.kind == Kind::readable) {
    TokenValue value = take_value(input, ValueSource::file, path, content->expose(), secrets);
    file.stand_in = value.stand_in;
    if (!value.sent.empty()) {
      facts.values.push_back(std::move(value));
    }
  } else if (regular && content.error().code != Errc::permission) {
    facts.incomplete.push_back({"probe-files", content.error().detail, ""});
  }
  return file;
}

}  // namespace

void probe_files(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  const token::ClientVersion version =
      token::ClientVersion::parse(facts.client.version).value_or(token::ClientVersion{});
  std::vector<std::string> counting;
  add_paths(counting, facts.environment, input, version, input.paths.home);
  for (const std::string& path : paths_to_look_at(facts, input)) {
    // In another's context only what its client reads counts: the rest would be "what if".
    const bool counts = std::find(counting.begin(), counting.end(), path) != counting.end();
    if ((input.foreign || input.on_host) && !counts) continue;
    facts.files.push_back(look_at(input, path, facts, secrets));
  }
}

}  // namespace hfauth::diagnose
