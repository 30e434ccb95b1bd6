// SPDX-License-Identifier: Apache-2.0
//
// The audit: what is noted, that a chain which somebody changed is found out, and that no disk
// keeps a token back.
#include "fixture.hpp"
#include "hfauth/agent/audit_log.hpp"
#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace hfauth;
using namespace hfauth::daemon;
using namespace hfauth::testing;
namespace call = hfauth::agent::call;

namespace {

struct Written {
  ScratchDirectory scratch;
  agent::AuditFiles files{.folder = scratch.path() / "audit"};
  AuditWriter writer{files};

  void write(int number, AuditLimits limits = {}) {
    for (int i = 0; i < number; ++i) {
      std::vector<agent::AuditEntry> entries{full_entry()};
      BOOST_REQUIRE(writer.write(entries, limits).has_value());
    }
  }

  /// What is wrong, each on a line.
  std::string wrong() const {
    const Result<agent::AuditCheck> check = agent::verify_audit(files);
    BOOST_REQUIRE(check.has_value());
    std::string all;
    for (const std::string& broken : check->broken)
      all += broken + "\n";
    return all;
  }

  std::vector<std::string> lines() const {
    std::ifstream in(files.current());
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);)
      all.push_back(line);
    return all;
  }

  void replace(const std::vector<std::string>& lines) const {
    std::ofstream out(files.current());
    for (const std::string& line : lines)
      out << line << '\n';
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit_chain, Written)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_back_and_is_whole) {
  write(3);
  const auto entries = agent::read_audit(files, {}, {});
  BOOST_REQUIRE(entries.has_value());
  BOOST_REQUIRE(entries->size() == 3U);
  BOOST_TEST(entries->back().sequence == 3);
  BOOST_TEST(entries->back().program == full_entry().program);
  BOOST_TEST(wrong() == "");
  BOOST_TEST(agent::verify_audit(files)->last == 3);
  BOOST_TEST(agent::read_audit(files, {}, 2)->front().sequence == 2);
  BOOST_TEST(agent::read_audit(files, full_entry().time + std::chrono::seconds(1), {})->empty());
  const auto modes = std::filesystem::status(files.current()).permissions();
  BOOST_TEST((modes == std::filesystem::perms(0600)));
}

BOOST_AUTO_TEST_CASE(a_changed_line_is_found) {
  write(4);
  std::vector<std::string> all = lines();
  const std::size_t at = all[1].find("Denied");
  all[1].replace(at, 6, "deniee");
  replace(all);
  BOOST_TEST(wrong() == "audit.jsonl:2: changed: the hash of entry 2 differs\n");
}

BOOST_AUTO_TEST_CASE(a_line_with_a_hash_of_its_own_is_found) {
  write(3);
  const std::vector<std::string> all = lines();
  agent::AuditEntry forged = agent::parse_audit_line(all[1]).value();
  forged.program = "/bin/true";
  const std::string line =
      agent::audit_line(forged, crypto::random_key(), agent::parse_audit_line(all[0])->hash);
  replace({all[0], line.substr(0, line.size() - 1), all[2]});
  BOOST_TEST(wrong().starts_with("audit.jsonl:2: changed"));
}

BOOST_AUTO_TEST_CASE(a_removed_line_is_found) {
  write(4);
  std::vector<std::string> all = lines();
  all.erase(all.begin() + 2);
  replace(all);
  BOOST_TEST(wrong() == "audit.jsonl:3: entry 4 stands behind entry 2\n");
}

