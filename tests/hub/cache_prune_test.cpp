// SPDX-License-Identifier: Apache-2.0
//
// What prune takes and, above all, what it leaves: everything that something still names.
#include "hfauth/hub/cache_prune.hpp"

#include "hfauth/core/file.hpp"
#include "support/scratch_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

const std::string kCommit(40, '1');
const std::string kOldCommit(40, '2');
const std::string kNew(40, 'a');
const std::string kOld(40, 'b');
const std::string kBoth(40, 'c');
const std::string kPayload = "cd" + std::string(62, 'e');
const std::string kFolder = "models--org--name/";

struct Place {
  testing::ScratchDirectory scratch;

  void link(const std::string& path, const std::string& target) const {
    fs::create_directories((scratch.path() / path).parent_path());
    fs::create_symlink(target, scratch.path() / path);
  }

  void snapshot(const std::string& commit, const std::string& file, const std::string& etag,
                const std::string& folder = kFolder) const {
    link(folder + "snapshots/" + commit + "/" + file, "../../blobs/" + etag);
  }

  /// main is at kCommit; kOldCommit is detached and shares one blob with it.
  void plant() const {
    scratch.write(kFolder + "refs/main", kCommit);
    scratch.write(kFolder + "blobs/" + kNew, "new");
    scratch.write(kFolder + "blobs/" + kOld, "old content");
    scratch.write(kFolder + "blobs/" + kBoth, "both");
    snapshot(kCommit, "config.json", kNew);
    snapshot(kCommit, "same.json", kBoth);
    snapshot(kOldCommit, "config.json", kOld);
    snapshot(kOldCommit, "same.json", kBoth);
    scratch.write(kFolder + ".no_exist/" + kOldCommit + "/absent.json", "");
    scratch.write(kFolder + "trees/" + kOldCommit + ".json", "{}");
    scratch.write(kFolder + "trees/" + kCommit + ".json", "{}");
  }

  /// `folder`/blobs/<kOld> becomes a link to a payload that the list names.
  void share(const std::string& folder) const {
    const fs::path list = scratch.path() / ("blobs/cd/" + kPayload + ".refs");
    const std::string lines = fs::exists(list) ? testing::ScratchDirectory::read(list) : "";
    scratch.write("blobs/.huggingface-shared-blobs", "1\n");
    scratch.write("blobs/cd/" + kPayload, "shared content");
    scratch.write("blobs/cd/" + kPayload + ".refs", lines + folder + "blobs/" + kOld + "\n");
    fs::remove(scratch.path() / (folder + "blobs/" + kOld));
    link(folder + "blobs/" + kOld, "../../blobs/cd/" + kPayload);
  }

  [[nodiscard]] PrunePlan plan() const { return plan_prune(scan_cache(scratch.path()).value()); }

  [[nodiscard]] PruneOutcome prune_all() const { return prune(plan()); }

  [[nodiscard]] bool has(const std::string& path) const {
    return fs::symlink_status(scratch.path() / path).type() != fs::file_type::not_found;
  }
};

UniqueFd hold(const fs::path& lock) {
  UniqueFd held(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0664));
  BOOST_TEST_REQUIRE(::flock(held.get(), LOCK_EX | LOCK_NB) == 0);
  return held;
}

BOOST_FIXTURE_TEST_SUITE(cache_prune, Place)

BOOST_AUTO_TEST_CASE(a_revision_that_no_ref_names_goes_with_what_only_it_needs) {
  plant();
  const PrunePlan planned = plan();
  BOOST_TEST_REQUIRE(planned.repos.size() == 1U);
  BOOST_TEST(planned.repos[0].id == "model/org/name");
  BOOST_TEST(planned.n_revisions() == 1U);
  BOOST_TEST(planned.size == 11U);
  const PruneOutcome outcome = prune(planned);
  BOOST_TEST(outcome.failures.empty());
  BOOST_TEST(outcome.n_revisions == 1U);
  BOOST_TEST(outcome.freed == 11U);
  BOOST_TEST(!has(kFolder + "snapshots/" + kOldCommit));
  BOOST_TEST(!has(kFolder + "blobs/" + kOld));
  BOOST_TEST(!has(kFolder + ".no_exist"));
  BOOST_TEST(!has(kFolder + "trees/" + kOldCommit + ".json"));
  BOOST_TEST(has(kFolder + "trees/" + kCommit + ".json"));
  BOOST_TEST(has(kFolder + "blobs/" + kBoth));
  BOOST_TEST(testing::ScratchDirectory::read(
                 scratch.path() / (kFolder + "snapshots/" + kCommit + "/same.json")) == "both");
  BOOST_TEST(plan().empty());
}

