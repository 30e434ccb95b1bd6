// SPDX-License-Identifier: Apache-2.0
//
// Many texts at once: the same answers for any number of threads, the first error, padding.
#include "hfauth/tokenizer/tokenizer.hpp"
#include "parallel.hpp"
#include "small_tokenizer.hpp"
#include "unicode/code_point_index.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace hfauth::tokenizer {

namespace {

using testing::SmallTokenizer;

/// Of very different lengths, empty ones too; some 2 MB.
std::vector<std::string> many_texts() {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 700; ++i) {
    std::string text;
    for (std::size_t n = i * 7919 % 900; n > 0; --n)
      text += n % 5 == 0 ? "hello " : n % 7 == 0 ? "wörld 😀" : " low!";
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(batch)

BOOST_AUTO_TEST_CASE(gives_the_ids_of_each_text_whatever_the_number_of_threads) {
  const Tokenizer tokenizer = SmallTokenizer().load();
  const std::vector<std::string> texts = many_texts();
  IdBatch batch;
  for (const unsigned n_threads : {1U, 2U, 7U, 0U}) {
    BOOST_REQUIRE(tokenizer.encode_ids_batch(views_of(texts), batch, {}, n_threads).has_value());
    BOOST_REQUIRE(batch.size() == texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::vector<TokenId> alone;
      BOOST_REQUIRE(tokenizer.encode_ids(texts[i], alone).has_value());
      const std::span<const TokenId> ids = batch.of(i);
      BOOST_REQUIRE(std::vector<TokenId>(ids.begin(), ids.end()) == alone);
    }
  }
}

BOOST_AUTO_TEST_CASE(gives_the_same_ids_with_the_caches_that_other_calls_left) {
  const Tokenizer tokenizer = SmallTokenizer().load();
  const std::vector<std::string> texts = many_texts();
  std::vector<TokenId> expected;
  for (const std::string& text : texts) {
    const std::vector<TokenId> ids = tokenizer.encode(text).value().ids;
    expected.insert(expected.end(), ids.begin(), ids.end());
  }
  constexpr std::size_t kThreads = 4;
  constexpr int kRounds = 3;
  std::vector<std::thread> threads(kThreads);
  std::atomic<int> n_same = 0;
  for (std::thread& thread : threads)
    thread = std::thread([&] {
      for (int round = 0; round < kRounds; ++round) {
        IdBatch batch;
        std::vector<TokenId> one_by_one;
        bool done = tokenizer.encode_ids_batch(views_of(texts), batch, {}, 2).has_value();
        for (const std::string& text : texts)
          done = tokenizer.encode_ids(text, one_by_one).has_value() && done;
        n_same += done && batch.ids == expected && one_by_one == expected ? 1 : 0;
      }
    });
  for (std::thread& thread : threads)
    thread.join();
  BOOST_TEST(n_same == kThreads * kRounds);
}

BOOST_AUTO_TEST_CASE(gives_the_encodings_of_each_text_whatever_the_number_of_threads) {
  const Tokenizer tokenizer = SmallTokenizer().load();
  const std::vector<std::string> texts = many_texts();
  const EncodeOptions options{.byte_offsets = true};
  const auto one = tokenizer.encode_batch(views_of(texts), options, 1).value();
  BOOST_TEST((tokenizer.encode_batch(views_of(texts), options, 5).value() == one));
  for (std::size_t i = 0; i < texts.size(); i += 50)
    BOOST_TEST((tokenizer.encode(texts[i], options).value() == one[i]));
}

BOOST_AUTO_TEST_CASE(tells_the_error_of_the_first_text_that_has_one) {
  const Tokenizer tokenizer = SmallTokenizer().load();
  std::vector<std::string> texts = many_texts();
  texts[650] = "later \xFF";
  texts[333] = "\xC0 first";
  IdBatch batch;
  for (int i = 0; i < 20; ++i) {
    const auto ids = tokenizer.encode_ids_batch(views_of(texts), batch, {}, 4);
    BOOST_REQUIRE(ids.has_error());
    BOOST_TEST(ids.error().detail == "the text is not UTF-8: byte 0xc0 at offset 0");
    BOOST_TEST(batch.ids.empty());
    const auto full = tokenizer.encode_batch(views_of(texts), {}, 4);
    BOOST_REQUIRE(full.has_error());
    BOOST_TEST((full.error() == ids.error()));
  }
}

BOOST_AUTO_TEST_CASE(pads_encodings_together_and_ids_for_themselves) {
  SmallTokenizer small;
  small.top_options =
      R"("padding":{"strategy":"BatchLongest","direction":"Right","pad_to_multiple_of":4,)"
      R"("pad_id":0,"pad_type_id":0,"pad_token":"!"})";
  const Tokenizer tokenizer = small.load();
  const std::vector<std::string_view> texts = {"hello", "hello world! hello world!", ""};
  IdBatch batch;
  BOOST_REQUIRE(tokenizer.encode_ids_batch(texts, batch).has_value());
  const auto full = tokenizer.encode_batch(texts).value();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::span<const TokenId> ids = batch.of(i);
    BOOST_TEST(
        tokenizer.encode(texts[i]).value().ids == std::vector<TokenId>(ids.begin(), ids.end()),
        boost::test_tools::per_element());
    BOOST_TEST(full[i].size() == 8U);
  }
}

BOOST_AUTO_TEST_CASE(counts_the_bytes_that_are_done) {
  const Tokenizer tokenizer = SmallTokenizer().load();
  const std::vector<std::string> texts = many_texts();
  std::size_t n_bytes = 0;
  for (const std::string& text : texts)
    n_bytes += text.size();
  std::atomic<std::size_t> n_done = 0;
  IdBatch batch;
  BOOST_REQUIRE(
      tokenizer.encode_ids_batch(views_of(texts), batch, {.n_bytes_done = &n_done}).has_value());
  BOOST_TEST(n_done == n_bytes);
  std::string one;
  for (const std::string& text : texts)
    one += text;
  n_done = 0;
  BOOST_REQUIRE(tokenizer.encode(one, {.n_bytes_done = &n_done}).has_value());
  BOOST_TEST(n_done <= n_bytes);
  BOOST_TEST(n_done + 65536 > n_bytes);
}

BOOST_AUTO_TEST_CASE(answers_no_texts_with_no_ids) {
  const Tokenizer tokenizer = SmallTokenizer().load();
  IdBatch batch;
  BOOST_TEST(tokenizer.encode_ids_batch({}, batch).has_value());
  BOOST_TEST(batch.size() == 0U);
  BOOST_TEST(tokenizer.encode_batch({}).value().empty());
}

BOOST_AUTO_TEST_CASE(does_each_task_once_and_none_but_later_ones_after_a_failure) {
  constexpr std::size_t kTasks = 500;
  std::vector<std::atomic<int>> done(kTasks);
  std::atomic<bool> are_workers_known = true;
  run_tasks(4, kTasks, [&](std::size_t worker, std::size_t task) {
    if (worker >= 4) are_workers_known = false;
    ++done[task];
    return true;
  });
  BOOST_TEST(are_workers_known);
  for (const auto& times : done)
    BOOST_REQUIRE(times == 1);
  run_tasks(4, kTasks, [&](std::size_t /*worker*/, std::size_t task) {
    ++done[task];
    return task != 200;
  });
  for (std::size_t task = 0; task <= 200; ++task)
    BOOST_REQUIRE(done[task] == 2);
}

BOOST_AUTO_TEST_CASE(throws_in_the_callers_thread_what_a_task_throws) {
  const auto run = [] {
    run_tasks(3, 100, [](std::size_t /*worker*/, std::size_t task) -> bool {
      if (task == 40) throw std::runtime_error("the fortieth");
      return true;
    });
  };
  BOOST_CHECK_EXCEPTION(run(), std::runtime_error, [](const std::runtime_error& thrown) {
    return thrown.what() == std::string("the fortieth");
  });
}

BOOST_AUTO_TEST_CASE(takes_no_more_threads_than_there_are_tasks_or_are_wanted) {
  BOOST_TEST(threads_for(3, 100) == 3U);
  BOOST_TEST(threads_for(8, 2) == 2U);
  BOOST_TEST(threads_for(8, 0) == 1U);
  BOOST_TEST(threads_for(0, 1000) >= 1U);
}

BOOST_AUTO_TEST_CASE(counts_code_points_before_every_byte) {
  std::string text;
  for (std::size_t i = 0; i < 300; ++i)
    text += i % 3 == 0 ? "a" : i % 3 == 1 ? "é😀" : "中";
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{64}, text.size()}) {
    const std::string_view part = std::string_view(text).substr(0, size);
    const unicode::CodePointIndex index(part);
    std::uint32_t count = 0;
    for (std::size_t at = 0; at < part.size(); ++at) {
      BOOST_REQUIRE(index.at(at) == count);
      count += unicode::is_continuation(part[at]) ? 0U : 1U;
    }
    BOOST_REQUIRE(index.at(part.size()) == count);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
