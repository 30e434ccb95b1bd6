// SPDX-License-Identifier: Apache-2.0
//
// Boost can print options itself, but counts bytes where a terminal counts columns, which breaks
// every translated table; so the layout is ours.
#include "help.hpp"

#include "commands.hpp"
#include "global_options.hpp"
#include "hfauth/core/utf8.hpp"
#include "talk.hpp"
#include "value_words.hpp"

#include <boost/program_options/cmdline.hpp>

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr std::size_t kWidestTerm = 26;  // a longer term gets its text on the next line
constexpr std::size_t kWidestLine = 100;
constexpr std::size_t kNarrowestText = 20;

struct Row {
  std::string term;
  std::string text;
};

std::string spaces(std::size_t n) {
  return std::string(n, ' ');
}

void print_rows(std::ostream& out, const std::vector<Row>& rows, std::size_t columns) {
  std::size_t widest = 0;
  for (const Row& row : rows)
    widest = std::max(widest, std::min(utf8::columns(row.term), kWidestTerm));
  const std::string indent = spaces(widest + 4);
  const std::size_t text_width =
      std::max(std::min(columns, kWidestLine), indent.size() + kNarrowestText) - indent.size();
  for (const Row& row : rows) {
    const std::size_t width = utf8::columns(row.term);
    const std::string text = utf8::wrap(row.text, text_width, indent);
    out << "  " << row.term;
    if (width > widest) {
      out << '\n' << indent;
    } else {
      out << spaces(widest - width + 2);
    }
    out << text;
    if (!text.ends_with('\n')) out << '\n';
  }
}

/// The letter of an option with a short form: format_name() of Boost reads "-q [ --quiet ]".
std::string short_name(const po::option_description& option) {
  const std::string name =
      option.canonical_display_name(po::command_line_style::allow_dash_for_short);
  return name.size() == 2 && name[0] == '-' ? name : std::string();
}

std::string value_name(const po::option_description& option) {
  if (option.semantic()->max_tokens() == 0) return {};
  const std::string name = option.format_parameter();
  return name.substr(0, name.find(" (="));  // Boost adds the default value
}

bool is_positional(const po::option_description& option,
                   const po::positional_options_description& positional) {
  const unsigned n = positional.max_total_count();
  for (unsigned i = 0; i < std::min(n, 8U); ++i) {
    if (positional.name_for_position(i) == option.long_name()) return true;
  }
  return false;
}

std::vector<Row> rows_of(const po::options_description& options,
                         const po::positional_options_description& positional) {
  std::vector<Row> rows;
  for (const auto& option : options.options()) {
    if (is_positional(*option, positional)) continue;
    std::string term = short_name(*option);
    term += term.empty() ? "--" : ", --";
    term += option->long_name();
    const std::string value = value_name(*option);
    if (!value.empty()) term += " " + value;
    rows.push_back({std::move(term), option->description()});
  }
  return rows;
}

/// What stands in brackets is not parted: "[--for CLIENT]".
void print_usage(std::ostream& out, const std::string& head, std::string_view usage,
                 std::size_t columns) {
  constexpr char kHeld = '~';  // for a space where no line may end: as wide, and in no usage
  std::string text(usage);
  std::size_t depth = 0;
  for (char& c : text) {
    if (c == '[') ++depth;
    if (c == ']' && depth > 0) --depth;
    if (c == ' ' && depth > 0) c = kHeld;
  }
  const std::string indent = spaces(utf8::columns(head) + 1);
  const std::size_t width =
      std::max(std::min(columns, kWidestLine), indent.size() + kNarrowestText) - indent.size();
  text = utf8::wrap(text, width, indent);
  std::replace(text.begin(), text.end(), kHeld, ' ');
  out << head << (text.empty() ? "" : " ") << text << "\n\n";
}

void print_global_options(std::ostream& out, std::size_t columns) {
  po::options_description options;
  GlobalOptions::describe(options);
  out << '\n' << tr("Options of every command:") << '\n';
  print_rows(out, rows_of(options, {}), columns);
}