BOOST_AUTO_TEST_CASE(lines_that_change_places_are_found) {
  write(4);
  std::vector<std::string> all = lines();
  std::swap(all[1], all[2]);
  replace(all);
  BOOST_TEST(wrong().find("stands behind") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_beginning_or_an_end_that_was_cut_off_is_found) {
  write(5);
  const std::vector<std::string> all = lines();
  replace({all.begin(), all.end() - 2});
  BOOST_TEST(wrong() == "audit.jsonl: cut off: entries 4 to 5 are missing\n");
  replace({all.begin() + 2, all.end()});
  BOOST_TEST(wrong() == "entries 1 to 2 are missing at the beginning\n");
  replace({});
  BOOST_TEST(wrong() == "audit.jsonl: cut off: entries 1 to 5 are missing\n");
  std::filesystem::remove(files.current());
  BOOST_TEST(wrong() == "audit.jsonl: cut off: entries 1 to 5 are missing\n");
}

BOOST_AUTO_TEST_CASE(half_a_line_and_garbage_are_found) {
  write(3);
  std::vector<std::string> all = lines();
  all[1] = "garbage";
  replace(all);
  BOOST_TEST(wrong().starts_with("audit.jsonl:2: not an entry\n"));
  BOOST_REQUIRE(agent::read_audit(files, {}, {}).has_value());
  std::filesystem::resize_file(files.current(), std::filesystem::file_size(files.current()) - 5);
  BOOST_TEST(wrong().find("audit.jsonl:3: cut off in the middle\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_agent_that_follows_goes_on_with_the_chain) {
  write(2);
  AuditWriter next(files);
  std::vector<agent::AuditEntry> entries{full_entry()};
  BOOST_REQUIRE(next.write(entries, {}).has_value());
  BOOST_TEST(entries.front().sequence == 3);
  BOOST_TEST(wrong() == "");
}

BOOST_AUTO_TEST_CASE(a_kill_in_the_middle_of_a_line_or_before_the_head_breaks_nothing) {
  write(2);
  const std::string head = read_file(files.head()).value();
  write(1);
  std::ofstream(files.head()) << head;  // killed between the line and the head
  std::ofstream(files.current(), std::ios::app) << R"({"sequence":4,"ti)";  // and in a line
  AuditWriter next(files);
  std::vector<agent::AuditEntry> entries{full_entry()};
  BOOST_REQUIRE(next.write(entries, {}).has_value());
  BOOST_TEST(entries.front().sequence == 4);
  BOOST_TEST(wrong() == "");
}

BOOST_AUTO_TEST_CASE(what_was_cut_off_shows_for_ever_whatever_is_written_behind_it) {
  write(5);
  const std::vector<std::string> all = lines();
  replace({all.begin(), all.end() - 2});
  AuditWriter next(files);
  std::vector<agent::AuditEntry> entries{full_entry()};
  BOOST_REQUIRE(next.write(entries, {}).has_value());
  BOOST_TEST(entries.front().sequence == 6);
  BOOST_TEST(wrong() == "audit.jsonl:4: entry 6 stands behind entry 3\n");
}

BOOST_AUTO_TEST_CASE(full_files_are_put_aside_and_the_chain_goes_over_them) {
  const AuditLimits limits{.bytes = 2000, .files = 2};
  write(20, limits);
  BOOST_TEST(std::filesystem::exists(files.older(1)));
  BOOST_TEST(std::filesystem::exists(files.older(2)));
  BOOST_TEST(!std::filesystem::exists(files.older(3)));
  BOOST_TEST(std::filesystem::file_size(files.current()) <= 2000U);
  BOOST_TEST(wrong() == "");
  BOOST_TEST(agent::verify_audit(files)->first > 1);
  BOOST_TEST(agent::verify_audit(files)->last == 20);
  std::filesystem::remove(files.older(2));
  BOOST_TEST(wrong().find("are missing at the beginning") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_between_that_was_removed_is_found) {
  write(20, {.bytes = 2000, .files = 9});
  std::filesystem::remove(files.older(2));
  BOOST_TEST(wrong().find("stands behind") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(audit_trail, AgentFixture)

BOOST_AUTO_TEST_CASE(each_deed_is_an_entry_with_its_outcome_and_never_a_token) {
  BOOST_REQUIRE(add("alice").has_value());
  static_cast<void>(get("alice"));
  static_cast<void>(get("bob"));
  static_cast<void>(outcome(call::Lock{}));
  static_cast<void>(get("alice"));
  const auto entries = agent::read_audit_reply(ask(call::Audit{}).value());
  BOOST_REQUIRE(entries.has_value());
  std::string told;
  for (const agent::AuditEntry& entry : *entries)
    told += entry.event + " " + entry.outcome + " " + entry.profile + "\n";
  BOOST_TEST(told ==
             "Add ok alice\nGetToken ok alice\nGetToken NotFound bob\nLock ok \n"
             "GetToken Locked alice\n");
  BOOST_TEST(entries->at(1).fingerprint ==
             fingerprints.of(stored.records.at("alice").token.expose()));
  const std::string file = read_file(scratch.path() / "audit" / "audit.jsonl").value();
  BOOST_TEST(file.find(stored.records.at("alice").token.expose()) == std::string::npos);
  BOOST_TEST(agent::verify_audit({.folder = scratch.path() / "audit"})->broken.empty());
}

BOOST_AUTO_TEST_CASE(a_token_in_the_place_of_a_name_is_masked) {
  static_cast<void>(get("hf_" + std::string(34, 'Z')));
  audit.flush();
  const auto entries = agent::read_audit({.folder = scratch.path() / "audit"}, {}, {});
  BOOST_REQUIRE_EQUAL(entries->size(), 1U);
  BOOST_TEST(entries->front().profile == "hf_****ZZZZ");
}

BOOST_AUTO_TEST_CASE(the_same_again_within_a_second_is_counted) {
  BOOST_REQUIRE(add("alice").has_value());
  for (int i = 0; i < 1000; ++i)
    static_cast<void>(get("alice"));
  clock.advance(std::chrono::seconds(1));
  audit.flush();
  static_cast<void>(get("alice"));
  const auto entries = agent::read_audit_reply(ask(call::Audit{}).value());
  BOOST_REQUIRE(entries->size() == 3U);
  BOOST_TEST(entries->at(1).times == 1000);
  BOOST_TEST(entries->at(2).times == 1);
}

BOOST_AUTO_TEST_CASE(a_disk_that_takes_nothing_keeps_no_token_back_and_status_says_so) {
  BOOST_REQUIRE(add("alice").has_value());
  std::ofstream(scratch.path() / "audit") << "in the way";
  static_cast<void>(get("alice"));
  audit.flush();
  BOOST_TEST(rules().audit.starts_with("cannot be written: "));
  BOOST_TEST(token_of("alice") == "alice");
  for (int i = 0; i < 3000; ++i)
    static_cast<void>(get("nobody" + std::to_string(i)));
  BOOST_TEST(rules().audit.find("were lost") != std::string::npos);
  BOOST_TEST(audit.next_flush().has_value());
  std::filesystem::remove(scratch.path() / "audit");
  audit.flush();
  BOOST_TEST(rules().audit == "ok");
  audit.flush();
  const auto entries = agent::read_audit({.folder = scratch.path() / "audit"}, {}, {});
  BOOST_REQUIRE(entries->size() > kMaxWaitingEntries);
  BOOST_TEST(entries->front().event == "Add");
  BOOST_TEST(entries->back().event == "lost");
  BOOST_TEST(entries->back().times > 1000);
}

BOOST_AUTO_TEST_CASE(with_more_everything_comes_in_pieces_and_then_what_is_new) {
  BOOST_REQUIRE(add("alice").has_value());
  for (int i = 0; i < 250; ++i)
    static_cast<void>(get("nobody" + std::to_string(i)));
  std::vector<std::size_t> pieces;
  std::optional<std::string> end;
  const auto client = [&] {
    auto made = std::make_shared<TestClient>(9);
    made->on_reply = [&](std::string_view message) {
      end = std::string(message);
      pieces.push_back(agent::read_audit_reply(message)->size());
    };
    made->on_interim = [&](std::string_view message) {
      pieces.push_back(agent::read_audit_reply(message)->size());
      return true;
    };
    return made;
  };
  dispatcher->handle({.request = call::Audit{}, .more = true}, client());
  BOOST_TEST((pieces == std::vector<std::size_t>{100, 100, 51}));
  BOOST_REQUIRE(end.has_value());
  pieces.clear();
  end.reset();
  dispatcher->handle({.request = call::Audit{.since = {}, .follow = true}, .more = true}, client());
  BOOST_TEST((pieces == std::vector<std::size_t>{100, 100, 51}));
  BOOST_TEST(!end.has_value());
  pieces.clear();
  static_cast<void>(get("alice"));
  audit.flush();
  BOOST_TEST((pieces == std::vector<std::size_t>{1}));
  dispatcher->on_caller_gone(9);
  static_cast<void>(get("alice"));
  audit.flush();
  BOOST_TEST(pieces.size() == 1U);
}

BOOST_AUTO_TEST_CASE(switched_off_nothing_is_written) {
  audit.configure(false, {});
  BOOST_REQUIRE(add("alice").has_value());
  audit.flush();
  BOOST_TEST(rules().audit == "off");
  BOOST_TEST(!std::filesystem::exists(scratch.path() / "audit"));
}

BOOST_AUTO_TEST_SUITE_END()
