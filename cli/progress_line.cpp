// SPDX-License-Identifier: Apache-2.0
//
// Carriage return and "erase to the end of the line"; a dumb terminal gets nothing.
#include "progress_line.hpp"

#include "cache_command.hpp"
#include "hfauth/core/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace hfauth::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{100};

bool can_redraw(const Context& context) {
  return context.terminal.err_is_terminal && context.format == Format::human &&
         context.verbosity >= 0 && context.environment.get("TERM").value_or("dumb") != "dumb";
}

}  // namespace

ProgressLine::ProgressLine(Context& context, std::string verb, std::uint64_t total)
    : context_(context), verb_(std::move(verb)), total_(total), is_wanted_(can_redraw(context)) {}

ProgressLine::~ProgressLine() {
  if (is_shown_) context_.err << "\r\x1b[K" << std::flush;
}

void ProgressLine::advance(std::uint64_t n_bytes, const std::string& what) {
  done_ += n_bytes;
  if (!is_wanted_) return;
  const auto now = std::chrono::steady_clock::now();
  if (is_shown_ && now - drawn_ < kInterval) return;
  drawn_ = now;
  is_shown_ = true;
  const std::uint64_t percent =
      total_ == 0 ? 100 : std::min<std::uint64_t>(100, done_ * 100 / total_);
  std::string line = fmt::format("{} {:3}% {} / {}  {}", verb_, percent, show_size(done_),
                                 show_size(total_), what);
  while (utf8::columns(line) >= context_.terminal.columns) {
    line.pop_back();
    line = utf8::make_valid(line);
    if (line.ends_with("\uFFFD")) line.resize(line.size() - 3);
  }
  context_.err << '\r' << line << "\x1b[K" << std::flush;
}

}  // namespace hfauth::cli
