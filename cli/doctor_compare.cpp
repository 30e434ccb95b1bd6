// SPDX-License-Identifier: Apache-2.0
#include "doctor_compare.hpp"

#include "doctor_context.hpp"
#include "doctor_facts.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/comparison.hpp"
#include "talk.hpp"

#include <nlohmann/json.hpp>

#include <boost/program_options/value_semantic.hpp>

#include <ostream>

namespace hfauth::cli {
namespace {

using diagnose::Difference;
using diagnose::Facts;

constexpr int kTheyDiffer = 1;  // as diff(1)

Result<Facts> facts_of(const std::string& word, const DoctorQuestion& question,
                       const Context& context) {
  static const SystemClock clock;  // a probe that hangs is left behind with it
  if (word == "here" || names_context(word)) {
    DoctorQuestion from_there = question;
    from_there.context = word == "here" ? "" : word;
    return facts_of_this_machine(context, clock, from_there);
  }
  return facts_of_file(word);
}

void print(const std::vector<Difference>& differences, const std::vector<std::string>& names,
           Context& context) {
  if (context.format == Format::json) {
    nlohmann::ordered_json document{{"schema", 1}, {"a", names[0]}, {"b", names[1]}};
    document["differences"] = nlohmann::ordered_json::array();
    for (const Difference& one : differences)
      document["differences"].push_back({{"what", one.what}, {"a", one.a}, {"b", one.b}});
    using Handler = nlohmann::ordered_json::error_handler_t;
    context.out << document.dump(-1, ' ', false, Handler::replace) << '\n';
    return;
  }
  if (context.format == Format::quiet) {
    for (const Difference& one : differences)
      context.out << utf8::visible(one.what) << '\n';
    return;
  }
  context.out << (differences.empty() ? tr("Nothing differs.") : tr("What differs:")) << '\n';
  if (!differences.empty()) {
    context.out << "  A  " << utf8::visible(names[0]) << "\n  B  " << utf8::visible(names[1])
                << '\n';
  }
  for (const Difference& one : differences) {
    const auto shown = [](const std::string& text) {
      return text.empty() ? std::string("-") : utf8::visible(text);
    };
    context.out << '\n'
                << utf8::visible(one.what) << "\n  A  " << shown(one.a) << "\n  B  " << shown(one.b)
                << '\n';
  }
}

}  // namespace

void describe_comparing(po::options_description& options) {
  options.add_options()(
      "compare", po::value<std::vector<std::string>>()->multitoken()->value_name("FILE"),
      tr("what differs between two: files of --facts-out, 'here', or contexts such as pid:N"));
}

int compare_machines(const po::variables_map& values, const DoctorQuestion& question,
                     Context& context) {
  const auto& names = values["compare"].as<std::vector<std::string>>();
  if (names.size() != 2) {
    return fail(
        context, "doctor",
        {Errc::usage,
         tr("--compare needs two: files of --facts-out, 'here', or contexts such as pid:N")});
  }
  const Result<Facts> a = facts_of(names[0], question, context);
  if (!a) return fail(context, "doctor", a.error());
  const Result<Facts> b = facts_of(names[1], question, context);
  if (!b) return fail(context, "doctor", b.error());
  const diagnose::Report report_a = diagnose::diagnose(*a, question.judging);
  const diagnose::Report report_b = diagnose::diagnose(*b, question.judging);
  const std::vector<Difference> differences = diagnose::compare({*a, report_a}, {*b, report_b});
  print(differences, names, context);
  return differences.empty() ? 0 : kTheyDiffer;
}

}  // namespace hfauth::cli
