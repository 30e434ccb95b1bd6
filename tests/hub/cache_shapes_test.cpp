// SPDX-License-Identifier: Apache-2.0
//
// HubCache::find on the shapes that caches have in the wild: of old versions, of other owners, on
// read-only media, with shared content in every state.
#include "hfauth/hub/cache.hpp"
#include "support/scratch_directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;
using Kind = CacheAnswer::Kind;

const std::string kCommit(40, '1');
const std::string kEtag(64, 'a');
const std::string kPayload = "cd" + std::string(62, 'e');
const std::string kFolder = "models--org--name/";
constexpr uid_t kNobody = 65534;

/// Acts as another user while it lives; only root can, and for others the owner is enough.
class AsNobody {
 public:
  AsNobody() { is_switched_ = ::geteuid() == 0 && ::seteuid(kNobody) == 0; }

  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

  ~AsNobody() {
    if (is_switched_) static_cast<void>(!::seteuid(0));
  }

 private:
  bool is_switched_ = false;
};

struct Place {
  testing::ScratchDirectory scratch;
  Repo repo = Repo::parse("org/name").value();

  [[nodiscard]] fs::path at(const std::string& path) const { return scratch.path() / path; }

  void link(const std::string& path, const std::string& target) const {
    fs::create_directories(at(path).parent_path());
    fs::create_symlink(target, at(path));
  }

  /// Without CACHEDIR.TAG, .locks, .no_exist and trees, as the oldest versions left it.
  void plant() const {
    scratch.write(kFolder + "refs/main", kCommit);
    scratch.write(kFolder + "blobs/" + kEtag, "content");
    link(kFolder + "snapshots/" + kCommit + "/file", "../../blobs/" + kEtag);
  }

  void share() const {
    plant();
    scratch.write("blobs/.huggingface-shared-blobs", "1\n");
    scratch.write("blobs/cd/" + kPayload, "content");
    fs::permissions(at("blobs/cd/" + kPayload), fs::perms::owner_read);
    fs::remove(at(kFolder + "blobs/" + kEtag));
    link(kFolder + "blobs/" + kEtag, "../../blobs/cd/" + kPayload);
  }

  [[nodiscard]] Result<CacheAnswer> find() const {
    return HubCache(scratch.path()).find(repo, "main", "file");
  }

  [[nodiscard]] bool is_hit() const {
    const Result<CacheAnswer> answer = find();
    return answer && answer->kind == Kind::hit &&
           testing::ScratchDirectory::read(answer->file) == "content";
  }
};

void make_read_only(const fs::path& root) {
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_symlink())
      fs::permissions(entry, entry.is_directory() ? fs::perms(0555) : fs::perms(0444));
  }
  fs::permissions(root, fs::perms(0555));
}

void make_writable(const fs::path& root) {
  fs::permissions(root, fs::perms(0755));
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_directory() && !entry.is_symlink()) fs::permissions(entry, fs::perms(0755));
  }
}

BOOST_FIXTURE_TEST_SUITE(cache_shapes, Place)

BOOST_AUTO_TEST_CASE(a_cache_of_an_old_version_is_read) {
  plant();
  BOOST_TEST(is_hit());
}

BOOST_AUTO_TEST_CASE(absolute_links_within_the_cache_are_followed) {
  plant();
  fs::remove(at(kFolder + "snapshots/" + kCommit + "/file"));
  link(kFolder + "snapshots/" + kCommit + "/file", at(kFolder + "blobs/" + kEtag).string());
  BOOST_TEST(is_hit());
}

BOOST_AUTO_TEST_CASE(a_read_only_cache_of_another_user_is_read) {
  share();
  fs::permissions(at("blobs/cd/" + kPayload), fs::perms(0444));
  make_read_only(scratch.path());
  {
    const AsNobody other;
    BOOST_TEST(is_hit());
  }
  make_writable(scratch.path());
}

BOOST_AUTO_TEST_CASE(shared_content_is_found_by_two_hops_and_missed_where_it_is_gone) {
  share();
  BOOST_TEST(is_hit());
  fs::remove(at("blobs/cd/" + kPayload));
  BOOST_TEST((find().value().kind == Kind::not_cached));
}

BOOST_AUTO_TEST_CASE(shared_content_that_only_its_owner_may_read_is_named) {
  share();
  if (::geteuid() != 0) fs::permissions(at("blobs/cd/" + kPayload), fs::perms::none);
  fs::permissions(scratch.path(), fs::perms(0755));
  const AsNobody other;
  const Result<CacheAnswer> answer = find();
  BOOST_TEST_REQUIRE(!answer.has_value());
  BOOST_TEST((answer.error().code == Errc::permission));
  BOOST_TEST(answer.error().detail.find(kPayload) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_shared_store_that_is_a_link_out_of_the_cache_is_refused) {
  testing::ScratchDirectory outside;
  share();
  fs::rename(at("blobs"), outside.path() / "blobs");
  fs::create_directory_symlink(outside.path() / "blobs", at("blobs"));
  const Result<CacheAnswer> answer = find();
  BOOST_TEST_REQUIRE(!answer.has_value());
  BOOST_TEST((answer.error().code == Errc::corrupt));
}

BOOST_AUTO_TEST_CASE(pipes_and_folders_in_the_place_of_files_are_a_miss) {
  plant();
  fs::remove(at(kFolder + "blobs/" + kEtag));
  BOOST_TEST_REQUIRE(::mkfifo(at(kFolder + "blobs/" + kEtag).c_str(), 0600) == 0);
  BOOST_TEST((find().value().kind == Kind::not_cached));
  fs::remove(at(kFolder + "refs/main"));
  BOOST_TEST_REQUIRE(::mkfifo(at(kFolder + "refs/main").c_str(), 0600) == 0);
  BOOST_TEST(find().value().commit.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::hub
