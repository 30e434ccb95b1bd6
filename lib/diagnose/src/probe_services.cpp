// SPDX-License-Identifier: Apache-2.0
//
// What systemd, cron and the desktop start for this user, read off their files, with the variables
// that they give: no shell's start-up file is read for such a program. Units of other users are
// left alone.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/diagnose/env_file.hpp"
#include "hfauth/diagnose/unit_file.hpp"
#include "probes.hpp"
#include "process_kind.hpp"
#include "start_up_files.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostServices = 64;
constexpr std::size_t kLargestScript = 64 << 10;

// Programs of which it is known that they use the Hub, and libraries whose import says so.
constexpr std::array<std::string_view, 12> kPrograms{"hf",
                                                     "huggingface-cli",
                                                     "hfrs",
                                                     "vllm",
                                                     "text-generation-launcher",
                                                     "text-embeddings-router",
                                                     "llama-server",
                                                     "jupyter",
                                                     "jupyter-lab",
                                                     "jupyter-notebook",
                                                     "jupyterhub-singleuser",
                                                     "streamlit"};
constexpr std::array<std::string_view, 7> kLibraries{
    "huggingface_hub", "transformers",          "datasets", "diffusers",
    "tokenizers",      "sentence_transformers", "hf "};

// Words between white space; quotes keep a word together and are taken off.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = '\0';
  bool open = false;
  for (const char c : text) {
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      open = true;
    } else if (c == ' ' || c == '\t') {
      if (!word.empty() || open) words.push_back(std::move(word));
      word.clear();
      open = false;
    } else {
      word += c;
    }
  }
  if (!word.empty() || open) words.push_back(std::move(word));
  return words;
}

bool names_a_library(const fs::path& script) {
  const Result<std::string> text = read_file(script, kLargestScript);
  return text && std::any_of(kLibraries.begin(), kLibraries.end(), [&](std::string_view name) {
           return text->find(name) != std::string::npos;
         });
}

// By the program's name, or by what the script of an interpreter imports.
bool is_of_the_hub(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const fs::path path = word;
    const std::string name = path.filename().string();
    if (std::find(kPrograms.begin(), kPrograms.end(), name) != kPrograms.end()) {
      return true;
    }
    const bool script = name.ends_with(".py") || name.ends_with(".sh");
    if (script && path.is_absolute() && names_a_library(path)) {
      return true;
    }
  }
  return false;
}

std::string user_name() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool known =
      getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return known ? entry.pw_name : "";
}

class Services {
 public:
  Services(const ProbeInput& input, Facts& facts, Secrets& secrets)
      : input_(input), facts_(facts), secrets_(secrets), user_(user_name()) {}

  void look_at_units() {
    Environment session;
    session.set("HOME", input_.paths.home.string());
    for (const StartUpFile& file : start_up_files(input_)) {
      if (file.path.parent_path().filename() != "environment.d") {
        continue;
      }
      if (const Result<Secret> content = read_secret_file(file.path)) {
        add_assignments(content->expose(), AssignmentStyle::session, session);
      }
    }
    Unit unit;
    for (const fs::path& path : unit_files(input_)) {
      if (path.extension() == ".service") {  // what follows it are its drop-ins
        finish(unit, session);
        unit = {path, {}};
      }
      if (const Result<Secret> content = read_secret_file(path)) {
        read_unit(content->expose(), unit.text);
      }
    }
    finish(unit, session);
  }

  void look_at_crontab(const fs::path& path) {
    const Result<Secret> content = read_secret_file(path);
    if (!content) {
      return;  // there is none, or it is root's to read
    }
    Environment environment;
    environment.set("HOME", input_.paths.home.string());
    std::string_view rest = content->expose();
    for (int number = 1; !rest.empty(); ++number) {
      const std::string_view line = trimmed(take_until(rest, '\n'));
      if (line.empty() || line.front() == '#' ||
          add_assignments(line, AssignmentStyle::crontab, environment) > 0) {
        continue;
      }
      std::vector<std::string> words = words_of(line);
      const std::size_t times = line.front() == '@' ? 1 : 5;
      if (words.size() > times) {
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(times));
        add("cron", "crontab line " + std::to_string(number), path, words, environment);
      }
    }
  }

  void look_at_autostart() {
    for (const fs::path& path : entries_of(config_home(input_) / "autostart", ".desktop")) {
      const Result<std::string> content = read_file(path);
      if (!content) {
        continue;
      }
      for (std::string_view rest = *content; !rest.empty();) {
        const std::string_view line = take_until(rest, '\n');
        if (line.starts_with("Exec=")) {
          Environment environment;
          environment.set("HOME", input_.paths.home.string());
          add("autostart", path.filename().string(), path, words_of(line.substr(5)), environment);
        }
      }
    }
  }

  [[nodiscard]] const std::string& user() const { return user_; }

 private:
  struct Unit {
    fs::path path;
    UnitText text;
  };

  // A unit of the user's, or one of the system's with User= of this user.
  void finish(const Unit& unit, const Environment& session) {
    const bool of_user = unit.path.parent_path().filename() == "user";
    const bool ours = of_user || (!user_.empty() && unit.text.user == user_);
    if (!ours || unit.text.commands.empty()) {
      return;
    }
    Environment environment = of_user ? session : Environment();
    environment.set("HOME", input_.paths.home.string());
    // A file that cannot be read is no fault of this machine: the unit may never be started.
    std::ignore = add_unit_environment(unit.text, input_.paths.home, environment);
    const std::string_view command = trimmed_begin(unit.text.commands.front(), "@-:+!");
    add("systemd", unit.path.filename().string(), unit.path, words_of(command), environment);
  }

  void add(const char* kind, const std::string& name, const fs::path& path,
           const std::vector<std::string>& command, const Environment& environment) {
    if (facts_.services.size() == kMostServices) {
      return;
    }
    ServiceFacts service;
    service.kind = kind;
    service.name = redact(name);
    service.where = path.string();
    service.uses_hub = is_of_the_hub(command);
    service.command = shown_command(command);
    std::vector<TokenValue> values;
    service.environment = kept_variables(input_, environment, values, secrets_);
    for (const TokenValue& value : values) {
      service.tokens.push_back({value.sent, value.mask, value.fingerprint});
    }
    facts_.services.push_back(std::move(service));
  }

  const ProbeInput& input_;
  Facts& facts_;
  Secrets& secrets_;
  std::string user_;
};

}  // namespace

void probe_services(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  Services services(input, facts, secrets);
  services.look_at_units();
  if (!services.user().empty()) {
    services.look_at_crontab(input.root / "var/spool/cron/crontabs" / services.user());
  }
  services.look_at_autostart();
}

}  // namespace hfauth::diagnose
