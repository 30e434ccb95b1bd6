// SPDX-License-Identifier: Apache-2.0
//
// hfauth explain: recognition whatever the wrapping, versions and runtimes told by the text,
// secrets, limits of input.
#include "hfauth/diagnose/explain.hpp"

#include "diagnose/wrapped_text.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/render.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using namespace hfauth;
using namespace hfauth::diagnose;
using hfauth::testing::wrapped_at;

namespace {

const std::string kColabWarning =
    "/usr/local/lib/python3.12/dist-packages/huggingface_hub/utils/_auth.py:94: UserWarning: \n"
    "The secret `HF_TOKEN` does not exist in your Colab secrets.\n"
    "To authenticate with the Hugging Face Hub, create a token in your settings tab "
    "(https://huggingface.co/settings/tokens), set it as secret in your Google Colab and restart "
    "your session.\n"
    "You will be able to reuse this secret in all of your notebooks.\n"
    "Please note that authentication is recommended but still optional to access public models or "
    "datasets.\n"
    "  warnings.warn(\n";

// Not a token of anybody: the alphabet in order, built here so that no scanner takes it for one.
std::string planted_token() {
  std::string letters;
  for (char c = 'a'; c <= 'z'; ++c) {
    letters.push_back(c);
  }
  return "hf_" + letters + "abcdefgh";
}

Explained explain(const std::string& text) {
  std::istringstream in(text);
  Result<Explained> explained = explain_text(in);
  BOOST_REQUIRE_MESSAGE(explained.has_value(),
                        "refused: " << (explained ? "" : explained.error().detail));
  return *std::move(explained);
}

std::string ids_of(const Explained& explained) {
  std::string ids;
  for (const Explanation& explanation : explained.explanations) {
    ids += (ids.empty() ? "" : " ") + explanation.message + "/" + explanation.finding.id;
  }
  return ids;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string prefixed(const std::string& text, const std::string& prefix) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    out += prefix + line + "\n";
  }
  return out;
}

std::string utf16le(const std::string& ascii) {
  std::string out = "\xFF\xFE";
  for (const char c : ascii) {
    out.push_back(c);
    out.push_back('\0');
  }
  return out;
}

struct Known {
  const char* text;
  const char* ids;
};

std::ostream& operator<<(std::ostream& out, const Known& known) {
  return out << known.ids << ": " << std::string(known.text).substr(0, 60);
}

const Known kKnown[] = {
    {"Access to the secret `HF_TOKEN` has not been granted on this notebook.\nYou will not be "
     "requested again.",
     "M-002/HFA702"},
    {"Error while fetching `HF_TOKEN` secret value from your vault: 'Requesting secret HF_TOKEN "
     "timed out. Secrets can "
     "only be fetched when running from the Colab UI.'.\nYou are not authenticated",
     "M-003/HFA703"},
    {"google.colab.errors.TimeoutException: Requesting secret HF_TOKEN timed out. Secrets can only "
     "be fetched when "
     "running from the Colab UI.",
     "M-004/HFA703"},
    {"Warning: You are sending unauthenticated requests to the HF Hub. Please set a HF_TOKEN to "
     "enable higher rate limits "
     "and faster downloads.",
     "M-020/HFA110"},
    {"Authenticated through an invalid token. Treating the request as unauthenticated.",
     "M-020/HFA302"},
    {R"({"error":"Invalid username or password."})", "M-034/HFA301"},
    {"huggingface_hub.errors.HfHubHTTPError: 401 Client Error: Invalid credentials in "
     "Authorization header",
     "M-035/HFA301"},
    {"huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. (Request ID: "
     "Root=1-abc;def)\n\nRepository Not "
     "Found for url: https://huggingface.co/api/models/org/gatd/revision/main.\nPlease make sure "
     "you specified the correct "
     "`repo_id` and `repo_type`.\nIf you are trying to access a private or gated repo, make sure "
     "you are "
     "authenticated.\nInvalid username or password.",
     "M-039/HFA407"},
    {"401 Client Error. (Request ID: x)\n\nCannot access gated repo for url "
     "https://huggingface.co/org/m/resolve/main/"
     "config.json.\nAccess to model org/m is restricted. You must have access to it and be "
     "authenticated to access it. "
     "Please log in.",
     "M-052/HFA401"},
    {"Repo model org/m is gated. You must be authenticated to access it.", "M-052/HFA401"},
    {"Access to model org/m is restricted and you are not in the authorized list. Visit "
     "https://huggingface.co/org/m to "
     "ask for access.",
     "M-052/HFA402"},
    {"Your request to access dataset org/d is awaiting a review from the repo authors.",
     "M-052/HFA404"},
    {"Your request to access model org/m has been rejected by the repo's authors.", "M-052/HFA404"},
    {"403 Client Error. (Request ID: y)\n\nCannot access gated repo for url "
     "https://huggingface.co/org/m/resolve/main/x.",
     "M-052/HFA402"},
    {"httpx.LocalProtocolError: Illegal header value b'Bearer '", "M-060/HFA605"},
    {"httpx.LocalProtocolError: Illegal header value b'Bearer hf_aaaa\\n'", "M-060/HFA201"},
    {"httpx.LocalProtocolError: Illegal header value b'Bearer hf_aaaa\xe2\x80\xa6'",
     "M-060/HFA202"},
};

