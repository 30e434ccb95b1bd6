// SPDX-License-Identifier: Apache-2.0
//
// The cache as files: found as huggingface_hub finds them, filled in its layout, never left half
// done. The Hub is a fake here; cache_integration_test.cpp has sockets and processes.
#include "hfauth/hub/cache.hpp"

#include "http_module.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_http_client.hpp"
#include "support/scratch_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using Kind = CacheAnswer::Kind;

std::string content_of(const fs::path& file) {
  return testing::ScratchDirectory::read(file);
}

const std::string kCommit(40, '1');
const std::string kNewCommit(40, '2');
const std::string kFolder = "models--org--name/";
const std::string kContent = "the file's content";

std::string sha256_of(std::string_view text) {
  const std::unique_ptr<Digest> digest = make_digest(DigestKind::sha256).value();
  BOOST_REQUIRE(digest->add(text));
  return digest->finish();
}

struct Cache {
  testing::ScratchDirectory scratch;
  testing::FakeHttpClient http;
  testing::FakeClock clock;
  HubClient client{http, token::Endpoint::hub(), "hfauth/test", pacing()};
  HubCache cache{scratch.path()};
  Repo repo = Repo::parse("org/name").value();
  std::vector<std::string> notes;
  std::string etag = sha256_of(kContent);

  Pacing pacing() {
    Pacing pacing;
    pacing.retries = 0;
    pacing.clock = &clock;
    pacing.pause = [](std::chrono::milliseconds) {};
    return pacing;
  }

  Result<CacheAnswer> find(const std::string& revision = "main",
                           const std::string& file = "config.json") {
    return cache.find(repo, revision, file);
  }

  Result<CacheAnswer> fetch(const std::string& revision = "main",
                            const std::string& file = "config.json") {
    return cache.fetch(client, repo, revision, file, nullptr,
                       [this](const std::string& note) { notes.push_back(note); });
  }

  void answer_head(const std::string& commit = kCommit) {
    http.answer(200, "",
                {{"X-Repo-Commit", commit},
                 {"ETag", etag},
                 {"Content-Length", std::to_string(kContent.size())}});
  }

  /// What a finished download by huggingface_hub looks like.
  void plant(const std::string& commit = kCommit, const std::string& file = "config.json") {
    scratch.write(kFolder + "refs/main", commit);
    scratch.write(kFolder + "blobs/" + etag, kContent);
    const fs::path link = scratch.path() / (kFolder + "snapshots/" + commit + "/" + file);
    fs::create_directories(link.parent_path());
    fs::create_symlink("../../blobs/" + etag, link);
  }

