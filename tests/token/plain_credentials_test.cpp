// SPDX-License-Identifier: Apache-2.0
//
// Passwords of git's store and of a netrc, as those files are written by hand and by programs, and
// what is left when an entry is taken out.
#include "hfauth/token/plain_credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace hfauth::token {
namespace {

const Endpoint kHub = Endpoint::hub();

std::string rest_without_the_hub(std::string_view content,
                                 const std::vector<PlainCredential>& found) {
  std::vector<const PlainCredential*> entries;
  for (const PlainCredential& entry : found) {
    if (entry.is_for(kHub)) entries.push_back(&entry);
  }
  return std::string(without_entries(content, entries).expose());
}

BOOST_AUTO_TEST_SUITE(git_store)

BOOST_AUTO_TEST_CASE(reads_user_password_and_host_percent_decoded) {
  const auto found = parse_git_store(
      "https://hf_user:hf_AAAA%2FBB%25@HuggingFace.co\n"
      "https://user%40mail:pass@github.com\n"
      "http://u:p@localhost%3a5000/path\n"
      "https://nopassword@hf.co\n"
      "ssh://git:x@hf.co\n"
      "rubbish\n\n"
      "https://hf_user:hf_CCCC@hf.co");
  BOOST_TEST_REQUIRE(found.size() == 4U);
  BOOST_TEST(found[0].host == "huggingface.co");
  BOOST_TEST(found[0].user == "hf_user");
  BOOST_TEST(found[0].password.expose() == "hf_AAAA/BB%");
  BOOST_TEST(found[0].is_for(kHub));
  BOOST_TEST(found[1].user == "user@mail");
  BOOST_TEST(!found[1].is_for(kHub));
  BOOST_TEST(found[2].host == "localhost:5000");
  BOOST_TEST(found[2].is_for(Endpoint::parse("http://localhost:5000").value()));
  BOOST_TEST(!found[2].is_for(Endpoint::parse("http://localhost:5001").value()));
  BOOST_TEST(found[3].is_for(kHub));
}

BOOST_AUTO_TEST_CASE(a_line_taken_out_leaves_the_others_byte_for_byte) {
  const std::string content =
      "https://a:b@github.com\nhttps://hf_user:hf_AAAA@huggingface.co\r\n# x\n"
      "https://hf_user:hf_BBBB@hf.co";
  BOOST_TEST(rest_without_the_hub(content, parse_git_store(content)) ==
             "https://a:b@github.com\n# x\n");
}

BOOST_AUTO_TEST_CASE(plain_http_is_not_the_hub) {
  BOOST_TEST(!parse_git_store("http://u:p@huggingface.co\n").at(0).is_for(kHub));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(netrc)

BOOST_AUTO_TEST_CASE(reads_entries_over_one_line_and_many) {
  const auto found = parse_netrc(
      "# mine\n"
      "machine github.com login me password gh\n"
      "machine HuggingFace.co\n\tlogin me\n\tpassword \"hf_AA\\\"AA\"\n"
      "macdef init\nmachine fake login x password y\n\n"
      "machine hf.co password hf_BBBB account z\n"
      "default login anonymous password guest\n");
  BOOST_TEST_REQUIRE(found.size() == 3U);
  BOOST_TEST(found[1].host == "huggingface.co");
  BOOST_TEST(found[1].user == "me");
  BOOST_TEST(found[1].password.expose() == "hf_AA\"AA");
  BOOST_TEST(found[1].is_for(kHub));
  BOOST_TEST(found[2].password.expose() == "hf_BBBB");
  BOOST_TEST(found[2].user == "");
}

BOOST_AUTO_TEST_CASE(an_entry_taken_out_leaves_the_others_byte_for_byte) {
  const std::string content =
      "machine github.com login me password gh\n"
      "machine huggingface.co login me\n  password hf_AAAA\n"
      "# about the next\nmachine example.org login a password b\n";
  BOOST_TEST(rest_without_the_hub(content, parse_netrc(content)) ==
             "machine github.com login me password gh\n"
             "machine example.org login a password b\n");
  const std::string last = "machine a password b\nmachine hf.co password hf_AAAA\n# end\n";
  BOOST_TEST(rest_without_the_hub(last, parse_netrc(last)) == "machine a password b\n# end\n");
}

BOOST_AUTO_TEST_CASE(survives_what_is_no_netrc) {
  for (const char* content : {"", "machine", "machine x", "machine x password", "password p",
                              "machine x login \"unclosed", "\\", "macdef", "# only", "\"\\"}) {
    BOOST_TEST(parse_netrc(content).empty(), content);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(the_store_looks_at_home_and_in_the_configuration) {
  const auto files =
      git_store_files(Environment(Environment::Map{{"XDG_CONFIG_HOME", "/c"}}), "/home/u");
  BOOST_TEST(files[0] == "/home/u/.git-credentials");
  BOOST_TEST(files[1] == "/c/git/credentials");
  BOOST_TEST(git_store_files(Environment(), "/home/u")[1] == "/home/u/.config/git/credentials");
}

}  // namespace
}  // namespace hfauth::token
