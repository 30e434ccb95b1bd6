// SPDX-License-Identifier: Apache-2.0
//
// Caches as every version of huggingface_hub leaves them, and as mistakes and ill will do, read
// into a CacheScan.
#include "hfauth/hub/cache_scan.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/hub/tree_listing.hpp"
#include "support/scratch_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

const std::string kCommit(40, '1');
const std::string kOldCommit(40, '2');
const std::string kSmall(40, 'a');
const std::string kLarge(64, 'b');
const std::string kPayload = "cd" + std::string(62, 'e');
const std::string kFolder = "models--org--name/";

struct Place {
  testing::ScratchDirectory scratch;

  void blob(const std::string& etag, const std::string& content) {
    scratch.write(kFolder + "blobs/" + etag, content);
  }

  void link(const std::string& commit, const std::string& file, const std::string& target) {
    const fs::path path = scratch.path() / (kFolder + "snapshots/" + commit + "/" + file);
    fs::create_directories(path.parent_path());
    fs::create_symlink(target, path);
  }

  /// Two revisions that share a blob; the older one is detached.
  void plant() {
    scratch.write(kFolder + "refs/main", kCommit);
    scratch.write(kFolder + "refs/refs/pr/1", kCommit + "\n");
    blob(kSmall, "small");
    blob(kLarge, "larger content");
    link(kCommit, "config.json", "../../blobs/" + kSmall);
    link(kCommit, "sub/folder/weights.bin", "../../../../blobs/" + kLarge);
    link(kOldCommit, "config.json", "../../blobs/" + kSmall);
  }

  [[nodiscard]] CacheScan scan() const { return scan_cache(scratch.path()).value(); }

  [[nodiscard]] CachedRepo only_repo() const {
    CacheScan found = scan();
    BOOST_TEST_REQUIRE(found.repos.size() == 1U);
    return std::move(found.repos.front());
  }

