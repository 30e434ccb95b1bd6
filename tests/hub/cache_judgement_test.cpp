// SPDX-License-Identifier: Apache-2.0
//
// The judgements on a cached repository: are its files whole, will it load offline, and why not.
#include "hfauth/core/file.hpp"
#include "hfauth/hub/cache_explain.hpp"
#include "hfauth/hub/cache_offline.hpp"
#include "hfauth/hub/cache_verify.hpp"
#include "http_module.hpp"
#include "support/scratch_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

const std::string kCommit(40, '1');
const std::string kFolder = "models--org--name/";

std::string hash_of(DigestKind kind, const std::string& content) {
  const std::unique_ptr<Digest> digest = make_digest(kind).value();
  BOOST_REQUIRE(digest->add(content));
  return digest->finish();
}

std::string git_hash_of(const std::string& content) {
  return hash_of(DigestKind::sha1,
                 "blob " + std::to_string(content.size()) + std::string(1, '\0') + content);
}

struct Place {
  testing::ScratchDirectory scratch;
  Repo repo = Repo::parse("org/name").value();
  std::string small = git_hash_of("small");
  std::string large = hash_of(DigestKind::sha256, "large content");

  /// config.json and sub/w.bin, whole, with the commit's list.
  void plant() const {
    scratch.write(kFolder + "refs/main", kCommit);
    scratch.write(kFolder + "blobs/" + small, "small");
    scratch.write(kFolder + "blobs/" + large, "large content");
    link("config.json", "../../blobs/" + small);
    link("sub/w.bin", "../../../blobs/" + large);
    list("\"config.json\": {\"size\": 5, \"blob_id\": \"" + small +
         "\"}, \"sub/w.bin\": {\"size\": 13, \"blob_id\": \"x\", \"lfs_sha256\": \"" + large +
         "\", \"lfs_size\": 13}");
  }

  void list(const std::string& files) const {
    scratch.write(kFolder + "trees/" + kCommit + ".json",
                  "{\"format_version\": 1, \"files\": {" + files + "}}");
  }

  void link(const std::string& file, const std::string& target) const {
    const fs::path path = scratch.path() / (kFolder + "snapshots/" + kCommit + "/" + file);
    fs::create_directories(path.parent_path());
    fs::create_symlink(target, path);
  }

  [[nodiscard]] CachedRepo scanned() const {
    return scan_repo(scratch.path(), repo).value().value();
  }

  [[nodiscard]] RevisionCheck verify(bool with_listing = true) const {
    const CachedRepo scan = scanned();
    const CachedRevision* revision = find_revision(scan, "main");
    BOOST_TEST_REQUIRE(revision != nullptr);
    const std::optional<TreeListing> listing =
        read_tree_listing(listing_path(scan, kCommit)).value();
    CacheVerifier verifier;
    return verifier.verify(scan, *revision, with_listing && listing ? &*listing : nullptr).value();
  }

  [[nodiscard]] std::string only_verdict(bool with_listing = true) const {
    const RevisionCheck check = verify(with_listing);
    BOOST_TEST_REQUIRE(check.findings.size() == 1U);
    return std::string(name_of(check.findings[0].verdict));
  }

  [[nodiscard]] std::string readiness(const std::string& revision = "main") const {
    const CachedRepo scan = scanned();
    const std::optional<TreeListing> listing =
        read_tree_listing(listing_path(scan, kCommit)).value();
    return std::string(
        name_of(judge_offline(scan, revision, listing ? &*listing : nullptr).readiness));
  }

  [[nodiscard]] CacheExplanation explain(const std::string& file = "config.json",
                                         const std::string& revision = "main") const {
    return explain_cache(scratch.path(), repo, revision,
                         file.empty() ? std::nullopt : std::optional(file))
        .value();
  }

  /// The cause by name, after a comparison with what a client would be given.
  [[nodiscard]] std::string cause(const std::string& file = "config.json",
                                  const std::string& revision = "main") const {
    const CacheCause cause = explain(file, revision).cause;
    if (!file.empty()) {
      const Result<CacheAnswer> answer = HubCache(scratch.path()).find(repo, revision, file);
      const bool is_hit = answer && answer->kind == CacheAnswer::Kind::hit;
      const bool is_known_missing = answer && answer->kind == CacheAnswer::Kind::known_missing;
      BOOST_TEST(is_hit == (cause == CacheCause::found || cause == CacheCause::wrong_size));
      BOOST_TEST(is_known_missing ==
                 (cause == CacheCause::known_missing || cause == CacheCause::contradiction));
    }
    return std::string(name_of(cause));
  }

  [[nodiscard]] fs::path entry(const std::string& file) const {
    return scratch.path() / (kFolder + "snapshots/" + kCommit + "/" + file);
  }
};

BOOST_FIXTURE_TEST_SUITE(cache_verify, Place)

