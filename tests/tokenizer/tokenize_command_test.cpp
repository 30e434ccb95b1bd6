// SPDX-License-Identifier: Apache-2.0
//
// The output forms of the tokenize command and its JSON-lines mode, the hostile requests included.
#include "tokenize_command.hpp"

#include "json_lines.hpp"
#include "small_tokenizer.hpp"
#include "tokenize_compare.hpp"
#include "tokenize_input.hpp"
#include "tokenize_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

namespace hfauth::cli {

namespace {

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

/// Runs with `input` on a pipe as standard input.
Outcome run(const TokenizeRequest& request, const std::string& input = {}) {
  int ends[2];
  BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  std::thread writer([&] {
    for (std::string_view rest = input; !rest.empty();) {
      const ssize_t n = ::write(ends[1], rest.data(), rest.size());
      if (n <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    ::close(ends[1]);
  });
  const auto tokenizer = testing::SmallTokenizer().load();
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_tokenize(request, tokenizer, ends[0], out, err);
  writer.join();
  ::close(ends[0]);
  return {status, out.str(), err.str()};
}

std::string reply(std::string_view line) {
  static const tokenizer::Tokenizer kTokenizer = testing::SmallTokenizer().load();
  return std::string(JsonLinesResponder(kTokenizer, {"ids", "offsets"}).reply(line));
}

std::string repr(std::string_view text) {
  std::string out;
  append_python_repr(out, text);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tokenize_command)

BOOST_AUTO_TEST_CASE(prints_tokens_as_python_does) {
  const Outcome outcome = run({.texts = {"hello world's"}});
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST(outcome.out == "['hello', 'Ġworld', \"'\", 's']\n");
  BOOST_TEST(repr("a'b") == "\"a'b\"");
  BOOST_TEST(repr("a'\"b") == "'a\\'\"b'");
  BOOST_TEST(repr("\\ \n\t\r\x1b\x7f") == "'\\\\ \\n\\t\\r\\x1b\\x7f'");
  BOOST_TEST(repr("\u00A0\u2028\u200B\U000E0001한") == "'\\xa0\\u2028\\u200b\\U000e0001한'");
}

BOOST_AUTO_TEST_CASE(prints_the_other_forms) {
  const Outcome ids = run({.form = TokenizeForm::ids, .texts = {"!\"", ""}});
  BOOST_TEST(ids.out == "[33, 34]\n[]\n");
  BOOST_TEST(run({.form = TokenizeForm::count, .texts = {"hello world"}}).out == "2\n");
  BOOST_TEST(
      run({.form = TokenizeForm::json, .texts = {"\"é"}}).out ==
      "{\"ids\":[34,195,169],\"tokens\":[\"\\\"\",\"Ã\",\"©\"],\"offsets\":[[0,1],[1,2],[1,2]]}\n");
  BOOST_TEST(run({.form = TokenizeForm::decode, .texts = {"[33, 34]", "35"}}).out == "!\"#\n");
}

BOOST_AUTO_TEST_CASE(reads_standard_input_as_one_text_when_nothing_else_is_given) {
  BOOST_TEST(run({.form = TokenizeForm::count}, "hello\nhello").out == "3\n");
  BOOST_TEST(run({}, "").out == "[]\n");
  BOOST_TEST(run({.form = TokenizeForm::decode}, "33\n34 ").out == "!\"\n");
}

BOOST_AUTO_TEST_CASE(answers_faults_with_one_line_and_a_status) {
  const Outcome invalid = run({.strict = true}, "ab\xFFz");
  BOOST_TEST(invalid.status == 1);
  BOOST_TEST(invalid.out.empty());
  BOOST_TEST(invalid.err == "hfauth tokenize: the text is not UTF-8: byte 0xff at offset 2\n");
  const Outcome absent = run({.files = {"/nonexistent/text"}});
  BOOST_TEST(absent.status == 1);
  BOOST_TEST(absent.err == "hfauth tokenize: /nonexistent/text: No such file or directory\n");
  const Outcome word = run({.form = TokenizeForm::decode, .texts = {"1,x2"}});
  BOOST_TEST(word.status == 2);
  BOOST_TEST(word.err == "hfauth tokenize: 'x2' is not a token id\n");
  BOOST_TEST(run({.form = TokenizeForm::decode, .texts = {"-1"}}).status == 2);
  BOOST_TEST(run({.form = TokenizeForm::decode, .texts = {"99999999999"}}).status == 2);
  BOOST_TEST(run({.form = TokenizeForm::json_lines, .fields = {"id"}}).status == 2);
  BOOST_TEST(run({.form = TokenizeForm::ids, .texts = {"a"}, .fields = {"ids"}}).status == 2);
}

BOOST_AUTO_TEST_CASE(replaces_what_is_not_utf8_unless_it_is_strict) {
  const Outcome replaced =
      run({.form = TokenizeForm::json, .fields = {"offsets"}}, "a\xFF\xE2\x82z");
  BOOST_TEST(replaced.status == 0);
  BOOST_TEST(replaced.out == "{\"offsets\":[[0,1],[1,2],[1,2],[1,2],[2,3],[2,3],[2,3],[3,4]]}\n");
}

BOOST_AUTO_TEST_CASE(tells_how_far_a_long_text_is_and_at_last_that_it_is_done) {
  std::string text;
  while (text.size() < 5'000'000)
    text += "hello world, ";
  using Told = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  for (const TokenizeForm form : {TokenizeForm::count, TokenizeForm::json}) {
    Told told;
    const auto note = [&](std::uint64_t n_done, std::uint64_t n_bytes,
                          const std::string& /*name*/) { told.emplace_back(n_done, n_bytes); };
    BOOST_TEST(run({.form = form, .texts = {text}, .on_progress = note}).status == 0);
    BOOST_REQUIRE(told.size() >= 2U);
    for (const auto& [n_done, n_bytes] : told)
      BOOST_TEST(n_bytes == text.size());
    BOOST_TEST(told.front().first < text.size());
    BOOST_TEST(told.back().first == text.size());
  }
  Told none;
  const auto note = [&](std::uint64_t n_done, std::uint64_t n_bytes, const std::string& /*name*/) {
    none.emplace_back(n_done, n_bytes);
  };
  BOOST_TEST(run({.form = TokenizeForm::count, .texts = {"short"}, .on_progress = note}).status ==
             0);
  BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_CASE(prints_what_comes_before_the_text_that_has_a_fault) {
  const Outcome outcome = run(
      {.form = TokenizeForm::ids, .texts = {"hello", "world", "\xFF", "hello"}, .strict = true});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 2);
  BOOST_TEST(outcome.err.find("text 3: the text is not UTF-8") != std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_CASE(counts_several_files_with_a_total) {
  const Outcome two =
      run({.form = TokenizeForm::count, .files = {"/dev/null", "-"}}, "hello world");
  BOOST_TEST(two.status == 0);
  BOOST_TEST(two.out == "0\t/dev/null\n2\t-\n2\ttotal\n");
  BOOST_TEST(run({.form = TokenizeForm::count, .files = {"/dev/null"}}).out == "0\n");
}

BOOST_AUTO_TEST_CASE(colours_tokens_in_turn) {
  BOOST_TEST(run({.texts = {"hello world"}, .colour = true}).out ==
             "[\x1b[30;46m'hello'\x1b[0m, \x1b[30;43m'\u0120world'\x1b[0m]\n");
}

BOOST_AUTO_TEST_CASE(gives_byte_offsets_to_who_names_them) {
  BOOST_TEST(
      run({.form = TokenizeForm::json, .texts = {"\u00E9!"}, .fields = {"byte_offsets"}}).out ==
      "{\"byte_offsets\":[[0,2],[0,2],[2,3]]}\n");
}

BOOST_AUTO_TEST_CASE(writes_a_page_in_which_nothing_of_a_text_is_markup) {
  const std::string page =
      run({.form = TokenizeForm::html, .texts = {"<b>&\"\x01\u00E9hello"}}).out;
  BOOST_TEST(page.find("<b>") == std::string::npos);
  BOOST_TEST(page.find("&lt;") != std::string::npos);
  BOOST_TEST(page.find("&#9217;") != std::string::npos);  // the picture of U+0001
  BOOST_TEST(page.find('\x01') == std::string::npos);
  BOOST_TEST(page.find(">hello</span>") != std::string::npos);
  BOOST_TEST(page.find("default-src 'none'") != std::string::npos);
  BOOST_TEST(page.ends_with("</html>\n"));
}

BOOST_AUTO_TEST_CASE(refuses_a_page_that_no_browser_could_show) {
  const Outcome outcome =
      run({.form = TokenizeForm::html,
           .texts = {std::string(3'000'000, 'a'), std::string(1'200'000, 'b')}});
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(outcome.out.empty());
  BOOST_TEST(outcome.err.find("4.2 MB") != std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_CASE(compares_tokenizers_of_which_one_may_be_missing) {
  std::string pattern = "/tmp/hfauth-compare-XXXXXX";
  const int fd = ::mkstemp(pattern.data());
  BOOST_REQUIRE(fd >= 0);
  const std::string json = testing::SmallTokenizer().json();
  BOOST_REQUIRE(::write(fd, json.data(), json.size()) == static_cast<ssize_t>(json.size()));
  ::close(fd);
  const std::vector<TokenizeInput> inputs = {{"", "hello world"}, {"", "hello"}};
  std::ostringstream out;
  std::ostringstream err;
  const std::vector<NamedTokenizer> two = {{.name = "org/one", .path = pattern},
                                           {.name = "two", .path = pattern}};
  BOOST_TEST(compare_tokenizers({}, two, inputs, out, err) == 0);
  BOOST_TEST(out.str() ==
             "MODEL        TOKENS  BYTES/TOKEN\n"
             "org/one           3         5.33\n"
             "two               3         5.33\n");
  out.str("");
  BOOST_TEST(compare_tokenizers({.as_json = true}, {two.front()}, inputs, out, err) == 0);
  BOOST_TEST(out.str() == "[{\"model\":\"org/one\",\"tokens\":3,\"bytes\":16}]\n");
  BOOST_TEST(compare_tokenizers({}, {{.name = "gone", .path = "/nonexistent"}}, inputs, out, err) ==
             1);
  BOOST_TEST(err.str().starts_with("hfauth tokenize: gone: /nonexistent"));
  ::unlink(pattern.c_str());
}

BOOST_AUTO_TEST_CASE(answers_each_kind_of_request) {
  BOOST_TEST(reply(R"({"text":"!é"})") == R"({"ids":[33,195,169],"offsets":[[0,1],[1,2],[1,2]]})");
  BOOST_TEST(reply(R"({"text":"!","pair":"\""})") == R"({"ids":[33,34],"offsets":[[0,1],[0,1]]})");
  BOOST_TEST(reply(R"({"text":"!","pair":null,"add_special_tokens":false})") ==
             R"({"ids":[33],"offsets":[[0,1]]})");
  BOOST_TEST(reply(R"({"texts":["!",""]})") ==
             R"({"batch":[{"ids":[33],"offsets":[[0,1]]},{"ids":[],"offsets":[]}]})");
  BOOST_TEST(reply(R"({"ids":[33,34,195]})") == "{\"text\":\"!\\\"\uFFFD\"}");
  BOOST_TEST(reply(R"({"normalize":"a\nb"})") == R"({"normalized":"a\u000ab"})");
  BOOST_TEST(reply(R"({"pre_tokenize":"a é"})") == R"({"pieces":[["a",[0,1]],["ĠÃ©",[1,3]]]})");
}

BOOST_AUTO_TEST_CASE(reads_lone_surrogates_as_replacement_characters) {
  const std::string replaced = reply(R"({"text":"\ufffd"})");
  for (const char* lone :
       {R"({"text":"\ud800"})", R"({"text":"\udc00"})", R"({"text":"\uDBFF"})"}) {
    BOOST_TEST(reply(lone) == replaced);
  }
  BOOST_TEST(reply(R"({"text":"\ud83d\ude00"})") == reply(R"({"text":"😀"})"));
  BOOST_TEST(reply(R"({"text":"\ud800\ud83d\ude00"})") == reply("{\"text\":\"\uFFFD😀\"}"));
  BOOST_TEST(reply(R"({"text":"\\ud800"})") == reply(R"({"text":"\u005cud800"})"));
}

BOOST_AUTO_TEST_CASE(answers_hostile_requests_with_an_error) {
  const std::string hostile[] = {"",
                                 "{",
                                 "[]",
                                 "7",
                                 "{}",
                                 R"({"text":5})",
                                 R"({"text":["a"]})",
                                 R"({"text":null})",
                                 R"({"text":"a","pair":7})",
                                 R"({"text":"a","add_special_tokens":"yes"})",
                                 R"({"texts":"a"})",
                                 R"({"texts":[1]})",
                                 R"({"ids":["1"]})",
                                 R"({"ids":[-1]})",
                                 R"({"ids":[4294967296]})",
                                 R"({"ids":[1.5]})",
                                 R"({"normalize":{}})",
                                 "{\"text\":\"\xFF\"}",
                                 "{\"text\":\"a",
                                 "{\"text\":\"\\ud8\"}",
                                 "{\"text\":\"\\",
                                 std::string(100000, '['),
                                 R"({"text":"a"} x)",
                                 std::string("{\"text\":\"a\0\"}", 13)};
  for (const std::string& line : hostile) {
    BOOST_TEST(reply(line).starts_with("{\"error\":\""), line.substr(0, 60)
                                                             << " -> " << reply(line));
  }
  std::string nested = "\"a\"";
  for (int i = 0; i < 100000; ++i)
    nested = "[" + nested + "]";
  BOOST_TEST(reply("{\"text\":" + nested + "}").starts_with("{\"error\":\""));
}

BOOST_AUTO_TEST_CASE(goes_on_after_an_error_and_answers_a_last_line_without_newline) {
  const Outcome outcome = run({.form = TokenizeForm::json_lines, .fields = {"ids"}},
                              "{\"text\":\"!\"}\nnonsense\n\n{\"text\":\"#\"}");
  BOOST_TEST(outcome.status == 0);
  std::istringstream lines(outcome.out);
  std::string line[4];
  for (std::string& one : line)
    BOOST_REQUIRE(std::getline(lines, one));
  BOOST_TEST(line[0] == "{\"ids\":[33]}");
  BOOST_TEST(line[1].starts_with("{\"error\":"));
  BOOST_TEST(line[2].starts_with("{\"error\":"));
  BOOST_TEST(line[3] == "{\"ids\":[35]}");
}

BOOST_AUTO_TEST_CASE(answers_lines_that_are_longer_than_a_read) {
  std::string text(300000, 'a');
  const Outcome outcome = run({.form = TokenizeForm::json_lines, .fields = {"ids"}},
                              "{\"text\":\"" + text + "\"}\n{\"text\":\"!\"}\n");
  BOOST_TEST(outcome.out.ends_with("]}\n{\"ids\":[33]}\n"));
  BOOST_TEST(outcome.out.size() ==
             std::string(R"({"ids":[]})").size() + 3 * text.size() - 1 + 1 + 13);
}

/// Counts flushes, to see that a caller who waits for a reply gets it.
class FlushCounter : public std::stringbuf {
 public:
  int sync() override {
    ++n_flushes;
    return 0;
  }

  int n_flushes = 0;
};

BOOST_AUTO_TEST_CASE(flushes_when_the_input_runs_dry) {
  int input[2];
  BOOST_REQUIRE(::pipe2(input, O_CLOEXEC) == 0);
  const std::string two_lines = "{\"text\":\"!\"}\n{\"text\":\"!\"}\n";
  BOOST_REQUIRE(::write(input[1], two_lines.data(), two_lines.size()) ==
                static_cast<ssize_t>(two_lines.size()));
  const auto tokenizer = testing::SmallTokenizer().load();
  FlushCounter buffer;
  std::ostream out(&buffer);
  std::thread server([&] { BOOST_TEST(serve_json_lines(tokenizer, {}, input[0], out) == 0); });
  ::close(input[1]);
  server.join();
  ::close(input[0]);
  BOOST_TEST(buffer.n_flushes >= 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::cli
