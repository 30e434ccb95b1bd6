// SPDX-License-Identifier: Apache-2.0
#include "value_words.hpp"

#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/token/client_name.hpp"

#include <algorithm>
#include <array>

namespace hfauth::cli {
namespace {

struct Row {
  std::string_view command;  ///< "" for every one that has the option
  std::string_view option;
  std::string_view words;
};

constexpr std::array kRows{
    Row{"doctor", "format", "sarif junit markdown github"},  // beside those of "*"
    Row{"*", "format", "auto human agent json quiet"},
    Row{"*", "color", "auto always never"},
    Row{"download", "type", "model dataset space"},
    Row{"", "type", "model dataset space kernel"},
    Row{"", "access", "read write"},
    Row{"store migrate", "to", "keyring vault"},
    Row{"", "fail-on", "error warning never"},
    Row{"doctor", "profile", "security"},
    Row{"doctor", "context", "shell pid: systemd: cron sudo container:"},
    Row{"login", "preset", "read gated write inference"},
    Row{"import", "from", "variables token stored_tokens git netrc"},
    Row{"export", "as", "stored-tokens env json"},
    Row{"exec", "via", "env file"},
    Row{"env", "shell", "sh fish csh"},
    Row{"cache ls", "sort", "accessed modified name size"},
    Row{"tokenize", "fields",
        "ids tokens offsets type_ids word_ids sequence_ids attention_mask special_tokens_mask "
        "overflowing"},
};

std::string clients() {
  std::string names;
  for (const std::string& name : token::client_names())
    names += (names.empty() ? "" : " ") + name;
  return names;
}

std::string check_ids() {
  std::string ids;
  for (const diagnose::CheckInfo& check : diagnose::catalogue()) {
    if (!ids.empty()) ids += ' ';
    ids += check.id;
  }
  return ids;
}

}  // namespace

std::string value_words(std::string_view command, std::string_view option) {
  if (option == "lang" && command == "*") {
    std::string languages = known_languages();
    languages.erase(std::remove(languages.begin(), languages.end(), ','), languages.end());
    return languages;
  }
  if (option == "for") return clients();
  if (option == "only" || option == "skip" || option == "ack") return check_ids();
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& each) {
    return each.option == option && (each.command.empty() || each.command == command);
  });
  return row != kRows.end() ? std::string(row->words) : std::string();
}

}  // namespace hfauth::cli
