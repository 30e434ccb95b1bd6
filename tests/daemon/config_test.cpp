// SPDX-License-Identifier: Apache-2.0
//
// The configuration file: what is taken, how mistakes are told, and which files are not trusted.
#include "config_keeper.hpp"
#include "samples.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace hfauth;
using namespace hfauth::daemon;
using namespace hfauth::testing;
using namespace std::chrono_literals;

namespace {

std::string mistake(const std::string& text) {
  const Result<Config> config = parse_config(text, "config.toml");
  if (config) return "none";
  BOOST_TEST(config.error().code == Errc::usage);
  BOOST_TEST(config.error().detail.find('\n') == std::string::npos);
  return config.error().detail;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config)

BOOST_AUTO_TEST_CASE(every_key_is_taken) {
  const Result<Config> config = parse_config(R"(# everything
[lock]
idle = "30 min"
after = "12 h"
on_sleep = true
on_screen_lock = true

[confirm]
program = ["/usr/bin/zenity", "--question"]
timeout = "45 s"
remember = "10min"

[audit]
enabled = false
size_kib = 64
files = 2

[[route]]
repo = "org/*"
profile = "work"

[[route]]
endpoint = "https://HUB.example/"
type = "dataset"
repo = "org/name"
access = "write"
profile = "play"

[[policy]]
action = "allow"
program = "/usr/bin/git"

[[policy]]
action = "deny"
profile = "w*"
unit = "*.service"
repo = "org/*"
access = "read"
)",
                                             "config.toml");
  BOOST_REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().detail));
  BOOST_TEST((config->locking.idle == 30min));
  BOOST_TEST((config->locking.after == 12h));
  BOOST_TEST(config->locking.on_sleep);
  BOOST_TEST(config->locking.on_screen_lock);
  BOOST_TEST(config->confirmation.program.size() == 2U);
  BOOST_TEST((config->confirmation.timeout == 45s));
  BOOST_TEST((config->confirmation.remember == 10min));
  BOOST_TEST(!config->auditing.enabled);
  BOOST_TEST(config->auditing.limits.bytes == 65536U);
  BOOST_TEST(config->auditing.limits.files == 2);
  BOOST_REQUIRE(config->routes.size() == 2U);
  BOOST_TEST(config->routes[0].source == "config.toml:18");
  BOOST_TEST(config->routes[1].pattern.endpoint->url() == "https://hub.example");
  BOOST_TEST(config->routes[1].pattern.repo_type == "dataset");
  BOOST_REQUIRE(config->policy.size() == 2U);
  BOOST_TEST((config->policy[0].verdict == Verdict::allow));
  BOOST_TEST((config->policy[1].verdict == Verdict::deny));
  BOOST_TEST(config->policy[1].source == "config.toml:33");
}

BOOST_AUTO_TEST_CASE(a_tables_head_that_is_cut_off_is_a_mistake_in_every_build) {
  for (const char* text : {"[", "[\nlock]\n", "[[", "[[\n", "[lock.\n]", "[lock. ]\n", "[ #\n"})
    BOOST_TEST(mistake(text).starts_with("config.toml:1: "), text << " -> " << mistake(text));
}

BOOST_AUTO_TEST_CASE(nothing_is_a_configuration_too) {
  BOOST_TEST(mistake("") == "none");
  BOOST_TEST(mistake("# only a comment\n") == "none");
}

