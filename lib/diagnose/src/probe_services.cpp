// SPDX-License-Identifier: Apache-2.0
//
// What systemd, cron and the desktop start for this user, read off their files, with the variables
// that they give: no shell's start-up file is read for such a program. Units of other users are
// left alone.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "probes.hpp"
#include "start_up_files.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostServices = 64;
constexpr std::size_t kShownCommand = 100;  // bytes
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

std::string_view stripped(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  return begin == std::string_view::npos
             ? ""
             : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

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

void assign(Environment& environment, const std::string& word) {
  if (const std::size_t equals = word.find('='); equals != std::string::npos && equals > 0) {
    environment.set(word.substr(0, equals), word.substr(equals + 1));
  }
}

// NAME=value lines, as systemd reads an EnvironmentFile and a file of environment.d.
void take_assignments(const fs::path& path, Environment& environment) {
  const Result<Secret> content = read_secret_file(path);
  if (!content) {
    return;
  }
  for (std::string_view line : lines_of(content->expose())) {
    line = stripped(line);
    if (line.empty() || line.front() == '#' || line.front() == ';') {
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      continue;
    }
    std::string_view value = stripped(line.substr(equals + 1));
    if (value.size() > 1 && value.front() == value.back() &&
        (value.front() == '"' || value.front() == '\'')) {
      value = value.substr(1, value.size() - 2);
    }
    environment.set(std::string(line.substr(0, equals)), std::string(value));
  }
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
      if (file.path.parent_path().filename() == "environment.d") {
        take_assignments(file.path, session);
      }
    }
    Unit unit;
    for (const fs::path& path : unit_files(input_)) {
      if (path.extension() == ".service") {
        finish(unit);
        const bool of_user = path.parent_path().filename() == "user";
        unit = Unit{path, of_user ? session : Environment(), {}, of_user};
      }
      read_unit(path, unit);
    }
    finish(unit);
  }

  void look_at_crontab(const fs::path& path) {
    const Result<Secret> content = read_secret_file(path);
    if (!content) {
      return;  // there is none, or it is root's to read
    }
    Environment environment;
    environment.set("HOME", input_.paths.home.string());
    int number = 0;
    for (std::string_view line : lines_of(content->expose())) {
      ++number;
      line = stripped(line);
      if (line.empty() || line.front() == '#') {
        continue;
      }
      const std::size_t equals = line.find('=');
      const bool sets = std::isalpha(static_cast<unsigned char>(line.front())) != 0 &&
                        equals != std::string_view::npos && line.find(' ') > equals;
      if (sets) {
        assign(environment, words_of(line).front());
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
    const fs::path folder = fs::path(input_.environment.non_empty("XDG_CONFIG_HOME")
                                         .value_or((input_.paths.home / ".config").string())) /
                            "autostart";
    for (const fs::path& path : entries_of(folder, ".desktop")) {
      const Result<std::string> content = read_file(path);
      if (!content) {
        continue;
      }
      for (const std::string_view line : lines_of(*content)) {
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
    Environment environment;
    std::vector<std::string> command;
    bool ours = false;  ///< a unit of the user's, or of the system's with User= of this user
  };

  void read_unit(const fs::path& path, Unit& unit) {
    const Result<Secret> content = read_secret_file(path);
    if (!content) {
      return;
    }
    for (std::string_view line : lines_of(content->expose())) {
      line = stripped(line);
      const std::size_t equals = line.find('=');
      if (equals == std::string_view::npos || line.front() == '#' || line.front() == ';') {
        continue;
      }
      const std::string_view key = stripped(line.substr(0, equals));
      const std::string_view value = stripped(line.substr(equals + 1));
      if (key == "ExecStart" && unit.command.empty()) {
        unit.command =
            words_of(value.substr(std::min(value.find_first_not_of("@-:+!"), value.size())));
      } else if (key == "Environment") {
        for (const std::string& word : words_of(value)) {
          assign(unit.environment, word);
        }
      } else if (key == "EnvironmentFile") {
        take_environment_file(value, unit);
      } else if (key == "User" && !user_.empty() && value == user_) {
        unit.ours = true;
        unit.environment.set("HOME", input_.paths.home.string());
      }
    }
  }

  void take_environment_file(std::string_view value, Unit& unit) {
    if (value.starts_with("-")) {
      value.remove_prefix(1);
    }
    std::string path(value);
    if (path.starts_with("%h")) {
      path.replace(0, 2, input_.paths.home.string());
    }
    if (fs::path(path).is_absolute()) {
      take_assignments(path, unit.environment);
    }
  }

  void finish(Unit& unit) {
    if (unit.ours && !unit.command.empty()) {
      add("systemd", unit.path.filename().string(), unit.path, unit.command, unit.environment);
    }
    unit = {};
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
    std::string text;
    for (const std::string& word : command) {
      text += (text.empty() ? "" : " ") + word;
    }
    text = redact(text);
    service.command = text.size() > kShownCommand ? text.substr(0, kShownCommand) + "..." : text;
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