const Known kUnknown[] = {
    {"remote: Invalid username or password.\nfatal: Authentication failed for "
     "'https://github.com/org/repo.git/'",
     ""},
    {"The secret `OPENAI_KEY` does not exist in your Colab secrets.", ""},
    {"ModuleNotFoundError: No module named 'torch'", ""},
    {"Loading checkpoint shards: 100%", ""},
};

}  // namespace

BOOST_AUTO_TEST_CASE(names_the_colab_warning_with_its_place_version_and_runtime) {
  const Explained explained = explain(kColabWarning);
  BOOST_TEST(ids_of(explained) == "M-001/HFA701");
  BOOST_TEST(explained.lines == 6U);
  BOOST_TEST((explained.runtime == TextRuntime::colab));
  BOOST_TEST(explained.versions.from == "0.26");
  BOOST_TEST(explained.versions.to == "1.8");
  const Explanation& first = explained.explanations.at(0);
  BOOST_TEST((first.impact == Impact::limits));
  BOOST_TEST(first.first_line == 1U);
  BOOST_TEST(first.last_line == 2U);
  BOOST_TEST(exit_code_of(explained) == 0);
}

BOOST_AUTO_TEST_CASE(tells_everything_a_reader_needs_about_the_colab_warning) {
  const std::string text = render_explained(explain(kColabWarning), {});
  for (const char* part :
       {"HFA701", "limits you, does not block you", "huggingface_hub 0.26 to 1.8",
        "microsoft/phi-4", "from huggingface_hub import login; login()",
        "Name: HF_TOKEN (exactly so)", "\"Notebook access\"", "Restart session",
        "the answer is kept", "huggingface_hub>=1.20", "Google Colab", "hfauth explain HFA701"}) {
    // Wrapping may fall inside a phrase.
    const std::string flat = replace_all(replace_all(text, "\n", " "), "  ", " ");
    std::string squeezed = flat;
    while (squeezed.find("  ") != std::string::npos) {
      squeezed = replace_all(squeezed, "  ", " ");
    }
    BOOST_TEST(squeezed.find(part) != std::string::npos, "missing: " << part << "\n" << text);
  }
}

BOOST_AUTO_TEST_CASE(keeps_to_eighty_columns_but_for_commands_and_addresses) {
  std::istringstream lines(render_explained(explain(kColabWarning), {}));
  for (std::string line; std::getline(lines, line);) {
    const bool literal = line.find("https://") != std::string::npos;
    BOOST_TEST((line.size() <= 80 || literal), line);
  }
}

