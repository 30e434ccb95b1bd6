// SPDX-License-Identifier: Apache-2.0
//
// Programs of this user that run for long and keep the environment they were started with: kernels,
// notebook servers, editors, model servers. Read off /proc: the words of the command, the variables
// at its start, and when that was. Other users' processes are refused by the kernel; one with
// another home is another person's work and is left alone. A process may end while it is looked at,
// which is no failure.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "probes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostSessions = 64;        // more are not shown, and not compared
constexpr std::size_t kLargestArea = 256 << 10;  // of a command line or an environment
constexpr std::size_t kShownCommand = 100;       // bytes

struct Kind {
  std::string_view word;  ///< of the command line
  std::string_view name;
};

constexpr std::array kKinds{Kind{"ipykernel_launcher", "kernel"},
                            Kind{"ipykernel", "kernel"},
                            Kind{"colab_kernel_launcher", "kernel"},
                            Kind{"jupyter-lab", "notebook-server"},
                            Kind{"jupyterlab", "notebook-server"},
                            Kind{"jupyter-notebook", "notebook-server"},
                            Kind{"jupyter-server", "notebook-server"},
                            Kind{"jupyterhub-singleuser", "notebook-server"},
                            Kind{".vscode-server", "editor"},
                            Kind{"code-server", "editor"},
                            Kind{"code_server", "editor"},
                            Kind{".cursor-server", "editor"},
                            Kind{"pycharm", "editor"},
                            Kind{"vllm", "server"},
                            Kind{"text-generation-launcher", "server"},
                            Kind{"uvicorn", "server"},
                            Kind{"gunicorn", "server"},
                            Kind{"streamlit", "server"},
                            Kind{"gradio", "server"},
                            Kind{"tritonserver", "server"}};

// A file of /proc, which has no size to be told: what comes is cut at the limit. Empty if the
// process has ended or is not ours to read.
Secret read_area(const fs::path& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  Secret area = Secret::allocate(kLargestArea);
  std::size_t size = 0;
  while (fd && size < area.size()) {
    const ssize_t got = read(fd.get(), area.writable().data() + size, area.size() - size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
  }
  area.truncate(size);
  return area;
}

// Words between NUL bytes.
std::vector<std::string> words_of(std::string_view area) {
  std::vector<std::string> words;
  while (!area.empty()) {
    const std::size_t end = area.find('\0');
    words.emplace_back(area.substr(0, end));
    area.remove_prefix(end == std::string_view::npos ? area.size() : end + 1);
  }
  return words;
}

// By the program and the words right behind it; a file's name deep in the arguments says nothing.
std::string kind_of(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && i < 4; ++i) {
    for (const Kind& kind : kKinds) {
      const std::string base = fs::path(words[i]).filename().string();
      if (base == kind.word || base == std::string(kind.word) + ".py" ||
          (kind.word.starts_with(".") && words[i].find(kind.word) != std::string::npos)) {
        return std::string(kind.name);
      }
    }
  }
  return "";
}

Environment environment_of(std::string_view area) {
  Environment environment;
  for (const std::string& word : words_of(area)) {
    if (const std::size_t equals = word.find('='); equals != std::string::npos) {
      environment.set(word.substr(0, equals), word.substr(equals + 1));
    }
  }
  return environment;
}

// The start in ticks since boot is field 22 of /proc/PID/stat, behind the name in brackets, which
// may hold anything (proc(5)).
std::string started_at(const fs::path& folder, WallTime now) {
  const Result<std::string> stat = read_file(folder / "stat");
  const Result<std::string> uptime = read_file(folder.parent_path() / "uptime");
  if (!stat || !uptime) {
    return "";
  }
  std::string_view rest = *stat;
  const std::size_t bracket = rest.rfind(')');
  if (bracket == std::string_view::npos) {
    return "";
  }
  rest.remove_prefix(bracket + 1);
  for (int field = 3; field <= 22; ++field) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    if (field < 22) {
      rest.remove_prefix(std::min(rest.find(' '), rest.size()));
    }
  }
  long long ticks = 0;
  std::from_chars(rest.data(), rest.data() + rest.size(), ticks);
  const double running = std::strtod(uptime->c_str(), nullptr) -
                         static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return format_utc(now - std::chrono::seconds(static_cast<long long>(std::max(running, 0.0))));
}

std::string shown_command(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  text = redact(text);
  return text.size() > kShownCommand ? text.substr(0, kShownCommand) + "..." : text;
}

std::optional<SessionFacts> look_at(const ProbeInput& input, const fs::path& folder,
                                    Secrets& secrets) {
  struct stat status {};

  if (stat(folder.c_str(), &status) != 0 || status.st_uid != geteuid()) {
    return std::nullopt;
  }
  const std::vector<std::string> words = words_of(read_area(folder / "cmdline").expose());
  SessionFacts session;
  session.kind = kind_of(words);
  if (session.kind.empty()) {
    return std::nullopt;
  }
  const Environment environment = environment_of(read_area(folder / "environ").expose());
  if (environment.get("HOME") != input.paths.home.string()) {
    return std::nullopt;
  }
  std::vector<TokenValue> values;
  session.environment = kept_variables(input, environment, values, secrets);
  for (const TokenValue& value : values) {
    session.tokens.push_back({value.sent, value.mask, value.fingerprint});
  }
  session.command = shown_command(words);
  session.started = started_at(folder, input.clock.now());
  std::error_code ignored;
  session.working_directory = fs::read_symlink(folder / "cwd", ignored).string();
  return session;
}

}  // namespace

void probe_sessions(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  std::error_code fault;
  for (fs::directory_iterator entry(input.root / "proc", fault);
       !fault && entry != fs::directory_iterator(); entry.increment(fault)) {
    const std::string name = entry->path().filename().string();
    int pid = 0;
    const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (wrong != std::errc() || end != name.data() + name.size() || pid == getpid()) {
      continue;
    }
    if (std::optional<SessionFacts> session = look_at(input, entry->path(), secrets)) {
      session->pid = pid;
      facts.sessions.push_back(*std::move(session));
      if (facts.sessions.size() == kMostSessions) {
        break;
      }
    }
  }
  std::sort(facts.sessions.begin(), facts.sessions.end(),
            [](const SessionFacts& a, const SessionFacts& b) { return a.pid < b.pid; });
}

}  // namespace hfauth::diagnose
