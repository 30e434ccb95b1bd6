// SPDX-License-Identifier: Apache-2.0
#include "doctor_question.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/translate.hpp"
#include "target_argument.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <istream>
#include <iterator>
#include <utility>

namespace hfauth::cli {
namespace {

namespace po = boost::program_options;

constexpr std::size_t kMostTargets = 8;                     // each costs the Hub four questions
constexpr std::size_t kLongestLog = std::size_t{64} << 20;  // longer ones go through explain

}  // namespace

void describe_question(po::options_description& options,
                       po::positional_options_description& positional) {
  positional.add("target", -1);
  options.add_options()  //
      ("target", po::value<std::vector<std::string>>()->value_name("TARGET"),
       tr("a repository that is to be used: owner/name, datasets/owner/name, or its address"))  //
      ("write", po::bool_switch(), tr("judge for uploading, not for reading alone"))            //
      ("log", po::value<std::string>()->value_name("FILE"),
       tr("take into account what a program printed (-: standard input)"));
}

Result<DoctorQuestion> read_question(const po::variables_map& values, Context& context) {
  DoctorQuestion question;
  question.write = values["write"].as<bool>();
  if (values.count("target") != 0) {
    for (const std::string& word : values["target"].as<std::vector<std::string>>()) {
      Result<hub::Repo> repo = parse_target(word);
      if (!repo) {
        return repo.error();
      }
      question.targets.push_back(*std::move(repo));
    }
  }
  if (question.targets.size() > kMostTargets) {
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
