// SPDX-License-Identifier: Apache-2.0
//
// hfauth scan: which text is a token, where files are looked for, and that nothing but masks comes
// out. Hostile places are FIFOs, links, binary files and tokens over the edges of pieces.
#include "hfauth/diagnose/leaks.hpp"

#include "support/scratch_directory.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::ScratchDirectory;

namespace {

std::string made_up(char letter) {
  return "hf_" + std::string("leaktest") + std::string(26, letter);
}

std::size_t n_found(const std::string& text) {
  return find_tokens(text).size();
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

struct Scanned {
  LeakReport report;
  std::string all;  // every rendering
};

template <class Work>
Scanned scanned(Work work) {
  static const Fingerprinter fingerprinter = Fingerprinter::ephemeral();
  LeakScan scan(fingerprinter);
  work(scan);
  Scanned result{std::move(scan).finish(), ""};
  result.all = render_leaks(result.report, {}) + leaks_json(result.report, {}, 0);
  return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(knows_a_token_by_its_shape) {
  const std::string token = made_up('A');
  BOOST_TEST(n_found(token) == 1U);
  BOOST_TEST(n_found("export HF_TOKEN=" + token) == 1U);
  BOOST_TEST(n_found("\"" + token + "\"," + token) == 2U);
  BOOST_TEST(n_found("api_org_" + std::string("leaktest") + std::string(26, 'B')) == 1U);
  BOOST_TEST(n_found("hf_oauth_eyJleaktest." + std::string(40, 'C') + ".D") == 1U);
  BOOST_TEST(n_found("https://user:" + token + "@huggingface.co/org/m") == 1U);
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_one_is_none) {
  for (const std::string& text :
       {std::string("hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"), std::string("hf_hub_download"),
        std::string("hf_short"), "x" + made_up('A'), "_" + made_up('A'), made_up('A') + "_more",
        std::string("hf_oauth_short"), std::string("hf_****abcd"), std::string()}) {
    BOOST_TEST(n_found(text) == 0U, text);
  }
}

BOOST_AUTO_TEST_CASE(tells_file_and_line_and_never_the_token) {
  const ScratchDirectory scratch;
  const std::string token = made_up('A');
  write(scratch.path() / "train.py", "import os\n\ntoken = \"" + token + "\"\n");
  const Scanned result =
      scanned([&](LeakScan& scan) { scan.scan_file(scratch.path() / "train.py"); });
  BOOST_REQUIRE(result.report.leaks.size() == 1U);
  BOOST_TEST(result.report.leaks[0].line == 3U);
  BOOST_TEST(result.all.find("train.py:3") != std::string::npos, result.all);
  BOOST_TEST(result.all.find("hf_****AAAA") != std::string::npos, result.all);
  BOOST_TEST(result.all.find("leaktest") == std::string::npos, result.all);
  BOOST_TEST(exit_code_of(result.report, Severity::warning) == 1);
  BOOST_TEST(exit_code_of(result.report, Severity::ok) == 0);
}

BOOST_AUTO_TEST_CASE(one_token_in_two_places_is_one_token) {
  const Scanned result = scanned([](LeakScan& scan) {
    scan.scan_text(LeakKind::file, "a", made_up('A'), 1);
    scan.scan_text(LeakKind::file, "b", made_up('B') + "\n" + made_up('A'), 1);
  });
  BOOST_TEST(result.report.tokens.size() == 2U);
  BOOST_TEST(result.report.leaks.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_notebook_names_its_cell) {
  const std::string text =
      "{\"cells\":[\n {\"cell_type\":\"markdown\",\"source\":[]},\n {\"cell_type\":\"code\",\n"
      "  \"source\":[\"login('" +
      made_up('A') + "')\"]}\n]}\n";
  const Scanned result =
      scanned([&](LeakScan& scan) { scan.scan_text(LeakKind::notebook, "n.ipynb", text, 1); });
  BOOST_REQUIRE(result.report.leaks.size() == 1U);
  BOOST_TEST(result.report.leaks[0].cell == 2U);
  BOOST_TEST(result.report.leaks[0].line == 4U);
}

BOOST_AUTO_TEST_CASE(finds_a_token_over_every_edge_of_the_pieces_of_a_long_file) {
  const ScratchDirectory scratch;
  const std::string token = made_up('A');
  for (const std::size_t before :
       {(std::size_t{1} << 20) - 20, (std::size_t{1} << 20) + 16370, (std::size_t{2} << 20) + 3}) {
    std::string text(before, 'x');
    text[before - 1] = '\n';
    write(scratch.path() / "long.log", text + token + "\n" + std::string(50000, 'y') + "\n");
    const Scanned result =
        scanned([&](LeakScan& scan) { scan.scan_file(scratch.path() / "long.log"); });
    BOOST_REQUIRE_MESSAGE(result.report.leaks.size() == 1U, before);
    BOOST_TEST(result.report.leaks[0].line == 2U);
  }
}

BOOST_AUTO_TEST_CASE(a_tree_is_walked_without_touching_what_is_no_file) {
  const ScratchDirectory scratch;
  write(scratch.path() / "a/b/.env", "HF_TOKEN=" + made_up('A') + "\n");
  write(scratch.path() / ".git/config", made_up('B'));
  write(scratch.path() / "model.bin", std::string("\0\1", 2) + made_up('C'));
  std::filesystem::create_symlink(scratch.path(), scratch.path() / "a/loop");
  std::filesystem::create_symlink("nowhere", scratch.path() / "a/dangling");
  BOOST_REQUIRE(::mkfifo((scratch.path() / "fifo").c_str(), 0600) == 0);
  const Scanned result = scanned([&](LeakScan& scan) { scan.scan_tree(scratch.path()); });
  BOOST_REQUIRE(result.report.leaks.size() == 1U);
  BOOST_TEST((result.report.leaks[0].kind == LeakKind::env_file));
  BOOST_TEST(result.report.unread.empty());
}

BOOST_AUTO_TEST_CASE(a_place_that_was_named_and_cannot_be_read_is_told) {
  const ScratchDirectory scratch;
  BOOST_REQUIRE(::mkfifo((scratch.path() / "fifo").c_str(), 0600) == 0);
  const Scanned result = scanned([&](LeakScan& scan) {
    scan.scan_file(scratch.path() / "fifo");
    scan.scan_file(scratch.path() / "missing");
    scan.scan_known_file(LeakKind::dotfile, scratch.path() / "missing");
  });
  BOOST_TEST(result.report.unread.size() == 2U);
  BOOST_TEST(exit_code_of(result.report, Severity::warning) == 3);
}

BOOST_AUTO_TEST_CASE(the_users_places_are_known) {
  const ScratchDirectory scratch;
  write(scratch.path() / ".bash_history", "ls\nhf auth login --token " + made_up('A') + "\n");
  write(scratch.path() / ".zshenv", "export HF_TOKEN=" + made_up('B') + "\n");
  write(scratch.path() / ".config/environment.d/hf.conf", "HF_TOKEN=" + made_up('C') + "\n");
  const Scanned result =
      scanned([&](LeakScan& scan) { scan.scan_home(Environment(), scratch.path()); });
  std::string ids;
  for (const Finding& finding : findings_of(result.report)) {
    ids += finding.id + ":" + std::to_string(finding.evidence.size()) + " ";
  }
  BOOST_TEST(ids == "HFA901:1 HFA904:2 ");
}

BOOST_AUTO_TEST_CASE(more_leaks_than_a_person_reads_are_counted) {
  std::string text;
  for (int i = 0; i < 1500; ++i) {
    text += made_up(static_cast<char>('A' + i % 26)) + "\n";
  }
  const Scanned result =
      scanned([&](LeakScan& scan) { scan.scan_text(LeakKind::file, "log", text, 1); });
  BOOST_TEST(result.report.leaks.size() == 1000U);
  BOOST_TEST(result.report.left_out == 500U);
  BOOST_TEST(result.report.tokens.size() == 26U);
}
