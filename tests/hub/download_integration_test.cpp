// SPDX-License-Identifier: Apache-2.0
//
// Whole repositories over real sockets from the Hub stand-in: the cache's layout, what is fetched
// and what is not, broken and hostile servers, two at once, one that is stopped.
#include "hfauth/hub/cache.hpp"
#include "hfauth/hub/download.hpp"
#include "support/child_process.hpp"
#include "support/hub_process.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <string>
#include <thread>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using boost::unit_test::data::make;
using testing::happens;
using testing::HubProcess;
using testing::in_child;
using testing::ScratchDirectory;
using testing::status_of;

struct Stand {
  Stand() { hub().reset(); }

  static HubProcess& hub() {
    static HubProcess process;
    return process;
  }

  struct Outcome {
    Result<fs::path> folder;
    DownloadPlan plan;
  };

  /// Each call has a client of its own, so that children of fork() share no connection.
  Outcome download(const std::string& id, DownloadWish wish = {}, const std::string& account = {},
                   RepoType type = RepoType::model) {
    const std::unique_ptr<HttpClient> http = load_http_client(hub().environment()).value();
    Pacing pacing = Pacing::real();
    pacing.first_pause = 1ms;
    HubClient client(*http, hub().endpoint(), "hfauth/test", pacing);
    const Secret token = account.empty() ? Secret() : hub().token(account);
    const Secret* const bearer = account.empty() ? nullptr : &token;
    const Download download(root, Repo::parse(id, type).value(), local, may_link);
    const Result<DownloadPlan> plan = download.plan(client, wish, bearer);
    if (!plan) return {plan.error(), {}};
    return {download.run(client, *plan, wish, bearer, watch), *plan};
  }

  Result<fs::path> find(const std::string& id, const DownloadWish& wish = {}) {
    return Download(root, Repo::parse(id).value(), local).find(wish);
  }

  std::vector<std::string> unfinished() const {
    std::vector<std::string> names;
    for (const fs::path& top : {root, scratch.path() / "local"}) {
      if (!fs::exists(top)) continue;
      for (const auto& entry : fs::recursive_directory_iterator(top)) {
        const std::string extension = entry.path().extension();
        if (extension == ".incomplete" || extension == ".tmp")
          names.push_back(entry.path().string());
      }
    }
    return names;
  }

  static std::size_t n_asked(std::string_view method, std::string_view part) {
    const auto log = hub().log();
    return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const auto& seen) {
      return seen.method == method && seen.path.find(part) != std::string::npos;
    }));
  }

  ScratchDirectory scratch;
  fs::path root = scratch.path() / "hub";
  fs::path local;
  bool may_link = true;
  DownloadWatch watch;
};

std::string read(const fs::path& path) {
  return ScratchDirectory::read(path);
}

std::string code_of(const Result<fs::path>& result) {
  return result ? "no error" : std::string(name_of(result.error().code));
}

BOOST_FIXTURE_TEST_SUITE(download, Stand)

BOOST_AUTO_TEST_CASE(a_repository_is_laid_out_as_the_cache_has_it) {
  const Outcome outcome = download("org/private", {}, "bob");
  const fs::path folder = outcome.folder.value();
  BOOST_TEST(folder == root / "models--org--private/snapshots" / outcome.plan.commit);
  BOOST_TEST(read(folder / "sub/folder/notes.txt") == "nested file of private\n");
  BOOST_TEST(
      fs::read_symlink(folder / "sub/folder/notes.txt").string().starts_with("../../../../blobs/"));
  BOOST_TEST(fs::file_size(folder / "weights.bin") == 16384U);
  BOOST_TEST(read(root / "models--org--private/refs/main") == outcome.plan.commit);
  BOOST_TEST(
      read(root / "CACHEDIR.TAG").starts_with("Signature: 8a477f597d28d172789f06886806bc55"));
  BOOST_TEST(read(root / "models--org--private/trees" / (outcome.plan.commit + ".json"))
                 .find("lfs_sha256") != std::string::npos);
  BOOST_TEST(unfinished().empty());
  for (const auto& seen : hub().cdn_log())
    BOOST_TEST(!seen.authorization);
  // Offline it is whole.
  hub().control(R"({"fault": "reset"})");
  BOOST_TEST(find("org/private").value() == folder);
}

