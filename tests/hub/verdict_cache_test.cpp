// SPDX-License-Identifier: Apache-2.0
//
// What is known of tokens between two runs, and what a damaged or hostile file does to it.
#include "hfauth/hub/verdict_cache.hpp"

#include "support/fake_clock.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

namespace hfauth::hub {
namespace {

using testing::FakeClock;
using testing::ScratchDirectory;

struct Place {
  ScratchDirectory scratch;
  FakeClock clock;
  std::filesystem::path file = scratch.path() / "state/verdicts";
  VerdictCache cache{file};

  std::string known(const std::string& fingerprint) {
    const std::optional<KnownVerdict> found = cache.find(fingerprint);
    return found ? std::string(name_of(found->verdict)) : "nothing";
  }
};

BOOST_FIXTURE_TEST_SUITE(verdict_cache, Place)

BOOST_AUTO_TEST_CASE(keeps_the_last_verdict_of_each_token_for_its_owner_alone) {
  BOOST_TEST(known("0a") == "nothing");
  BOOST_TEST(cache.note("0a", Verdict::valid, clock.now()).has_value());
  BOOST_TEST(cache.note("0b", Verdict::expired, clock.now()).has_value());
  BOOST_TEST(cache.note("0a", Verdict::invalid, clock.now()).has_value());
  BOOST_TEST(known("0a") == "invalid");
  BOOST_TEST(known("0b") == "expired");

  struct stat status {};

  BOOST_TEST_REQUIRE(stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0600U);
  BOOST_TEST(ScratchDirectory::read(file) ==
             "0b expired 2026-11-22T00:00:00Z\n0a invalid 2026-11-22T00:00:00Z\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_never_takes_the_place_of_what_is_known) {
  BOOST_TEST(cache.note("0a", Verdict::valid, clock.now()).has_value());
  BOOST_TEST(cache.note("0a", Verdict::unknown, clock.now()).has_value());
  BOOST_TEST(known("0a") == "valid");
}

BOOST_AUTO_TEST_CASE(a_verdict_is_fresh_for_ten_minutes_and_never_from_the_future) {
  BOOST_TEST(cache.note("0a", Verdict::valid, clock.now()).has_value());
  const KnownVerdict verdict = cache.find("0a").value();
  BOOST_TEST(verdict.is_fresh(clock.now()));
  BOOST_TEST(verdict.is_fresh(clock.now() + std::chrono::minutes(10)));
  BOOST_TEST(!verdict.is_fresh(clock.now() + std::chrono::seconds(601)));
  BOOST_TEST(!verdict.is_fresh(clock.now() - std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_costs_a_question_and_nothing_else) {
  scratch.write("state/verdicts",
                "0a valid\n\nhf_AAAA valid 2026-11-22T00:00:00Z\n0b unknown 2026-11-22T00:00:00Z\n"
                "0c valid yesterday\n0d valid 2026-11-22T00:00:00Z");
  std::filesystem::permissions(scratch.path() / "state", std::filesystem::perms::owner_all);
  for (const char* fingerprint : {"0a", "hf_AAAA", "0b", "0c"})
    BOOST_TEST(known(fingerprint) == "nothing", fingerprint);
  BOOST_TEST(known("0d") == "valid");
  BOOST_TEST(cache.note("0e", Verdict::valid, clock.now()).has_value());
  BOOST_TEST(ScratchDirectory::read(file).find("hf_") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(takes_no_token_for_a_fingerprint_and_does_not_grow_for_ever) {
  BOOST_TEST(cache.note("hf_AAAA", Verdict::valid, clock.now()).has_value());
  BOOST_TEST(!std::filesystem::exists(file));
  for (int i = 10; i < 99; ++i)
    BOOST_TEST(cache.note(std::to_string(i), Verdict::valid, clock.now()).has_value());
  BOOST_TEST(known("10") == "nothing");
  BOOST_TEST(known("98") == "valid");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
