// SPDX-License-Identifier: Apache-2.0
//
// The keyring that tests/support/with_keyring.sh runs around a test: its control verbs, and stores
// opened on it.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/store/secret_service_store.hpp"
#include "store/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>

namespace hfauth::testing {

inline constexpr std::chrono::milliseconds kPatient{
    20000};  // a loaded machine is no fault of the store
inline constexpr std::chrono::milliseconds kShort{700};  // where the time-out itself is the subject

/// with_keyring.sh VERB; fails the test if that fails.
inline void control(const std::string& verb) {
  const char* script =
      std::getenv("WITH_KEYRING");  // NOLINT(concurrency-mt-unsafe): nobody writes it
  BOOST_REQUIRE(script != nullptr);
  const std::string command = "'" + std::string(script) + "' " + verb;
  BOOST_REQUIRE_EQUAL(std::system(command.c_str()), 0);  // NOLINT(concurrency-mt-unsafe)
}

/// What a shell command prints.
std::string output_of(const std::string& command);

/// How often a prompter was asked for since the bus began.
std::size_t prompts_seen();

inline Result<std::unique_ptr<store::SecretStore>> open_keyring(
    std::chrono::milliseconds call = kPatient) {
  return store::open_secret_service(Environment::of_process(), call, call, true);
}

inline std::unique_ptr<store::SecretStore> keyring(std::chrono::milliseconds call = kPatient) {
  auto opened = open_keyring(call);
  BOOST_REQUIRE_EQUAL(outcome(opened), "ok");
  return std::move(*opened);
}

}  // namespace hfauth::testing
