// SPDX-License-Identifier: Apache-2.0
//
// Files of /proc have no size to be told: they are read to their end, or to a limit.
#include "hfauth/diagnose/process_folder.hpp"

#include "hfauth/core/text_pieces.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFirstArea = 8 << 10;
constexpr std::size_t kLargestArea = 2 << 20;  // of more than that the rest is left out

Error error_of(int number, int pid) {
  const std::string name = "pid " + std::to_string(pid);
  if (number == EACCES || number == EPERM)
    return {Errc::permission, name + ": the system does not let this user look into it"};
  if (number == ENOENT || number == ESRCH) return {Errc::not_found, name + ": it has ended"};
  return {Errc::io, name + ": " + std::system_category().message(number)};
}

// Words between NUL bytes.
std::vector<std::string> words_of(std::string_view area) {
  std::vector<std::string> words;
  while (!area.empty())
    words.emplace_back(take_until(area, '\0'));
  return words;
}

// What stands behind the name in brackets, which may hold anything: from field 3 on (proc(5)).
std::string_view behind_the_name(std::string_view stat) {
  const std::size_t bracket = stat.rfind(')');
  if (bracket == std::string_view::npos || bracket + 2 > stat.size()) return {};
  return stat.substr(bracket + 2);
}

std::string_view field_of(std::string_view rest, int number) {
  for (int field = 3; field < number; ++field) {
    rest.remove_prefix(std::min(rest.find(' '), rest.size()));
    rest = trimmed_begin(rest, " ");
  }
  return rest.substr(0, rest.find_first_of(" \n"));
}

// Left as it is if there is no number.
template <class Number>
void read_number(std::string_view text, Number& number) {
  std::from_chars(text.data(), text.data() + text.size(), number);
}

}  // namespace

Result<ProcessFolder> ProcessFolder::open(const fs::path& proc, int pid) {
  const std::string path = (proc / std::to_string(pid)).string();
  UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!folder)
    return Error{Errc::not_found, "pid " + std::to_string(pid) + ": there is no such process"};

  struct stat status {};

  if (fstat(folder.get(), &status) != 0) return error_of(errno, pid);
  if (status.st_uid != geteuid()) {
    return Error{Errc::permission, "pid " + std::to_string(pid) + " belongs to user " +
                                       std::to_string(status.st_uid) +
                                       ": processes of others are not looked into"};
  }
  return ProcessFolder(std::move(folder), proc, pid);
}

Result<Secret> ProcessFolder::read(const char* name) const {
  const UniqueFd fd(openat(folder_.get(), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return error_of(errno, pid_);
  Secret area = Secret::allocate(kFirstArea);
  std::size_t size = 0;
  while (size < kLargestArea) {
    if (size == area.size()) {
      Secret larger = Secret::allocate(area.size() * 4);
      std::copy_n(area.expose().data(), size, larger.writable().data());
      area = std::move(larger);
    }
    const ssize_t got = ::read(fd.get(), area.writable().data() + size, area.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error_of(errno, pid_);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  area.truncate(size);
  return area;
}

ProcessStatus ProcessFolder::status() const {
  const Result<Secret> line = read("stat");
  const std::string_view rest = line ? behind_the_name(line->expose()) : std::string_view();
  constexpr int kParent = 4;
  constexpr int kBegan = 22;
  ProcessStatus status;
  if (!rest.empty()) status.state = rest.front();
  read_number(field_of(rest, kParent), status.parent);
  read_number(field_of(rest, kBegan), status.began);
  return status;
}

std::optional<WallTime> ProcessFolder::started(const ProcessStatus& status, WallTime now) const {
  const Result<std::string> uptime = read_file(proc_ / "uptime");
  if (!uptime || status.began < 0) return std::nullopt;
  const double running =
      std::strtod(uptime->c_str(), nullptr) -
      static_cast<double>(status.began) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return now - std::chrono::seconds(static_cast<long long>(std::max(running, 0.0)));
}

std::vector<std::string> ProcessFolder::words() const {
  const Result<Secret> area = read("cmdline");
  return area ? words_of(area->expose()) : std::vector<std::string>();
}

Result<Environment> ProcessFolder::environment() const {
  const Result<Secret> area = read("environ");
  if (!area) return area.error();
  Environment environment;
  for (const std::string& word : words_of(area->expose())) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || environment.get(word.substr(0, equals))) continue;
    environment.set(word.substr(0, equals),
                    word.substr(equals + 1));  // the first counts: getenv(3)
  }
  return environment;
}

Result<fs::path> ProcessFolder::link(const char* name) const {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = readlinkat(folder_.get(), name, target.data(), target.size());
  if (size < 0) return error_of(errno, pid_);
  return fs::path(std::string(target.data(), static_cast<std::size_t>(size)));
}

bool ProcessFolder::maps_any(const std::vector<std::string_view>& words) const {
  const Result<Secret> maps = read("maps");
  return maps && std::any_of(words.begin(), words.end(), [&](std::string_view word) {
           return maps->expose().find(word) != std::string_view::npos;
         });
}

std::vector<int> process_numbers(const fs::path& proc) {
  std::vector<int> numbers;
  std::error_code fault;
  for (fs::directory_iterator entry(proc, fault); !fault && entry != fs::directory_iterator();
       entry.increment(fault)) {
    const std::string name = entry->path().filename().string();
    int pid = 0;
    const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (wrong == std::errc() && end == name.data() + name.size()) numbers.push_back(pid);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace hfauth::diagnose
