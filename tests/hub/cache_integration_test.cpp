// SPDX-License-Identifier: Apache-2.0
//
// The cache filled over real sockets from the Hub stand-in: large files from the second origin,
// broken transfers, several processes at once, one that is killed, a full disk. Waits are for
// events, with a deadline.
#include "hfauth/hub/cache.hpp"
#include "support/child_process.hpp"
#include "support/hub_process.hpp"
#include "support/scratch_directory.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::happens;
using testing::HubProcess;
using testing::in_child;
using testing::ScratchDirectory;
using testing::status_of;
using Kind = CacheAnswer::Kind;

struct Stand {
  Stand() { hub().reset(); }

  static HubProcess& hub() {
    static HubProcess process;
    return process;
  }

  ScratchDirectory scratch;
  HubCache cache{scratch.path() / "hub"};

  /// Each call has a client of its own, so that children of fork() share no connection.
  Result<CacheAnswer> fetch(const std::string& id, const std::string& file,
                            const std::string& account = {}, const std::string& revision = "main",
                            const fs::path& root = {}) {
    const std::unique_ptr<HttpClient> http = load_http_client(hub().environment()).value();
    Pacing pacing = Pacing::real();
    pacing.first_pause = 1ms;
    HubClient client(*http, hub().endpoint(), "hfauth/test", pacing);
    const Secret token = account.empty() ? Secret() : hub().token(account);
    HubCache target(root.empty() ? cache.root() : root);
    return target.fetch(client, Repo::parse(id).value(), revision, file,
                        account.empty() ? nullptr : &token,
                        [this](const std::string& note) { notes.push_back(note); });
  }

  Result<CacheAnswer> find(const std::string& id, const std::string& file,
                           const std::string& revision = "main") {
    return cache.find(Repo::parse(id).value(), revision, file);
  }

  std::vector<std::string> unfinished() const {
    std::vector<std::string> names;
    if (!fs::exists(cache.root())) return names;
    for (const auto& entry : fs::recursive_directory_iterator(cache.root())) {
      if (entry.path().extension() == ".incomplete") names.push_back(entry.path().string());
    }
    return names;
  }

  std::vector<std::string> notes;
};

