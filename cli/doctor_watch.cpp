// SPDX-License-Identifier: Apache-2.0
//
// A probe may hang at the Hub for seconds, and Ctrl-C must not wait for it: the handler ends the
// process, and is held back only while lines are written, so that none is cut.
#include "doctor_watch.hpp"

#include "doctor_facts.hpp"
#include "doctor_reports.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/comparison.hpp"
#include "talk.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ostream>
#include <set>

namespace hfauth::cli {
namespace {

using diagnose::Difference;
using diagnose::Facts;

constexpr std::chrono::seconds kLocalInterval{15};
constexpr std::chrono::minutes kHubInterval{10};     // whoami is strictly limited
constexpr std::chrono::minutes kRetryInterval{1};    // after a look that found no answer
constexpr std::chrono::milliseconds kSettling{200};  // a file is written in several steps
constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t last_status = 0;

extern "C" void end_watching(int /*number*/) {
  _exit(last_status);
}

void end_on_signals() {
  struct sigaction action {};

  action.sa_handler = &end_watching;
  ::sigemptyset(&action.sa_mask);
  for (const int number : kSignals) {
    struct sigaction before {};

    ::sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) ::sigaction(number, &action, nullptr);
  }
}

/// No signal comes while it lives.
class Undisturbed {
 public:
  Undisturbed() noexcept {
    sigset_t held{};
    ::sigemptyset(&held);
    for (const int number : kSignals)
      ::sigaddset(&held, number);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }

  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

  ~Undisturbed() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// The folders in which the facts' files are, watched for names that come, go or are written.
class FolderWatch {
 public:
  FolderWatch() : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

  void follow(const Facts& facts) {
    if (!fd_) return;  // without it the interval alone counts
    std::set<std::filesystem::path> folders;
    const auto add = [&folders](const std::string& path) {
      if (path.starts_with('/')) folders.insert(std::filesystem::path(path).parent_path());
    };
    for (const diagnose::TokenFile& file : facts.files)
      add(file.path);
    for (const diagnose::SettingLine& line : facts.setting_lines)
      add(line.path);
    for (const diagnose::NetrcEntry& entry : facts.netrc)
      add(entry.path);
    for (const diagnose::GitHelper& helper : facts.git.helpers)
      add(helper.where);
    for (const diagnose::ScriptFacts& script : facts.scripts)
      add(script.path);
    add(facts.stored.path);
    add(facts.home + "/.netrc");
    for (std::filesystem::path folder : folders) {
      std::error_code ignored;
      while (!std::filesystem::is_directory(folder, ignored) && folder.has_relative_path())
        folder = folder.parent_path();  // what is to come begins there
      inotify_add_watch(fd_.get(), folder.c_str(),
                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE |
                            IN_ATTRIB | IN_ONLYDIR);
    }
  }

  /// Waits for a change, `longest` at most; then for a moment without one.
  void wait(std::chrono::milliseconds longest) {
    pollfd one{fd_.get(), POLLIN, 0};
    if (::poll(&one, fd_ ? 1 : 0, static_cast<int>(longest.count())) <= 0) return;
    do {
      std::array<char, 16384> events{};
      while (::read(fd_.get(), events.data(), events.size()) > 0) {
      }
    } while (::poll(&one, 1, static_cast<int>(kSettling.count())) > 0);
  }

