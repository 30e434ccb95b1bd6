// SPDX-License-Identifier: Apache-2.0
//
// Programs of this user that run and keep the environment they were started with: kernels, notebook
// servers, editors, model servers, training runs; if all are wanted also every Python that has to
// do with the Hub, and every shell or program that was given a token. Also whose arguments hold a
// token, for all to see, and whether a notebook's kernel started this one. The doctor leaves out
// what has another home: that is another person's work. A process may end while it is looked at,
// which is no failure.
#include "exposed_text.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/diagnose/process_folder.hpp"
#include "probes.hpp"
#include "process_kind.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kMostSessions = 64;  // more are not shown, and not compared
constexpr std::size_t kMostOfAll = 1024;

// Extension modules that only programs with models load.
const std::vector<std::string_view> kLibraries{"/hf_xet/", "/tokenizers/", "/safetensors/",
                                               "/hf_transfer/"};

bool has_hub_variable(const Environment& environment) {
  static constexpr std::array kNames{"HF_TOKEN",      "HUGGING_FACE_HUB_TOKEN",
                                     "HF_TOKEN_PATH", "HF_HOME",
                                     "HF_ENDPOINT",   "HUGGINGFACE_HUB_TOKEN"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](const char* name) { return environment.get(name).has_value(); });
}

// Of a list of all; "" if it has nothing to do with the Hub.
std::string_view other_kind(const ProcessFolder& process, const std::vector<std::string>& words,
                            const Environment& environment, const SessionFacts& session) {
  const std::string_view interpreter = kind_of_interpreter(words);
  if (interpreter == "python")
    return has_hub_variable(environment) || process.maps_any(kLibraries) ? "python" : "";
  if (session.tokens.empty()) return "";
  return interpreter.empty() ? "program" : interpreter;
}

// Read when they are first wanted, and once: of most processes nobody wants them.
class Variables {
 public:
  explicit Variables(const ProcessFolder& process) : process_(process) {}

  const Result<Environment>& get() {
    if (!read_) read_ = process_.environment();
    return *read_;
  }

 private:
  const ProcessFolder& process_;
  std::optional<Result<Environment>> read_;
};

bool is_of_this_home(const ProbeInput& input, const Result<Environment>& variables) {
  return variables && variables->get("HOME") == input.paths.home.string();
}

void note_arguments(const ProbeInput& input, const ProcessFolder& process,
                    const std::vector<std::string>& words, Variables& variables, Facts& facts,
                    Secrets& secrets) {
  for (const std::string& word : words) {
    for (const std::string_view token : tokens_in(word)) {
      if (!is_of_this_home(input, variables.get())) return;
      const HeldToken held = held_token(input, token, secrets);
      ExposedToken exposed;
      exposed.kind = "arguments";
      exposed.where = "pid " + std::to_string(process.pid()) + " (" +
                      redact(std::filesystem::path(words.front()).filename().string()) + ")";
      exposed.mask = held.mask;
      exposed.fingerprint = held.fingerprint;
      facts.exposed.push_back(std::move(exposed));
    }
  }
}

bool is_below_kernel(const ProbeInput& input) {
  static constexpr int kDeepest = 32;
  int pid = getppid();
  for (int depth = 0; pid > 1 && depth < kDeepest; ++depth) {
    const Result<ProcessFolder> process = ProcessFolder::open(input.root / "proc", pid);
    if (!process) return false;
    if (kind_of_hub_program(process->words()) == "kernel") return true;
    pid = process->status().parent;
  }
  return false;
}

std::optional<SessionFacts> look_at(const ProbeInput& input, int pid, Facts& facts,
                                    Secrets& secrets) {
  const Result<ProcessFolder> process = ProcessFolder::open(input.root / "proc", pid);
  if (!process) return std::nullopt;
  const ProcessStatus status = process->status();
  if (status.state == 'Z') return std::nullopt;
  const std::vector<std::string> words = process->words();
  Variables variables(*process);
  note_arguments(input, *process, words, variables, facts, secrets);
  const bool all = input.scope == ProbeScope::sessions;
  SessionFacts session;
  session.pid = pid;
  session.kind = kind_of_hub_program(words);
  if (session.kind.empty() && !all) return std::nullopt;
  session.command = shown_command(words);
  if (const std::optional<WallTime> start = process->started(status, input.clock.now()))
    session.started = format_utc(*start);
  const Result<Environment>& environment = variables.get();
  if (!environment) {
    const bool worth_telling =
        all && !session.kind.empty() && environment.error().code == Errc::permission;
    session.problem = environment.error().detail;
    return worth_telling ? std::optional(std::move(session)) : std::nullopt;
  }
  const std::string home = environment->get("HOME").value_or("");
  if (home != input.paths.home.string()) {
    if (!all) return std::nullopt;
    session.home = home.empty() ? "/" : home;
  }
  std::vector<TokenValue> values;
  session.environment = kept_variables(input, *environment, values, secrets);
  for (const TokenValue& value : values)
    session.tokens.push_back({value.sent, value.mask, value.fingerprint});
  if (session.kind.empty()) session.kind = other_kind(*process, words, *environment, session);
  if (session.kind.empty()) return std::nullopt;
  if (const Result<std::filesystem::path> folder = process->link("cwd"))
    session.working_directory = folder->string();
  return session;
}

}  // namespace

void probe_sessions(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  facts.runtime.below_kernel = is_below_kernel(input);
  const std::size_t most = input.scope == ProbeScope::sessions ? kMostOfAll : kMostSessions;
  for (const int pid : process_numbers(input.root / "proc")) {
    if (pid == getpid()) continue;
    if (std::optional<SessionFacts> session = look_at(input, pid, facts, secrets)) {
      facts.sessions.push_back(*std::move(session));
      if (facts.sessions.size() == most) return;
    }
  }
}

}  // namespace hfauth::diagnose
