// SPDX-License-Identifier: Apache-2.0
//
// The home folder's name is most people's name. It is taken out of every text of the facts,
// wherever it begins a path, so that the file may be attached to a report.
#include "hfauth/diagnose/facts.hpp"

#include <cctype>

namespace hfauth::diagnose {
namespace {

// Absolute, so that the client's rules for paths come to the same answers in a replay; shown as
// "~".
constexpr std::string_view kNobodysHome = "/~";

bool goes_on(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

void hide(std::string& text, const std::string& home) {
  for (std::size_t at = text.find(home); at != std::string::npos; at = text.find(home, at)) {
    const std::size_t end = at + home.size();
    if ((at > 0 && goes_on(text[at - 1])) || (end < text.size() && goes_on(text[end]))) {
      at = end;  // "/mnt/home/u", "/home/user2"
      continue;
    }
    text.replace(at, home.size(), kNobodysHome);
    at += kNobodysHome.size();
  }
}

void hide(Environment& environment, const std::string& home) {
  Environment hidden;
  for (auto [name, value] : environment.variables()) {
    hide(value, home);
    hidden.set(name, value);
  }
  environment = std::move(hidden);
}

// The paths of facts_places.hpp and facts_programs.hpp.
void hide_in_places(Facts& facts, const std::string& home) {
  for (ProgramFacts& program : facts.programs) {
    hide(program.where, home);
    hide(program.interpreter, home);
  }
  for (PythonFacts& python : facts.pythons) {
    hide(python.prefix, home);
    hide(python.hub_where, home);
  }
  for (NetrcEntry& entry : facts.netrc)
    hide(entry.path, home);
  for (NetrcEntry& entry : facts.git.stored)
    hide(entry.path, home);
  for (GitHelper& helper : facts.git.helpers) {
    hide(helper.helper, home);
    hide(helper.where, home);
  }
  for (GitRemote& remote : facts.git.remotes)
    hide(remote.where, home);
  for (FolderFacts& folder : facts.folders)
    hide(folder.path, home);
  for (ExposedToken& token : facts.exposed)
    hide(token.where, home);
  for (SessionFacts& session : facts.sessions) {
    hide(session.command, home);
    hide(session.working_directory, home);
    hide(session.home, home);
    hide(session.environment, home);
  }
  for (ServiceFacts& service : facts.services) {
    hide(service.where, home);
    hide(service.command, home);
    hide(service.environment, home);
  }
  hide(facts.shell.where, home);
  hide(facts.context, home);
  for (ScriptFacts& script : facts.scripts)
    hide(script.path, home);
  if (!facts.sudo.user.empty()) {
    facts.sudo.user = "somebody";
  }
}

}  // namespace

Facts without_home_folder(Facts facts) {
  const std::string home = facts.home;
  if (home.size() < 2) {
    return facts;
  }
  Environment environment;
  for (auto [name, value] : facts.environment.variables()) {
    hide(value, home);
    environment.set(name, name == "SUDO_USER" ? "somebody" : value);
  }
  facts.environment = std::move(environment);
  for (TokenValue& value : facts.values) {
    hide(value.where, home);
  }
  for (TokenFile& file : facts.files) {
    hide(file.path, home);
  }
  for (SettingLine& line : facts.setting_lines) {
    hide(line.path, home);
  }
  for (std::string& path : facts.agent.lease_paths) {
    hide(path, home);
  }
  for (Incomplete& incomplete : facts.incomplete) {
    hide(incomplete.reason, home);
  }
  hide_in_places(facts, home);
  for (std::string* text :
       {&facts.home, &facts.working_directory, &facts.client.where, &facts.agent.runtime,
        &facts.agent.store_state, &facts.hub.control_failure, &facts.hub.endpoint_problem,
        &facts.hub.client_failure, &facts.hub.client_authority, &facts.stored.path,
        &facts.stored.problem, &facts.sudo.home}) {
    hide(*text, home);
  }
  return facts;
}

}  // namespace hfauth::diagnose
