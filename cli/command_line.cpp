// SPDX-License-Identifier: Apache-2.0
//
// The words are read in this order: global options, an optional "auth" (as in `hf auth login`), the
// command (two words for one of a group, "cache ls"), then its options and the global ones mixed.
// For a command that runs another program everything behind "--" is that program's and is not
// looked at; of exec also everything from the first word that is no option. Boost's guessing of
// shortened options is off: a script that says --off must not change its meaning when an option is
// added.
#include "command_line.hpp"

#include "commands.hpp"
#include "global_options.hpp"
#include "help.hpp"
#include "hfauth/core/suggestion.hpp"
#include "talk.hpp"

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>

#include <algorithm>
#include <cerrno>
#include <istream>
#include <optional>
#include <ostream>
#include <span>

namespace hfauth::cli {
namespace {

using Words = std::vector<std::string>;

constexpr int kStyle = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;

bool looks_like_option(const std::string& word) {
  return word.size() > 1 && word.front() == '-' && word != "--";
}

/// Whether the option word is followed by its value as a word of its own.
bool takes_next_word(const std::string& word, const po::options_description& options) {
  if (word.find('=') != std::string::npos) return false;
  const bool is_long = word.starts_with("--");
  if (!is_long && word.size() > 2) return false;  // -fFILE, -vv
  const std::string name = is_long ? word.substr(2) : word;
  const po::option_description* found = options.find_nothrow(name, false);
  return found != nullptr && found->semantic()->max_tokens() > 0;
}

/// How many words from the start are options and their values; stops at "--" and at the first other
/// word.
std::size_t count_option_words(std::span<const std::string> words,
                               const po::options_description& options) {
  std::size_t i = 0;
  while (i < words.size() && looks_like_option(words[i])) {
    i += takes_next_word(words[i], options) ? 2 : 1;
  }
  return std::min(i, words.size());
}

/// How many of the words are the command's own.
std::size_t count_own_words(const Command& command, std::span<const std::string> words,
                            const po::options_description& options) {
  switch (command.program) {
    case ProgramWords::behind_options:
      return count_option_words(words, options);
    case ProgramWords::behind_dashes:
      return static_cast<std::size_t>(std::find(words.begin(), words.end(), "--") - words.begin());
    case ProgramWords::none:
      break;
  }
  return words.size();
}

/// The value of --lang before the options are described, for their descriptions are already
/// translated.
std::string peek_language(const Words& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].starts_with("--lang=")) return words[i].substr(7);
    if (words[i] == "--lang" && i + 1 < words.size()) return words[i + 1];
    if (words[i] == kExecCommand.name) break;
  }
  return {};
}

void start_translation(const Words& words, const Environment& environment) {
  const Result<std::filesystem::path> folder = program_directory();
  if (folder)
    choose_language(peek_language(words), environment, *folder / ".." / "share" / "locale");
}

std::string known_options_near(const std::string& option, const po::options_description& options) {
  Words names;
  for (const auto& description : options.options())
    names.push_back("--" + description->long_name());
  return nearest(option, names).value_or("");
}

/// What Boost found wrong, in our words and without the value: that may be a pasted token.
std::string usage_problem(const po::error& problem, const po::options_description& options) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&problem)) {
    const std::string near = known_options_near(unknown->get_option_name(), options);
    if (near.empty()) return filled(tr("unknown option {}"), unknown->get_option_name());
    return filled(tr("unknown option {}; did you mean {}?"), unknown->get_option_name(), near);
  }
  if (const auto* syntax = dynamic_cast<const po::invalid_command_line_syntax*>(&problem)) {
    using Kind = po::invalid_command_line_syntax;
    switch (syntax->kind()) {
      case Kind::missing_parameter:
      case Kind::empty_adjacent_parameter:
        return filled(tr("{} needs a value"), syntax->get_option_name());
      case Kind::extra_parameter:
        return filled(tr("{} takes no value"), syntax->get_option_name());
      default:
        return filled(tr("{} is malformed"), syntax->get_option_name());
    }
  }
  if (const auto* multiple = dynamic_cast<const po::multiple_occurrences*>(&problem)) {
    return filled(tr("{} was given more than once"), multiple->get_option_name());
  }
  if (const auto* value = dynamic_cast<const po::error_with_option_name*>(&problem)) {
    return filled(tr("the value of {} is not valid"), value->get_option_name());
  }
  if (dynamic_cast<const po::too_many_positional_options_error*>(&problem) != nullptr) {
    return tr("too many words");
  }
  return problem.what();
}

/// A question ("did you mean --name?") is cure enough; else the help is.
Error usage_error(const std::string& problem, std::string_view command) {
  if (problem.ends_with('?')) return {Errc::usage, problem};
  const std::string help = "hfauth help" + (command.empty() ? "" : " " + std::string(command));
  return {Errc::usage, filled(tr("{}; see '{}'"), problem, help)};
}

Error unknown_command(const std::string& word) {
  Words names;
  for (const Command* command : commands())
    names.emplace_back(command->name);
  const std::optional<std::string> near = nearest(word, names);
  const std::string problem =
      near ? filled(tr("unknown command '{}'; did you mean '{}'?"), word, *near)
           : filled(tr("unknown command '{}'"), word);
  return usage_error(problem, "");
}

po::variables_map parse(const Words& words, const po::options_description& options,
                        const po::positional_options_description& positional) {
  po::variables_map values;
  po::store(
      po::command_line_parser(words).options(options).positional(positional).style(kStyle).run(),
      values);
  return values;
}