std::string code_of(const Error& error) {
  return std::string(name_of(error.code));
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string weights() {
  std::string content;
  for (int i = 0; i < 64 * 256; ++i)
    content += static_cast<char>(i % 256);
  return content;
}

BOOST_FIXTURE_TEST_SUITE(cache, Stand)

BOOST_AUTO_TEST_CASE(a_file_that_was_fetched_is_found_offline) {
  const CacheAnswer fetched = fetch("org/private", "sub/folder/notes.txt", "bob").value();
  BOOST_TEST(ScratchDirectory::read(fetched.file) == "nested file of private\n");
  hub().control(R"({"fault": "reset", "path": "/"})");
  const CacheAnswer found = find("org/private", "sub/folder/notes.txt").value();
  BOOST_TEST((found.kind == Kind::hit));
  BOOST_TEST(found.file == fetched.file);
  BOOST_TEST(
      (find("org/private", "sub/folder/notes.txt", fetched.commit).value().kind == Kind::hit));
  // Online with a broken network it is the answer too, and the reason is told.
  BOOST_TEST((fetch("org/private", "sub/folder/notes.txt", "bob").value().kind == Kind::hit));
  BOOST_TEST_REQUIRE(notes.size() == 1U);
  BOOST_TEST(contains(notes[0], "the cached file is used"), notes[0]);
}

BOOST_AUTO_TEST_CASE(a_large_file_comes_from_the_second_origin_that_never_sees_the_token) {
  const CacheAnswer fetched = fetch("org/private", "weights.bin", "bob").value();
  BOOST_TEST((ScratchDirectory::read(fetched.file) == weights()));
  const auto cdn = hub().cdn_log();
  BOOST_TEST_REQUIRE(cdn.size() == 1U);
  BOOST_TEST(cdn[0].status == 200);
  BOOST_TEST(!cdn[0].authorization);
  const auto log = hub().log();
  BOOST_TEST_REQUIRE(log.size() == 1U);  // the HEAD alone
  BOOST_TEST(log[0].method == "HEAD");
  BOOST_TEST(log[0].who == "bob");
}

BOOST_AUTO_TEST_CASE(the_tokenizer_of_phi_4_is_fetched_once) {
  const CacheAnswer first = fetch("microsoft/phi-4", "tokenizer.json", "alice").value();
  BOOST_TEST(fs::file_size(first.file) > 1000000U);
  const std::size_t downloads = hub().cdn_log().size();
  BOOST_TEST(fetch("microsoft/phi-4", "tokenizer.json", "alice").value().file == first.file);
  BOOST_TEST(hub().cdn_log().size() == downloads);
}

BOOST_AUTO_TEST_CASE(tags_commits_and_renamed_repositories_lead_to_their_files) {
  const CacheAnswer old = fetch("org/public", "config.json", "", "v1").value();
  BOOST_TEST(contains(ScratchDirectory::read(old.file), "\"version\": 1"));
  BOOST_TEST(fetch("org/public", "config.json", "", old.commit).value().file == old.file);
  BOOST_TEST(
      contains(ScratchDirectory::read(fetch("org/old-name", "config.json", "alice").value().file),
               "new-name"));
}

BOOST_AUTO_TEST_CASE(files_behind_a_resolve_cache_redirect_are_fetched_with_the_token) {
  HubProcess other({"--resolve-cache"});
  const std::unique_ptr<HttpClient> http = load_http_client({}).value();
  HubClient client(*http, other.endpoint(), "hfauth/test", Pacing::once());
  const Secret token = other.token("bob");
  const CacheAnswer answer =
      cache.fetch(client, Repo::parse("org/private").value(), "main", "config.json", &token, {})
          .value();
  BOOST_TEST(contains(ScratchDirectory::read(answer.file), "private"));
}

struct Refusal {
  const char* repo;
  const char* account;
  const char* code;
  const char* words;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.account << " at " << refusal.repo;
}

const Refusal kRefusals[] = {
    {"org/private", "", "unauthorized", "does not exist or is private"},
    {"org/private", "alice", "not_found", "Repository not found"},
    {"org/absent", "alice", "not_found", "Repository not found"},
    {"org/public", "eve", "unauthorized", "is expired"},
    {"org/gated", "", "unauthorized", "is gated"},
    {"org/gated", "alice", "forbidden", "not in the authorized list"},
    {"org/gated-pending", "alice", "forbidden", "awaiting a review"},
    {"org/gated-rejected", "alice", "forbidden", "has been rejected"},
    {"org/gated", "carol", "forbidden", "fine-grained token settings"},
    {"org/disabled", "bob", "forbidden", "disabled"},
};

BOOST_DATA_TEST_CASE(each_refusal_has_its_error_and_leaves_no_file,
                     boost::unit_test::data::make(kRefusals), refusal) {
  const Result<CacheAnswer> answer = fetch(refusal.repo, "config.json", refusal.account);
  BOOST_TEST_REQUIRE(!answer.has_value());
  BOOST_TEST(code_of(answer.error()) == refusal.code, answer.error().detail);
  BOOST_TEST(contains(answer.error().detail, refusal.words), answer.error().detail);
  BOOST_TEST(!fs::exists(cache.root()));
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_remembered_as_missing) {
  const Result<CacheAnswer> answer = fetch("org/public", "added_tokens.json");
  BOOST_TEST(code_of(answer.error()) == "not_found");
  BOOST_TEST((find("org/public", "added_tokens.json").value().kind == Kind::known_missing));
  BOOST_TEST(code_of(fetch("org/public", "config.json", "", "no-such-branch").error()) ==
             "not_found");
}

BOOST_AUTO_TEST_CASE(a_cut_transfer_goes_on_where_it_stopped) {
  hub().control(
      R"({"fault": "cut", "path": "/repos/", "origin": "cdn", "after": 1000, "times": 1})");
  BOOST_TEST(
      (ScratchDirectory::read(fetch("org/public", "weights.bin").value().file) == weights()));
  const auto cdn = hub().cdn_log();
  BOOST_TEST_REQUIRE(cdn.size() == 2U);
  BOOST_TEST(cdn[1].range == "bytes=1000-");
  BOOST_TEST(cdn[1].status == 206);
}

BOOST_DATA_TEST_CASE(
    a_transfer_that_stays_broken_leaves_nothing,
    boost::unit_test::data::make({R"("fault": "cut", "after": 0)", R"("fault": "reset")",
                                  R"("fault": "wrong_length", "delta": -1)", R"("fault": "html")",
                                  R"("fault": "status", "status": 500)"}),
    fault) {
  hub().control("{" + std::string(fault) + R"(, "path": "/repos/", "origin": "cdn"})");
  const Result<CacheAnswer> answer = fetch("org/public", "weights.bin");
  BOOST_TEST_REQUIRE(!answer.has_value());
  BOOST_TEST((code_of(answer.error()) == "network" || code_of(answer.error()) == "corrupt"),
             answer.error().detail);
  BOOST_TEST(unfinished().empty());
  BOOST_TEST((find("org/public", "weights.bin").value().kind == Kind::not_cached));
  hub().reset();
  BOOST_TEST(
      (ScratchDirectory::read(fetch("org/public", "weights.bin").value().file) == weights()));
}

BOOST_AUTO_TEST_CASE(processes_that_fill_the_cache_at_once_download_once) {
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    children.push_back(in_child([this] {
      const Result<CacheAnswer> answer = fetch("microsoft/phi-4", "tokenizer.json", "alice");
      return answer && ScratchDirectory::read(answer->file).size() > 1000000U ? 0 : 1;
    }));
  }
  for (const pid_t child : children)
    BOOST_TEST(status_of(child) == 0);
  const auto cdn = hub().cdn_log();
  BOOST_TEST(std::count_if(cdn.begin(), cdn.end(),
                           [](const auto& seen) { return seen.method == "GET"; }) == 1);
  BOOST_TEST(unfinished().empty());
}

