// SPDX-License-Identifier: Apache-2.0
//
// posix_spawn with two pipes: the stand-in ends when its input closes, so it cannot outlive a test
// that was killed, and it is ready when its line of JSON has come.
#include "support/hub_process.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>

extern char**
    environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared by the user

namespace hfauth::testing {
namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kReadyWithin{30};  // unpacking and openssl on a loaded machine
constexpr std::chrono::seconds kGoneWithin{5};

void make_pipe(UniqueFd& read_end, UniqueFd& write_end) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  read_end = UniqueFd(ends[0]);
  write_end = UniqueFd(ends[1]);
}

std::string text(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

HubProcess::HubProcess(const std::vector<std::string>& options) {
  spawn(options);
  try {
    const json ready = json::parse(read_line());
    url_ = ready.at("endpoint").get<std::string>();
    cdn_url_ = ready.at("cdn").get<std::string>();
    plain_url_ = text(ready, "plain");
    ca_file_ = text(ready, "ca");
    tokens_ = ready.at("accounts").get<std::map<std::string, std::string>>();
    http_ = hub::load_http_client(environment()).value();
  } catch (const std::exception&) {
    end();
    throw;
  }
}

HubProcess::~HubProcess() {
  end();
}

void HubProcess::spawn(const std::vector<std::string>& options) {
  UniqueFd child_input;
  UniqueFd child_output;
  make_pipe(child_input, input_);
  make_pipe(output_, child_output);
  std::vector<std::string> arguments{
      "/usr/bin/python3", HFAUTH_SOURCE_DIR "/tests/support/hub/hub.py", "--until-stdin-closes"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, child_input.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, child_output.get(), STDOUT_FILENO);
  const int failed =
      ::posix_spawn(&child_, pointers[0], &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    child_ = -1;
    throw std::runtime_error("python3 could not be started: " +
                             std::generic_category().message(failed));
  }
}

std::string HubProcess::read_line() const {
  std::string line;
  const auto deadline = steady_clock::now() + kReadyWithin;
  while (line.find('\n') == std::string::npos) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now());
    pollfd waiting{.fd = output_.get(), .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
      throw std::runtime_error("the Hub stand-in was not ready in time; it said: " + line);
    }
    char buffer[4096];
    const ssize_t n_bytes = ::read(output_.get(), buffer, sizeof buffer);
    if (n_bytes <= 0)
      throw std::runtime_error("the Hub stand-in ended before it was ready; it said: " + line);
    line.append(buffer, static_cast<std::size_t>(n_bytes));
  }
  return line;
}

void HubProcess::end() noexcept {
  if (child_ < 0) return;
  input_.reset();
  ::kill(child_, SIGTERM);
  const auto deadline = steady_clock::now() + kGoneWithin;
  // A child has no file that says "gone"; its output closing does.
  while (steady_clock::now() < deadline) {
    pollfd waiting{.fd = output_.get(), .events = POLLIN, .revents = 0};
    char rest[512];
    if (::poll(&waiting, 1, 100) > 0 && ::read(output_.get(), rest, sizeof rest) <= 0) break;
  }
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
  child_ = -1;
}

token::Endpoint HubProcess::endpoint() const {
  return token::Endpoint::parse(url_).value();
}

Environment HubProcess::environment() const {
  Environment environment;
  if (!ca_file_.empty()) environment.set("SSL_CERT_FILE", ca_file_);
  return environment;
}

std::string HubProcess::control(const std::string& order) {
  hub::HttpRequest request;
  request.method = "POST";
  request.url = url_ + "/__control";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = order;
  const hub::HttpResponse response = http_->send(request).value();
  if (response.status != 200)
    throw std::runtime_error("the Hub stand-in refuses " + order + ": " + response.body);
  return response.body;
}

std::vector<HubProcess::Seen> HubProcess::read_log(const std::string& origin) {
  hub::HttpRequest request;
  request.url = origin + "/__log";
  request.body_limit = std::size_t{16} << 20;
  std::vector<Seen> entries;
  for (const json& entry : json::parse(http_->send(request).value().body)) {
    entries.push_back({.method = text(entry, "method"),
                       .path = text(entry, "path"),
                       .who = text(entry, "who"),
                       .range = text(entry, "range"),
                       .user_agent = text(entry, "user_agent"),
                       .authorization = entry.value("authorization", false),
                       .status = entry.value("status", 0)});
  }
  return entries;
}

}  // namespace hfauth::testing
