// SPDX-License-Identifier: Apache-2.0
//
// What a program started by exec must not inherit.
#include "child_environment.hpp"

#include <boost/test/unit_test.hpp>

namespace hfauth::cli {
namespace {

BOOST_AUTO_TEST_SUITE(child_environment)

BOOST_AUTO_TEST_CASE(removes_every_variable_that_may_hold_a_token) {
  Environment environment;
  for (const char* name :
       {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_HUB_TOKEN", "HUGGINGFACEHUB_API_TOKEN",
        "HF_API_TOKEN", "HUGGINGFACE_API_KEY", "HUGGINGFACE_TOKEN", "HF_TOKEN_PATH",
        "HF_OIDC_RESOURCE", "HF_OIDC_ID_TOKEN", "HF_ACCESS_TOKEN", "TOKEN_HUGGINGFACE"}) {
    environment.set(name, "old");
  }
  scrub_token_variables(environment);
  for (const auto& [name, value] : environment.variables())
    BOOST_ERROR(name << " is still there");
  BOOST_TEST(environment.variables().empty());
}

BOOST_AUTO_TEST_CASE(leaves_everything_else) {
  Environment environment({{"HF_HOME", "/data"},
                           {"HF_ENDPOINT", "https://hub.example"},
                           {"HF_HUB_OFFLINE", "1"},
                           {"GITHUB_TOKEN", "another's"},
                           {"PATH", "/bin"},
                           {"HF_OIDC", "no family member"}});
  const Environment::Map before = environment.variables();
  scrub_token_variables(environment);
  BOOST_TEST((environment.variables() == before));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::cli
