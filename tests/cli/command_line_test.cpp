// SPDX-License-Identifier: Apache-2.0
//
// The command line as a user types it, in this process: what is understood, what is refused and in
// which words. Nothing here needs an agent: the home is an empty folder and the socket does not
// exist.
#include "command_line.hpp"

#include "commands.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "support/scratch_directory.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sstream>

namespace hfauth::cli {
namespace {

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

/// The home of one call; its folders are not there yet.
Outcome run(const std::vector<std::string>& words, const std::filesystem::path& home,
            const Result<UserPaths>& paths) {
  const Environment environment(
      {{"HOME", home.native()}, {"XDG_RUNTIME_DIR", (home / "run").native()}, {"LANG", "C.UTF-8"}});
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_command_line(words, environment, paths, {in, out, err});
  return {status, out.str(), err.str()};
}

Outcome run(const std::vector<std::string>& words, const Result<UserPaths>& paths) {
  return run(words, "/proc/nonexistent", paths);
}

Outcome run(const std::vector<std::string>& words) {
  const testing::ScratchDirectory scratch;
  const std::filesystem::path home = scratch.path() / "home";
  return run(words, home, UserPaths{home, home / "c", home / "d", home / "s", home / "run/hfauth"});
}

/// "cache ls" as the two words that it is on the command line.
std::vector<std::string> words_of(std::string_view name) {
  std::istringstream stream{std::string(name)};
  return {std::istream_iterator<std::string>(stream), {}};
}

struct Mistake {
  std::vector<std::string> words;
  std::string said;
};

std::ostream& operator<<(std::ostream& out, const Mistake& mistake) {
  return out << mistake.said;
}

const std::vector<Mistake> kMistakes{
    {{"lgoin"}, "hfauth: unknown command 'lgoin'; did you mean 'login'?\n"},
    {{"frobnicate"}, "hfauth: unknown command 'frobnicate'; see 'hfauth help'\n"},
    {{"auth", "tokne"}, "hfauth: unknown command 'tokne'; did you mean 'token'?\n"},
    {{"login", "--token-stdn"},
     "hfauth login: unknown option --token-stdn; did you mean --token-stdin?\n"},
    {{"token", "--nam", "x"}, "hfauth token: unknown option --nam; did you mean --name?\n"},
    {{"--jsn", "list"}, "hfauth: unknown option --jsn; did you mean --json?\n"},
    {{"token", "--name"}, "hfauth token: --name needs a value; see 'hfauth help token'\n"},
    {{"token", "--name="}, "hfauth token: --name needs a value; see 'hfauth help token'\n"},
    {{"token", "--show=yes"}, "hfauth token: --show takes no value; see 'hfauth help token'\n"},
    {{"token", "--name", "a", "--name", "b"},
     "hfauth token: --name was given more than once; see 'hfauth help token'\n"},
    {{"list", "x"}, "hfauth list: too many words; see 'hfauth help list'\n"},
    {{"--format", "yaml", "list"},
     "hfauth: --format yaml: one of auto, human, agent, json, quiet; for 'hfauth doctor' also "
     "sarif, "
     "junit, markdown, github\n"},
    {{"list", "--color", "blue"}, "hfauth list: --color blue: one of auto, always, never\n"},
    {{"list", "--lang", "tlh"}, "hfauth list: --lang tlh: one of en, ja, ko, zh\n"},
    {{"exec"}, "hfauth exec: which program? hfauth exec -- PROGRAM [ARGUMENT...]\n"},
    {{"exec", "--via", "fifo", "--", "true"}, "hfauth exec: --via fifo: one of env, file\n"},
    {{"switch"}, "hfauth switch: which one? 'hfauth list' shows the names\n"},
    {{"doctor", "--only", "HFA101,HFA102", "--skip", "HFA102,HFA101"},
     "hfauth doctor: --only and --skip leave no check\n"},
    {{"env", "--shell", "powershell"}, "hfauth env: --shell powershell: one of sh, fish, csh\n"},
};

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_DATA_TEST_CASE(a_usage_mistake_is_one_line_with_the_cure_and_status_2, kMistakes, mistake) {
  const Outcome outcome = run(mistake.words);
  BOOST_TEST(outcome.status == 2);
  BOOST_TEST(outcome.err == mistake.said);
  BOOST_TEST(outcome.out.empty());
}

BOOST_AUTO_TEST_CASE(a_file_of_facts_that_is_none_is_named) {
  const testing::ScratchDirectory scratch;
  const std::string path = scratch.write("facts.json", "[]").native();
  const Outcome outcome = run({"doctor", "--facts", path});
  BOOST_TEST(outcome.status != 0);
  BOOST_TEST(outcome.err ==
             "hfauth doctor: " + path + ": not a file of hfauth doctor --facts-out\n");
}

BOOST_AUTO_TEST_CASE(a_pasted_token_in_the_wrong_place_is_not_repeated) {
  const std::string token = "hf_" + std::string(34, 'T');
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{token},
                                             {"login", token},
                                             {"login", "--token" + token},
                                             {"token", "--name", "a b" + token},
                                             {"--lang", token}}) {
    const Outcome outcome = run(words);
    BOOST_TEST(outcome.status != 0);
    BOOST_TEST(outcome.err.find(token) == std::string::npos);
    BOOST_TEST(outcome.out.find(token) == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(nothing_at_all_shows_the_overview_as_an_error) {
  const Outcome outcome = run({});
  BOOST_TEST(outcome.status == 2);
  BOOST_TEST(outcome.out.empty());
  BOOST_TEST(outcome.err.find("Commands:") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_usage_is_broken_between_its_brackets) {
  const std::string out = run({"help", "doctor"}).out;
  const std::string usage = out.substr(0, out.find("\n\n"));
  std::size_t n_lines = 0;
  for (std::string_view rest = usage; !rest.empty(); ++n_lines) {
    const std::string_view line = take_until(rest, '\n');
    BOOST_TEST(line.size() <= 80U, line);
    BOOST_TEST(line.ends_with(']'), line);
    if (n_lines > 0) BOOST_TEST(line.substr(0, line.find('[')) == std::string(21, ' '), line);
  }
  BOOST_TEST(n_lines > 1U);
}

BOOST_AUTO_TEST_CASE(help_of_every_command_names_each_of_its_options) {
  for (const Command* command : commands()) {
    std::vector<std::string> words = words_of(command->name);
    words.insert(words.begin(), "help");
    const Outcome outcome = run(words);
    words.erase(words.begin());
    words.emplace_back("--help");
    BOOST_TEST_CONTEXT(command->name) {
      BOOST_TEST(outcome.status == 0);
      BOOST_TEST(outcome.out == run(words).out);
      BOOST_TEST(outcome.out.starts_with("Usage: hfauth " + std::string(command->name)));
    }
    po::options_description options;
    po::positional_options_description positional;
    command->describe(options, positional);
    for (const auto& option : options.options()) {
      bool is_positional = false;
      for (unsigned i = 0; i < std::min(positional.max_total_count(), 8U); ++i)
        is_positional = is_positional || positional.name_for_position(i) == option->long_name();
      if (is_positional) continue;
      BOOST_TEST(outcome.out.find("--" + option->long_name()) != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(auth_before_a_command_changes_nothing) {
  BOOST_TEST(run({"auth", "version"}).out == run({"version"}).out);
  BOOST_TEST(run({"--json", "auth", "version"}).out == run({"version", "--json"}).out);
}

BOOST_AUTO_TEST_CASE(global_options_are_taken_before_and_behind_the_command) {
  const std::string json = run({"version", "--format", "json"}).out;
  BOOST_TEST(json.starts_with("{\"name\":\"hfauth\""));
  BOOST_TEST(run({"--format", "json", "version"}).out == json);
  BOOST_TEST(run({"--format=json", "version"}).out == json);
  BOOST_TEST(run({"-vv", "--json", "version"}).out == json);
  BOOST_TEST(run({"--version", "--json"}).out == json);
  BOOST_TEST(run({"token", "--version", "--json"}).out == json);
}

BOOST_AUTO_TEST_CASE(words_behind_the_program_of_exec_are_the_programs) {
  // --offline and --nonsense would be taken or refused if they were ours; so the failure must be
  // the agent's.
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"exec", "--", "true", "--nonsense"},
                                             {"exec", "true", "--nonsense"},
                                             {"exec", "--name", "x", "true", "-q"}}) {
    const Outcome outcome = run(words);
    BOOST_TEST(outcome.err.find("unknown option") == std::string::npos);
    BOOST_TEST(outcome.err.starts_with("hfauth exec: "));
    BOOST_TEST(outcome.status == 3);
  }
}

BOOST_AUTO_TEST_CASE(without_a_home_directory_help_still_works_and_the_rest_says_why_not) {
  const Result<UserPaths> none = Error{Errc::not_found, "no home directory"};
  BOOST_TEST(run({"version"}, none).status == 0);
  BOOST_TEST(run({"help"}, none).status == 0);
  BOOST_TEST(run({"token", "--help"}, none).status == 0);
  const Outcome outcome = run({"list"}, none);
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.err == "hfauth list: no home directory\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::cli
