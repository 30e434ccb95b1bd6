// SPDX-License-Identifier: Apache-2.0
//
// The names of clients, and mistakes in them.
#include "hfauth/token/client_name.hpp"

#include <boost/test/unit_test.hpp>

namespace hfauth::token {
namespace {

BOOST_AUTO_TEST_SUITE(client_name)

BOOST_AUTO_TEST_CASE(other_words_for_a_client_mean_the_same) {
  BOOST_TEST(parse_client("python")->name == "huggingface_hub");
  BOOST_TEST(parse_client("rust")->name == "hf-hub");
  BOOST_TEST(parse_client("js")->name == "@huggingface/hub");
  BOOST_TEST((parse_client("@huggingface/hub")->other == OtherClient::javascript_library));
  for (const std::string& name : client_names())
    BOOST_TEST(parse_client(name).has_value(), name);
}

BOOST_AUTO_TEST_CASE(a_release_or_an_interpreter_can_be_named) {
  BOOST_TEST(parse_client("huggingface_hub@0.36.0")->version == "0.36.0");
  BOOST_TEST(parse_client("hf-hub@0.3.2")->version == "0.3.2");
  BOOST_TEST(parse_client("python:/opt/py/bin/python3")->interpreter == "/opt/py/bin/python3");
  for (const char* word :
       {"huggingface_hub@", "huggingface_hub@new", "git@2.40", "transformers@5.0.0",
        "python:relative/python3", "python:", "@", "", "hf@1.0\x1b[31m"}) {
    const Result<NamedClient> client = parse_client(word);
    BOOST_REQUIRE_MESSAGE(!client, word);
    BOOST_TEST((client.error().code == Errc::usage), word);
  }
}

BOOST_AUTO_TEST_CASE(a_mistyped_name_has_a_suggestion_and_another_the_list) {
  BOOST_TEST(parse_client("tranformers").error().detail.ends_with("did you mean transformers?"));
  BOOST_TEST(
      parse_client("hugingface_hub").error().detail.ends_with("did you mean huggingface_hub?"));
  const std::string detail = parse_client("wget-of-some-kind").error().detail;
  BOOST_TEST(detail.find("known: huggingface_hub ") != std::string::npos, detail);
}

BOOST_AUTO_TEST_CASE(some_clients_read_nothing_by_themselves) {
  for (const char* word : {"js", "curl", "hf-hub", "hf-hub@1.1.0"})
    BOOST_TEST(!reads_by_itself(*parse_client(word)), word);
  for (const char* word : {"python", "transformers", "hfrs", "hfjs", "git", "hf-hub@0.5.0"})
    BOOST_TEST(reads_by_itself(*parse_client(word)), word);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::token