/// An empty field would vanish between two tabs in a shell's `read`.
std::string field(const std::string& text) {
  return text.empty() ? "-" : text;
}

void print_words(std::ostream& out, std::string_view command, std::string_view option) {
  const std::string words = value_words(command, option);
  if (!words.empty()) out << "words\t" << command << "\t--" << option << '\t' << words << '\n';
}

void print_option_lines(std::ostream& out, std::string_view command,
                        const po::options_description& options,
                        const po::positional_options_description& positional) {
  for (const auto& option : options.options()) {
    if (is_positional(*option, positional)) continue;
    out << "option\t" << command << "\t--" << option->long_name() << '\t'
        << field(short_name(*option)) << '\t' << field(value_name(*option)) << '\t'
        << option->description() << '\n';
    print_words(out, command, option->long_name());
  }
}

int run_help(const po::variables_map& values, Context& context) {
  std::string name;
  if (values.count("command") != 0) {
    for (const std::string& word : values["command"].as<std::vector<std::string>>())
      name += (name.empty() ? "" : " ") + word;
  }
  if (name.empty() || is_group(name)) {
    print_overview(context.out, context.terminal, name);
    return 0;
  }
  const Command* command = find_command(name);
  if (command == nullptr) {
    return fail(context, "help",
                {Errc::usage, filled(tr("there is no command '{}'; see 'hfauth help'"), name)});
  }
  print_command_help(*command, context);
  return 0;
}

}  // namespace

void print_overview(std::ostream& out, const Terminal& terminal, std::string_view group) {
  if (group.empty()) {
    out << tr("Usage: hfauth [OPTIONS] COMMAND ...") << "\n\n"
        << tr("Keeps Hugging Face tokens, hands them to every session, and explains what goes "
              "wrong.");
  } else {
    out << filled(tr("Usage: hfauth {} COMMAND ..."), group);
  }
  out << "\n\n" << tr("Commands:") << '\n';
  const std::string prefix = group.empty() ? std::string() : std::string(group) + " ";
  std::vector<Row> rows;
  for (const Command* command : commands()) {
    if (command->name.starts_with(prefix))
      rows.push_back({std::string(command->name), tr(command->summary)});
  }
  print_rows(out, rows, terminal.columns);
  print_global_options(out, terminal.columns);
  out << '\n' << tr("More: hfauth help COMMAND, man hfauth") << '\n';
}

void print_command_help(const Command& command, Context& context) {
  po::options_description options;
  po::positional_options_description positional;
  command.describe(options, positional);
  std::ostream& out = context.out;
  print_usage(out, filled(tr("Usage: hfauth {}"), command.name), command.usage,
              context.terminal.columns);
  out << tr(command.summary) << '\n';
  const std::vector<Row> rows = rows_of(options, positional);
  if (!rows.empty()) {
    out << '\n' << tr("Options:") << '\n';
    print_rows(out, rows, context.terminal.columns);
  }
  print_global_options(out, context.terminal.columns);
}

void print_specification(std::ostream& out) {
  po::options_description global;
  GlobalOptions::describe(global);
  for (const Command* command : commands()) {
    out << "command\t" << command->name << '\t' << tr(command->summary) << '\n';
    po::options_description options;
    po::positional_options_description positional;
    command->describe(options, positional);
    print_option_lines(out, command->name, options, positional);
    for (const auto& option : global.options()) {
      print_words(out, command->name, option->long_name());
    }
  }
  print_option_lines(out, "*", global, {});
}

const Command kHelpCommand{
    .name = "help",
    .usage = "[COMMAND]",
    .summary = tr_later("Show the commands, or the options of one"),
    .describe =
        [](po::options_description& options, po::positional_options_description& positional) {
          options.add_options()("command", po::value<std::vector<std::string>>(), "");
          positional.add("command", 2);
        },
    .run = run_help,
    .needs_home = false,
};

}  // namespace hfauth::cli