BOOST_AUTO_TEST_CASE(planning_changes_nothing) {
  plant();
  BOOST_TEST(!plan().empty());
  BOOST_TEST(has(kFolder + "blobs/" + kOld));
  BOOST_TEST(!has(".locks"));
}

BOOST_AUTO_TEST_CASE(a_repository_without_any_ref_goes_whole) {
  plant();
  fs::remove_all(scratch.path() / (kFolder + "refs"));
  scratch.write(kFolder + "blobs/" + std::string(40, '7'), "never linked");
  const PrunePlan planned = plan();
  BOOST_TEST(planned.n_revisions() == 2U);
  BOOST_TEST(planned.size == 30U);
  const PruneOutcome outcome = prune(planned);
  BOOST_TEST(outcome.freed == 30U);
  BOOST_TEST(!has("models--org--name"));
}

BOOST_AUTO_TEST_CASE(leftover_downloads_go_unless_somebody_holds_their_lock) {
  plant();
  fs::remove_all(scratch.path() / (kFolder + "snapshots/" + kOldCommit));
  const std::string left(64, 'd');
  scratch.write(kFolder + "blobs/" + left + ".incomplete", "old form");
  scratch.write(kFolder + "blobs/" + left + ".0123abcd.incomplete", "new");
  scratch.write(kFolder + "blobs/" + kNew + ".incomplete", "running");
  const fs::path lock = scratch.write(".locks/" + kFolder + kNew + ".lock", "");
  {
    const UniqueFd held = hold(lock);
    BOOST_TEST(plan().repos.empty());  // a writer is at work in this repository
    BOOST_TEST_REQUIRE(plan().kept.size() == 1U);
    BOOST_TEST((plan().kept[0].reason == KeptBecause::running));
  }
  const PrunePlan planned = plan();
  BOOST_TEST(planned.n_incomplete() == 3U);
  {
    const UniqueFd held = hold(lock);  // it began after the plan was made
    const PruneOutcome outcome = prune(planned);
    BOOST_TEST(outcome.n_incomplete == 2U);
    BOOST_TEST_REQUIRE(outcome.failures.size() == 1U);
    BOOST_TEST((outcome.failures[0].code == Errc::busy));
  }
  BOOST_TEST(has(kFolder + "blobs/" + kNew + ".incomplete"));
  BOOST_TEST(!has(kFolder + "blobs/" + left + ".incomplete"));
  BOOST_TEST(has(kFolder + "blobs/" + kNew));
}

BOOST_AUTO_TEST_CASE(a_revision_that_a_ref_names_since_the_plan_stays) {
  plant();
  const PrunePlan planned = plan();
  scratch.write(kFolder + "refs/dev", kOldCommit);
  const PruneOutcome outcome = prune(planned);
  BOOST_TEST(outcome.n_revisions == 0U);
  BOOST_TEST(has(kFolder + "snapshots/" + kOldCommit + "/config.json"));
  BOOST_TEST(has(kFolder + "blobs/" + kOld));
}

BOOST_AUTO_TEST_CASE(a_blob_that_a_snapshot_names_since_the_plan_stays) {
  plant();
  const PrunePlan planned = plan();
  snapshot(kCommit, "taken-up.json", kOld);
  const PruneOutcome outcome = prune(planned);
  BOOST_TEST(outcome.n_revisions == 1U);
  BOOST_TEST(has(kFolder + "blobs/" + kOld));
}

BOOST_AUTO_TEST_CASE(a_blob_that_another_repository_reads_stays) {
  plant();
  scratch.write("models--org--other/refs/main", kCommit);
  link("models--org--other/snapshots/" + kCommit + "/w",
       "../../../models--org--name/blobs/" + kOld);
  const PruneOutcome outcome = prune_all();
  BOOST_TEST(outcome.n_revisions == 1U);
  BOOST_TEST(has(kFolder + "blobs/" + kOld));
}

