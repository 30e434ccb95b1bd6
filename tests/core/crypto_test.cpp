// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/crypto.hpp"

#include "hfauth/core/fingerprint.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

using hfauth::Errc;
using hfauth::Fingerprinter;
using hfauth::Secret;
namespace crypto = hfauth::crypto;

BOOST_AUTO_TEST_SUITE(cryptography)

BOOST_AUTO_TEST_CASE(opens_what_it_sealed_and_nothing_that_was_changed) {
  const Secret key = crypto::random_key();
  const std::string nonce = crypto::random_bytes(crypto::kNonceBytes);
  const std::string sealed = crypto::seal(key, nonce, "header", "plain");
  BOOST_TEST(crypto::open(key, nonce, "header", sealed).value().expose() == "plain");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    BOOST_REQUIRE(!crypto::open(key, nonce, "header", changed));
  }
  BOOST_TEST((crypto::open(key, nonce, "other header", sealed).error().code == Errc::corrupt));
  BOOST_TEST(
      (crypto::open(crypto::random_key(), nonce, "header", sealed).error().code == Errc::corrupt));
  BOOST_TEST((crypto::open(key, nonce, "header", "short").error().code == Errc::corrupt));
}

BOOST_AUTO_TEST_CASE(seals_the_empty_text) {
  const Secret key = crypto::random_key();
  const std::string nonce = crypto::random_bytes(crypto::kNonceBytes);
  BOOST_TEST(crypto::open(key, nonce, "", crypto::seal(key, nonce, "", "")).value().empty());
}

BOOST_AUTO_TEST_CASE(derives_the_same_key_from_the_same_passphrase_and_salt) {
  const std::string salt(crypto::kSaltBytes, 's');
  const auto derive = [&salt](const char* passphrase) {
    return crypto::derive_key(Secret::copy_of(passphrase), salt, 1, std::size_t{8} << 20).value();
  };
  BOOST_TEST(derive("pass").equals(derive("pass").expose()));
  BOOST_TEST(!derive("pass").equals(derive("Pass").expose()));
}

BOOST_AUTO_TEST_CASE(hex_is_lower_case) {
  BOOST_TEST(crypto::hex(std::string("\x00\xAF", 2)) == "00af");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fingerprints)

BOOST_AUTO_TEST_CASE(the_key_file_is_made_once_with_mode_0600) {
  const hfauth::testing::ScratchDirectory scratch;
  const auto file = scratch.path() / "state" / "fingerprint.key";
  const std::string first = Fingerprinter::load_or_create(file).value().of("token");
  const std::string second = Fingerprinter::load_or_create(file).value().of("token");
  BOOST_TEST(first == second);
  BOOST_TEST(first.size() == 8U);

  struct stat status {};

  BOOST_REQUIRE(stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
}

BOOST_AUTO_TEST_CASE(differs_between_tokens_and_between_machines) {
  const Fingerprinter here = Fingerprinter::ephemeral();
  BOOST_TEST(here.of("a") != here.of("b"));
  BOOST_TEST(here.of("a") != Fingerprinter::ephemeral().of("a"));
}

BOOST_AUTO_TEST_CASE(a_damaged_key_file_is_an_error_that_says_what_to_do) {
  const hfauth::testing::ScratchDirectory scratch;
  const auto result = Fingerprinter::load_or_create(scratch.write("state/key", "short"));
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == Errc::corrupt || result.error().code == Errc::denied));
}

BOOST_AUTO_TEST_SUITE_END()