/// The command line taken apart, as far as it could be.
struct Parsed {
  const Command* command = nullptr;
  std::string group;  ///< "cache", if nothing but a group's name was given
  GlobalOptions globals;
  po::variables_map values;
  std::optional<Error> mistake;
};

/// Fills `values` and `globals` from `words`, or notes the mistake.
void take_options(const Words& words, const po::options_description& options,
                  const po::positional_options_description& positional, Parsed& parsed) {
  try {
    parsed.values = parse(words, options, positional);
  } catch (const po::error& problem) {
    const std::string_view name = parsed.command != nullptr ? parsed.command->name : "";
    parsed.mistake = usage_error(usage_problem(problem, options), name);
    return;
  }
  if (const Result<void> taken = parsed.globals.take(parsed.values); !taken) {
    parsed.mistake = taken.error();
  }
}

void parse_command(const Words& leading, std::span<const std::string> rest, Parsed& parsed) {
  const Command& command = *parsed.command;
  po::options_description own;
  po::positional_options_description positional;
  command.describe(own, positional);
  po::options_description all;
  all.add(own);
  GlobalOptions::describe(all);

  const std::size_t n_own = count_own_words(command, rest, all);
  const auto own_end = rest.begin() + static_cast<std::ptrdiff_t>(n_own);
  Words words = leading;
  words.insert(words.end(), rest.begin(), own_end);
  Words program(own_end, rest.end());
  const bool is_named = !program.empty() || command.program == ProgramWords::behind_options;
  if (!program.empty() && program.front() == "--") program.erase(program.begin());
  take_options(words, all, positional, parsed);
  if (is_named) {
    parsed.values.insert({"program", po::variable_value(boost::any(std::move(program)), false)});
  }
}

Parsed parse_all(const Words& words) {
  po::options_description global;
  GlobalOptions::describe(global);
  const std::size_t n_leading = count_option_words(words, global);
  Words leading(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(n_leading));
  Parsed parsed;
  take_options(leading, global, {}, parsed);
  std::span<const std::string> rest = std::span(words).subspan(n_leading);
  if (rest.size() > 1 && rest.front() == "auth") rest = rest.subspan(1);
  if (parsed.mistake || rest.empty()) return parsed;
  std::string name = rest.front();
  rest = rest.subspan(1);
  if (is_group(name)) {
    const std::size_t n_between = count_option_words(rest, global);
    leading.insert(leading.end(), rest.begin(),
                   rest.begin() + static_cast<std::ptrdiff_t>(n_between));
    rest = rest.subspan(n_between);
    if (rest.empty()) {
      parsed.group = name;
      parsed.globals = GlobalOptions();
      take_options(leading, global, {}, parsed);
      return parsed;
    }
    name += " " + rest.front();
    rest = rest.subspan(1);
  }
  parsed.command = find_command(name);
  if (parsed.command == nullptr) {
    parsed.mistake = unknown_command(name);
    return parsed;
  }
  parsed.globals = GlobalOptions();
  parse_command(leading, rest, parsed);
  return parsed;
}

/// A full disk or a closed pipe behind standard output shows at the last flush.
int flushed(Context& context, std::string_view command, int status) {
  errno = 0;
  context.out.flush();
  if (context.out.good()) return status;
  if (errno == EPIPE) return status;  // the reader had enough
  return fail(context, command,
              error_from_errno(errno != 0 ? errno : EIO, tr("writing to standard output")));
}

int run_parsed(const Parsed& parsed, Context& context) {
  if (parsed.globals.help && parsed.command != nullptr) {
    print_command_help(*parsed.command, context);
    return 0;
  }
  if (parsed.globals.help) {
    print_overview(context.out, context.terminal, parsed.group);
    return 0;
  }
  if (parsed.globals.version) {
    return kVersionCommand.run(parsed.values, context);
  }
  if (parsed.command == nullptr) {
    print_overview(context.err, context.terminal, parsed.group);
    return exit_status(Errc::usage);
  }
  return parsed.command->run(parsed.values, context);
}

}  // namespace

int run_command_line(const std::vector<std::string>& words, const Environment& environment,
                     const Result<UserPaths>& paths, Streams streams) {
  start_translation(words, environment);
  const bool wants_table = words.size() == 1 && words.front() == kSpecificationWord;
  const Parsed parsed = wants_table ? Parsed{} : parse_all(words);
  const GlobalOptions& globals = parsed.globals;
  static const UserPaths no_paths;
  Context context{.environment = environment,
                  .paths = paths ? *paths : no_paths,
                  .terminal = probe_terminal(environment, globals.colour, globals.ascii),
                  .format = globals.format_for(environment),
                  .report_form = globals.report_form,
                  .offline = globals.offline || environment.is_true("HF_HUB_OFFLINE"),
                  .verbosity = globals.verbosity,
                  .in = streams.in,
                  .out = streams.out,
                  .err = streams.err};
  if (context.format == Format::agent && globals.colour != ColourWish::always)
    context.terminal.colour = false;
  if (wants_table) {
    print_specification(context.out);
    return flushed(context, "", 0);
  }
  const std::string_view name = parsed.command != nullptr ? parsed.command->name : "";
  if (parsed.mistake) return fail(context, name, *parsed.mistake);
  if (globals.report_form != ReportForm::none && parsed.command != nullptr &&
      !parsed.command->has_report_forms) {
    return fail(context, name,
                {Errc::usage,
                 tr("--format sarif, junit, markdown and github are for hfauth doctor alone")});
  }
  const bool runs = parsed.command != nullptr && !globals.help && !globals.version;
  if (runs && parsed.command->needs_home && !paths) return fail(context, name, paths.error());
  return flushed(context, name, run_parsed(parsed, context));
}

}  // namespace hfauth::cli
