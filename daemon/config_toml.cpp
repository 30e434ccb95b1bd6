// SPDX-License-Identifier: Apache-2.0
//
// The only file that knows toml++. Each table is read by a list of its keys; what the list does not
// name is a mistake, and the nearest name is what may be meant. All mistakes are found; the first
// one is told.
#include "config.hpp"
#include "hfauth/core/suggestion.hpp"
#include "hfauth/core/utf8.hpp"

// In builds with assertions toml++ 3.3 ends the program at a table's head that has a line end after
// "[", where it goes on to a proper error without them.
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace hfauth::daemon {
namespace {

class Mistakes {
 public:
  explicit Mistakes(std::string_view name) : name_(name) {}

  void add(const toml::source_region& where, const std::string& what) {
    const auto line = where.begin.line;
    if (count_++ > 0 && line >= first_line_) return;
    first_line_ = line;
    text_ = place(where) + ": " + what;
  }

  [[nodiscard]] std::string place(const toml::source_region& where) const {
    return std::string(name_) + ":" + std::to_string(where.begin.line);
  }

  [[nodiscard]] bool none() const noexcept { return count_ == 0; }

  [[nodiscard]] Error error() const {
    if (count_ == 1) return {Errc::usage, text_};
    return {Errc::usage, text_ + " (and " + std::to_string(count_ - 1) + " more)"};
  }

 private:
  std::string_view name_;
  std::string text_;
  toml::source_index first_line_ = 0;
  std::size_t count_ = 0;
};

std::string in_quotes(std::string_view text) {
  return "\"" + utf8::visible(text.substr(0, 60)) + "\"";
}

/// "90 s", "10 min", "12 h", "7 d"; at most ten years.
std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || number < 1) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (unit.starts_with(' '))
    unit.remove_prefix(1);
  std::int64_t seconds = 0;
  if (unit == "s") seconds = 1;
  if (unit == "min") seconds = 60;
  if (unit == "h") seconds = 3600;
  if (unit == "d") seconds = 86400;
  constexpr std::int64_t kMost = std::int64_t{3660} * 86400;
  if (seconds == 0 || number > kMost / seconds) return std::nullopt;
  return std::chrono::seconds(number * seconds);
}

/// Reads one table; what nobody asked for by finish() is unknown.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string title, Mistakes& mistakes)
      : table_(table), title_(std::move(title)), mistakes_(mistakes) {}

  std::string text(std::string_view key, bool (*is_fit)(std::string_view), const char* wanted) {
    const toml::node* const node = find(key);
    if (node == nullptr) return {};
    const std::optional<std::string> value = node->value_exact<std::string>();
    if (value && is_fit(*value)) return *value;
    reject(*node, key, wanted);
    return {};
  }

  void flag(std::string_view key, bool& target) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    if (const std::optional<bool> value = node->value_exact<bool>()) {
      target = *value;
    } else {
      reject(*node, key, "true or false");
    }
  }

  void number(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t& target) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    const std::optional<std::int64_t> value = node->value_exact<std::int64_t>();
    if (value && *value >= low && *value <= high) {
      target = *value;
    } else {
      reject(*node, key,
             "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
  }

  std::optional<std::chrono::seconds> duration(std::string_view key) {
    const toml::node* const node = find(key);
    if (node == nullptr) return std::nullopt;
    const std::optional<std::string> value = node->value_exact<std::string>();
    const std::optional<std::chrono::seconds> time = value ? parse_duration(*value) : std::nullopt;
    if (!time) reject(*node, key, R"(a time such as "90 s", "10 min", "12 h" or "7 d")");
    return time;
  }

  std::vector<std::string> words(std::string_view key) {
    const toml::node* const node = find(key);
    if (node == nullptr) return {};
    std::vector<std::string> words;
    const toml::array* const array = node->as_array();
    if (array != nullptr) {
      for (const toml::node& element : *array) {
        if (std::optional<std::string> word = element.value_exact<std::string>())
          words.push_back(std::move(*word));
      }
    }
    if (array == nullptr || words.size() != array->size() || words.empty() ||
        !words.front().starts_with('/')) {
      reject(*node, key, "a list of texts, the first of them a program's whole path");
      return {};
    }
    return words;
  }

  /// The table of that name; nullptr if there is none.
  const toml::table* table(std::string_view key) {
    const toml::node* const node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) reject(*node, key, "a table: [" + std::string(key) + "]");
    return node->as_table();
  }

  template <class Read>
  void tables(std::string_view key, const Read& read) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    const toml::array* const array = node->as_array();
    const bool fits = array != nullptr && array->is_homogeneous(toml::node_type::table);
    if (!fits) {
      reject(*node, key, "tables: [[" + std::string(key) + "]]");
      return;
    }
    if (array->size() > kMaxRules) {
      mistakes_.add(node->source(), "more than " + std::to_string(kMaxRules) + " tables [[" +
                                        std::string(key) + "]]");
      return;
    }
    for (const toml::node& element : *array)
      read(*element.as_table());
  }

  void need(std::string_view key) {
    if (table_.contains(key)) return;
    mistakes_.add(table_.source(), title_ + " needs " + in_quotes(key));
  }

  void reject(std::string_view key, const std::string& wanted) {
    if (const toml::node* const node = table_.get(key)) reject(*node, key, wanted);
  }

  void finish() {
    for (const auto& [key, node] : table_) {
      const std::string_view name = key.str();
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      const std::optional<std::string> meant = nearest(name, known_);
      std::string text = "unknown key " + in_quotes(name) + " in " + title_;
      text +=
          meant ? "; did you mean " + in_quotes(*meant) + "?" : "; there are " + list_of_known();
      mistakes_.add(key.source(), text);
    }
  }

 private:
  const toml::node* find(std::string_view key) {
    known_.emplace_back(key);
    return table_.get(key);
  }

  void reject(const toml::node& node, std::string_view key, const std::string& wanted) {
    mistakes_.add(node.source(), in_quotes(key) + " in " + title_ + " must be " + wanted);
  }

  [[nodiscard]] std::string list_of_known() const {
    std::string text;
    for (const std::string& name : known_)
      text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  const toml::table& table_;
  std::string title_;
  Mistakes& mistakes_;
  std::vector<std::string> known_;
};