BOOST_AUTO_TEST_CASE(one_get_for_each_file_and_none_the_second_time) {
  const Outcome first = download("bulk/many-50-2K");
  BOOST_TEST(first.folder.has_value());
  BOOST_TEST(n_asked("HEAD", "") == 0U);
  BOOST_TEST(n_asked("GET", "/resolve/") == first.plan.files.size());
  const std::size_t before = hub().log().size();
  const Outcome second = download("bulk/many-50-2K");
  BOOST_TEST(second.folder.value() == first.folder.value());
  BOOST_TEST(second.plan.n_to_fetch() == 0U);
  BOOST_TEST(hub().log().size() == before + 1);  // what main is now
  DownloadWish by_commit;
  by_commit.revision = first.plan.commit;
  BOOST_TEST(download("bulk/many-50-2K", by_commit).folder.has_value());
  BOOST_TEST(hub().log().size() == before + 1);  // a commit never changes
}

BOOST_AUTO_TEST_CASE(modes_follow_the_umask) {
  const mode_t before = ::umask(027);
  const Outcome outcome = download("org/public");
  ::umask(before);

  struct stat status {};

  BOOST_TEST_REQUIRE(::stat((outcome.folder.value() / "config.json").c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0640U);
}

BOOST_AUTO_TEST_CASE(only_what_is_wanted_comes) {
  DownloadWish wish;
  wish.filter = {.include = {"*.json", "sub/*"}, .exclude = {"generation*"}};
  const fs::path folder = download("org/public", wish).folder.value();
  BOOST_TEST(fs::exists(folder / "config.json"));
  BOOST_TEST(fs::exists(folder / "sub/folder/notes.txt"));
  BOOST_TEST(!fs::exists(folder / "weights.bin"));
  BOOST_TEST(code_of(find("org/public")) == "offline");  // not whole
  BOOST_TEST(find("org/public", wish).value() == folder);
  DownloadWish none;
  none.filter.include = {"*.absent"};
  BOOST_TEST(code_of(download("org/public", none).folder) == "not_found");
  DownloadWish absent;
  absent.files = {"config.json", "absent.json"};
  BOOST_TEST(code_of(download("org/public", absent).folder) == "not_found");
}

BOOST_AUTO_TEST_CASE(a_large_file_comes_in_parts_over_several_connections) {
  const Outcome outcome = download("bulk/big-70Mi");
  BOOST_TEST_REQUIRE(outcome.folder.has_value(), outcome.folder.error().detail);
  BOOST_TEST(fs::file_size(outcome.folder.value() / "model.bin") == std::uintmax_t{70} << 20);
  const auto cdn = hub().cdn_log();
  BOOST_TEST(cdn.size() == 5U);
  for (const auto& seen : cdn) {
    BOOST_TEST(seen.status == 206);
    BOOST_TEST(!seen.authorization);
  }
  BOOST_TEST(n_asked("GET", "/resolve/") == 1U);  // the others know where it is
}

BOOST_AUTO_TEST_CASE(parts_that_break_off_go_on_and_a_wrong_byte_is_seen) {
  hub().control(
      R"({"fault": "cut", "path": "/repos/", "origin": "cdn", "after": 1000000, "times": 3})");
  BOOST_TEST(code_of(download("bulk/big-70Mi").folder) == "no error");
  fs::remove_all(root);
  hub().control(R"({"fault": "corrupt", "path": "/repos/", "origin": "cdn", "times": 1})");
  BOOST_TEST(code_of(download("bulk/big-70Mi").folder) == "corrupt");
  BOOST_TEST(unfinished().empty());
}

struct Fault {
  const char* fault;
  const char* code;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << fault.fault;
}

const Fault kFaults[] = {
    {R"("fault": "corrupt", "path": "/org/public/resolve")", "corrupt"},
    {R"("fault": "endless", "framing": "chunked", "path": "/org/public/resolve")",
     "corrupt or too_large"},  // the file, or the words of a redirect: whichever is first
    {R"("fault": "wrong_length", "delta": -1, "path": "/org/public/resolve")", "network"},
    {R"("fault": "html", "path": "/org/public/resolve")", "corrupt"},
    {R"("fault": "flood", "bytes": 10000000, "path": "/org/public/resolve")", "too_large"},
    {R"("fault": "redirect", "location": "{target}", "path": "/org/public/resolve")", "network"},
    {R"("fault": "headers", "headers": {"ETag": "\"../x\""}, "path": "/org/public/resolve/")",
     "no error"},  // the hash is the proof
    {R"("fault": "headers", "headers": {"X-Repo-Commit": "0000000000000000000000000000000000000000"}, "path": "/org/public/resolve/")",
     "corrupt"},
    {R"("fault": "status", "status": 500, "path": "/org/public/resolve")", "network"},
    {R"("fault": "mistype", "path": "/api/models/org/public/tree")", "network"},
    {R"("fault": "mistype", "path": "/api/models/org/public/revision")", "network"},
    {R"("fault": "endless", "framing": "chunked", "path": "/api/models/org/public/tree")",
     "too_large"},
    {R"("fault": "html", "path": "/api")", "network"},
};

