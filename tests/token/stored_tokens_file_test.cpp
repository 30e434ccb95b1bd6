// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/stored_tokens_file.hpp"

#include "support/scratch_directory.hpp"
#include "support/test_tokens.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

using namespace hfauth;
using namespace hfauth::testing;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

std::string rewritten(std::string_view content, std::string_view name, bool with_refresh = true) {
  const Secret token = Secret::copy_of("new");
  const Secret refresh = with_refresh ? Secret::copy_of("next") : Secret();
  const auto expires =
      with_refresh ? std::optional(WallTime(std::chrono::seconds(1752192000))) : std::nullopt;
  const auto text =
      token::with_login(content, name, {.token = token, .refresh = refresh, .expires = expires});
  return text ? std::string(text->expose()) : std::string(name_of(text.error().code));
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};

  BOOST_REQUIRE(lstat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stored_tokens_rewritten)

BOOST_AUTO_TEST_CASE(an_empty_file_gets_the_section) {
  BOOST_TEST(rewritten("", "oauth-ada") ==
             "[oauth-ada]\nhf_token = new\nrefresh_token = next\nexpires_at = 1752192000\n\n");
  BOOST_TEST(rewritten("\n", "a", false) == "[a]\nhf_token = new\n\n");
}

BOOST_AUTO_TEST_CASE(the_section_is_replaced_whole_and_the_others_stay) {
  BOOST_TEST(rewritten("[zoe]\nhf_token = z\nextra = 1\n\n[ada]\nhf_token=a\nextra = 2\n[Bob]\n"
                       "note: x\n  y\nhf_token = b\n",
                       "ada", false) ==
             "[Bob]\nnote = x\n\ty\nhf_token = b\n\n[ada]\nhf_token = new\n\n"
             "[zoe]\nhf_token = z\nextra = 1\n\n");
}

BOOST_AUTO_TEST_CASE(defaults_are_written_out) {
  BOOST_TEST(rewritten("[ada]\nhf_token = a\n[DEFAULT]\nk = v\n", "bob", false) ==
             "[ada]\nk = v\nhf_token = a\n\n[bob]\nhf_token = new\n\n");
}

BOOST_AUTO_TEST_CASE(sections_taken_out_leave_the_others_and_nothing_if_all_go) {
  const std::string content = "[b]\nhf_token = x\nother = 1\n\n[a]\nhf_token = y\n\n";
  BOOST_TEST(token::without_logins(content, {"a", "none"}).value().expose() ==
             "[b]\nhf_token = x\nother = 1\n\n");
  BOOST_TEST(token::without_logins(content, {"a", "b"}).value().empty());
  BOOST_TEST(!token::without_logins("{\"tokens\":{}}", {"a"}).has_value());
  BOOST_TEST(!token::without_logins("rubbish", {"a"}).has_value());
}

BOOST_AUTO_TEST_CASE(lines_that_cannot_be_read_get_behind_a_mark_and_nothing_is_lost) {
  const auto mended = [](std::string_view content) {
    const auto text = token::with_faults_commented(content);
    return text ? std::string(text->expose()) : std::string(name_of(text.error().code));
  };
  BOOST_TEST(
      mended("x\n[a]\nhf_token = 1\n<<<<<<< HEAD\n=======\n[b]\r\nhf_token: 2\r\nnoise\r\n") ==
      "# x\n[a]\nhf_token = 1\n# <<<<<<< HEAD\n# =======\n[b]\r\nhf_token: 2\r\n# noise\r\n");
  // The second section of a name goes whole: its keys must not become the section's before it.
  BOOST_TEST(
      mended("[a]\nhf_token = 1\n[b]\nhf_token = 2\n[a]\nrefresh_token = 3\n\n[c]\nhf_token = 4") ==
      "[a]\nhf_token = 1\n[b]\nhf_token = 2\n# [a]\n# refresh_token = 3\n\n[c]\nhf_token = 4");
  BOOST_TEST(mended("[a]\nhf_token = 1\nhf_token = 2\n") == "[a]\nhf_token = 1\n# hf_token = 2\n");
  BOOST_TEST(mended("[a]\nhf_token = 1\n") == "conflict");
  BOOST_TEST(mended("{\"a\": 1}") == "corrupt");
}

BOOST_AUTO_TEST_CASE(what_is_damaged_or_anothers_is_refused) {
  BOOST_TEST(rewritten("hf_token = a\n", "ada") == "corrupt");
  BOOST_TEST(rewritten(R"({"tokens":{}})", "ada") == "corrupt");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(stored_tokens_on_disk)

BOOST_AUTO_TEST_CASE(the_lock_is_exclusive_and_left_in_place_with_pythons_mode) {
  const ScratchDirectory scratch;
  const fs::path file = scratch.path() / "stored_tokens";
  {
    const auto lock = token::StoredTokensLock::acquire(file, milliseconds(0));
    BOOST_REQUIRE(lock.has_value());
    const auto second = token::StoredTokensLock::acquire(file, milliseconds(0));
    BOOST_REQUIRE(!second);
    BOOST_TEST((second.error().code == Errc::timeout));
  }
  BOOST_TEST(mode_of(scratch.path() / "stored_tokens.lock") == 0664U);
  BOOST_TEST(token::StoredTokensLock::acquire(file, milliseconds(0)).has_value());
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_a_link_or_out_of_reach_is_an_error) {
  const ScratchDirectory scratch;
  fs::create_symlink(scratch.path() / "elsewhere", scratch.path() / "a.lock");
  BOOST_TEST(!token::StoredTokensLock::acquire(scratch.path() / "a", milliseconds(0)).has_value());
  const auto nowhere =
      token::StoredTokensLock::acquire(scratch.path() / "no" / "a", milliseconds(0));
  BOOST_REQUIRE(!nowhere);
  BOOST_TEST((nowhere.error().code == Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_secret_file_is_private_and_a_link_to_it_stays) {
  const ScratchDirectory scratch;
  fs::create_directory(scratch.path() / "real");
  const fs::path link = scratch.path() / "token";
  fs::create_symlink(scratch.path() / "real" / "token", link);
  BOOST_REQUIRE(token::write_hub_secret(link, test_token("x")).has_value());
  BOOST_TEST(fs::is_symlink(link));
  BOOST_TEST(ScratchDirectory::read(scratch.path() / "real" / "token") == test_token("x"));
  BOOST_TEST(mode_of(scratch.path() / "real" / "token") == 0600U);
}

BOOST_AUTO_TEST_SUITE_END()
