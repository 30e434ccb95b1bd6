// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/hub_paths.hpp"

#include <boost/test/unit_test.hpp>

using hfauth::Environment;
using hfauth::token::HubPaths;

namespace {

HubPaths paths(const Environment::Map& variables) {
  return HubPaths::from(Environment(variables), "/home/u");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hub_paths)

BOOST_AUTO_TEST_CASE(have_the_defaults_of_the_hubs_clients) {
  const HubPaths found = paths({});
  BOOST_TEST(found.token == "/home/u/.cache/huggingface/token");
  BOOST_TEST(found.stored_tokens == "/home/u/.cache/huggingface/stored_tokens");
  BOOST_TEST(found.hub_cache == "/home/u/.cache/huggingface/hub");
}

BOOST_AUTO_TEST_CASE(follow_the_variables_in_their_order) {
  BOOST_TEST(paths({{"XDG_CACHE_HOME", "/x"}}).hf_home == "/x/huggingface");
  BOOST_TEST(paths({{"XDG_CACHE_HOME", "/x"}, {"HF_HOME", "/h"}}).token == "/h/token");
  BOOST_TEST(paths({{"HF_HOME", "/h"}, {"HF_TOKEN_PATH", "/t/tok"}}).stored_tokens ==
             "/t/stored_tokens");
  BOOST_TEST(paths({{"HF_HUB_CACHE", "/c"}, {"HUGGINGFACE_HUB_CACHE", "/d"}}).hub_cache == "/c");
  BOOST_TEST(paths({{"HUGGINGFACE_HUB_CACHE", "/d"}}).hub_cache == "/d");
  BOOST_TEST(paths({{"HUGGINGFACE_CO_STAGING", "1"}, {"HF_TOKEN_PATH", "/t"}}).token ==
             "/home/u/.cache/huggingface_staging/token");
}

BOOST_AUTO_TEST_CASE(keep_the_clients_mistakes) {
  BOOST_TEST(paths({{"HF_HOME", ""}}).token == "token");
  BOOST_TEST(paths({{"XDG_CACHE_HOME", ""}}).token == "huggingface/token");
  BOOST_TEST(paths({{"HF_TOKEN_PATH", ""}}).token == "");
  BOOST_TEST(paths({{"HF_HOME", "\"/data\""}}).token == "\"/data\"/token");
  BOOST_TEST(paths({{"HF_HOME", "$SCRATCH/hf"}}).token == "$SCRATCH/hf/token");
}

BOOST_AUTO_TEST_CASE(expand_as_python_does) {
  const Environment environment(Environment::Map{{"SCRATCH", "/s"}, {"EMPTY", ""}});
  const auto expanded = [&environment](std::string_view text) {
    return hfauth::token::expand_like_python(text, environment, "/home/u");
  };
  BOOST_TEST(expanded("~/x") == "/home/u/x");
  BOOST_TEST(expanded("~") == "/home/u");
  BOOST_TEST(expanded("a~/x") == "a~/x");
  BOOST_TEST(expanded("~no-such-user-here/x") == "~no-such-user-here/x");
  BOOST_TEST(expanded("$SCRATCH/${SCRATCH}/$NONE/$/${") == "/s//s/$NONE/$/${");
  BOOST_TEST(expanded("a$EMPTY/b") == "a/b");
}

BOOST_AUTO_TEST_SUITE_END()