BOOST_AUTO_TEST_CASE(recognises_the_warning_however_it_was_wrapped_and_copied) {
  const std::vector<std::string> forms{
      wrapped_at(kColabWarning, 40),
      wrapped_at(kColabWarning, 7),
      prefixed(kColabWarning, "> "),
      prefixed(kColabWarning, "      "),
      prefixed(kColabWarning, "notebook-1  | "),
      prefixed(kColabWarning, "2026-11-22T10:00:00.123456789Z stderr F "),
      prefixed(kColabWarning, "Nov 22 10:00:00 host jupyter[42]: "),
      replace_all(kColabWarning, "\n", "\r\n"),
      replace_all(kColabWarning, "\n", "\\n\",\n  \""),  // an output cell of a notebook file
      replace_all(replace_all(kColabWarning, "\n", "\\n"), "`", "\\u0060"),
      replace_all(kColabWarning, "`HF_TOKEN`", "HF_TOKEN"),
      replace_all(kColabWarning, "`", "\xE2\x80\x98"),
      "\x1b[33m" + replace_all(kColabWarning, " ", " \x1b[0m\x1b[33m") + "\x1b[0m",
      "Downloading:  10%\rDownloading: 100%\r" + kColabWarning,
      utf16le(kColabWarning),
      "\xEF\xBB\xBF" + kColabWarning,
  };
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const Explained explained = explain(forms[i]);
    BOOST_TEST(ids_of(explained) == "M-001/HFA701",
               "form " << i << ": " << forms[i].substr(0, 200));
    BOOST_TEST(explained.versions.to == "1.8", "form " << i);
  }
}

BOOST_DATA_TEST_CASE(recognises_each_known_message, data::make(kKnown), known) {
  BOOST_TEST(ids_of(explain(known.text)) == known.ids);
  BOOST_TEST(ids_of(explain(wrapped_at(known.text, 33))) == known.ids);
}

