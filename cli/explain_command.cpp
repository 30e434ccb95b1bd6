// SPDX-License-Identifier: Apache-2.0
//
// hfauth explain: pasted text, files or a page of the catalogue. Exit status 0 if something was
// recognised, 1 if not. The text is never echoed and no secret of it is kept.
#include "child_process.hpp"
#include "commands.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/render.hpp"
#include "hfauth/diagnose/reports.hpp"
#include "talk.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace hfauth::cli {
namespace {

using diagnose::Explained;

const std::string kClipboard("\0clipboard", 10);  // no word of a command line has a zero byte

void describe(po::options_description& options, po::positional_options_description& positional) {
  options.add_options()(
      "input", po::value<std::vector<std::string>>()->value_name("FILE|-|ID"),
      tr("a file, - for standard input, or an id such as HFA701, M-001, restart"))  //
      ("clipboard", po::bool_switch(), tr("the text that was copied last"));
  positional.add("input", -1);
}

diagnose::TextStyle style_of(const Context& context) {
  return {context.terminal.columns, context.terminal.colour, context.terminal.ascii};
}

Result<Explained> explain_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return Error{Errc::invalid_input,
                 path + " is a folder: name a file with the text of the message"};
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return error_from_errno(errno, path);
  }
  return diagnose::explain_text(file);
}

Result<Explained> explain_standard_input(Context& context) {
  if (context.terminal.in_is_terminal && context.verbosity >= 0) {
    context.err << tr("Paste the text, then press Ctrl-D on a line of its own.") << '\n';
  }
  return diagnose::explain_text(context.in);
}

// The programs that hand out the clipboard, each where its desktop is.
Result<Explained> explain_clipboard(const Context& context) {
  static constexpr std::chrono::seconds kDeadline{3};
  const std::vector<std::vector<std::string>> programs{{"wl-paste", "--no-newline"},
                                                       {"xclip", "-o", "-selection", "clipboard"},
                                                       {"xsel", "--output", "--clipboard"}};
  for (const std::vector<std::string>& program : programs) {
    const char* const desktop = program.front() == "wl-paste" ? "WAYLAND_DISPLAY" : "DISPLAY";
    if (!context.environment.non_empty(desktop)) continue;
    std::string text;
    const Result<int> status = stream_child(
        program, context.environment, [&text](std::string_view piece) { text.append(piece); },
        kDeadline);
    if (!status || *status != 0) {
      wipe(text);
      continue;
    }
    std::istringstream in(text);
    Result<Explained> explained = diagnose::explain_text(in);
    wipe(text);
    return explained;
  }
  return Error{Errc::unsupported,
               tr("no clipboard was found here; paste the text behind 'hfauth explain -'")};
}

// Whether the word asks for a page. A file of that name goes first, so that nothing on disk is out
// of reach.
bool is_topic(const std::string& word) {
  std::error_code ignored;
  return word != "-" && !std::filesystem::exists(word, ignored) &&
         diagnose::render_page(word, {}).has_value();
}

bool looks_like_id(const std::string& word) {
  return word.starts_with("HFA") || word.starts_with("hfa") || word.starts_with("M-") ||
         word.starts_with("m-");
}

// A message given as a word of the command line instead of on standard input.
bool is_text(const std::string& word) {
  std::error_code ignored;
  return word.find_first_of(" \n") != std::string::npos && !std::filesystem::exists(word, ignored);
}

Result<Explained> explain_word(const std::string& word) {
  std::istringstream text(word);
  return diagnose::explain_text(text);
}

int print_topic(Context& context, const std::string& topic) {
  if (context.format != Format::json) {
    context.out << *diagnose::render_page(topic, style_of(context));
    return 0;
  }
  const SystemClock clock;
  const std::optional<Explained> page = diagnose::explain_topic(topic);
  if (!page) {
    return fail(
        context, "explain",
        {Errc::unsupported, filled(tr("{} is a page for people alone: leave out --json"), topic)});
  }
  context.out << diagnose::explained_json(
      *page, {clock.now(), std::chrono::milliseconds(0), context.offline, HFAUTH_VERSION});
  return 0;
}

int explain_one(Context& context, const std::string& word) {
  if (word != kClipboard && is_topic(word)) {
    return print_topic(context, word);
  }
  const SystemClock clock;
  const WallTime started = clock.now();
  const MonotonicTime begin = clock.monotonic();
  Result<Explained> explained = word == kClipboard ? explain_clipboard(context)
                                : word == "-"      ? explain_standard_input(context)
                                : is_text(word)    ? explain_word(word)
                                                   : explain_file(word);
  if (!explained) {
    if (explained.error().code == Errc::not_found && looks_like_id(word)) {
      return fail(context, "explain",
                  {Errc::not_found,
                   filled(tr("no check and no message has the id {}; 'hfauth doctor -v' lists the "
                             "checks"),
                          word)});
    }
    return fail(context, "explain", explained.error());
  }
  if (context.format == Format::json) {
    const auto duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic() - begin);
    context.out << diagnose::explained_json(*explained,
                                            {started, duration, context.offline, HFAUTH_VERSION});
  } else if (context.format == Format::quiet) {
    for (const diagnose::Explanation& explanation : explained->explanations) {
      context.out << explanation.finding.id << '\n';
    }
  } else if (context.format == Format::agent) {
    context.out << diagnose::explained_agent(*explained);
  } else {
    context.out << diagnose::render_explained(*explained, style_of(context));
  }
  return diagnose::exit_code_of(*explained);
}

int run(const po::variables_map& values, Context& context) {
  std::vector<std::string> words;
  if (values.count("input") != 0) {
    words = values["input"].as<std::vector<std::string>>();
  }
  if (values["clipboard"].as<bool>()) {
    words.emplace_back(kClipboard);
  }
  if (words.empty()) {
    words.emplace_back("-");
  }
  int worst = 0;
  for (const std::string& word : words) {
    worst = std::max(worst, explain_one(context, word));
  }
  return worst;
}

}  // namespace

const Command kExplainCommand{
    .name = "explain",
    .usage = "[FILE | - | ID]... [--clipboard]",
    .summary = tr_later("Say what a pasted warning or error means, and what to do"),
    .describe = describe,
    .run = run,
};

}  // namespace hfauth::cli