BOOST_AUTO_TEST_CASE(a_blob_behind_a_chain_of_links_stays) {
  plant();
  fs::remove(scratch.path() / (kFolder + "blobs/" + kNew));
  link(kFolder + "blobs/" + kNew, kOld);  // a tool that joins equal files did that
  BOOST_TEST(prune_all().n_revisions == 1U);
  BOOST_TEST(has(kFolder + "blobs/" + kOld));
  BOOST_TEST(testing::ScratchDirectory::read(scratch.path() / (kFolder + "snapshots/" + kCommit +
                                                               "/config.json")) == "old content");
}

BOOST_AUTO_TEST_CASE(a_shared_payload_goes_with_its_last_link_and_not_before) {
  plant();
  share(kFolder);
  const std::string other = "datasets--org--data/";
  scratch.write(other + "refs/main", kCommit);
  scratch.write(other + "blobs/" + kOld, "");
  share(other);
  snapshot(kCommit, "w.bin", kOld, other);
  BOOST_TEST(plan().size == 0U);
  BOOST_TEST(plan().payloads.empty());
  BOOST_TEST(prune_all().n_revisions == 1U);
  BOOST_TEST(!has(kFolder + "blobs/" + kOld));
  BOOST_TEST(has("blobs/cd/" + kPayload));

  fs::remove_all(scratch.path() / (other + "refs"));
  BOOST_TEST(plan().size == 14U);
  const PruneOutcome outcome = prune_all();
  BOOST_TEST(outcome.n_payloads == 1U);
  BOOST_TEST(outcome.freed == 14U);
  BOOST_TEST(!has("blobs/cd/" + kPayload));
  BOOST_TEST(!has("blobs/cd/" + kPayload + ".refs"));
  BOOST_TEST(has("blobs/.huggingface-shared-blobs"));
}

BOOST_AUTO_TEST_CASE(a_payload_without_a_list_or_in_an_unmarked_folder_stays) {
  scratch.write("blobs/cd/" + kPayload, "whose?");
  BOOST_TEST(plan().payloads.empty());
  scratch.write("blobs/.huggingface-shared-blobs", "1\n");
  BOOST_TEST(plan().payloads.empty());
  scratch.write("blobs/cd/" + kPayload + ".refs", kFolder + "blobs/" + kOld + "\n");
  BOOST_TEST(plan().payloads.size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_outside_the_cache_is_touched) {
  testing::ScratchDirectory outside;
  const fs::path precious = outside.write("folder/precious", "keep");
  plant();
  link(kFolder + "snapshots/" + kOldCommit + "/out", precious.string());
  link(kFolder + "snapshots/" + kOldCommit + "/folder", (outside.path() / "folder").string());
  BOOST_TEST(prune_all().n_revisions == 1U);
  BOOST_TEST(!has(kFolder + "snapshots/" + kOldCommit));
  BOOST_TEST(fs::exists(precious));

  fs::rename(scratch.path() / "models--org--name", outside.path() / "moved");
  fs::remove_all(outside.path() / "moved/refs");
  fs::create_directory_symlink(outside.path() / "moved", scratch.path() / "models--org--name");
  BOOST_TEST(plan().empty());
  BOOST_TEST_REQUIRE(plan().kept.size() == 1U);
  BOOST_TEST((plan().kept[0].reason == KeptBecause::linked));
}

BOOST_AUTO_TEST_CASE(refs_that_cannot_be_understood_protect_every_revision) {
  plant();
  scratch.write(kFolder + "refs/half-written", kOldCommit.substr(0, 20));
  BOOST_TEST(plan().empty());
  BOOST_TEST_REQUIRE(plan().kept.size() == 1U);
  BOOST_TEST((plan().kept[0].reason == KeptBecause::refs_unclear));
}

BOOST_AUTO_TEST_CASE(copies_go_with_their_snapshot) {
  scratch.write(kFolder + "refs/main", kCommit);
  scratch.write(kFolder + "snapshots/" + kCommit + "/a", "kept");
  scratch.write(kFolder + "snapshots/" + kOldCommit + "/sub/a", "goes");
  BOOST_TEST(plan().size == 4U);
  BOOST_TEST(prune_all().freed == 4U);
  BOOST_TEST(has(kFolder + "snapshots/" + kCommit + "/a"));
  BOOST_TEST(!has(kFolder + "snapshots/" + kOldCommit));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