  [[nodiscard]] std::vector<std::string> troubles() const {
    std::vector<std::string> names;
    const CacheScan found = scan();
    for (const CacheProblem& problem : found.problems)
      names.emplace_back(name_of(problem.trouble));
    for (const CachedRepo& repo : found.repos) {
      for (const CacheProblem& problem : repo.problems)
        names.emplace_back(name_of(problem.trouble));
    }
    std::sort(names.begin(), names.end());
    return names;
  }
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

BOOST_FIXTURE_TEST_SUITE(cache_scan, Place)

BOOST_AUTO_TEST_CASE(counts_each_blob_once_and_knows_what_no_ref_names) {
  plant();
  const CachedRepo repo = only_repo();
  BOOST_TEST(cache_id(repo) == "model/org/name");
  BOOST_TEST(repo.size == 19U);
  BOOST_TEST(repo.n_files == 2U);
  BOOST_TEST_REQUIRE(repo.revisions.size() == 2U);
  BOOST_TEST(repo.revisions[0].commit == kCommit);
  BOOST_TEST(joined(repo.revisions[0].refs) == "main refs/pr/1");
  BOOST_TEST(repo.revisions[0].size == 19U);
  BOOST_TEST(repo.revisions[0].files[1].path == "sub/folder/weights.bin");
  BOOST_TEST(repo.revisions[1].refs.empty());
  BOOST_TEST(repo.revisions[1].size == 5U);
  BOOST_TEST(scan().size == 19U);
  BOOST_TEST(joined(troubles()).empty());
}

BOOST_AUTO_TEST_CASE(tells_the_types_apart_and_leaves_the_clients_own_files_alone) {
  for (const char* folder : {"models--gpt2", "datasets--a--b", "spaces--c--d", "kernels--e--f"})
    fs::create_directories(scratch.path() / folder / "snapshots");
  scratch.write("CACHEDIR.TAG", "Signature");
  fs::create_directories(scratch.path() / ".locks");
  std::vector<std::string> ids;
  for (const CachedRepo& repo : scan().repos)
    ids.push_back(cache_id(repo));
  BOOST_TEST(joined(ids) == "model/gpt2 dataset/a/b space/c/d kernel/e/f");
  BOOST_TEST(joined(troubles()).empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_no_client_makes_is_told) {
  scratch.write("notes.txt", "");
  scratch.write("models--a--b", "a file");
  fs::create_directories(scratch.path() / "blobs");  // without the marker
  BOOST_TEST(joined(troubles()) == "not_a_repository not_a_repository not_a_repository");
  BOOST_TEST(scan().repos.empty());
}

BOOST_AUTO_TEST_CASE(reads_copies_where_symbolic_links_were_not_possible) {
  scratch.write(kFolder + "refs/main", kCommit);
  scratch.write(kFolder + "snapshots/" + kCommit + "/config.json", "copy");
  const CachedRepo repo = only_repo();
  BOOST_TEST(repo.size == 4U);
  BOOST_TEST(repo.blobs.at(repo.revisions.at(0).files.at(0).blob).etag.empty());
  BOOST_TEST(joined(troubles()).empty());
}

BOOST_AUTO_TEST_CASE(follows_two_hops_into_the_shared_store_and_counts_the_payload_once) {
  scratch.write("blobs/.huggingface-shared-blobs", "1\n");
  scratch.write("blobs/cd/" + kPayload, "shared content");
  scratch.write("blobs/cd/" + kPayload + ".refs", kFolder + "blobs/" + kLarge + "\n");
  scratch.write("blobs/cd/" + kPayload + ".lock", "");
  for (const std::string& folder : {kFolder, std::string("datasets--org--data/")}) {
    scratch.write(folder + "refs/main", kCommit);
    fs::create_directories(scratch.path() / (folder + "blobs"));
    fs::create_directories(scratch.path() / (folder + "snapshots/" + kCommit));
    fs::create_symlink("../../blobs/cd/" + kPayload, scratch.path() / (folder + "blobs/" + kLarge));
    fs::create_symlink("../../blobs/" + kLarge,
                       scratch.path() / (folder + "snapshots/" + kCommit + "/w.bin"));
  }
  const CacheScan found = scan();
  BOOST_TEST_REQUIRE(found.repos.size() == 2U);
  BOOST_TEST(found.repos[0].size == 14U);
  BOOST_TEST(found.repos[1].size == 14U);
  BOOST_TEST(found.repos[0].blobs.at(0).shared == kPayload);
  BOOST_TEST(found.size == 14U);
  BOOST_TEST_REQUIRE(found.payloads.size() == 1U);
  BOOST_TEST(found.payloads[0].n_blobs == 2U);
  BOOST_TEST(joined(troubles()).empty());
  fs::remove(scratch.path() / ("blobs/cd/" + kPayload));
  BOOST_TEST(joined(troubles()) == "missing_blob missing_blob");
}

BOOST_AUTO_TEST_CASE(names_links_that_dangle_leave_the_cache_or_lead_to_folders) {
  plant();
  link(kCommit, "dangling", "../../blobs/" + std::string(40, 'f'));
  link(kCommit, "outside", "/etc/passwd");
  link(kCommit, "folder", "../..");
  link(kCommit, "loop", "loop");
  link(kCommit, "absolute", (scratch.path() / (kFolder + "blobs/" + kSmall)).string());
  BOOST_TEST(joined(troubles()) == "missing_blob missing_blob odd_entry outside_blob");
  BOOST_TEST(only_repo().size == 19U);
}

BOOST_AUTO_TEST_CASE(a_link_to_itself_or_upwards_ends_no_walk) {
  plant();
  fs::create_directory_symlink("..", scratch.path() / (kFolder + "snapshots/" + kCommit + "/up"));
  fs::create_directory_symlink(".", scratch.path() / (kFolder + "snapshots/here"));
  fs::create_directory_symlink("..", scratch.path() / (kFolder + "refs/up"));
  BOOST_TEST(only_repo().revisions.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_repository_that_the_user_moved_to_another_disk_is_read) {
  testing::ScratchDirectory disk;
  plant();
  fs::rename(scratch.path() / "models--org--name", disk.path() / "moved");
  fs::create_directory_symlink(disk.path() / "moved", scratch.path() / "models--org--name");
  const CachedRepo repo = only_repo();
  BOOST_TEST(repo.is_link);
  BOOST_TEST(repo.size == 19U);
  BOOST_TEST(joined(troubles()).empty());
}

BOOST_AUTO_TEST_CASE(refs_that_hold_nothing_useful_are_told) {
  plant();
  scratch.write(kFolder + "refs/empty", "");
  scratch.write(kFolder + "refs/path", "../../../etc");
  scratch.write(kFolder + "refs/old", std::string(40, '9'));
  BOOST_TEST(joined(troubles()) == "bad_ref bad_ref stale_ref");
  BOOST_TEST(only_repo().refs.at("old") == std::string(40, '9'));
}

BOOST_AUTO_TEST_CASE(a_pipe_is_not_opened) {
  plant();
  const auto make_pipe = [this](const std::string& name) {
    BOOST_TEST_REQUIRE(::mkfifo((scratch.path() / (kFolder + name)).c_str(), 0600) == 0);
  };
  make_pipe("snapshots/" + kCommit + "/pipe");
  make_pipe("blobs/" + std::string(40, 'd'));
  make_pipe("refs/pipe");
  BOOST_TEST(joined(troubles()) == "bad_ref odd_entry odd_entry");
}

BOOST_AUTO_TEST_CASE(finds_leftover_downloads_of_both_names_and_those_that_run) {
  plant();
  const std::string etag(64, 'c');
  scratch.write(kFolder + "blobs/" + etag + ".incomplete", "old form");
  scratch.write(kFolder + "blobs/" + etag + ".0a1b2c3d.incomplete", "new");
  scratch.write(kFolder + "blobs/" + kSmall + ".incomplete", "running");
  const fs::path lock = scratch.write(".locks/" + kFolder + kSmall + ".lock", "");
  const UniqueFd held(::open(lock.c_str(), O_RDWR | O_CLOEXEC));
  BOOST_TEST_REQUIRE(::flock(held.get(), LOCK_EX | LOCK_NB) == 0);
  const CachedRepo repo = only_repo();
  BOOST_TEST_REQUIRE(repo.incomplete.size() == 3U);
  for (const IncompleteFile& file : repo.incomplete) {
    BOOST_TEST(file.is_running == (file.etag == kSmall));
    BOOST_TEST((file.etag == kSmall || file.etag == etag));
  }
  BOOST_TEST(repo.unused_size == 0U);
  BOOST_TEST(repo.size == 19U);
}

BOOST_AUTO_TEST_CASE(blobs_that_no_snapshot_names_are_counted_apart) {
  plant();
  blob(std::string(40, '7'), "unused");
  const CachedRepo repo = only_repo();
  BOOST_TEST(repo.size == 19U);
  BOOST_TEST(repo.unused_size == 6U);
  BOOST_TEST(repo.n_files == 2U);
}

BOOST_AUTO_TEST_CASE(folders_that_cannot_be_entered_are_named_and_the_rest_is_read) {
  plant();
  const fs::path closed = scratch.path() / (kFolder + "snapshots/" + kOldCommit);
  fs::permissions(closed, fs::perms::none);
  fs::permissions(scratch.path(), fs::perms::all);
  const bool was_root = ::geteuid() == 0;
  if (was_root) BOOST_TEST_REQUIRE(::seteuid(65534) == 0);
  const std::vector<std::string> told = troubles();
  const CachedRepo repo = only_repo();
  if (was_root) BOOST_TEST_REQUIRE(::seteuid(0) == 0);
  fs::permissions(closed, fs::perms::all);
  BOOST_TEST(joined(told) == "unreadable");
  BOOST_TEST(repo.is_foreign == was_root);
  BOOST_TEST(repo.revisions.size() == 1U);
}

BOOST_AUTO_TEST_CASE(very_deep_folders_end_the_walk_and_not_the_program) {
  plant();
  std::string deep = kFolder + "snapshots/" + kCommit;
  for (int i = 0; i < 200; ++i)
    deep += "/d";
  scratch.write(deep + "/file", "");
  BOOST_TEST(joined(troubles()) == "too_deep");
}

BOOST_AUTO_TEST_CASE(a_cache_that_is_not_there_or_is_a_file_is_an_error) {
  BOOST_TEST((scan_cache(scratch.path() / "absent").error().code == Errc::not_found));
  BOOST_TEST((scan_cache(scratch.write("file", "")).error().code == Errc::invalid_input));
}

BOOST_AUTO_TEST_CASE(one_repository_is_scanned_alone) {
  plant();
  const Repo repo = Repo::parse("org/name").value();
  BOOST_TEST(scan_repo(scratch.path(), repo).value()->size == 19U);
  BOOST_TEST(!scan_repo(scratch.path(), Repo::parse("org/other").value()).value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tree_listing, Place)

BOOST_AUTO_TEST_CASE(reads_sizes_and_etags) {
  const fs::path file = scratch.write("t.json", R"({"format_version": 1, "files": {
    "config.json": {"size": 5, "blob_id": "aa"},
    "w.bin": {"size": 130, "blob_id": "cc", "lfs_sha256": "bb", "lfs_size": 14, "xet_hash": null, "more": [{}]}}})");
  const TreeListing listing = read_tree_listing(file).value().value();
  BOOST_TEST(listing.size() == 2U);
  BOOST_TEST(listing.at("config.json").size == 5U);
  BOOST_TEST(listing.at("config.json").etag == "aa");
  BOOST_TEST(listing.at("w.bin").size == 14U);
  BOOST_TEST(listing.at("w.bin").etag == "bb");
}

BOOST_AUTO_TEST_CASE(another_format_or_no_file_is_no_listing) {
  BOOST_TEST(!read_tree_listing(scratch.path() / "absent.json").value().has_value());
  const fs::path file = scratch.write("t.json", R"({"format_version": 2, "files": []})");
  BOOST_TEST(!read_tree_listing(file).value().has_value());
}

BOOST_DATA_TEST_CASE(
    what_is_no_listing_is_corrupt,
    boost::unit_test::data::make(
        {"", "{", "[]", "{}", R"({"format_version": 1, "files": {"a": {"size": 1}}})",
         R"({"format_version": 1, "files": {"a": {"size": -1, "blob_id": "a"}}})",
         R"({"format_version": 1, "files": {"a": {"size": "1", "blob_id": "a"}}})",
         R"({"format_version": 1, "files": {"../a": {"size": 1, "blob_id": "a"}}})",
         R"({"format_version": 1, "files": {"a": {"size": 1, "blob_id": ["a"]}}})"}),
    text) {
  const Result<std::optional<TreeListing>> read = read_tree_listing(scratch.write("t", text));
  BOOST_TEST_REQUIRE(!read.has_value());
  BOOST_TEST((read.error().code == Errc::corrupt));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
