// SPDX-License-Identifier: Apache-2.0
//
// The child's end is seen by its pidfd, so that the program that refreshes tokens, which ends by
// itself, is not mistaken for it.
#include "server_asker.hpp"

#include "child_start.hpp"
#include "log.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace hfauth::daemon {

using boost::system::error_code;

std::vector<std::string> ServerAsker::program_of(const Config::Confirmation& how) const {
  if (!how.program.empty()) return how.program;
  if (!askpass_ || !askpass_->starts_with('/')) return {};
  return {*askpass_};
}

void ServerAsker::ask(const Config::Confirmation& how, const std::string& question,
                      std::function<void(bool)> answer) {
  questions_.push_back({.how = how, .text = question, .answer = std::move(answer)});
  if (!child_) put_next();
}

void ServerAsker::put_next() {
  while (!questions_.empty() && !child_) {
    if (closed_ || !start(questions_.front())) finish(false);
  }
}

bool ServerAsker::start(const Question& question) {
  std::vector<std::string> words = program_of(question.how);
  if (words.empty()) {
    log_line(LogLevel::warning,
             "a rule wants to be confirmed, and there is no program to ask with");
    return false;
  }
  words.push_back(question.text);
  const Result<pid_t> child = start_child(std::move(words), {"SSH_ASKPASS_PROMPT=confirm"});
  if (!child) {
    log_line(LogLevel::warning, "nobody can be asked: " + child.error().detail);
    return false;
  }
  child_ = *child;
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, *child_, 0));
  if (pidfd < 0) {
    log_line(LogLevel::warning, error_from_errno(errno, "pidfd_open").detail);
    end_child();
    return false;
  }
  child_ended_.assign(pidfd);
  child_ended_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                          [this](error_code failure) {
                            if (failure || !child_) return;
                            int status = -1;
                            waitpid(*child_, &status, 0);
                            child_.reset();
                            finish(WIFEXITED(status) && WEXITSTATUS(status) == 0);
                            put_next();
                          });
  timer_.expires_after(question.how.timeout);
  timer_.async_wait([this](error_code failure) {
    if (failure || !child_) return;
    log_line(LogLevel::notice, "nobody confirmed in time");
    end_child();
    finish(false);
    put_next();
  });
  return true;
}

void ServerAsker::end_child() {
  if (!child_) return;
  kill(*child_, SIGKILL);
  waitpid(*child_, nullptr, 0);
  child_.reset();
}

void ServerAsker::finish(bool yes) {
  error_code ignored;  // nothing can be done about a close that fails
  child_ended_.close(ignored);
  timer_.cancel();
  const Question question = std::move(questions_.front());
  questions_.pop_front();
  question.answer(yes);
}

void ServerAsker::close() {
  closed_ = true;
  end_child();
  while (!questions_.empty())
    finish(false);
}

}  // namespace hfauth::daemon