  std::vector<std::string> files_below(const std::string& folder) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(scratch.path() / folder)) {
      if (!entry.is_directory())
        names.push_back(entry.path().lexically_relative(scratch.path()).string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
};

std::string code_of(const Error& error) {
  return std::string(name_of(error.code));
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// As another user for the time of a check; root enters everything.
struct AsNobody {
  AsNobody() {
    if (::geteuid() == 0) is_switched = ::seteuid(65534) == 0;
  }

  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

  ~AsNobody() {
    if (is_switched) static_cast<void>(!::seteuid(0));
  }

  bool is_switched = false;
};

BOOST_FIXTURE_TEST_SUITE(cache_find, Cache)

BOOST_AUTO_TEST_CASE(an_empty_cache_has_nothing) {
  BOOST_TEST((find().value().kind == Kind::not_cached));
  HubCache nowhere(scratch.path() / "absent");
  BOOST_TEST((nowhere.find(repo, "main", "a").value().kind == Kind::not_cached));
  BOOST_TEST(!fs::exists(scratch.path() / "absent"));
}

BOOST_AUTO_TEST_CASE(finds_by_branch_and_by_commit) {
  plant();
  for (const std::string& revision : {std::string("main"), kCommit}) {
    const CacheAnswer answer = find(revision).value();
    BOOST_TEST((answer.kind == Kind::hit));
    BOOST_TEST(answer.commit == kCommit);
    BOOST_TEST(content_of(answer.file) == kContent);
  }
  BOOST_TEST((find("v2").value().kind == Kind::not_cached));
  BOOST_TEST((find(kNewCommit).value().kind == Kind::not_cached));
  BOOST_TEST((find("main", "other").value().kind == Kind::not_cached));
  BOOST_TEST((find("main", "config.json/below").value().kind == Kind::not_cached));
  BOOST_TEST((find("main/below").value().kind == Kind::not_cached));
}

BOOST_AUTO_TEST_CASE(reads_a_nested_ref_and_a_ref_with_a_newline) {
  plant();
  scratch.write(kFolder + "refs/refs/pr/1", kCommit + "\n");
  BOOST_TEST((find("refs/pr/1").value().kind == Kind::hit));
  BOOST_TEST((find("refs").value().kind == Kind::not_cached));
}

BOOST_AUTO_TEST_CASE(a_ref_without_a_commit_is_corrupt) {
  scratch.write(kFolder + "refs/main", "../../../etc");
  const Result<CacheAnswer> answer = find();
  BOOST_TEST_REQUIRE(!answer.has_value());
  BOOST_TEST(code_of(answer.error()) == "corrupt");
}

BOOST_AUTO_TEST_CASE(knows_what_the_hub_does_not_have) {
  plant();
  scratch.write(kFolder + ".no_exist/" + kCommit + "/added_tokens.json", "");
  const CacheAnswer answer = find("main", "added_tokens.json").value();
  BOOST_TEST((answer.kind == Kind::known_missing));
  BOOST_TEST(answer.commit == kCommit);
}

BOOST_AUTO_TEST_CASE(reads_a_cache_without_symbolic_links) {
  scratch.write(kFolder + "refs/main", kCommit);
  scratch.write(kFolder + "snapshots/" + kCommit + "/config.json", kContent);
  BOOST_TEST((find().value().kind == Kind::hit));
}

BOOST_AUTO_TEST_CASE(follows_two_hops_into_the_shared_blob_store) {
  const fs::path shared = scratch.write("blobs/ab/" + std::string(64, 'a'), kContent);
  fs::permissions(shared, fs::perms::owner_read);
  plant();
  const fs::path blob = scratch.path() / (kFolder + "blobs/" + etag);
  fs::remove(blob);
  fs::create_symlink("../../blobs/ab/" + std::string(64, 'a'), blob);
  BOOST_TEST(content_of(find().value().file) == kContent);
}

BOOST_AUTO_TEST_CASE(a_link_that_dangles_is_a_miss_and_one_that_leaves_the_cache_an_error) {
  plant();
  const fs::path blob = scratch.path() / (kFolder + "blobs/" + etag);
  fs::remove(blob);
  BOOST_TEST((find().value().kind == Kind::not_cached));
  fs::create_symlink("/etc/passwd", blob);
  const Result<CacheAnswer> outside = find();
  BOOST_TEST_REQUIRE(!outside.has_value());
  BOOST_TEST(code_of(outside.error()) == "corrupt");
}

BOOST_AUTO_TEST_CASE(a_repository_that_the_user_moved_to_another_disk_is_read) {
  testing::ScratchDirectory disk;
  plant();
  fs::rename(scratch.path() / kFolder, disk.path() / "moved");
  fs::create_directory_symlink(disk.path() / "moved", scratch.path() / "models--org--name");
  BOOST_TEST((find().value().kind == Kind::hit));
}

BOOST_AUTO_TEST_CASE(refuses_names_that_could_escape_the_cache) {
  for (const char* bad : {"../x", "/etc/passwd", "a/../../b", "", "a\\..\\..\\b"}) {
    BOOST_TEST(code_of(find("main", bad).error()) == "invalid_input", bad);
    BOOST_TEST(code_of(find(bad).error()) == "invalid_input", bad);
  }
}

BOOST_AUTO_TEST_CASE(an_unreadable_cache_is_named_and_not_taken_for_an_empty_one) {
  plant();
  fs::permissions(scratch.path(), fs::perms{0711});
  const fs::path snapshots = scratch.path() / (kFolder + "snapshots");
  fs::permissions(snapshots, fs::perms::none);
  Error failure{Errc::internal, ""};
  {
    const AsNobody nobody;
    if (const Result<CacheAnswer> answer = find(); !answer) failure = answer.error();
  }
  fs::permissions(snapshots, fs::perms::owner_all);
  BOOST_TEST(code_of(failure) == "permission");
  BOOST_TEST(contains(failure.detail, snapshots.string() + " cannot be entered"), failure.detail);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(cache_fetch, Cache)

BOOST_AUTO_TEST_CASE(fills_an_empty_cache_in_the_clients_layout) {
  const mode_t old_mask = ::umask(027);
  answer_head();
  http.answer(200, kContent);
  const CacheAnswer answer = fetch("main", "sub/folder/config.json").value();
  ::umask(old_mask);
  BOOST_TEST((answer.kind == Kind::hit));
  const std::string link = kFolder + "snapshots/" + kCommit + "/sub/folder/config.json";
  BOOST_TEST(answer.file == scratch.path() / link);
  BOOST_TEST(fs::read_symlink(answer.file).string() == "../../../../blobs/" + etag);
  BOOST_TEST(content_of(answer.file) == kContent);
  const std::vector<std::string> expected{".locks/models--org--name/" + etag + ".lock",
                                          "CACHEDIR.TAG", kFolder + "blobs/" + etag,
                                          kFolder + "refs/main", link};
  BOOST_TEST(files_below("") == expected, boost::test_tools::per_element());
  BOOST_TEST(content_of(scratch.path() / (kFolder + "refs/main")) == kCommit);
  BOOST_TEST(content_of(scratch.path() / "CACHEDIR.TAG")
                 .starts_with("Signature: 8a477f597d28d172789f06886806bc55\n"));

  struct stat status {};

  BOOST_REQUIRE(::stat((scratch.path() / (kFolder + "blobs/" + etag)).c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0640U);
  BOOST_REQUIRE(::stat((scratch.path() / (".locks/models--org--name/" + etag + ".lock")).c_str(),
                       &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0664U);
}

BOOST_AUTO_TEST_CASE(downloads_nothing_that_another_client_left_here) {
  plant();
  answer_head();
  BOOST_TEST((fetch().value().kind == Kind::hit));
  answer_head(kNewCommit);  // the same content in a new commit: a link is enough
  const CacheAnswer answer = fetch().value();
  BOOST_TEST(answer.commit == kNewCommit);
  BOOST_TEST(content_of(answer.file) == kContent);
  BOOST_TEST(content_of(scratch.path() / (kFolder + "refs/main")) == kNewCommit);
  BOOST_TEST(http.asked().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_damaged_blob_is_fetched_again) {
  plant();
  scratch.write(kFolder + "blobs/" + etag, "cut off");
  answer_head();
  http.answer(200, kContent);
  BOOST_TEST(content_of(fetch().value().file) == kContent);
}

BOOST_AUTO_TEST_CASE(content_with_another_hash_is_refused_and_leaves_nothing) {
  for (const std::string& wrong : {sha256_of("other"), std::string(40, 'a')}) {
    etag = wrong;
    answer_head();
    http.answer(200, kContent);
    const Result<CacheAnswer> answer = fetch();
    BOOST_TEST_REQUIRE(!answer.has_value());
    BOOST_TEST(code_of(answer.error()) == "corrupt");
    BOOST_TEST(files_below(kFolder).empty());
    BOOST_TEST((find().value().kind == Kind::not_cached));
  }
}

BOOST_AUTO_TEST_CASE(a_small_files_etag_is_gits_blob_id) {
  etag = "d670460b4b4aece5915caf5c68d12f560a9fe3e4";  // printf 'test content\n' | git hash-object
                                                      // --stdin
  http.answer(200, "", {{"X-Repo-Commit", kCommit}, {"ETag", etag}, {"Content-Length", "13"}});
  http.answer(200, "test content\n");
  BOOST_TEST(content_of(fetch().value().file) == "test content\n");
}

BOOST_AUTO_TEST_CASE(a_transfer_that_breaks_leaves_nothing) {
  answer_head();
  http.cut(200, "the fi");
  const Result<CacheAnswer> answer = fetch();
  BOOST_TEST_REQUIRE(!answer.has_value());
  BOOST_TEST(code_of(answer.error()) == "network");
  BOOST_TEST(files_below(kFolder).empty());
}

BOOST_AUTO_TEST_CASE(answers_from_the_cache_when_the_hub_cannot_and_says_why) {
  plant();
  http.fail(Errc::network, "connect to huggingface.co: refused");
  BOOST_TEST((fetch().value().kind == Kind::hit));
  http.answer(401, "", {{"X-Error-Message", "Invalid username or password."}});
  BOOST_TEST((fetch().value().kind == Kind::hit));
  http.answer(429, "");
  BOOST_TEST((fetch().value().kind == Kind::hit));
  http.answer(404, "", {{"X-Error-Code", "RepoNotFound"}});
  BOOST_TEST((fetch().value().kind == Kind::hit));
  BOOST_TEST_REQUIRE(notes.size() == 4U);
  BOOST_TEST(notes[0] == "connect to huggingface.co: refused; the cached file is used");
  BOOST_TEST(contains(notes[1], "Invalid username or password."));
  BOOST_TEST(http.is_used_up());
}

BOOST_AUTO_TEST_CASE(never_papers_over_a_missing_file_or_revision) {
  plant();
  http.answer(404, "", {{"X-Error-Code", "EntryNotFound"}, {"X-Repo-Commit", kNewCommit}});
  BOOST_TEST(code_of(fetch().error()) == "not_found");
  BOOST_TEST((find().value().kind == Kind::known_missing));
  BOOST_TEST(find().value().commit == kNewCommit);
  http.answer(404, "", {{"X-Error-Code", "RevisionNotFound"}});
  BOOST_TEST(code_of(fetch("main").error()) == "not_found");
  BOOST_TEST(notes.empty());
}

BOOST_AUTO_TEST_CASE(without_a_cached_file_the_hubs_refusal_is_the_answer) {
  http.answer(403, "",
              {{"X-Error-Code", "GatedRepo"}, {"X-Error-Message", "is awaiting a review"}});
  const Result<CacheAnswer> answer = fetch();
  BOOST_TEST_REQUIRE(!answer.has_value());
  BOOST_TEST(code_of(answer.error()) == "forbidden");
  BOOST_TEST(contains(answer.error().detail, "awaiting a review"));
  BOOST_TEST(files_below("").empty());
}

BOOST_AUTO_TEST_CASE(passes_on_the_hubs_warning) {
  plant();
  http.answer(200, "",
              {{"X-Repo-Commit", kCommit},
               {"ETag", etag},
               {"Content-Length", "18"},
               {"X-HF-Warning", "unauthenticated; You are sending unauthenticated requests."}});
  BOOST_TEST(fetch().has_value());
  BOOST_TEST_REQUIRE(notes.size() == 1U);
  BOOST_TEST(notes[0] == "You are sending unauthenticated requests.");
}

BOOST_AUTO_TEST_CASE(a_cache_that_can_only_be_read_still_answers) {
  plant();
  fs::permissions(scratch.path(), fs::perms{0755});
  Result<CacheAnswer> same = Error{Errc::internal, ""};
  Result<CacheAnswer> older = Error{Errc::internal, ""};
  Result<CacheAnswer> absent = CacheAnswer{};
  {
    const AsNobody nobody;
    if (!nobody.is_switched) {
      for (const auto& entry : fs::recursive_directory_iterator(scratch.path())) {
        if (entry.is_directory())
          fs::permissions(entry.path(), fs::perms::owner_read | fs::perms::owner_exec);
      }
    }
    answer_head();
    same = fetch();
    etag = sha256_of("newer");
    http.answer(200, "", {{"X-Repo-Commit", kNewCommit}, {"ETag", etag}, {"Content-Length", "5"}});
    older = fetch();
    http.answer(200, "", {{"X-Repo-Commit", kNewCommit}, {"ETag", etag}, {"Content-Length", "5"}});
    absent = fetch("main", "other.json");
  }
  BOOST_TEST(same.value().commit == kCommit);
  BOOST_TEST(older.value().commit == kCommit);
  BOOST_TEST_REQUIRE(notes.size() == 1U);
  BOOST_TEST(contains(notes[0], "the cached file of commit 1111111 is used"), notes[0]);
  BOOST_TEST(code_of(absent.error()) == "permission");
}

BOOST_AUTO_TEST_CASE(waits_for_whoever_holds_the_lock_also_if_the_lock_file_is_removed_then) {
  // The holder is this very process through another open file; it lets go when the note comes.
  const fs::path lock = scratch.path() / (".locks/models--org--name/" + etag + ".lock");
  for (const bool removes_it : {false, true}) {
    fs::remove_all(scratch.path() / kFolder);
    scratch.write(fs::relative(lock, scratch.path()), "");
    answer_head();
    http.answer(200, kContent);
    notes.clear();
    const int fd = ::open(lock.c_str(), O_RDWR | O_CLOEXEC);
    BOOST_REQUIRE(::flock(fd, LOCK_EX) == 0);
    const auto answer =
        cache.fetch(client, repo, "main", "config.json", nullptr, [&](const std::string& note) {
          notes.push_back(note);
          if (removes_it) fs::remove(lock);
          ::close(fd);
        });
    BOOST_TEST(answer.has_value());
    BOOST_TEST_REQUIRE(notes.size() == 1U);
    BOOST_TEST(notes[0].find("waiting for another process") == 0U);
    BOOST_TEST(fs::exists(lock));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
