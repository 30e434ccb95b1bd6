// SPDX-License-Identifier: Apache-2.0
//
// The small languages of `hfauth cache`: names made safe for a terminal, sizes, filters, orders.
#include "cache_command.hpp"
#include "cache_filter.hpp"
#include "shown_name.hpp"
#include "table.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <clocale>
#include <sstream>

namespace hfauth::cli {
namespace {

using boost::unit_test::data::make;

std::string table_in(Format format) {
  const Environment environment;
  const UserPaths paths;
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Context context{.environment = environment,
                  .paths = paths,
                  .terminal = {},
                  .format = format,
                  .in = in,
                  .out = out,
                  .err = err};
  print_table(context, {{"NAME"}, {"SIZE", true}, {"REFS"}},
              {{"가나다", "1.0K", ""}, {"b", "12", "main"}});
  return out.str();
}

BOOST_AUTO_TEST_SUITE(cache_words)

BOOST_AUTO_TEST_CASE(names_cannot_reach_the_terminal) {
  BOOST_TEST(shown_name("모델/ö") == "모델/ö");
  BOOST_TEST(shown_name("a\x1b[31mb\n") == "a\\x1b[31mb\\x0a");
  BOOST_TEST(shown_name("a\x7f\xc2\x9b") == "a\\x7f\\u{9b}");
  BOOST_TEST(shown_name("txt\u202egpj") == "txt\\u{202e}gpj");
  BOOST_TEST(shown_name("bad\xff") == "bad\uFFFD");
}

BOOST_AUTO_TEST_CASE(sizes_read_as_hf_shows_them) {
  BOOST_TEST(show_size(0) == "0");
  BOOST_TEST(show_size(999) == "999");
  BOOST_TEST(show_size(16384) == "16.4K");
  BOOST_TEST(show_size(999'950) == "1.0M");
  BOOST_TEST(show_size(3'212'345'678) == "3.2G");
  BOOST_TEST(show_size(18'446'744'073'709'551'615ULL) == "18.4E");
}

BOOST_AUTO_TEST_CASE(a_table_is_as_wide_as_what_stands_in_it) {
  BOOST_TEST_REQUIRE(std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr);  // wide letters
  BOOST_TEST(table_in(Format::human) == "NAME    SIZE  REFS\n가나다  1.0K\nb         12  main\n");
}

BOOST_AUTO_TEST_CASE(a_table_for_agents_has_tabs_alone) {
  BOOST_TEST(table_in(Format::agent) == "NAME\tSIZE\tREFS\n가나다\t1.0K\t\nb\t12\tmain\n");
}

struct Shelf {
  hub::CachedRepo repo;
  hub::CachedRevision revision;
  WallTime now{std::chrono::seconds(1'000'000)};

  Shelf() {
    repo.type = hub::RepoType::dataset;
    repo.id = "org/data";
    repo.size = 2'000;
    repo.accessed = now - std::chrono::hours(48);
    repo.modified = now - std::chrono::hours(1);
    revision.refs = {"Main"};
    revision.size = 500;
    revision.modified = now - std::chrono::hours(72);
    repo.revisions.push_back(revision);
  }

  [[nodiscard]] bool fits(const std::string& filter, bool of_revision = false) const {
    return CacheFilter::parse(filter).value().matches(
        {&repo, of_revision ? &repo.revisions.front() : nullptr}, now);
  }
};

BOOST_FIXTURE_TEST_CASE(filters_compare_size_age_type_and_refs, Shelf) {
  BOOST_TEST(fits("size>1KB"));
  BOOST_TEST(fits("size = 2k"));
  BOOST_TEST(!fits("size>=3 kb"));
  BOOST_TEST(!fits("size>1KB", true));
  BOOST_TEST(fits("accessed>1d"));
  BOOST_TEST(!fits("accessed>1w"));
  BOOST_TEST(fits("modified<2h"));
  BOOST_TEST(!fits("modified<2h", true));
  BOOST_TEST(fits("type=dataset"));
  BOOST_TEST(fits("TYPE=Dataset"));
  BOOST_TEST(!fits("type=model"));
  BOOST_TEST(fits("refs=main"));
  BOOST_TEST(!fits("refs=dev", true));
}

BOOST_DATA_TEST_CASE(a_filter_that_means_nothing_is_refused,
                     make({"", "size", "size>", "size>1XB", "size>-1", "size=>1", "age>1d",
                           "type!=model", "refs>1", "size>99999999999999999999",
                           "size>18446744073709551615KB"}),
                     text) {
  const Result<CacheFilter> filter = CacheFilter::parse(text);
  BOOST_TEST_REQUIRE(!filter.has_value());
  BOOST_TEST((filter.error().code == Errc::usage));
}

BOOST_AUTO_TEST_CASE(orders_put_the_largest_first_and_names_from_a) {
  hub::CachedRepo small;
  small.id = "B";
  small.size = 1;
  hub::CachedRepo large;
  large.id = "a";
  large.size = 2;
  std::vector<CacheRow> rows{{&small, nullptr}, {&large, nullptr}};
  const auto first_by = [&rows](const std::string& order) {
    CacheOrder::parse(order).value().sort(rows);
    return rows.front().repo->id;
  };
  BOOST_TEST(first_by("size") == "a");
  BOOST_TEST(first_by("size:asc") == "B");
  BOOST_TEST(first_by("name") == "a");
  BOOST_TEST(first_by("name:desc") == "B");
  for (const char* wrong : {"", "age", "size:up", "size:"})
    BOOST_TEST(!CacheOrder::parse(wrong).has_value());
}

BOOST_AUTO_TEST_CASE(repositories_are_named_as_the_list_shows_them) {
  const po::variables_map none;
  BOOST_TEST(parse_repo_argument("org/name", none).value().cache_folder() == "models--org--name");
  BOOST_TEST(parse_repo_argument("dataset/org/name", none).value().cache_folder() ==
             "datasets--org--name");
  BOOST_TEST(parse_repo_argument("spaces/org/name", none).value().cache_folder() ==
             "spaces--org--name");
  BOOST_TEST(parse_repo_argument("model/gpt2", none).value().cache_folder() == "models--gpt2");
  BOOST_TEST(!parse_repo_argument("other/org/name", none).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::cli
