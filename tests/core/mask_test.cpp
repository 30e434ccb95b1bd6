// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/mask.hpp"

#include "support/test_tokens.hpp"

#include <boost/test/unit_test.hpp>

using hfauth::redact;
using hfauth::testing::test_token;

namespace {

const std::string kToken = test_token("mask");

}  // namespace

BOOST_AUTO_TEST_SUITE(masks)

BOOST_AUTO_TEST_CASE(shows_the_first_three_and_the_last_four) {
  BOOST_TEST(hfauth::mask_token(kToken) == "hf_****" + kToken.substr(kToken.size() - 4));
  BOOST_TEST(hfauth::mask_token("hf_short") == "****");
  BOOST_TEST(hfauth::mask_token("") == "****");
}

BOOST_AUTO_TEST_CASE(no_form_of_a_token_survives_redaction) {
  for (const std::string& text :
       {kToken, "b'Bearer " + kToken + "\\n'", "HF_TOKEN=" + kToken,
        "export HF_TOKEN='" + kToken + "'", "https://user:" + kToken + "@huggingface.co/a/b",
        "https://" + kToken + "@huggingface.co/a", "{\"access_token\": \"" + kToken + "\"}",
        "Authorization: Bearer " + kToken, "x" + kToken + kToken,
        "hf_oauth_" + kToken.substr(3) + "." + kToken.substr(3), "\xFF\xFE" + kToken,
        "?token=" + kToken}) {
    const std::string clean = redact(text);
    BOOST_TEST(clean.find(kToken.substr(3, 20)) == std::string::npos, text << " became " << clean);
    BOOST_TEST(clean.find("****") != std::string::npos, clean);
  }
}

BOOST_AUTO_TEST_CASE(hides_values_that_do_not_look_like_tokens_where_a_secret_must_stand) {
  BOOST_TEST(redact("authorization: Basic dXNlcjpw") == "authorization: Basic ****");
  BOOST_TEST(redact("Bearer abc123") == "Bearer ****");
  BOOST_TEST(redact("HF_TOKEN=s3cret x") == "HF_TOKEN=**** x");
  BOOST_TEST(redact("https://bob:pw@huggingface.co/x") == "https://bob:****@huggingface.co/x");
  BOOST_TEST(redact("a?X-Amz-Signature=ab12&b=1") == "a?X-Amz-Signature=****&b=1");
}

BOOST_AUTO_TEST_CASE(leaves_ordinary_text_alone) {
  for (const char* text :
       {"hf_hub/1.28", "The secret `HF_TOKEN` does not exist", "export HF_TOKEN=\"$TOKEN\"",
        "hf_hub_download", "WWW-Authenticate: Bearer realm=\"Authentication required\"",
        "the bearer of this letter", "Illegal header value b'Bearer '",
        "https://huggingface.co/settings/tokens", "토큰이 없습니다", "a: b", "authorization:"}) {
    BOOST_TEST(redact(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(a_megabyte_of_prefixes_is_no_trap) {
  std::string text;
  while (text.size() < (std::size_t{1} << 20))
    text += "hf_bearer authorization:\"hf_token\"://";
  BOOST_TEST(redact(text).size() > 0U);
}

// Each of these takes milliseconds in one pass; measured anew at each position they would not end
// within the time that a test has.
BOOST_AUTO_TEST_CASE(a_long_chain_of_references_is_one_pass) {
  for (const std::string_view link : {"HF_TOKEN=$", "bearer%20realm=", "authorization:realm=",
                                      "hf_", "://", "?token=&", "bearer bearer "}) {
    std::string chain;
    while (chain.size() < 4U << 20U)
      chain += link;
    BOOST_TEST(!redact(chain).empty(), link);
  }
}

BOOST_AUTO_TEST_SUITE_END()
