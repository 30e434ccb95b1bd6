// SPDX-License-Identifier: Apache-2.0
//
// The corpus of corpus/: every text is recognised for what it is, also wrapped, prefixed, quoted,
// escaped and coloured as terminals, logs, notebooks and chats do, and no log of another service is
// taken for the Hub's.
#include "diagnose/wrapped_text.hpp"
#include "hfauth/diagnose/explain.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::wrapped_at;

namespace {

struct Text {
  std::string ids;  // "M-039 M-054", sorted
  std::string remark;
  std::string text;
};

std::string sorted(const std::string& ids) {
  std::istringstream words(ids);
  std::set<std::string> unique;
  for (std::string id; words >> id;) {
    unique.insert(id);
  }
  std::string joined;
  for (const std::string& id : unique) {
    joined += (joined.empty() ? "" : " ") + id;
  }
  return joined;
}

std::vector<Text> corpus(const std::string& name) {
  const std::string path = std::string(HFAUTH_SOURCE_DIR) + "/tests/diagnose/corpus/" + name;
  std::ifstream file(path);
  BOOST_REQUIRE_MESSAGE(file, path);
  std::vector<Text> texts;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("=== ")) {
      const std::size_t bar = line.find('|');
      texts.push_back({sorted(line.substr(4, bar - 4)), line.substr(bar + 1), ""});
    } else if (!texts.empty()) {
      texts.back().text += line + "\n";
    }
  }
  return texts;
}

std::vector<Text> known_texts() {
  std::vector<Text> all;
  for (const char* name : {"known_notebooks_and_login.txt", "known_tokens_and_network.txt",
                           "known_access_and_disk.txt"}) {
    const std::vector<Text> some = corpus(name);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::string ids_in(const std::string& text) {
  std::istringstream in(text);
  const Result<Explained> explained = explain_text(in);
  if (!explained) {
    return explained.error().detail;
  }
  std::string ids;
  for (const Explanation& explanation : explained->explanations) {
    ids += explanation.message + " ";
  }
  return sorted(ids);
}

std::string with_each_line(const std::string& text, const std::string& before,
                           const std::string& behind) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    out += before;
    out += line;
    out += behind;
    out += '\n';
  }
  return out;
}

std::string json_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    if (c == '\x1b') {
      out += "\\u001b";
    } else {
      out += c == '\n' ? "\\n" : std::string(1, c);
    }
  }
  return out;
}

std::string as_notebook(const std::string& text) {
  std::istringstream lines(text);
  std::string out = "{\n \"cells\": [\n  {\n   \"outputs\": [\n    {\n     \"text\": [\n";
  for (std::string line; std::getline(lines, line);) {
    out += "      \"" + json_escaped(line + "\n") + "\",\n";
  }
  return out + "      \"\"\n     ]\n    }\n   ]\n  }\n ]\n}\n";
}

std::string as_html(const std::string& text) {
  std::string out = "<div class=\"output_text\"><pre>";
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '`':
        out += "&#x60;";
        break;
      case '\n':
        out += "<br>\n";
        break;
      default:
        out += c;
    }
  }
  return out + "</pre></div>\n";
}

struct Form {
  const char* name;
  std::string (*make)(const std::string& text);
};

const Form kForms[] = {
    {"as it is", [](const std::string& text) { return text; }},
    {"wrapped at 40 columns", [](const std::string& text) { return wrapped_at(text, 40); }},
    {"wrapped at 71 columns", [](const std::string& text) { return wrapped_at(text, 71); }},
    {"spaces of a web page",
     [](const std::string& text) {
       std::string out;
       for (const char c : text) {  // behind words: what stands before a line is a log's own
         const bool behind_word = !out.empty() && out.back() >= 'a' && out.back() <= 'z';
         out += c == ' ' && behind_word ? "\xC2\xA0" : std::string(1, c);
       }
       return out;
     }},
    {"Windows line ends", [](const std::string& text) { return with_each_line(text, "", "\r"); }},
    {"Kubernetes",
     [](const std::string& text) {
       return with_each_line(text, "2026-11-22T10:00:00.123456789Z stderr F ", "");
     }},
    {"journal",
     [](const std::string& text) {
       return with_each_line(text, "Nov 22 10:00:00 gpu1 python3[4242]: ", "");
     }},
    {"docker compose",
     [](const std::string& text) { return with_each_line(text, "worker-1  | ", ""); }},
    {"GitHub Actions",
     [](const std::string& text) {
       return with_each_line(text, "2026-11-22T10:00:00.1234567Z ", "");
     }},
    {"torchrun", [](const std::string& text) { return with_each_line(text, "[rank0]: ", ""); }},
    {"quoted in a mail", [](const std::string& text) { return with_each_line(text, "> > ", ""); }},
    {"a notebook's file", as_notebook},
    {"one JSON string",
     [](const std::string& text) { return "{\"log\":\"" + json_escaped(text) + "\"}\n"; }},
    {"JSON within JSON",
     [](const std::string& text) {
       return "{\"message\":\"" + json_escaped("{\"log\":\"" + json_escaped(text) + "\"}") +
              "\"}\n";
     }},
    {"HTML", as_html},
    {"coloured",
     [](const std::string& text) { return with_each_line(text, "\x1b[31m", "\x1b[0m"); }},
    {"behind a progress bar",
     [](const std::string& text) {
       return "Fetching:  10%|#         |\rFetching: 100%|##########|\r" + text;
     }},
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_text_of_the_corpus_is_recognised_in_every_form) {
  const std::vector<Text> texts = known_texts();
  BOOST_TEST(texts.size() >= 150U);
  for (const Text& text : texts) {
    for (const Form& form : kForms) {
      const std::string found = ids_in(form.make(text.text));
      BOOST_TEST(found == text.ids, form.name << ": " << text.remark << ": " << found
                                              << " instead of " << text.ids << "\n"
                                              << form.make(text.text));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_message_of_the_catalogue_is_in_the_corpus) {
  std::set<std::string> seen;
  for (const Text& text : known_texts()) {
    std::istringstream ids(text.ids);
    for (std::string id; ids >> id;) {
      seen.insert(id);
    }
  }
  for (const std::string& id : message_ids()) {
    BOOST_TEST(seen.count(id) == 1U, id);
  }
  BOOST_TEST(seen.size() == message_ids().size());
}

BOOST_AUTO_TEST_CASE(no_log_of_anybody_else_is_taken_for_the_hubs) {
  const std::vector<Text> texts = corpus("unrelated.txt");
  BOOST_TEST(texts.size() >= 50U);
  std::string all;
  for (const Text& text : texts) {
    for (const Form& form : kForms) {
      BOOST_TEST(ids_in(form.make(text.text)) == "", form.name << ": " << text.remark);
    }
    all += text.text;
  }
  BOOST_TEST(ids_in(all) == "", "all of them in one file: " << ids_in(all));
}