BOOST_AUTO_TEST_CASE(whole_files_are_good_by_both_hashes) {
  plant();
  const RevisionCheck check = verify();
  BOOST_TEST(check.n_good == 2U);
  BOOST_TEST(check.findings.empty());
  BOOST_TEST(check.absent.empty());
  BOOST_TEST(check.has_listing);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_is_found_in_either_kind_of_file) {
  for (const std::string& etag : {small, large}) {
    plant();
    const fs::path blob = scratch.path() / (kFolder + "blobs/" + etag);
    std::string content = testing::ScratchDirectory::read(blob);
    content[1] = static_cast<char>(content[1] ^ 1);
    scratch.write(kFolder + "blobs/" + etag, content);
    const RevisionCheck check = verify();
    BOOST_TEST_REQUIRE(check.findings.size() == 1U);
    BOOST_TEST((check.findings[0].verdict == FileVerdict::corrupt));
    BOOST_TEST(check.findings[0].content == blob);
    BOOST_TEST(check.findings[0].expected == etag);
    BOOST_TEST(check.n_good == 1U);
    fs::remove_all(scratch.path() / "models--org--name");
  }
}

BOOST_AUTO_TEST_CASE(a_short_file_a_lost_blob_and_a_link_outwards_are_told_apart) {
  plant();
  scratch.write(kFolder + "blobs/" + small, "sma");
  BOOST_TEST(only_verdict() == "wrong_size");
  BOOST_TEST(only_verdict(false) == "corrupt");
  fs::remove(scratch.path() / (kFolder + "blobs/" + small));
  BOOST_TEST(only_verdict() == "missing");
  fs::create_symlink("/etc/hostname", scratch.path() / (kFolder + "blobs/" + small));
  BOOST_TEST(only_verdict() == "outside");
}

BOOST_AUTO_TEST_CASE(a_link_to_another_files_content_is_found_by_the_list) {
  plant();
  fs::remove(entry("config.json"));
  const std::string other = git_hash_of("other");
  scratch.write(kFolder + "blobs/" + other, "other");
  link("config.json", "../../blobs/" + other);
  BOOST_TEST(only_verdict() == "exchanged");
  BOOST_TEST(verify().findings[0].content == entry("config.json"));
  BOOST_TEST(verify(false).findings.empty());
}

BOOST_AUTO_TEST_CASE(copies_are_checked_by_the_list_and_else_not_at_all) {
  plant();
  fs::remove(entry("config.json"));
  scratch.write(kFolder + "snapshots/" + kCommit + "/config.json", "small");
  BOOST_TEST(verify().findings.empty());
  BOOST_TEST(only_verdict(false) == "unchecked");
  scratch.write(kFolder + "snapshots/" + kCommit + "/config.json", "smalL");
  BOOST_TEST(only_verdict() == "corrupt");
}

BOOST_AUTO_TEST_CASE(files_that_were_never_downloaded_are_told_and_are_no_damage) {
  plant();
  fs::remove(entry("sub/w.bin"));
  const RevisionCheck check = verify();
  BOOST_TEST(check.findings.empty());
  BOOST_TEST_REQUIRE(check.absent.size() == 1U);
  BOOST_TEST(check.absent[0] == "sub/w.bin");
}

BOOST_AUTO_TEST_CASE(files_that_the_commit_does_not_have_are_told) {
  plant();
  scratch.write(kFolder + "snapshots/" + kCommit + "/made-here.o", "by a build");
  const RevisionCheck check = verify();
  BOOST_TEST_REQUIRE(check.strange.size() == 1U);
  BOOST_TEST(check.strange[0] == "made-here.o");
}

