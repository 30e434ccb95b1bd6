// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/endpoint.hpp"

#include "hfauth/core/mask.hpp"
#include "support/make_environment.hpp"
#include "support/scratch_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <clocale>
#include <cstdlib>

using hfauth::Environment;
using hfauth::testing::make_environment;
using hfauth::token::Endpoint;

BOOST_AUTO_TEST_SUITE(endpoints)

BOOST_AUTO_TEST_CASE(are_origins_in_one_form) {
  BOOST_TEST(Endpoint::parse("HTTPS://HuggingFace.co:443//").value().url() ==
             "https://huggingface.co");
  BOOST_TEST(Endpoint::parse("http://127.0.0.1:8080").value().url() == "http://127.0.0.1:8080");
  BOOST_TEST(Endpoint::parse("http://[::1]:8080/").value().host() == "[::1]");
  BOOST_TEST(Endpoint::parse("http://localhost:80").value().host() == "localhost");
}

BOOST_AUTO_TEST_CASE(a_name_that_looks_like_this_machine_is_not_it) {
  for (const char* here : {"http://localhost:8080", "http://127.0.0.1", "https://127.9.9.9:1",
                           "http://[::1]:8080", "https://LOCALHOST"}) {
    BOOST_TEST(Endpoint::parse(here, true).value().is_loopback(), here);
  }
  for (const char* elsewhere :
       {"http://127.evil.example", "http://127.0.0.1.evil.example", "http://127.0.0.evil",
        "http://localhost.evil.example", "http://128.0.0.1", "https://huggingface.co"}) {
    BOOST_TEST(!Endpoint::parse(elsewhere, true).value().is_loopback(), elsewhere);
  }
}

BOOST_AUTO_TEST_CASE(refuse_what_could_leak_a_token) {
  for (const char* url :
       {"", "huggingface.co", "ftp://huggingface.co", "http://huggingface.co",
        "http://127.0.0.1.evil.org", "https://user@huggingface.co", "https://huggingface.co/path",
        "https://huggingface.co?x", "https://huggingface.co#x", "https://", "https://:80",
        "https://a:0", "https://a:65536", "https://a:x", "https://a b", "https://a\r\nb",
        "https://[::1", "\"https://huggingface.co\""}) {
    BOOST_TEST(!Endpoint::parse(url), url);
  }
  BOOST_TEST(Endpoint::parse("http://hub.lan", true).value().url() == "http://hub.lan");
}

BOOST_AUTO_TEST_CASE(are_the_same_in_turkish) {
  const auto check = [] {
    BOOST_TEST(Endpoint::parse("HTTPS://HUGGINGFACE.CO").value().url() == "https://huggingface.co");
    const std::string header = "AUTHORIZATION: Bearer not-of-any-known-shape-0123456789";
    BOOST_TEST(hfauth::redact(header).find("known-shape") == std::string::npos);
  };
  check();
  const hfauth::testing::ScratchDirectory scratch;
  const std::string made = (scratch.path() / "tr_TR.UTF-8").string();
  const bool can =
      std::system(("localedef -i tr_TR -f UTF-8 " + made + " 2>/dev/null").c_str()) == 0;
  setenv("LOCPATH", scratch.path().c_str(), 1);
  if (can && std::setlocale(LC_CTYPE, "tr_TR.UTF-8") != nullptr) {
    check();
    std::setlocale(LC_CTYPE, "C");
  } else {
    BOOST_TEST_MESSAGE("no Turkish locale can be made here: C alone was tried");
  }
  unsetenv("LOCPATH");
}

BOOST_AUTO_TEST_CASE(know_urls_of_their_own_origin_alone) {
  const Endpoint hub = Endpoint::hub();
  BOOST_TEST(hub.is_origin_of("https://huggingface.co/api/x"));
  BOOST_TEST(hub.is_origin_of("https://HUGGINGFACE.co:443"));
  for (const char* url :
       {"http://huggingface.co/x", "https://huggingface.co.evil.org", "https://huggingface.co:444",
        "https://huggingface.co@evil.org", "/api/x", "https://cdn-lfs.huggingface.co/x"}) {
    BOOST_TEST(!hub.is_origin_of(url), url);
  }
}

BOOST_AUTO_TEST_CASE(come_from_the_environment_as_for_the_hubs_clients) {
  BOOST_TEST(Endpoint::from(Environment()).value().url() == "https://huggingface.co");
  BOOST_TEST(Endpoint::from(make_environment({{"HF_ENDPOINT", ""}})).value().url() ==
             "https://huggingface.co");
  BOOST_TEST(
      Endpoint::from(make_environment({{"HF_ENDPOINT", "https://hub.acme.org/"}})).value().url() ==
      "https://hub.acme.org");
  BOOST_TEST(Endpoint::from(make_environment({{"HUGGINGFACE_CO_STAGING", "1"},
                                              {"HF_ENDPOINT", "https://x.org"}}))
                 .value()
                 .url() == "https://hub-ci.huggingface.co");
  const auto wrong = Endpoint::from(make_environment({{"HF_ENDPOINT", "hub"}}));
  BOOST_TEST(wrong.error().detail.starts_with("HF_ENDPOINT: "));
}

BOOST_AUTO_TEST_SUITE_END()
