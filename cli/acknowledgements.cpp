// SPDX-License-Identifier: Apache-2.0
//
// Days are compared as text: ISO 8601 dates sort as they follow each other.
#include "acknowledgements.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "talk.hpp"

#include <nlohmann/json.hpp>

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

using diagnose::Acknowledgement;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestReason = 500;

std::filesystem::path file_of(const UserPaths& paths) {
  return paths.config / "acknowledged.json";
}

std::string today(const Clock& clock) {
  return format_utc(clock.now()).substr(0, 10);
}

bool is_date(const std::string& text) {
  return text.size() == 10 && parse_utc(text + "T00:00:00Z").has_value();
}

/// All of the file, also what is over.
Result<std::vector<Acknowledgement>> read_all(const UserPaths& paths) {
  const Result<std::string> text = read_file(file_of(paths));
  if (!text && text.error().code == Errc::not_found) return std::vector<Acknowledgement>();
  if (!text) return text.error();
  const Error damaged{Errc::corrupt, filled(tr("{} is damaged: mend or remove it"),
                                            show_path(file_of(paths), paths.home))};
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_array()) return damaged;
  std::vector<Acknowledgement> all;
  for (const Json& one : json) {
    for (const char* key : {"id", "until", "reason"}) {
      if (!one.is_object() || !one.contains(key) || !one[key].is_string()) return damaged;
    }
    all.push_back({one["id"], one["until"], one["reason"]});
    if (!is_date(all.back().until)) return damaged;
  }
  return all;
}

Result<void> write_all(const UserPaths& paths, const std::vector<Acknowledgement>& all) {
  Json json = Json::array();
  for (const Acknowledgement& one : all)
    json.push_back({{"id", one.id}, {"until", one.until}, {"reason", one.reason}});
  if (Result<void> made = make_private_directory(paths.config); !made) return made;
  return write_file_atomically(file_of(paths),
                               json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n",
                               0600, Durability::synced);
}

std::string text_of(const po::variables_map& values, const char* name) {
  return values.count(name) != 0 ? values[name].as<std::string>() : std::string();
}

/// Errors: usage.
Result<Acknowledgement> wanted(const po::variables_map& values, const Clock& clock) {
  const std::string word = text_of(values, "ack");
  const diagnose::CheckInfo* const check = diagnose::find_check(word);
  if (check == nullptr)
    return Error{Errc::usage, filled(tr("--ack {}: there is no such check"), word)};
  Acknowledgement one{std::string(check->id), text_of(values, "until"), text_of(values, "reason")};
  if (one.until == "now") return one;
  if (!is_date(one.until) || one.until < today(clock))
    return Error{Errc::usage,
                 tr("--ack needs --until with a day to come, such as 2027-01-31, or 'now'")};
  if (one.reason.empty() || one.reason.size() > kLongestReason)
    return Error{Errc::usage, tr("--ack needs --reason with a few words")};
  return one;
}

}  // namespace

void describe_acknowledging(po::options_description& options) {
  options.add_options()  //
      ("ack", po::value<std::string>()->value_name("CHECK"),
       tr("a finding that you know of counts no more"))  //
      ("until", po::value<std::string>()->value_name("DAY"),
       tr("with --ack: its last day, 2027-01-31; now takes it back"))  //
      ("reason", po::value<std::string>()->value_name("TEXT"),
       tr("with --ack: why; the report shows it"));
}

Result<std::vector<Acknowledgement>> acknowledgements(const UserPaths& paths, const Clock& clock) {
  Result<std::vector<Acknowledgement>> all = read_all(paths);
  if (all)
    std::erase_if(*all, [&](const Acknowledgement& one) { return one.until < today(clock); });
  return all;
}

int acknowledge(const po::variables_map& values, const Clock& clock, Context& context) {
  const Result<Acknowledgement> one = wanted(values, clock);
  if (!one) return fail(context, "doctor", one.error());
  Result<std::vector<Acknowledgement>> all = acknowledgements(context.paths, clock);
  if (!all) return fail(context, "doctor", all.error());
  std::erase_if(*all, [&](const Acknowledgement& other) { return other.id == one->id; });
  if (one->until != "now") all->push_back(*one);
  if (const Result<void> written = write_all(context.paths, *all); !written)
    return fail(context, "doctor", written.error());
  if (context.verbosity >= 0) {
    context.err << (one->until == "now"
                        ? filled(tr("{} counts again"), one->id)
                        : filled(tr("{} counts no more until {}"), one->id, one->until))
                << '\n';
  }
  return 0;
}

}  // namespace hfauth::cli
