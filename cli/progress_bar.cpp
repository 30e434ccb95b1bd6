// SPDX-License-Identifier: Apache-2.0
//
// One write a redraw: carriage return, the line, "erase to the end"; so nothing flickers and no
// line wraps.
#include "progress_bar.hpp"

#include "cache_command.hpp"
#include "hfauth/core/utf8.hpp"
#include "talk.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kWidest = 80;
constexpr std::size_t kWidestBar = 24;
constexpr std::chrono::seconds kBetweenLines{10};
constexpr milliseconds kFirstRate{500};  // before that it is a guess

std::size_t columns_of_errors() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kWidest;
  return std::min<std::size_t>(size.ws_col, kWidest);
}

std::string bar_of(double share, std::size_t width, bool ascii) {
  const auto n_full = static_cast<std::size_t>(share * static_cast<double>(width));
  std::string bar;
  for (std::size_t i = 0; i < width; ++i)
    bar += i < n_full ? (ascii ? "#" : "\u2588") : (ascii ? "." : "\u2591");
  return bar;
}

}  // namespace

std::string progress_line(const hub::DownloadProgress& progress, milliseconds elapsed,
                          std::size_t columns, bool ascii) {
  const double share = progress.bytes == 0
                           ? 0
                           : std::min(1.0, static_cast<double>(progress.bytes_done) /
                                               static_cast<double>(progress.bytes));
  std::string line = filled(tr("{0} of {1} files"), progress.n_files_done, progress.n_files);
  std::string tail = fmt::format("{:3.0f}%  {} / {}", 100 * share, show_size(progress.bytes_done),
                                 show_size(progress.bytes));
  if (elapsed >= kFirstRate) {
    const double rate =
        1000.0 * static_cast<double>(progress.bytes_done) / static_cast<double>(elapsed.count());
    tail += fmt::format("  {}/s", show_size(static_cast<std::uint64_t>(rate)));
  }
  const std::size_t used = utf8::columns(line) + utf8::columns(tail) + 4;
  if (used + 4 <= columns) {
    line += "  " + bar_of(share, std::min(columns - used, kWidestBar), ascii);
  }
  line += "  " + tail;
  return utf8::columns(line) <= columns ? line : tail.substr(0, columns);
}

ProgressBar::ProgressBar(const Context& context)
    : context_(context),
      start_(steady_clock::now()),
      next_(start_ + kBetweenLines),
      columns_(columns_of_errors()) {}

ProgressBar::~ProgressBar() {
  take_away();
}

void ProgressBar::take_away() {
  if (shown_.empty()) return;
  context_.err << "\r\x1b[K" << std::flush;
  shown_.clear();
}

void ProgressBar::show(const hub::DownloadProgress& progress) {
  if (context_.verbosity < 0 || context_.environment.is_true("HF_HUB_DISABLE_PROGRESS_BARS"))
    return;
  const auto now = steady_clock::now();
  const auto elapsed = std::chrono::duration_cast<milliseconds>(now - start_);
  if (context_.terminal.err_is_terminal) {
    // The last column stays free: some terminals wrap when it is written.
    std::string line = progress_line(progress, elapsed, columns_ - 1, context_.terminal.ascii);
    if (line == shown_) return;
    context_.err << "\r" + line + "\x1b[K" << std::flush;
    shown_ = std::move(line);
  } else if (now >= next_) {
    next_ = now + kBetweenLines;
    context_.err << "hfauth download: "
                 << filled(tr("{0} of {1} files, {2} of {3}"), progress.n_files_done,
                           progress.n_files, show_size(progress.bytes_done),
                           show_size(progress.bytes))
                 << std::endl;
  }
}

void ProgressBar::say(const std::string& text) {
  take_away();
  if (context_.verbosity >= 0) context_.err << "hfauth download: " << text << std::endl;
}

}  // namespace hfauth::cli
