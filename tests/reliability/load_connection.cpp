// SPDX-License-Identifier: Apache-2.0
//
// ssh-agent: draft-miller-ssh-agent §4.4, message 11 and its answer 12. git: the credential cache's
// own lines (git's builtin/credential-cache.c); the answer ends with the connection.
#include "load_connection.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace hfauth::load {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kGetToken =
    "{\"method\":\"org.hfauth.Agent.GetToken\",\"parameters\":{\"profile\":\"alice\"}}\0"sv;
constexpr std::string_view kStatus = "{\"method\":\"org.hfauth.Agent.Status\"}\0"sv;
constexpr std::string_view kList = "{\"method\":\"org.hfauth.Agent.List\"}\0"sv;
constexpr std::string_view kGetInfo = "{\"method\":\"org.varlink.service.GetInfo\"}\0"sv;
constexpr std::string_view kListKeys = "\0\0\0\1\x0b"sv;
constexpr std::string_view kGetCredential =
    "action=get\ntimeout=900\nprotocol=https\nhost=huggingface.co\nusername=alice\n\n"sv;

constexpr char kKeysAnswer = 12;

}  // namespace

void fail(std::string_view what) {
  std::fprintf(stderr, "hfauth_load: %.*s: %s\n", static_cast<int>(what.size()), what.data(),
               std::strerror(errno));
  std::_Exit(1);
}

Protocol protocol_named(std::string_view name) {
  if (name == "varlink") return Protocol::varlink;
  if (name == "mixed") return Protocol::mixed;
  if (name == "ssh") return Protocol::ssh;
  if (name == "git") return Protocol::git;
  fail("an unknown protocol");
}

std::uint64_t now_ns() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

int connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) fail("a path that is too long");
  path.copy(address.sun_path, path.size());
  // Blocking for the connect alone: a full backlog is waited for.
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail("connecting to " + path);
  return fd;
}

std::string_view Connection::next_request() {
  switch (protocol_) {
    case Protocol::ssh:
      return kListKeys;
    case Protocol::git:
      return kGetCredential;
    case Protocol::varlink:
      return kGetToken;
    case Protocol::mixed:
      break;
  }
  constexpr std::array<std::string_view, 8> kMix{kGetToken, kGetToken, kStatus,   kGetToken,
                                                 kGetToken, kList,     kGetToken, kGetInfo};
  return kMix[turn_++ % kMix.size()];
}

void Connection::ask(std::uint64_t due) {
  const std::string_view request = next_request();
  asked_.push_back(due);
  const ssize_t sent = send(fd, request.data(), request.size(), MSG_NOSIGNAL);
  // A peer that is gone is seen at the read.
  if (sent >= 0 && static_cast<std::size_t>(sent) != request.size())
    fail("a request that was sent in part");
  if (protocol_ == Protocol::git) shutdown(fd, SHUT_WR);
}

bool Connection::whole_answer(std::string_view input, std::size_t& size) const {
  if (protocol_ == Protocol::ssh) {
    if (input.size() < 4) return false;
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
      length = length << 8U | static_cast<unsigned char>(input[i]);
    size = length + 4;
    return input.size() >= size;
  }
  const std::size_t end = input.find('\0');
  size = end + 1;
  return end != std::string_view::npos;
}

bool Connection::right(std::string_view answer) const {
  if (protocol_ == Protocol::ssh) return answer.size() > 4 && answer[4] == kKeysAnswer;
  constexpr std::string_view kGiven = "{\"parameters\":{\"token\":\"hf_";
  return answer.starts_with(protocol_ == Protocol::mixed ? kGiven.substr(0, 14) : kGiven);
}

Connection::Outcome Connection::read_answers() {
  Outcome outcome;
  std::array<char, 65536> bytes;  // NOLINT(cppcoreguidelines-pro-type-member-init): written below
  const ssize_t size = recv(fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
  const std::uint64_t now = now_ns();
  if (size < 0) {
    outcome.broken = errno != EAGAIN && errno != EINTR;
    return outcome;
  }
  if (size == 0) {
    // That is how git's cache ends its answer.
    if (protocol_ != Protocol::git || asked_.empty() ||
        input_.find("password=") == std::string::npos) {
      outcome.broken = true;
      return outcome;
    }
    outcome.latencies.push_back(now - asked_.front());
    asked_.pop_front();
    return outcome;
  }
  // What came whole is looked at where it lies: the generator must cost less than what it measures.
  std::string_view rest(bytes.data(), static_cast<std::size_t>(size));
  const bool gathering = protocol_ == Protocol::git || !input_.empty();
  if (gathering) {
    input_.append(rest);
    rest = input_;
  }
  if (protocol_ == Protocol::git) return outcome;
  std::size_t length = 0;
  while (whole_answer(rest, length)) {
    if (asked_.empty()) {
      outcome.broken = true;
      return outcome;
    }
    if (!right(rest.substr(0, length))) ++outcome.errors;
    outcome.latencies.push_back(now - asked_.front());
    asked_.pop_front();
    rest.remove_prefix(length);
    last_answer = now;
  }
  if (gathering) {
    input_.erase(0, input_.size() - rest.size());
  } else {
    input_.assign(rest);
  }
  return outcome;
}

void Connection::restart(int socket) {
  fd = socket;
  input_.clear();
  asked_.clear();
  last_answer = now_ns();
}

}  // namespace hfauth::load