bool is_profile(std::string_view text) {
  return token::ProfileName::parse(text).has_value();
}

bool is_pattern(std::string_view text) {
  constexpr std::size_t kLongest = 1024;
  return !text.empty() && text.size() <= kLongest && text.find('\0') == std::string_view::npos;
}

bool is_repo(std::string_view text) {
  return agent::is_repo_text(text);
}

bool is_type(std::string_view text) {
  return agent::is_repo_type(text);
}

bool is_action(std::string_view text) {
  return text == "allow" || text == "confirm" || text == "deny";
}

bool is_endpoint(std::string_view text) {
  return token::Endpoint::parse(text, true).has_value();
}

constexpr const char* kRepoForm = "a repository or a pattern: \"org/name\", \"org/*\", \"*\"";
constexpr const char* kAccessForm = "\"read\" or \"write\"";

agent::Route read_route(const toml::table& table, Mistakes& mistakes) {
  TableReader in(table, "[[route]]", mistakes);
  agent::Route route;
  route.source = mistakes.place(table.source());
  const std::string endpoint = in.text("endpoint", is_endpoint, "a Hub's address: \"https://...\"");
  if (!endpoint.empty()) route.pattern.endpoint = token::Endpoint::parse(endpoint, true).value();
  route.pattern.repo_type = in.text("type", is_type, R"("model", "dataset", "space" or "kernel")");
  const std::string repo = in.text("repo", is_repo, kRepoForm);
  if (!repo.empty()) route.pattern.repo = repo;
  route.pattern.access = in.text("access", agent::is_access, kAccessForm);
  route.profile = in.text("profile", is_profile, "the name of a stored token");
  in.need("profile");
  in.finish();
  return route;
}

PolicyRule read_rule(const toml::table& table, Mistakes& mistakes) {
  TableReader in(table, "[[policy]]", mistakes);
  PolicyRule rule;
  rule.source = mistakes.place(table.source());
  const std::string action = in.text("action", is_action, R"("allow", "confirm" or "deny")");
  rule.verdict = action == "allow"     ? Verdict::allow
                 : action == "confirm" ? Verdict::confirm
                                       : Verdict::deny;
  rule.profile = in.text("profile", is_pattern, "a profile or a pattern");
  rule.program = in.text("program", is_pattern, "a program's path or a pattern");
  rule.unit = in.text("unit", is_pattern, "a unit or a pattern: \"jupyter*.service\"");
  rule.repo = in.text("repo", is_repo, kRepoForm);
  rule.access = in.text("access", agent::is_access, kAccessForm);
  in.need("action");
  in.finish();
  return rule;
}

void read_locking(const toml::table* table, Config::Locking& locking, Mistakes& mistakes) {
  if (table == nullptr) return;
  TableReader in(*table, "[lock]", mistakes);
  locking.idle = in.duration("idle");
  locking.after = in.duration("after");
  in.flag("on_sleep", locking.on_sleep);
  in.flag("on_screen_lock", locking.on_screen_lock);
  in.finish();
}

void read_confirmation(const toml::table* table, Config::Confirmation& confirmation,
                       Mistakes& mistakes) {
  if (table == nullptr) return;
  TableReader in(*table, "[confirm]", mistakes);
  confirmation.program = in.words("program");
  if (const auto timeout = in.duration("timeout")) confirmation.timeout = *timeout;
  if (const auto remember = in.duration("remember")) confirmation.remember = *remember;
  if (confirmation.timeout > std::chrono::minutes(5)) in.reject("timeout", "5 min at most");
  in.finish();
}

void read_auditing(const toml::table* table, Config::Auditing& auditing, Mistakes& mistakes) {
  if (table == nullptr) return;
  TableReader in(*table, "[audit]", mistakes);
  in.flag("enabled", auditing.enabled);
  std::int64_t kib = static_cast<std::int64_t>(auditing.limits.bytes >> 10);
  in.number("size_kib", 16, std::int64_t{1} << 20, kib);
  auditing.limits.bytes = static_cast<std::size_t>(kib) << 10;
  std::int64_t files = auditing.limits.files;
  in.number("files", 1, 100, files);
  auditing.limits.files = static_cast<int>(files);
  in.finish();
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view name) {
  Mistakes mistakes(name);
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    mistakes.add(parsed.error().source(), utf8::visible(parsed.error().description()));
    return mistakes.error();
  }
  Config config;
  TableReader in(parsed.table(), "the file", mistakes);
  in.tables("route", [&](const toml::table& table) {
    config.routes.push_back(read_route(table, mistakes));
  });
  in.tables("policy",
            [&](const toml::table& table) { config.policy.push_back(read_rule(table, mistakes)); });
  read_locking(in.table("lock"), config.locking, mistakes);
  read_confirmation(in.table("confirm"), config.confirmation, mistakes);
  read_auditing(in.table("audit"), config.auditing, mistakes);
  in.finish();
  if (!mistakes.none()) return mistakes.error();
  return config;
}

}  // namespace hfauth::daemon
