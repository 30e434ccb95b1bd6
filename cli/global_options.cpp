// SPDX-License-Identifier: Apache-2.0
//
// The global options. -v and -q may be repeated, which needs a value semantic of its own: Boost's
// bool_switch refuses the second one.
#include "global_options.hpp"

#include "hfauth/core/translate.hpp"
#include "talk.hpp"

#include <boost/any.hpp>
#include <boost/program_options/value_semantic.hpp>

namespace hfauth::cli {
namespace {

/// An option without argument that counts how often it was given.
class Counter final : public po::value_semantic {
 public:
  [[nodiscard]] std::string name() const override { return {}; }

  [[nodiscard]] unsigned min_tokens() const override { return 0; }

  [[nodiscard]] unsigned max_tokens() const override { return 0; }

  [[nodiscard]] bool is_composing() const override { return true; }

  [[nodiscard]] bool is_required() const override { return false; }

  [[nodiscard]] bool apply_default(boost::any& /*store*/) const override { return false; }

  void notify(const boost::any& /*store*/) const override {}

  void parse(boost::any& store, const std::vector<std::string>& /*tokens*/,
             bool /*utf8*/) const override {
    if (store.empty()) store = 0;
    ++boost::any_cast<int&>(store);
  }
};

int count_of(const po::variables_map& values, const char* name) {
  return values.count(name) != 0 ? values[name].as<int>() : 0;
}

std::optional<std::string> text_of(const po::variables_map& values, const char* name) {
  if (values.count(name) == 0) return std::nullopt;
  return values[name].as<std::string>();
}

Result<std::optional<Format>> parse_format(const std::string& word) {
  using Found = std::optional<Format>;
  if (word == "auto") return Found();
  if (word == "human") return Found(Format::human);
  if (word == "agent") return Found(Format::agent);
  if (word == "json") return Found(Format::json);
  if (word == "quiet") return Found(Format::quiet);
  return Error{Errc::usage,
               filled(tr("--format {}: one of auto, human, agent, json, quiet; for 'hfauth doctor' "
                         "also sarif, junit, markdown, github"),
                      word)};
}

ReportForm parse_report_form(const std::string& word) {
  if (word == "sarif") return ReportForm::sarif;
  if (word == "junit") return ReportForm::junit;
  if (word == "markdown") return ReportForm::markdown;
  if (word == "github") return ReportForm::github;
  return ReportForm::none;
}

Result<ColourWish> parse_colour(const std::string& word) {
  if (word == "auto") return ColourWish::automatic;
  if (word == "always") return ColourWish::always;
  if (word == "never") return ColourWish::never;
  return Error{Errc::usage, filled(tr("--color {}: one of auto, always, never"), word)};
}

}  // namespace

void GlobalOptions::describe(po::options_description& options) {
  options.add_options()  //
      ("format", po::value<std::string>()->value_name("FORMAT"),
       tr("output as auto, human, agent, json or quiet; the doctor's also as sarif, junit, "
          "markdown or github"))                                     //
      ("json", po::bool_switch(), tr("the same as --format json"))   //
      ("quiet,q", new Counter, tr("print bare values and no talk"))  //
      ("verbose,v", new Counter, tr("tell more; may be repeated"))   //
      ("color", po::value<std::string>()->value_name("WHEN"),
       tr("colour: auto, always or never"))                                           //
      ("no-color", po::bool_switch(), tr("the same as --color never"))                //
      ("ascii", po::bool_switch(), tr("print no character beyond ASCII of our own"))  //
      ("lang", po::value<std::string>()->value_name("LANG"),
       filled(tr("language of texts: {}"), known_languages()).c_str())  //
      ("offline", po::bool_switch(), tr("use no network"))              //
      ("version", po::bool_switch(), tr("print the version and exit"))  //
      ("help,h", po::bool_switch(), tr("print help and exit"));
}

Format GlobalOptions::format_for(const Environment& environment) const {
  if (format) return *format;
  for (const char* name : {"AI_AGENT", "AGENT"}) {
    const std::optional<std::string> value = environment.non_empty(name);
    if (value && value->find_first_not_of(" \t") != std::string::npos) return Format::agent;
  }
  return Format::human;
}

Result<void> GlobalOptions::take(const po::variables_map& values) {
  if (const std::optional<std::string> word = text_of(values, "format")) {
    report_form = parse_report_form(*word);
    const Result<std::optional<Format>> parsed =
        report_form == ReportForm::none ? parse_format(*word) : std::optional(Format::human);
    if (!parsed) return parsed.error();
    format = *parsed;
  }
  if (values["json"].as<bool>()) format = Format::json;
  const int quiet = count_of(values, "quiet");
  if (quiet > 0) {
    if (!format || *format == Format::human) format = Format::quiet;
    verbosity = -1;
  }
  verbosity += count_of(values, "verbose");
  if (const std::optional<std::string> word = text_of(values, "color")) {
    const Result<ColourWish> parsed = parse_colour(*word);
    if (!parsed) return parsed.error();
    colour = *parsed;
  }
  if (values["no-color"].as<bool>()) colour = ColourWish::never;
  if (const std::optional<std::string> word = text_of(values, "lang")) {
    if (!is_known_language(*word))
      return Error{Errc::usage, filled(tr("--lang {}: one of {}"), *word, known_languages())};
    language = *word;
  }
  ascii = ascii || values["ascii"].as<bool>();
  offline = offline || values["offline"].as<bool>();
  help = help || values["help"].as<bool>();
  version = version || values["version"].as<bool>();
  return {};
}

}  // namespace hfauth::cli