BOOST_DATA_TEST_CASE(a_bad_server_is_an_error_and_leaves_nothing_half, make(kFaults), fault) {
  hub().control("{" + std::string(fault.fault) + "}");
  const Outcome outcome = download("org/public");
  BOOST_TEST(std::string_view(fault.code).find(code_of(outcome.folder)) != std::string_view::npos,
             code_of(outcome.folder) << " instead of " << fault.code << ": "
                                     << (outcome.folder ? "" : outcome.folder.error().detail));
  BOOST_TEST(unfinished().empty());
  if (!outcome.folder) BOOST_TEST(!fs::exists(root / "models--org--public/refs/main"));
  hub().reset();
  BOOST_TEST(code_of(download("org/public").folder) == "no error");
}

BOOST_AUTO_TEST_CASE(a_used_up_quota_is_waited_for_and_told) {
  hub().control(R"({"fault": "limited", "t": 1, "path": "/org/public/resolve", "times": 1})");
  std::vector<std::string> notes;
  watch.note = [&](const std::string& note) { notes.push_back(note); };
  BOOST_TEST(code_of(download("org/public").folder) == "no error");
  BOOST_TEST_REQUIRE(!notes.empty());
  BOOST_TEST(notes[0].find("waiting") != std::string::npos, notes[0]);
}

BOOST_AUTO_TEST_CASE(processes_at_once_fetch_every_file_once) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(in_child([this] {
      const Outcome outcome = download("bulk/many-60-20K");
      return outcome.folder && find("bulk/many-60-20K") ? 0 : 1;
    }));
  }
  for (const pid_t child : children)
    BOOST_TEST(status_of(child) == 0);
  BOOST_TEST(n_asked("GET", "/resolve/") == find("bulk/many-60-20K").has_value() * 60U);
  BOOST_TEST(unfinished().empty());
}

BOOST_AUTO_TEST_CASE(who_is_interrupted_leaves_nothing_unfinished) {
  hub().control(R"({"fault": "hang", "path": "/org/public/resolve/"})");
  watch.is_interrupted = [this] { return !unfinished().empty(); };
  BOOST_TEST(code_of(download("org/public").folder) == "interrupted");
  BOOST_TEST(unfinished().empty());
  hub().reset();
  watch = {};
  BOOST_TEST(code_of(download("org/public").folder) == "no error");
}

BOOST_AUTO_TEST_CASE(who_is_killed_leaves_nothing_that_reads_as_a_file) {
  hub().control(R"({"fault": "hang", "path": "/repos/", "origin": "cdn"})");
  const pid_t child = in_child([this] { return download("bulk/big-70Mi").folder ? 0 : 1; });
  BOOST_TEST(happens([this] { return !unfinished().empty(); }, 20s));
  BOOST_TEST_REQUIRE(::kill(child, SIGKILL) == 0);
  BOOST_TEST(status_of(child) == -SIGKILL);
  BOOST_TEST(code_of(find("bulk/big-70Mi")) == "offline");
  hub().reset();
  BOOST_TEST(code_of(download("bulk/big-70Mi").folder) == "no error");
}