BOOST_DATA_TEST_CASE(stays_silent_about_what_it_does_not_know, data::make(kUnknown), unknown) {
  const Explained explained = explain(unknown.text);
  BOOST_TEST(ids_of(explained) == "");
  BOOST_TEST(exit_code_of(explained) == 1);
  BOOST_TEST(render_explained(explained, {}).find("No known message") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tells_the_version_from_the_line_of_the_warning) {
  const auto with_place = [](const std::string& place) {
    return explain("/x/huggingface_hub/" + place +
                   ": UserWarning: \nThe secret `HF_TOKEN` does not exist in your Colab secrets.")
        .versions;
  };
  BOOST_TEST((with_place("utils/_auth.py:93") == HubVersions{"1.9", "1.15"}));
  BOOST_TEST((with_place("utils/_auth.py:112") == HubVersions{"1.16", "1.18"}));
  BOOST_TEST((with_place("utils/_auth.py:124") == HubVersions{"1.19", "1.19"}));
  BOOST_TEST((with_place("utils/_token.py:89") == HubVersions{"0.22", "0.24"}));
  BOOST_TEST((with_place("_login.py:337") == HubVersions{"0.20.0", "0.20.0"}));
  BOOST_TEST((with_place("utils/_auth.py:7") == HubVersions{}), "an unknown line tells nothing");
  BOOST_TEST((with_place("utils/_auth.py:104") == HubVersions{}), "line 104 is in two releases");
}

BOOST_AUTO_TEST_CASE(an_installed_version_in_the_text_goes_before_the_line) {
  const Explained explained =
      explain("Successfully installed huggingface_hub-0.36.0\n" + kColabWarning);
  BOOST_TEST((explained.versions == HubVersions{"0.36", "0.36"}));
}

BOOST_AUTO_TEST_CASE(the_quiet_line_of_new_releases_is_told_from_the_warning) {
  const Explained explained = explain(
      "The secret `HF_TOKEN` does not exist in your Colab secrets. Run `huggingface_hub.login()` "
      "to authenticate "
      "(recommended but still optional to access public models or datasets).");
  BOOST_TEST(ids_of(explained) == "M-001/HFA701");
  BOOST_TEST(explained.versions.from == "1.20");
}

BOOST_AUTO_TEST_CASE(what_logs_put_in_front_of_each_line_is_no_part_of_the_message) {
  const std::vector<std::string> message{
      "huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error. (Request ID: Root=1-2;x)",
      "",
      "Repository Not Found for url: https://huggingface.co/api/models/org/misspelt.",
      "Please make sure you specified the correct `repo_id` and `repo_type`.",
      "If you are trying to access a private or gated repo, make sure you are authenticated.",
      "Invalid username or password."};
  for (const std::string prefix :
       {"[rank0]: ", "E       ", "(train pid=12) ", "2026-11-25 10:00:00,12# - app - ERROR - ",
        "ERROR:root:", "[10:00:0#] ", "Nov 25 10:00:0# host python: ", "10:00:00.12# | ",
        "worker-0: ", "    ", ""}) {
    for (const bool trimmed : {false, true}) {
      std::string text;
      for (std::size_t i = 0; i < message.size(); ++i) {
        std::string line = replace_all(prefix, "#", std::to_string(i)) + message[i];
        if (trimmed) {
          line.erase(line.find_last_not_of(' ') + 1);
        }
        text += line + "\n";
      }
      BOOST_TEST(ids_of(explain(text)) == "M-039/HFA407", text);
      BOOST_TEST(explain(text).explanations.at(0).finding.evidence.at(0).request_id != "", text);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_message_that_is_repeated_is_no_prefix) {
  const std::string line =
      "Access to model org/m is restricted and you are not in the authorized list.\n";
  BOOST_TEST(explain(line + line + line).explanations.at(0).count == 3U);
  const std::string invalid = "huggingface.co: Invalid username or password.\n";
  BOOST_TEST(explain(invalid + invalid).explanations.at(0).count == 2U);
}

BOOST_AUTO_TEST_CASE(another_servers_words_are_not_the_hubs) {
  const std::string words = R"({"error":"Invalid username or password."})";
  BOOST_TEST(ids_of(explain(words)) == "M-034/HFA301");
  BOOST_TEST(ids_of(explain(words + " from https://gitlab.example.com/login")) == "");
  BOOST_TEST(ids_of(explain(words + " from https://huggingface.co/api/whoami-v2")) ==
             "M-034/HFA301");
}

BOOST_AUTO_TEST_CASE(new_releases_are_not_told_to_upgrade) {
  const std::string quiet =
      "The secret `HF_TOKEN` does not exist in your Colab secrets. Run `huggingface_hub.login()` "
      "to authenticate (recommended but still optional to access public models or datasets).";
  const std::string page = render_explained(explain(quiet), {});
  BOOST_TEST(page.find("pip install") == std::string::npos, page);
  BOOST_TEST(page.find("1.18") == std::string::npos, page);
  BOOST_TEST(render_explained(explain(kColabWarning), {}).find("pip install") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_request_that_was_reset_can_be_made_again) {
  const std::string begin = "Your request to access model org/m has been ";
  const Explanation reset = explain(begin + "reset by the repo's authors.").explanations.at(0);
  BOOST_TEST(reset.finding.fixes.at(0).steps.at(0).text.find("new request") != std::string::npos);
  BOOST_TEST(reset.says.find("refused") == std::string::npos);
  const Explanation rejected =
      explain(begin + "rejected by the repo's authors.").explanations.at(0);
  BOOST_TEST(rejected.says.find("reset") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_line_is_one_line) {
  const std::string text = render_explained(explain("Invalid username or password. hf.co"), {});
  BOOST_TEST(text.starts_with("1 auth message in 1 line\n"), text);
  BOOST_TEST(render_explained(explain("nothing"), {}).find("1 line.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_page_is_also_json) {
  for (const std::string& topic : page_topics()) {
    const std::optional<Explained> page = explain_topic(topic);
    BOOST_TEST(page.has_value() == (topic != "restart"), topic);
    if (page) {
      const std::string json = explained_json(*page, {});
      BOOST_TEST(json.find("\"" + page->explanations.at(0).finding.id + "\"") != std::string::npos,
                 json);
      BOOST_TEST(json.find("\"first\"") == std::string::npos, json);
    }
  }
  BOOST_TEST(!explain_topic("HFA999").has_value());
}

BOOST_AUTO_TEST_CASE(names_the_repository_and_the_request_of_the_text) {
  const Explained explained = explain(kKnown[7].text);
  const Explanation& first = explained.explanations.at(0);
  BOOST_TEST(first.says.find("org/gatd") != std::string::npos, first.says);
  BOOST_TEST(first.says.find("Invalid username or password") != std::string::npos, first.says);
  BOOST_TEST(first.finding.evidence.at(0).request_id == "Root=1-abc;def");
  const Explained gated = explain(kKnown[11].text);
  BOOST_TEST(gated.explanations.at(0).finding.fixes.at(0).steps.at(0).url ==
             "https://huggingface.co/datasets/org/d");
}

BOOST_AUTO_TEST_CASE(counts_repetitions_and_puts_what_blocks_first) {
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text +=
        "You are sending unauthenticated requests to the HF Hub.\nstep " + std::to_string(i) + "\n";
  }
  text += R"({"error":"Invalid username or password."})";
  const Explained explained = explain(text);
  BOOST_TEST(ids_of(explained) == "M-034/HFA301 M-020/HFA110");
  BOOST_TEST(explained.explanations.at(1).count == 5U);
  BOOST_TEST(explained.explanations.at(1).first_line == 1U);
}

BOOST_AUTO_TEST_CASE(anonymous_requests_follow_from_the_missing_secret) {
  const Explained explained = explain(kColabWarning + kKnown[3].text);
  BOOST_TEST(ids_of(explained) == "M-001/HFA701 M-020/HFA110");
  BOOST_TEST(!explained.explanations.at(1).finding.is_root);
  BOOST_TEST(explained.explanations.at(1).finding.caused_by.at(0) == "HFA701");
}

BOOST_AUTO_TEST_CASE(tells_the_cause_before_what_was_wrapped_around_it) {
  const Explained explained = explain(
      "OSError: We couldn't connect to 'https://huggingface.co' to load the files\n"
      "An error happened while trying to locate the file on the Hub and we cannot find the "
      "requested files in the local cache.\n"
      "HTTPSConnectionPool(host='huggingface.co', port=443): [SSL: CERTIFICATE_VERIFY_FAILED] "
      "certificate verify failed: self-signed certificate\n");
  BOOST_TEST(ids_of(explained) == "M-048/HFA505 M-047/HFA503 M-041/HFA503");
  BOOST_TEST(explained.explanations.at(0).finding.is_root);
  for (const std::size_t effect : {1U, 2U}) {
    BOOST_TEST(!explained.explanations.at(effect).finding.is_root);
    BOOST_TEST(explained.explanations.at(effect).finding.caused_by.at(0) == "HFA505");
  }
  BOOST_TEST(render_explained(explained, {}).find("One cause: ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_faults_are_two_stories_the_graver_first) {
  const Explained explained = explain(
      "Error parsing stored tokens file: no section\n"
      "Not enough free disk space to download the file. The expected file size is: 4 MB.\n");
  BOOST_TEST(ids_of(explained) == "M-076/HFA811 M-050/HFA804");
  BOOST_TEST(explained.explanations.at(1).finding.is_root);
  BOOST_TEST(render_explained(explained, {}).find("One cause") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_the_cell_of_a_notebooks_file) {
  const std::string cell = "  {\n   \"cell_type\": \"code\",\n   \"outputs\": []\n  },\n";
  const std::string seen =
      "  {\n   \"cell_type\": \"code\",\n   \"outputs\": [{\"text\": [\n"
      "    \"The secret `HF_TOKEN` does not exist in your Colab secrets.\\n\",\n   ]}]\n  }\n";
  const Explained explained = explain("{\n \"cells\": [\n" + cell + cell + seen + " ]\n}\n");
  BOOST_TEST(ids_of(explained) == "M-001/HFA701");
  BOOST_TEST(explained.explanations.at(0).cell == 3U);
  BOOST_TEST(explained_json(explained, {}).find("\"cell\":3") != std::string::npos);
  std::string many;
  for (int i = 0; i < 10000; ++i) {
    many += cell;
  }
  BOOST_TEST(explain("{\"cells\": [\n" + many + seen).explanations.at(0).cell == 10001U);
  BOOST_TEST(explain(kColabWarning).explanations.at(0).cell == 0U);
}

BOOST_AUTO_TEST_CASE(says_who_prints_a_message) {
  const auto printer = [](const std::string& text) {
    return explain(text).explanations.at(0).printed_by;
  };
  BOOST_TEST((printer(kColabWarning) == PrintedBy{"huggingface_hub", "0.20", "1.19"}));
  BOOST_TEST(
      (printer("Error parsing stored tokens file: x") == PrintedBy{"huggingface_hub", "0.26", ""}));
  BOOST_TEST(render_explained(explain(kColabWarning), {}).find("huggingface_hub 0.20 to 1.19") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_message_of_the_catalogue_has_its_page) {
  const std::vector<std::string> ids = message_ids();
  BOOST_TEST(ids.size() >= 80U);
  for (const std::string& id : ids) {
    for (const Explanation& explanation : explain_message_id(id)) {
      BOOST_TEST(explanation.message == id);
      BOOST_TEST(explanation.finding.title != "", id);
      BOOST_TEST(explanation.means != "", id);
      BOOST_TEST(explanation.printed_by.product != "", id);
      const bool nothing_to_do = explanation.impact == Impact::harmless;
      BOOST_TEST((nothing_to_do || !explanation.finding.fixes.empty()), id);
    }
  }
}

BOOST_AUTO_TEST_CASE(fixes_fit_the_runtime_of_the_text) {
  const auto commands = [](const std::string& text) {
    std::string all;
    const Explained explained = explain(text);
    for (const Fix& fix : explained.explanations.at(0).finding.fixes) {
      for (const FixStep& step : fix.steps) {
        all += step.command + "\n";
      }
    }
    return all;
  };
  const std::string warning = kKnown[3].text;
  BOOST_TEST(commands(warning).find("hfauth login") != std::string::npos);
  BOOST_TEST(commands("/kaggle/working/x.py\n" + warning).find("kaggle_secrets") !=
             std::string::npos);
  BOOST_TEST(commands("/content/drive/x.py\n" + warning).find("login()") != std::string::npos);
  BOOST_TEST(commands("/home/runner/work/x\n" + warning).find("secrets.HF_TOKEN") !=
             std::string::npos);
  BOOST_TEST(commands("docker run vllm\n" + warning).find("docker run -e HF_TOKEN") !=
             std::string::npos);
  BOOST_TEST(commands("/opt/ml/input/x\n" + warning).find("environment={") != std::string::npos);
  BOOST_TEST(commands("slurmstepd: error\n" + warning).find("HF_TOKEN_PATH") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_secret_of_the_text_comes_out) {
  const std::string token = planted_token();
  const std::string text =
      "export HF_TOKEN=" + token + "\nhttpx.LocalProtocolError: Illegal header value b'Bearer " +
      token + "\\n'\nRepository Not Found for url: https://huggingface.co/api/models/" + token +
      ".\nPlease make sure you specified the correct `repo_id`";
  const Explained explained = explain(text);
  const std::string all = render_explained(explained, {}) + explained_json(explained, {});
  BOOST_TEST(explained.explanations.size() == 3U);
  BOOST_TEST(all.find(token) == std::string::npos, all);
  BOOST_TEST(all.find(token.substr(3, 20)) == std::string::npos, all);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_empty_or_binary) {
  std::istringstream empty("");
  const Result<Explained> nothing = explain_text(empty);
  BOOST_REQUIRE(!nothing.has_value());
  BOOST_TEST((nothing.error().code == Errc::invalid_input));
  std::istringstream binary(
      std::string("\x7f"
                  "ELF\0\0\0",
                  7));
  const Result<Explained> elf = explain_text(binary);
  BOOST_REQUIRE(!elf.has_value());
  BOOST_TEST(elf.error().detail.find("binary") != std::string::npos, elf.error().detail);
}

BOOST_AUTO_TEST_CASE(invalid_utf8_around_a_message_does_no_harm) {
  const Explained explained = explain("\xfd\xff\xfe junk \xc3\n" + kColabWarning + "\x80\x80");
  BOOST_TEST(ids_of(explained) == "M-001/HFA701");
}

BOOST_AUTO_TEST_CASE(finds_a_message_at_every_place_of_a_long_text) {
  // Windows begin every 2^18 squeezed bytes: put the warning around that edge, byte by byte in
  // steps.
  for (std::size_t before = (std::size_t{1} << 18) - 700; before < (std::size_t{1} << 18) + 100;
       before += 37) {
    std::string text;
    while (text.size() < before) {
      text += "0123456789abcdef0123456789abcdef\n";
    }
    text.resize(before);
    text += "\n" + kColabWarning + std::string(40000, 'x') + "\n" + kColabWarning;
    const Explained explained = explain(text);
    BOOST_TEST(ids_of(explained) == "M-001/HFA701", "at " << before);
    BOOST_TEST(explained.explanations.at(0).count == 2U, "at " << before);
    BOOST_TEST(explained.versions.to == "1.8", "at " << before);
  }
}

BOOST_AUTO_TEST_CASE(line_numbers_stay_right_in_a_long_text) {
  std::string text;
  for (int i = 0; i < 30000; ++i) {
    text += "step " + std::to_string(i) + " of many, all is well\n\n";
  }
  const Explained explained = explain(text + kColabWarning);
  BOOST_TEST(explained.explanations.at(0).first_line == 60001U);
  BOOST_TEST(explained.lines == 60006U);
}

BOOST_AUTO_TEST_CASE(a_line_without_end_is_read_in_pieces) {
  const Explained explained = explain(
      std::string(5U << 20, 'a') + " The secret `HF_TOKEN` does not exist in your Colab secrets.");
  BOOST_TEST(ids_of(explained) == "M-001/HFA701");
  BOOST_TEST(explained.lines == 1U);
}

BOOST_AUTO_TEST_CASE(more_kinds_than_a_person_reads_are_counted) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "Your request to access model org/m" + std::to_string(i) +
            " is awaiting a review from the repo authors.\n";
  }
  const Explained explained = explain(text);
  BOOST_TEST(explained.explanations.size() == 64U);
  BOOST_TEST(explained.left_out == 36U);
}

BOOST_AUTO_TEST_CASE(every_topic_has_a_page_that_fits) {
  for (const std::string& topic : page_topics()) {
    const auto page = render_page(topic, {});
    BOOST_REQUIRE_MESSAGE(page.has_value(), topic);
    BOOST_TEST(page->size() > 200U, topic);
    std::istringstream lines(*page);
    for (std::string line; std::getline(lines, line);) {
      const bool literal =
          line.find("://") != std::string::npos || line.find_first_of(";|") != std::string::npos;
      BOOST_TEST((line.size() <= 80 || literal), topic << ": " << line);
    }
  }
  BOOST_TEST(!render_page("HFA999", {}).has_value());
  BOOST_TEST(render_page("colab-secret-missing", {}).has_value());
  BOOST_TEST(render_page("m-001", {}).has_value());
}

BOOST_AUTO_TEST_CASE(the_catalogue_is_sorted_and_its_names_are_unique) {
  const auto rows = catalogue();
  BOOST_TEST(std::is_sorted(rows.begin(), rows.end(),
                            [](const CheckInfo& a, const CheckInfo& b) { return a.id < b.id; }));
  for (const CheckInfo& row : rows) {
    BOOST_TEST(std::count_if(rows.begin(), rows.end(), [&](const CheckInfo& other) {
                 return other.id == row.id || other.slug == row.slug;
               }) == 1);
  }
}
