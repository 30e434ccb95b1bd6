// SPDX-License-Identifier: Apache-2.0
//
// The translations: the compiled catalogue is found and used, ids and commands stay, and lines fit
// by columns.
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/render.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

using namespace hfauth;
using namespace hfauth::diagnose;

namespace {

/// What a language must say about Colab's warning.
struct Language {
  std::string code;
  std::string secret;
  std::vector<std::string> parts;
  std::vector<std::string> labels;  // of what it says, means and is caused by
};

std::ostream& operator<<(std::ostream& out, const Language& language) {
  return out << language.code;
}

const std::vector<Language> kLanguages{
    {"ja",
     "シークレット",
     {"ノートブックからのアクセス", "セッションを再起動する", "一部制限"},
     {"  内容", "  意味", "  原因"}},
    {"ko",
     "보안 비밀",
     {"노트북 액세스", "세션 다시 시작", "일부 제한"},
     {"  내용", "  의미", "  원인"}},
    {"zh", "密钥", {"为它开启", "单元格", "限制您"}, {"  内容", "  含义", "  原因"}},
};

void choose(const Language& language) {
  choose_language(language.code, Environment{}, HFAUTH_BINARY_DIR "/share/locale");
}

Explained explain_warning() {
  std::istringstream in(
      "/usr/local/lib/python3.12/dist-packages/huggingface_hub/utils/_auth.py:94: UserWarning: \n"
      "The secret `HF_TOKEN` does not exist in your Colab secrets.\n");
  return explain_text(in).value();
}

/// Without line breaks and indents, in which a script without spaces is broken anywhere.
std::string without_breaks(const std::string& text) {
  std::istringstream lines(text);
  std::string joined;
  for (std::string line; std::getline(lines, line);)
    joined += line.substr(std::min(line.find_first_not_of(' '), line.size()));
  return joined;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos ||
         without_breaks(text).find(part) != std::string::npos;
}

}  // namespace

BOOST_DATA_TEST_CASE(explains_the_colab_warning, kLanguages, language) {
  choose(language);
  const std::string text = render_explained(explain_warning(), {});
  for (const char* part : {"HFA701", "microsoft/phi-4",
                           "from huggingface_hub import login; login()", "huggingface_hub>=1.20"}) {
    BOOST_TEST(has(text, part), "missing: " << part << "\n" << text);
  }
  BOOST_TEST(has(text, language.secret), text);
  for (const std::string& part : language.parts)
    BOOST_TEST(has(text, part), "missing: " << part << "\n" << text);
}

BOOST_DATA_TEST_CASE(no_line_is_wider_than_the_terminal, kLanguages, language) {
  choose(language);
  for (const std::string& topic : page_topics()) {
    std::istringstream lines(render_page(topic, {}).value());
    for (std::string line; std::getline(lines, line);) {
      const bool literal =
          line.find("://") != std::string::npos || line.find_first_of(";|") != std::string::npos;
      BOOST_TEST((utf8::columns(line) <= 80 || literal), topic << ": " << line);
    }
  }
}

BOOST_DATA_TEST_CASE(labels_are_aligned_by_columns, kLanguages, language) {
  choose(language);
  std::istringstream lines(render_explained(explain_warning(), {}));
  std::vector<std::size_t> columns;
  for (std::string line; std::getline(lines, line);) {
    for (const std::string& label : language.labels) {
      if (line.starts_with(label + ' ')) {
        const std::size_t text = line.find_first_not_of(' ', label.size());
        columns.push_back(utf8::columns(line.substr(0, text)));
      }
    }
  }
  BOOST_TEST_REQUIRE(columns.size() == 3U);
  BOOST_TEST(columns[1] == columns[0]);
  BOOST_TEST(columns[2] == columns[0]);
}

BOOST_DATA_TEST_CASE(json_says_its_language_and_keeps_ids_and_commands, kLanguages, language) {
  choose(language);
  const std::string json = explained_json(explain_warning(), {});
  BOOST_TEST(json.find(R"("lang":")" + language.code + R"(")") != std::string::npos, json);
  BOOST_TEST(json.find(R"("id":"HFA701")") != std::string::npos, json);
  BOOST_TEST(json.find(R"("severity":"warning")") != std::string::npos, json);
  BOOST_TEST(json.find(language.secret) != std::string::npos, json);
}
