// SPDX-License-Identifier: Apache-2.0
#include "doctor_question.hpp"

#include "acknowledgements.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/translate.hpp"
#include "target_argument.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <istream>
#include <iterator>
#include <utility>

namespace hfauth::cli {
namespace {

namespace po = boost::program_options;

/// By its name: a repository's may end in .py too, but then no such file is here.
bool is_script(const std::string& word) {
  std::error_code ignored;
  const std::filesystem::path path(word);
  if (path.extension() == ".ipynb") return true;
  return path.extension() == ".py" &&
         (std::filesystem::exists(path, ignored) || std::count(word.begin(), word.end(), '/') != 1);
}

constexpr std::size_t kMostTargets = 8;                     // each costs the Hub four questions
constexpr std::size_t kLongestLog = std::size_t{64} << 20;  // longer ones go through explain

Result<diagnose::DiagnosisOptions> read_judging(const po::variables_map& values, const Clock& clock,
                                                const Context& context) {
  diagnose::DiagnosisOptions judging;
  for (const auto& [name, list] :
       {std::pair{"only", &judging.only}, std::pair{"skip", &judging.skip}}) {
    if (values.count(name) == 0) continue;
    Result<std::vector<std::string>> ids =
        diagnose::parse_check_list(values[name].as<std::string>());
    if (!ids) return ids.error();
    *list = std::move(*ids);
  }
  const auto is_skipped = [&judging](const std::string& id) {
    return std::find(judging.skip.begin(), judging.skip.end(), id) != judging.skip.end();
  };
  if (!judging.only.empty() && std::all_of(judging.only.begin(), judging.only.end(), is_skipped))
    return Error{Errc::usage, "--only and --skip leave no check"};
  const std::string level = values["fail-on"].as<std::string>();
  if (level == "warning") {
    judging.fail_on = diagnose::FailOn::warning;
  } else if (level == "never") {
    judging.fail_on = diagnose::FailOn::never;
  } else if (level != "error") {
    return Error{Errc::usage, "--fail-on " + level + ": error, warning or never"};
  }
  if (values.count("facts") == 0) {  // another machine's findings are not this user's to know of
    Result<std::vector<diagnose::Acknowledgement>> known = acknowledgements(context.paths, clock);
    if (!known) return known.error();
    judging.acknowledged = std::move(*known);
  }
  return judging;
}

}  // namespace

bool is_given(const po::variables_map& values, const char* name) {
  return values.count(name) != 0 && !values[name].defaulted();
}

void describe_question(po::options_description& options,
                       po::positional_options_description& positional) {
  positional.add("target", -1);
  options.add_options()  //
      ("target", po::value<std::vector<std::string>>()->value_name("TARGET"),
       tr("what is to be used: owner/name, datasets/owner/name, an address, a .py or .ipynb "
          "file"))                                                                    //
      ("write", po::bool_switch(), tr("judge for uploading, not for reading alone"))  //
      ("context", po::value<std::string>()->value_name("CONTEXT"),
       tr("judge as another program sees it: pid:N, systemd:UNIT, cron, sudo, container:ID"))  //
      ("for", po::value<std::string>()->value_name("CLIENT"),
       tr("judge for this client: which token it sends, from where, and what it does not read"))  //
      ("try-all", po::bool_switch(),
       tr("try every token that is anywhere, and say which of them would work"))  //
      ("profile", po::value<std::string>()->value_name("RULES"),
       tr("security: tell also what works and is unwise"))  //
      ("log", po::value<std::string>()->value_name("FILE"),
       tr("take into account what a program printed (-: standard input)"))  //
      ("only", po::value<std::string>()->value_name("LIST"),
       tr("run these checks alone: ids or names, with commas"))                             //
      ("skip", po::value<std::string>()->value_name("LIST"), tr("leave these checks out"))  //
      ("fail-on", po::value<std::string>()->value_name("LEVEL")->default_value("error"),
       tr("exit with 1 from this level on: error, warning or never"));
}

Result<DoctorQuestion> read_question(const po::variables_map& values, const Clock& clock,
                                     Context& context) {
  DoctorQuestion question;
  Result<diagnose::DiagnosisOptions> judging = read_judging(values, clock, context);
  if (!judging) {
    return judging.error();
  }
  question.judging = *std::move(judging);
  question.write = values["write"].as<bool>();
  question.try_all = values["try-all"].as<bool>();
  if (values.count("profile") != 0) {
    const std::string profile = values["profile"].as<std::string>();
    if (profile != "security") return Error{Errc::usage, "--profile " + profile + ": security"};
    question.security = true;
  }
  if (values.count("context") != 0 && values["context"].as<std::string>() != "shell") {
    question.context = values["context"].as<std::string>();
  }
  if (values.count("for") != 0) {
    Result<token::NamedClient> client = token::parse_client(values["for"].as<std::string>());
    if (!client) {
      return client.error();
    }
    question.client = *std::move(client);
  }
  if (values.count("target") != 0) {
    for (const std::string& word : values["target"].as<std::vector<std::string>>()) {
      if (is_script(word)) {
        question.scripts.push_back(std::filesystem::absolute(word));
        continue;
      }
      Result<hub::Repo> repo = parse_target(word);
      if (!repo) {
        return repo.error();
      }
      question.targets.push_back(*std::move(repo));
    }
  }
  if (question.targets.size() + question.scripts.size() > kMostTargets) {
    return Error{Errc::usage, "more than " + std::to_string(kMostTargets) + " targets at once"};
  }
  if (values.count("log") == 0) {
    return question;
  }
  if (const std::string path = values["log"].as<std::string>(); path != "-") {
    Result<std::string> text = read_file(path, kLongestLog);
    if (!text) {
      return text.error();
    }
    question.printed = *std::move(text);
  } else {
    question.printed.assign(std::istreambuf_iterator<char>(context.in), {});
  }
  return question;
}

}  // namespace hfauth::cli
