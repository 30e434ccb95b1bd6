// SPDX-License-Identifier: Apache-2.0
//
// The Korean texts: the compiled catalogue is found and used, ids and commands stay, and lines fit
// by columns.
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/render.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>

using namespace hfauth;
using namespace hfauth::diagnose;

namespace {

struct Korean {
  Korean() { choose_language("ko", Environment{}, HFAUTH_BINARY_DIR "/share/locale"); }
};

Explained explain_warning() {
  std::istringstream in(
      "/usr/local/lib/python3.12/dist-packages/huggingface_hub/utils/_auth.py:94: UserWarning: \n"
      "The secret `HF_TOKEN` does not exist in your Colab secrets.\n");
  return explain_text(in).value();
}

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(Korean);

BOOST_AUTO_TEST_CASE(explains_the_colab_warning_in_korean) {
  const std::string text = render_explained(explain_warning(), {});
  for (const char* part :
       {"HFA701", "보안 비밀", "노트북 액세스", "세션 다시 시작", "microsoft/phi-4",
        "from huggingface_hub import login; login()", "huggingface_hub>=1.20", "일부 제한"}) {
    BOOST_TEST(text.find(part) != std::string::npos, "missing: " << part << "\n" << text);
  }
}

BOOST_AUTO_TEST_CASE(no_line_is_wider_than_the_terminal) {
  for (const std::string& topic : page_topics()) {
    std::istringstream lines(render_page(topic, {}).value());
    for (std::string line; std::getline(lines, line);) {
      const bool literal =
          line.find("://") != std::string::npos || line.find_first_of(";|") != std::string::npos;
      BOOST_TEST((utf8::columns(line) <= 80 || literal), topic << ": " << line);
    }
  }
}

BOOST_AUTO_TEST_CASE(labels_are_aligned_by_columns) {
  std::istringstream lines(render_explained(explain_warning(), {}));
  std::size_t aligned = 0;
  for (std::string line; std::getline(lines, line);) {
    for (const std::string label : {"  내용", "  의미", "  원인"}) {
      if (line.starts_with(label)) {
        const std::size_t text = line.find_first_not_of(' ', label.size());
        BOOST_TEST(utf8::columns(line.substr(0, text)) == 10U, line);
        ++aligned;
      }
    }
  }
  BOOST_TEST(aligned == 3U);
}

BOOST_AUTO_TEST_CASE(json_says_its_language_and_keeps_ids_and_commands) {
  const std::string json = explained_json(explain_warning(), {});
  BOOST_TEST(json.find(R"("lang":"ko")") != std::string::npos, json);
  BOOST_TEST(json.find(R"("id":"HFA701")") != std::string::npos, json);
  BOOST_TEST(json.find(R"("severity":"warning")") != std::string::npos, json);
  BOOST_TEST(json.find("보안 비밀") != std::string::npos, json);
}
