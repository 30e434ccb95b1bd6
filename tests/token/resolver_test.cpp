// SPDX-License-Identifier: Apache-2.0
//
// Tables of machine states. tests/interop compares the same resolver with the real library.
#include "hfauth/token/resolver.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using hfauth::Environment;
using hfauth::token::ClientVersion;
using hfauth::token::ColabSecret;
using hfauth::token::FileState;
using hfauth::token::Resolution;
using hfauth::token::ResolverInput;
using hfauth::token::TokenSource;
namespace data = boost::unit_test::data;

namespace {

constexpr const char* kDefaultFile = "/home/u/.cache/huggingface/token";

ResolverInput machine(Environment::Map variables,
                      const std::vector<std::pair<std::string, std::string>>& files = {}) {
  ResolverInput input{Environment(std::move(variables)), "/home/u", "/cwd", {}, {}};
  for (const auto& [path, content] : files)
    input.files.push_back({path, {FileState::Kind::readable, content}});
  return input;
}

struct Row {
  const char* what;
  const char* version;
  ResolverInput input;
  TokenSource source;
  const char* token;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.version << ": " << row.what;
}

ResolverInput in_colab(ResolverInput input, ColabSecret::Kind kind, std::string value = "") {
  input.colab = {kind, std::move(value)};
  return input;
}

const std::vector<Row> kRows{
    {"nothing at all", "1.28.0", machine({}), TokenSource::none, ""},
    {"the file", "1.28.0", machine({}, {{kDefaultFile, "f\n"}}), TokenSource::token_file, "f"},
    {"the variable hides the file", "1.28.0", machine({{"HF_TOKEN", "e"}}, {{kDefaultFile, "f"}}),
     TokenSource::env_hf_token, "e"},
    {"an empty variable falls to the legacy one", "1.28.0",
     machine({{"HF_TOKEN", ""}, {"HUGGING_FACE_HUB_TOKEN", "l"}}), TokenSource::env_legacy, "l"},
    {"a blank variable does not", "1.28.0",
     machine({{"HF_TOKEN", " "}, {"HUGGING_FACE_HUB_TOKEN", "l"}}, {{kDefaultFile, "f"}}),
     TokenSource::token_file, "f"},
    {"line breaks go everywhere, edge space goes", "1.28.0", machine({{"HF_TOKEN", " a\nb\r\n"}}),
     TokenSource::env_hf_token, "ab"},
    {"HF_HOME set to nothing is relative", "1.28.0",
     machine({{"HF_HOME", ""}}, {{"/cwd/token", "w"}, {kDefaultFile, "f"}}),
     TokenSource::token_file, "w"},
    {"HF_TOKEN_PATH without a file has no way back", "1.28.0",
     machine({{"HF_TOKEN_PATH", "/none"}}, {{kDefaultFile, "f"}}), TokenSource::none, ""},
    {"a slash behind HF_TOKEN_PATH counts for nothing", "1.28.0",
     machine({{"HF_TOKEN_PATH", "/t/"}}, {{"/t", "t"}}), TokenSource::token_file, "t"},
    {"HF_TOKEN_PATH is not known before 0.23", "0.22.2",
     machine({{"HF_TOKEN_PATH", "/t"}}, {{"/t", "t"}, {kDefaultFile, "f"}}),
     TokenSource::token_file, "f"},
    {"variables in paths are not expanded before 0.30", "0.29.3",
     machine({{"S", "/s"}, {"HF_HOME", "$S"}}, {{"/s/token", "s"}, {"/cwd/$S/token", "lit"}}),
     TokenSource::token_file, "lit"},
    {"and are from 0.30", "0.30.2",
     machine({{"S", "/s"}, {"HF_HOME", "$S"}}, {{"/s/token", "s"}, {"/cwd/$S/token", "lit"}}),
     TokenSource::token_file, "s"},
    {"0.19 stops at an empty HF_TOKEN", "0.19.4",
     machine({{"HF_TOKEN", ""}, {"HUGGING_FACE_HUB_TOKEN", "l"}}, {{kDefaultFile, "f"}}),
     TokenSource::none, ""},
    {"0.18 does not know HF_TOKEN", "0.18.0", machine({{"HF_TOKEN", "e"}}, {{kDefaultFile, "f"}}),
     TokenSource::token_file, "f"},
    {"0.16 does not clean", "0.16.4", machine({{"HUGGING_FACE_HUB_TOKEN", "l\n"}}),
     TokenSource::env_legacy, "l\n"},
    {"before cleaning, a file's line ends are read as Python reads text", "0.16.4",
     machine({}, {{kDefaultFile, "f\r\n\rg"}}), TokenSource::token_file, "f\n\ng"},
    {"a tilde in HF_TOKEN_PATH is a folder's name before 0.30", "0.29.3",
     machine({{"HF_TOKEN_PATH", "~/t"}}, {{"/home/u/t", "t"}, {"/cwd/~/t", "lit"}}),
     TokenSource::token_file, "lit"},
    {"0.14 takes over the old file", "0.14.1", machine({}, {{"/home/u/.huggingface/token", "old"}}),
     TokenSource::old_token_file, "old"},
    {"0.28 does not in get_token", "0.28.1", machine({}, {{"/home/u/.huggingface/token", "old"}}),
     TokenSource::none, ""},
    {"0.11 reads the old place", "0.11.1",
     machine({}, {{"/home/u/.huggingface/token", "old"}, {kDefaultFile, "f"}}),
     TokenSource::old_token_file, "old"},
    {"0.5 knows no variable", "0.5.1",
     machine({{"HUGGING_FACE_HUB_TOKEN", "l"}}, {{"/home/u/.huggingface/token", "old"}}),
     TokenSource::old_token_file, "old"},
    {"Colab's secret comes first until 1.18", "1.18.0",
     in_colab(machine({{"HF_TOKEN", "e"}}), ColabSecret::Kind::present, "c"), TokenSource::colab,
     "c"},
    {"and last from 1.19", "1.19.0",
     in_colab(machine({{"HF_TOKEN", "e"}}), ColabSecret::Kind::present, "c"),
     TokenSource::env_hf_token, "e"},
    {"where it still counts", "1.28.0", in_colab(machine({}), ColabSecret::Kind::present, "c"),
     TokenSource::colab, "c"},
    {"Colab Enterprise has no vault", "1.0.0",
     in_colab(machine({{"VERTEX_PRODUCT", "COLAB_ENTERPRISE"}}), ColabSecret::Kind::present, "c"),
     TokenSource::none, ""},
    {"a missing secret falls through", "1.0.0",
     in_colab(machine({{"HF_TOKEN", "e"}}), ColabSecret::Kind::missing), TokenSource::env_hf_token,
     "e"},
    {"staging shares the token before 0.19", "0.18.0",
     machine({{"HUGGINGFACE_CO_STAGING", "1"}},
             {{"/home/u/.cache/huggingface_staging/token", "s"}, {kDefaultFile, "f"}}),
     TokenSource::token_file, "f"},
    {"staging has a token of its own", "1.28.0",
     machine({{"HUGGINGFACE_CO_STAGING", "1"}},
             {{"/home/u/.cache/huggingface_staging/token", "s"}, {kDefaultFile, "f"}}),
     TokenSource::token_file, "s"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(resolver)

BOOST_AUTO_TEST_CASE(an_old_file_that_cannot_be_copied_stops_the_first_releases_that_copy) {
  const auto resolve = [](const char* version) {
    ResolverInput input = machine({{"HUGGING_FACE_HUB_TOKEN", "l"}});
    input.files.push_back({"/home/u/.huggingface/token", {FileState::Kind::not_a_file, ""}});
    return resolve_huggingface_hub(input, *ClientVersion::parse(version));
  };
  BOOST_TEST(resolve("0.14.1").raises);
  const Resolution later = resolve("0.15.1");
  BOOST_TEST(!later.raises);
  BOOST_TEST(later.token.expose() == "l");
}

BOOST_DATA_TEST_CASE(answers_as_the_library_of_that_version, data::make(kRows), row) {
  const Resolution resolution =
      hfauth::token::resolve_huggingface_hub(row.input, ClientVersion::parse(row.version).value());
  BOOST_TEST(hfauth::token::name_of(resolution.source) == hfauth::token::name_of(row.source));
  BOOST_TEST(resolution.token.expose() == row.token);
  BOOST_TEST(!resolution.raises);
}

BOOST_AUTO_TEST_CASE(takes_over_the_old_file_also_when_the_new_one_is_known_to_be_missing) {
  ResolverInput input = machine({}, {{"/home/u/.huggingface/token", "old"}});
  input.files.push_back({kDefaultFile, {FileState::Kind::missing, ""}});
  const Resolution resolution = hfauth::token::resolve_huggingface_hub(input, {0, 14, 1});
  BOOST_TEST(resolution.token.expose() == "old");
}

BOOST_AUTO_TEST_CASE(says_where_the_library_would_stop_with_an_exception) {
  ResolverInput unreadable = machine({});
  unreadable.files.push_back({kDefaultFile, {FileState::Kind::unreadable, ""}});
  BOOST_TEST(hfauth::token::resolve_huggingface_hub(unreadable, {1, 28, 0}).raises);
  BOOST_TEST(hfauth::token::resolve_huggingface_hub(
                 machine({{"HF_OIDC_RESOURCE", "a/b"}, {"HF_TOKEN", "e"}}), {1, 19, 0})
                 .raises);
  BOOST_TEST(!hfauth::token::resolve_huggingface_hub(
                  machine({{"HF_OIDC_RESOURCE", "a/b"}, {"HF_TOKEN", "e"}}), {1, 18, 0})
                  .raises);
  BOOST_TEST(
      hfauth::token::resolve_huggingface_hub(machine({}, {{kDefaultFile, "\xFF\xFE"}}), {1, 28, 0})
          .raises);
  // A variable spares the library from looking at the file.
  unreadable.environment.set("HF_TOKEN", "e");
  BOOST_TEST(!hfauth::token::resolve_huggingface_hub(unreadable, {1, 28, 0}).raises);
}

BOOST_AUTO_TEST_CASE(a_token_may_be_found_and_still_not_be_sent) {
  const auto resolution = hfauth::token::resolve_huggingface_hub(
      machine({{"HF_HUB_DISABLE_IMPLICIT_TOKEN", "yes"}, {"HF_TOKEN", "e"}}), {1, 28, 0});
  BOOST_TEST(resolution.token.expose() == "e");
  BOOST_TEST(!resolution.sent_by_default);
}

BOOST_AUTO_TEST_CASE(tells_what_was_shadowed) {
  const auto resolution = hfauth::token::resolve_huggingface_hub(
      machine({{"HF_TOKEN", "e"}}, {{kDefaultFile, "f"}}), {1, 28, 0});
  BOOST_REQUIRE(!resolution.steps.empty());
  BOOST_TEST(resolution.steps.back().where == kDefaultFile);
  BOOST_TEST((resolution.steps.back().outcome == hfauth::token::ResolutionStep::Outcome::shadowed));
}

BOOST_AUTO_TEST_CASE(reads_versions) {
  BOOST_TEST((ClientVersion::parse("1.29.0.dev0").value() == ClientVersion{1, 29, 0}));
  BOOST_TEST((ClientVersion::parse("0.36.0rc1").value() == ClientVersion{0, 36, 0}));
  for (const char* text : {"", "x", "1", "1.", "-1.2", "1.x"})
    BOOST_TEST(!ClientVersion::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