 private:
  UniqueFd fd_;
};

std::string time_of_day(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm local{};
  localtime_r(&seconds, &local);
  return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

class Watching {
 public:
  Watching(const DoctorQuestion& question, Context& context)
      : question_(question), context_(context) {}

  int run() {
    end_on_signals();
    Examination local = local_look();  // before the first look: what changes meanwhile is noticed
    folders_.follow(local.facts);
    Result<Examination> first = examine(context_, clock(), question_);
    if (!first) return fail(context_, "doctor", first.error());
    Examination seen = *std::move(first);
    print_first(seen);
    MonotonicTime asked = clock().monotonic();
    while (context_.out) {
      folders_.follow(seen.facts);
      folders_.wait(kLocalInterval);
      Examination now = local_look();
      const bool changed = !differences_between(local, now).empty();
      if (!changed && (context_.offline || clock().monotonic() - asked < until_next(seen)))
        continue;
      Result<Examination> next = examine(context_, clock(), question_);
      if (!next) return fail(context_, "doctor", next.error());
      print_changes(seen, *next);
      seen = *std::move(next);
      local = std::move(now);
      asked = clock().monotonic();
    }
    return last_status;
  }

 private:
  static const Clock& clock() {
    static const SystemClock clock;  // a probe that hangs is left behind with it
    return clock;
  }

  /// Without the Hub: what is compared to see whether anything changed. Empty if the context is
  /// gone, which the next whole look says.
  [[nodiscard]] Examination local_look() const {
    Context offline = context_;
    offline.offline = true;
    Result<Examination> seen = examine(offline, clock(), question_);
    return seen ? *std::move(seen) : Examination{};
  }

  /// A network that did not answer in time must not hide for ten minutes what has changed.
  [[nodiscard]] static std::chrono::minutes until_next(const Examination& seen) {
    const bool whole = std::ranges::none_of(seen.report.incomplete, &diagnose::Incomplete::needed);
    return whole ? kHubInterval : kRetryInterval;
  }

  [[nodiscard]] static std::vector<Difference> differences_between(const Examination& before,
                                                                   const Examination& now) {
    return diagnose::compare({before.facts, before.report}, {now.facts, now.report});
  }

  [[nodiscard]] static diagnose::RunInfo run_of(const Examination& seen) {
    diagnose::RunInfo run = run_info_of(seen.facts, seen.report, std::chrono::nanoseconds(0));
    run.mode = "watch";
    return run;
  }

  void print_first(const Examination& seen) {
    const Undisturbed undisturbed;
    print_report(seen.report, run_of(seen), context_, context_.out);
    if (context_.format == Format::human && context_.verbosity >= 0)
      context_.err << tr("Watching. Ctrl-C ends it.") << std::endl;  // before a line of output
    context_.out.flush();
    last_status = seen.report.exit_code;
  }

  void print_changes(const Examination& before, const Examination& now) {
    const std::vector<Difference> differences = differences_between(before, now);
    last_status = now.report.exit_code;
    if (differences.empty()) return;
    const Undisturbed undisturbed;
    if (context_.format == Format::json) {
      nlohmann::ordered_json document =
          nlohmann::ordered_json::parse(diagnose::report_json(now.report, run_of(now)));
      document["changes"] = nlohmann::ordered_json::array();
      for (const Difference& one : differences)
        document["changes"].push_back({{"what", one.what}, {"before", one.a}, {"now", one.b}});
      using Handler = nlohmann::ordered_json::error_handler_t;
      context_.out << document.dump(-1, ' ', false, Handler::replace) << '\n';
    } else {
      print_lines(differences, now);
    }
    context_.out.flush();
  }

  void print_lines(const std::vector<Difference>& differences, const Examination& now) {
    const std::string time = time_of_day(now.facts.taken);
    for (const Difference& one : differences) {
      const auto shown = [](const std::string& text) {
        return text.empty() ? std::string("-") : utf8::visible(text);
      };
      context_.out << time << "  " << utf8::visible(one.what) << ": " << shown(one.a) << " -> "
                   << shown(one.b) << '\n';
    }
    if (!now.report.next.empty())
      context_.out << time << "  " << tr("next:") << ' ' << utf8::visible(now.report.next) << '\n';
  }

  const DoctorQuestion& question_;
  Context& context_;
  FolderWatch folders_;
};

}  // namespace

void describe_watching(po::options_description& options) {
  options.add_options()("watch", po::bool_switch(),
                        tr("go on, and print what changes, until it is interrupted"));
}

int watch_machine(const DoctorQuestion& question, Context& context) {
  return Watching(question, context).run();
}

}  // namespace hfauth::cli