BOOST_AUTO_TEST_CASE(without_links_files_are_where_the_links_would_be) {
  may_link = false;
  const fs::path folder = download("org/public").folder.value();
  BOOST_TEST(!fs::is_symlink(folder / "config.json"));
  BOOST_TEST(read(folder / "config.json").find("public") != std::string::npos);
  const std::size_t before = n_asked("GET", "/resolve/");
  BOOST_TEST(download("org/public").folder.value() == folder);
  BOOST_TEST(n_asked("GET", "/resolve/") == before);
}

BOOST_AUTO_TEST_CASE(a_blob_that_is_a_link_into_the_shared_store_is_used_and_not_touched) {
  const Outcome first = download("org/public");
  const fs::path snapshot = first.folder.value() / "weights.bin";
  const fs::path blob = fs::canonical(snapshot);
  const fs::path shared = root / "blobs/ab" / std::string(64, 'a');
  fs::create_directories(shared.parent_path());
  fs::rename(blob, shared);
  fs::permissions(shared, fs::perms::owner_read);
  fs::create_symlink(fs::path("../../blobs/ab") / std::string(64, 'a'), blob);
  fs::remove(snapshot);
  const std::size_t before = hub().cdn_log().size();
  BOOST_TEST(code_of(download("org/public").folder) == "no error");
  BOOST_TEST(hub().cdn_log().size() == before);
  BOOST_TEST(fs::canonical(snapshot) == shared);
  BOOST_TEST(fs::is_symlink(blob));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_of_another_length_is_fetched_again) {
  const fs::path folder = download("org/public").folder.value();
  fs::resize_file(fs::canonical(folder / "config.json"), 3);
  BOOST_TEST(code_of(find("org/public")) == "offline");
  BOOST_TEST(code_of(download("org/public").folder) == "no error");
  BOOST_TEST(read(folder / "config.json").find("public") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_of_ones_own_has_the_files_and_notes_on_them) {
  local = scratch.path() / "local";
  const Outcome first = download("org/public");
  BOOST_TEST(first.folder.value() == local);
  BOOST_TEST(read(local / "sub/folder/notes.txt") == "nested file of public\n");
  const std::string notes = read(local / ".cache/huggingface/download/config.json.metadata");
  BOOST_TEST(notes.starts_with(first.plan.commit + "\n"));
  BOOST_TEST(std::count(notes.begin(), notes.end(), '\n') == 3);
  BOOST_TEST(read(local / ".cache/huggingface/.gitignore") == "*");
  BOOST_TEST(!fs::exists(root / "models--org--public"));
  BOOST_TEST(unfinished().empty());

  const std::size_t before = n_asked("GET", "/resolve/");
  BOOST_TEST(download("org/public").folder.has_value());
  BOOST_TEST(n_asked("GET", "/resolve/") == before);
  // A file that the user changed comes again; one without notes is hashed.
  std::ofstream(local / "config.json") << "changed";
  fs::remove(local / ".cache/huggingface/download/README.md.metadata");
  BOOST_TEST(download("org/public").folder.has_value());
  BOOST_TEST(n_asked("GET", "/resolve/") == before + 1);
  BOOST_TEST(read(local / "config.json").find("public") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_of_ones_own_takes_what_the_cache_has) {
  BOOST_TEST(download("org/public").folder.has_value());
  const std::size_t before = n_asked("GET", "/resolve/");
  local = scratch.path() / "local";
  BOOST_TEST(download("org/public").folder.has_value());
  BOOST_TEST(n_asked("GET", "/resolve/") == before);
  BOOST_TEST(!fs::is_symlink(local / "config.json"));
}

BOOST_AUTO_TEST_CASE(a_list_of_a_million_files_ends_with_advice_and_a_filter_helps) {
  const Outcome outcome = download("bulk/many-120K-0");
  BOOST_TEST_REQUIRE(!outcome.folder.has_value());
  BOOST_TEST(code_of(outcome.folder) == "too_large");
  BOOST_TEST(outcome.folder.error().detail.find("--include") != std::string::npos,
             outcome.folder.error().detail);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