BOOST_AUTO_TEST_CASE(a_process_that_is_killed_in_a_download_leaves_nothing_that_can_be_read) {
  hub().control(R"({"fault": "hang", "path": "/repos/", "origin": "cdn"})");
  const pid_t child = in_child([this] { return fetch("org/public", "weights.bin") ? 0 : 1; });
  BOOST_TEST(happens([this] { return !unfinished().empty(); }, 10s));
  BOOST_TEST_REQUIRE(::kill(child, SIGKILL) == 0);
  BOOST_TEST(status_of(child) == -SIGKILL);
  BOOST_TEST((find("org/public", "weights.bin").value().kind == Kind::not_cached));
  hub().reset();
  // Its lock died with it, so the next one is not held up.
  BOOST_TEST(
      (ScratchDirectory::read(fetch("org/public", "weights.bin").value().file) == weights()));
  BOOST_TEST(notes.size() == 1U);  // the Hub's on unauthenticated requests; none on waiting
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_named_and_leaves_no_half_file) {
  // A mount namespace of its own: the small file system is seen by the child alone and goes with
  // it.
  const fs::path disk = scratch.path() / "disk";
  fs::create_directory(disk);
  constexpr int kCannot = 77;
  const int status = status_of(in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return kCannot;
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return kCannot;
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0) return kCannot;
    const Result<CacheAnswer> answer =
        fetch("microsoft/phi-4", "tokenizer.json", "alice", "main", disk / "hub");
    if (answer || answer.error().code != Errc::no_space) return 1;
    for (const auto& entry :
         fs::recursive_directory_iterator(disk / "hub" / "models--microsoft--phi-4")) {
      if (!entry.is_directory()) return 2;
    }
    return 0;
  }));
  if (status == kCannot) {
    BOOST_TEST_MESSAGE("no mount namespace here: the full disk was not tried");
    BOOST_TEST(::geteuid() != 0U);
    return;
  }
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