BOOST_AUTO_TEST_CASE(content_that_two_files_share_is_read_once) {
  plant();
  link("again.json", "../../blobs/" + small);
  const CachedRepo scan = scanned();
  std::uint64_t n_bytes = 0;
  CacheVerifier verifier(
      [&n_bytes](const std::string& /*path*/, std::uint64_t n) { n_bytes += n; });
  BOOST_TEST(verifier.verify(scan, scan.revisions.front(), nullptr).value().n_good == 3U);
  BOOST_TEST(n_bytes == 18U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(cache_offline, Place)

BOOST_AUTO_TEST_CASE(a_repository_is_complete_only_if_the_commits_list_says_so) {
  plant();
  BOOST_TEST(readiness() == "complete");
  BOOST_TEST(readiness(kCommit) == "complete");
  fs::remove(entry("sub/w.bin"));
  BOOST_TEST(readiness() == "incomplete");
  fs::remove_all(scratch.path() / (kFolder + "trees"));
  BOOST_TEST(readiness() == "unknown");
  fs::remove(scratch.path() / (kFolder + "blobs/" + small));
  BOOST_TEST(readiness() == "incomplete");
  BOOST_TEST(readiness("dev") == "not_cached");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(cache_explain, Place)

BOOST_AUTO_TEST_CASE(a_file_that_is_there_is_found_in_the_steps_of_the_clients) {
  plant();
  std::string steps;
  const CacheExplanation told = explain("sub/w.bin");
  for (const CacheStep& step : told.steps) {
    BOOST_TEST((step.state == CacheStep::State::good));
    steps += std::string(name_of(step.kind)) + " ";
  }
  BOOST_TEST(steps == "cache repository revision snapshot listing blob ");
  BOOST_TEST((told.cause == CacheCause::found));
  BOOST_TEST(told.commit == kCommit);
  BOOST_TEST(cause("") == "found");
}

BOOST_AUTO_TEST_CASE(without_cache_or_repository_the_likelier_reason_is_named) {
  BOOST_TEST(cause() == "not_downloaded");
  BOOST_TEST(name_of(explain_cache(scratch.path() / "absent", repo, "main", {}).value().cause) ==
             "no_cache");
  fs::create_directories(scratch.path() / "datasets--org--name/snapshots");
  BOOST_TEST(cause() == "other_type");
  BOOST_TEST(explain().detail == "dataset");
  fs::create_directories(scratch.path() / "models--Org--Name/snapshots");
  fs::remove_all(scratch.path() / "datasets--org--name");
  BOOST_TEST(cause() == "other_case");
  BOOST_TEST(explain().detail == "Org/Name");
}

BOOST_AUTO_TEST_CASE(revisions_are_looked_up_and_never_guessed) {
  plant();
  BOOST_TEST(cause("config.json", "dev") == "no_such_ref");
  BOOST_TEST(explain("config.json", "dev").names.at(0) == "main");
  BOOST_TEST(cause("config.json", std::string(40, '9')) == "no_snapshot");
  scratch.write(kFolder + "refs/stale", std::string(40, '9'));
  BOOST_TEST(cause("config.json", "stale") == "no_snapshot");
  scratch.write(kFolder + "refs/broken", "no commit");
  BOOST_TEST(cause("config.json", "broken") == "bad_ref");
}

BOOST_AUTO_TEST_CASE(noted_absence_is_told_also_where_the_note_is_wrong) {
  plant();
  scratch.write(kFolder + ".no_exist/" + kCommit + "/absent.json", "");
  scratch.write(kFolder + ".no_exist/" + kCommit + "/config.json", "");
  BOOST_TEST(cause("absent.json") == "known_missing");
  BOOST_TEST(cause("config.json") == "contradiction");
  fs::remove_all(scratch.path() / (kFolder + "snapshots"));
  BOOST_TEST(cause("absent.json") == "known_missing");
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_a_wrong_name_or_no_download_or_a_broken_off_one) {
  plant();
  BOOST_TEST(cause("Config.JSON") == "not_in_commit");
  BOOST_TEST(explain("Config.JSON").detail == "config.json");
  BOOST_TEST(explain("w.bin").detail == "sub/w.bin");
  fs::remove(entry("config.json"));
  BOOST_TEST(cause() == "file_not_downloaded");
  BOOST_TEST(cause("") == "incomplete");
  scratch.write(kFolder + "blobs/" + small + ".0123abcd.incomplete", "sm");
  BOOST_TEST(cause() == "broken_off");
  const fs::path lock = scratch.write(".locks/" + kFolder + small + ".lock", "");
  const UniqueFd held(::open(lock.c_str(), O_RDWR | O_CLOEXEC));
  BOOST_TEST_REQUIRE(::flock(held.get(), LOCK_EX | LOCK_NB) == 0);
  BOOST_TEST(cause() == "running");
}

BOOST_AUTO_TEST_CASE(content_that_cannot_be_used_has_its_own_cause) {
  plant();
  const fs::path blob = scratch.path() / (kFolder + "blobs/" + small);
  scratch.write(kFolder + "blobs/" + small, "sma");
  BOOST_TEST(cause() == "wrong_size");
  fs::remove(blob);
  BOOST_TEST(cause() == "missing_blob");
  fs::create_symlink("../../blobs/cd/cd" + std::string(62, 'e'), blob);
  BOOST_TEST(cause() == "missing_payload");
  fs::remove(blob);
  fs::create_symlink("/etc/hostname", blob);
  BOOST_TEST(cause() == "outside");
  fs::remove(entry("config.json"));
  fs::create_directories(entry("config.json"));
  BOOST_TEST(cause() == "odd_entry");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_entered_is_named) {
  plant();
  const fs::path closed = scratch.path() / (kFolder + "snapshots/" + kCommit + "/sub");
  fs::permissions(closed, fs::perms::none);
  fs::permissions(scratch.path(), fs::perms::all);
  const bool was_root = ::geteuid() == 0;
  if (was_root) BOOST_TEST_REQUIRE(::seteuid(65534) == 0);
  const CacheExplanation told = explain("sub/w.bin");
  if (was_root) BOOST_TEST_REQUIRE(::seteuid(0) == 0);
  fs::permissions(closed, fs::perms::all);
  BOOST_TEST((told.cause == CacheCause::unreadable));
  BOOST_TEST(told.detail.find(closed.string() + " cannot be entered") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_revision_or_a_file_is_refused) {
  BOOST_TEST(!explain_cache(scratch.path(), repo, "../x", {}).has_value());
  BOOST_TEST(!explain_cache(scratch.path(), repo, "main", "../x").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
