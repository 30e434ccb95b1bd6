// SPDX-License-Identifier: Apache-2.0
//
// What is seen in the text of programs and notebooks, and what is not taken for it.
#include "script_reading.hpp"

#include "diagnose/machine.hpp"
#include "script_text.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace data = boost::unit_test::data;
using namespace hfauth::diagnose;
using hfauth::testing::token_of;

namespace {

const std::string kA = token_of('a');

struct Case {
  std::string source;
  std::string seen;  ///< "kind:subject@line", with "*" behind it where a token stands
};

std::ostream& operator<<(std::ostream& out, const Case& one) {
  return out << one.source;
}

std::string told(const ScriptReading& reading) {
  std::string text;
  for (const RawPlace& place : reading.places) {
    text += (text.empty() ? "" : " ") + place.kind + ":" + place.subject + "@" +
            std::to_string(place.line) + (place.token.empty() ? "" : "*");
  }
  return text;
}

const std::vector<Case> kCases{
    {"AutoModel.from_pretrained('org/name')", "repo:org/name@1"},
    {"AutoModel.from_pretrained(\n  'org/name',\n  revision='x')", "repo:org/name@1"},
    {"from_pretrained('./folder'); from_pretrained('/abs/x'); from_pretrained(path)", ""},
    {"from_pretrained(f'org/{name}')", ""},
    {"hf_hub_download(filename='x', repo_id=\"org/d\", repo_type='dataset')",
     "repo:datasets/org/d@1"},
    {"load_dataset('org/data')", "repo:datasets/org/data@1"},
    {"pipeline('text-generation', model='org/m')", "repo:org/m@1"},
    {"pipeline('text-generation')", ""},
    {"api.upload_file(path_or_fileobj=x, repo_id='me/r')", "upload:me/r@1"},
    {"# from_pretrained('org/comment')\n\"\"\"from_pretrained('org/doc')\"\"\"", ""},
    {"x = 'from_pretrained(\\'org/quoted\\')'", ""},
    {"login(token='" + kA + "')", "login:login@1 token:token=@1*"},
    {"login('" + kA + "')", "token:login@1*"},
    {"server.login(user, password)", ""},
    {"from_pretrained('o/m', token=\"" + kA + "\")", "repo:o/m@1 token:token=@1*"},
    {"from_pretrained('o/m', use_auth_token=True)", "repo:o/m@1 old_argument:use_auth_token@1"},
    {"from_pretrained('o/m', token=False)", "repo:o/m@1 token_false:token@1"},
    {"if token == 'x': pass", ""},
    {"os.environ['HF_TOKEN'] = '" + kA + "'", "variable:HF_TOKEN@1*"},
    {"os.environ[\"HF_HOME\"] = path", "variable:HF_HOME@1"},
    {"os.environ.setdefault('HF_HUB_OFFLINE', '1')", "variable:HF_HUB_OFFLINE@1"},
    {"if os.environ['HF_TOKEN'] == 'x': pass", ""},
    {"os.environ['PATH'] = 'x'", ""},
    {"userdata.get('HF_TOKEN')", "vault:HF_TOKEN@1"},
    {"UserSecretsClient().get_secret(\"HF_TOKEN\")", "vault:HF_TOKEN@1"},
    {"config.get('HF_TOKEN')", ""},
    {"load_dotenv()", "dotenv:load_dotenv@1"},
    {"\n\nheaders = {'Authorization': 'Bearer " + kA + "'}", "literal:@3*"},
    {"import os\nfrom huggingface_hub import login", "import:huggingface_hub@2"},
    {"x = 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(script_reading)

BOOST_DATA_TEST_CASE(what_a_line_says, data::make(kCases), one) {
  BOOST_TEST(told(read_script(one.source)) == one.seen);
}

BOOST_AUTO_TEST_CASE(a_notebook_has_code_and_what_it_printed) {
  const ScriptReading reading = read_notebook(
      R"json({"cells": [{"cell_type": "markdown", "source": "load_dataset('o/none')"},
          {"cell_type": "code", "source": ["%env HF_HOME=/x\n", "!hf auth whoami\n",
           "load_dataset('o/d')"], "outputs": [{"text": ["token )json" +
      kA + R"json("]}]}, {"cell_type": "code"}, 7]})json");
  BOOST_TEST(told(reading) == "variable:HF_HOME@1 repo:datasets/o/d@3 literal:@0*");
  for (const RawPlace& place : reading.places)
    BOOST_TEST(place.cell == 2);
  const ScriptReading old = read_notebook(
      R"json({"worksheets": [{"cells": [{"cell_type": "code", "input": "load_dataset('o/d')"}]}]})json");
  BOOST_TEST(told(old) == "repo:datasets/o/d@1");
}

BOOST_AUTO_TEST_CASE(what_is_no_notebook_is_said) {
  for (const std::string text : {"", "{", "[]", "7", "{}", "nonsense"}) {
    const ScriptReading reading = read_notebook(text);
    BOOST_TEST(!reading.problem.empty(), text);
    BOOST_TEST(reading.places.empty());
  }
  BOOST_TEST(read_notebook("{\"cells\": 7}").places.empty());
  BOOST_TEST(!read_script(std::string("a\0b", 3)).problem.empty());
}

BOOST_AUTO_TEST_CASE(any_text_is_cut_into_words) {
  for (const std::string source :
       {"'", "\"\"\"", "f'", "rb'\\", "(((((", "\\", "%env", "x = '\\", "from_pretrained(",
        "os.environ[", "login(", "token=", "\xff\xfe'"}) {
    BOOST_TEST(read_script(source).problem.empty(), source);
    BOOST_TEST(script_words(source, true, 10).size() <= 10U);
  }
  std::string brackets;
  for (int i = 0; i < 100'000; ++i)
    brackets += "from_pretrained(";
  BOOST_TEST(read_script(brackets).places.empty());
  BOOST_TEST(script_words(brackets, false, 7).size() == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