BOOST_AUTO_TEST_CASE(a_mistake_is_told_with_its_line_and_what_may_be_meant) {
  BOOST_TEST(mistake("\n[lok]\nidle = \"1 h\"\n") ==
             "config.toml:2: unknown key \"lok\" in the file; did you mean \"lock\"?");
  BOOST_TEST(mistake("[[route]]\nrepo = \"a/*\"\nprofil = \"work\"\n")
                 .starts_with("config.toml:1: [[route]] needs \"profile\" (and 1 more)"));
  BOOST_TEST(mistake("[[route]]\nprofile = \"work\"\nreop = \"a/*\"\n") ==
             "config.toml:3: unknown key \"reop\" in [[route]]; did you mean \"repo\"?");
  BOOST_TEST(mistake("[[policy]]\naction = \"refuse\"\n") ==
             "config.toml:2: \"action\" in [[policy]] must be \"allow\", \"confirm\" or \"deny\"");
  BOOST_TEST(mistake("[lock]\nidle = 30\n")
                 .starts_with("config.toml:2: \"idle\" in [lock] must be a time such as"));
  BOOST_TEST(mistake("[lock]\non_sleep = \"yes\"\n") ==
             "config.toml:2: \"on_sleep\" in [lock] must be true or false");
  BOOST_TEST(mistake("[audit]\nfiles = 0\n") ==
             "config.toml:2: \"files\" in [audit] must be a whole number from 1 to 100");
  BOOST_TEST(mistake("[confirm]\nprogram = [\"zenity\"]\n")
                 .starts_with("config.toml:2: \"program\" in [confirm] must be a list of texts"));
  BOOST_TEST(mistake("[confirm]\ntimeout = \"1 h\"\n").find("5 min at most") != std::string::npos);
  BOOST_TEST(mistake("route = 3\n") ==
             "config.toml:1: \"route\" in the file must be tables: [[route]]");
  BOOST_TEST(mistake("lock = 3\n") ==
             "config.toml:1: \"lock\" in the file must be a table: [lock]");
  BOOST_TEST(mistake("[zzzzzz]\n").find("there are route, policy, lock, confirm, audit") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_toml_is_told_with_its_line) {
  for (const std::string text :
       {"[lock\n", "a = \n", "\xff\xfe[lock]\n", "[lock]\nidle = \"\x80\"\n", "a = 1\na = 2\n",
        "[[route]]\nprofile = \"a\"\n[route]\n"}) {
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(mistake(text).starts_with("config.toml:"));
    }
  }
  BOOST_TEST(mistake("x = " + std::string(100'000, '[')).starts_with("config.toml:1"));
  BOOST_TEST(mistake("[lock]\nidle = \"99999999999999999999 d\"\n").starts_with("config.toml:2"));
  BOOST_TEST(mistake("[lock]\nidle = \"9223372036854775807 d\"\n").starts_with("config.toml:2"));
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_rules_are_refused_at_once) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "[[policy]]\naction=\"allow\"\n";
  BOOST_TEST(mistake(text).find("more than 2000 tables [[policy]]") != std::string::npos);
  const ScratchDirectory scratch;
  const std::filesystem::path file = scratch.path() / "config.toml";
  std::ofstream out(file);
  for (int i = 0; i < 100'000; ++i)
    out << "[[policy]]\naction=\"allow\"\n";
  out.close();
  const Result<std::string> read = read_config(file);
  BOOST_REQUIRE(!read);
  BOOST_TEST(read.error().code == Errc::too_large);
}

BOOST_AUTO_TEST_CASE(what_others_can_change_is_not_used) {
  const ScratchDirectory scratch;
  const std::filesystem::path folder = scratch.path() / "hfauth";
  std::filesystem::create_directory(folder);
  const std::filesystem::path file = folder / "config.toml";
  std::ofstream(file) << "[lock]\n";
  const auto refused = [&file] {
    const Result<std::string> read = read_config(file);
    return read ? std::string("taken") : std::string(name_of(read.error().code));
  };
  BOOST_REQUIRE(chmod(folder.c_str(), 0700) == 0);
  BOOST_REQUIRE(chmod(file.c_str(), 0644) == 0);
  BOOST_TEST(refused() == "taken");
  BOOST_REQUIRE(chmod(file.c_str(), 0666) == 0);
  BOOST_TEST(refused() == "denied");
  BOOST_REQUIRE(chmod(file.c_str(), 0660) == 0);
  BOOST_TEST(refused() == "denied");
  BOOST_REQUIRE(chmod(file.c_str(), 0600) == 0);
  BOOST_REQUIRE(chmod(folder.c_str(), 0777) == 0);
  BOOST_TEST(refused() == "denied");
  BOOST_REQUIRE(chmod(folder.c_str(), 0700) == 0);

  // A link is followed, into a folder that is looked at too.
  const std::filesystem::path elsewhere = scratch.path() / "dotfiles";
  std::filesystem::create_directory(elsewhere);
  BOOST_REQUIRE(chmod(elsewhere.c_str(), 0700) == 0);
  std::filesystem::rename(file, elsewhere / "hfauth.toml");
  std::filesystem::create_symlink(elsewhere / "hfauth.toml", file);
  BOOST_TEST(refused() == "taken");
  BOOST_REQUIRE(chmod(elsewhere.c_str(), 0777) == 0);
  BOOST_TEST(refused() == "denied");
  BOOST_REQUIRE(chmod(elsewhere.c_str(), 0700) == 0);

  std::filesystem::remove(file);
  BOOST_TEST(refused() == "not_found");
  BOOST_REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  BOOST_TEST(refused() == "denied");  // and does not wait for a writer
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  BOOST_TEST(refused() == "denied");
}

BOOST_AUTO_TEST_CASE(a_wrong_file_keeps_the_rules_before_it_also_over_a_restart) {
  const ScratchDirectory scratch;
  const ConfigKeeper::Files files{.config = scratch.path() / "config.toml",
                                  .last_good = scratch.path() / "state" / "last-good"};
  const auto write = [&files](const char* text) { std::ofstream(files.config) << text; };
  ConfigKeeper keeper(files);
  keeper.start();
  BOOST_TEST(keeper.state() == "none");
  write("[[policy]]\naction = \"deny\"\n");
  BOOST_TEST(keeper.take(ConfigKeeper::read(files)));
  BOOST_TEST(keeper.state() == "ok");
  write("[[policy]]\naction = \"dney\"\n");
  BOOST_TEST(!keeper.take(ConfigKeeper::read(files)));
  BOOST_TEST(keeper.state().starts_with("config.toml:2: "));
  BOOST_REQUIRE(keeper.config().policy.size() == 1U);

  ConfigKeeper next(files);
  next.start();
  BOOST_TEST(next.state().starts_with("config.toml:2: "));
  BOOST_REQUIRE(next.config().policy.size() == 1U);
  BOOST_TEST((next.config().policy[0].verdict == Verdict::deny));

  std::filesystem::remove(files.config);
  BOOST_TEST(next.take(ConfigKeeper::read(files)));
  BOOST_TEST(next.state() == "none");
  BOOST_TEST(next.config().policy.empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_file_without_rules_before_it_leaves_nothing_known) {
  const ScratchDirectory scratch;
  const ConfigKeeper::Files files{.config = scratch.path() / "config.toml",
                                  .last_good = scratch.path() / "last-good"};
  const auto write = [&files](const char* text) { std::ofstream(files.config) << text; };
  write("[[policy]]\naction = \"dney\"\n");
  ConfigKeeper keeper(files);
  keeper.start();
  BOOST_TEST(!keeper.known());
  BOOST_TEST(keeper.state().starts_with("closed: config.toml:2: "));
  write("[[policy]]\n\naction = \"dney\"\n");
  BOOST_TEST(!keeper.take(ConfigKeeper::read(files)));
  BOOST_TEST(!keeper.known());
  BOOST_TEST(keeper.state().starts_with("closed: config.toml:3: "));
  write("[[policy]]\naction = \"deny\"\n");
  BOOST_TEST(keeper.take(ConfigKeeper::read(files)));
  BOOST_TEST(keeper.known());
  BOOST_TEST(keeper.state() == "ok");

  // A copy that cannot be read any more is none.
  write("[[policy]]\naction = \"dney\"\n");
  std::ofstream(files.last_good) << "[[policy";
  ConfigKeeper next(files);
  next.start();
  BOOST_TEST(!next.known());
  std::filesystem::remove(files.config);
  BOOST_TEST(next.take(ConfigKeeper::read(files)));
  BOOST_TEST(next.known());
  BOOST_TEST(next.state() == "none");
}

BOOST_AUTO_TEST_SUITE_END()
