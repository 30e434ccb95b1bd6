// SPDX-License-Identifier: Apache-2.0
//
// The types of members, checked one by one. A null is the same as a missing member
// (https://varlink.org, "?type").
#include "parameters.hpp"

#include "messages.hpp"

#include <algorithm>

namespace hfauth::agent {
namespace {

/// As many as most calls may have: one allocation for them.
constexpr std::size_t kUsualMembers = 8;

}  // namespace

Parameters::Parameters(std::optional<JsonValue> object) : object_(object) {
  asked_.reserve(kUsualMembers);
  if (object_ && !object_->is(JsonKind::object)) {
    reject("parameters");
    object_.reset();
  }
}

void Parameters::reject(std::string_view key) {
  if (wrong_.empty()) wrong_ = key;
}

void Parameters::reject_unknown() {
  if (!object_ || object_->size() == found_) return;
  for (const JsonValue& member : object_->children()) {
    const std::string key = member.key();
    if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) reject(key);
  }
}

std::optional<JsonValue> Parameters::present(std::string_view key) {
  const bool is_first = std::find(asked_.begin(), asked_.end(), key) == asked_.end();
  if (is_first) asked_.push_back(key);
  if (!object_) return std::nullopt;
  const std::optional<JsonValue> value = object_->member(key);
  if (value && is_first) ++found_;
  return value && value->is(JsonKind::null) ? std::nullopt : value;
}

std::optional<JsonValue> Parameters::required(std::string_view key) {
  const std::optional<JsonValue> value = present(key);
  if (!value) reject(key);
  return value;
}

std::string Parameters::text(std::string_view key) {
  const std::optional<JsonValue> value = required(key);
  return value ? or_reject(key, value->text()) : std::string();
}

std::optional<std::string> Parameters::optional_text(std::string_view key) {
  const std::optional<JsonValue> value = present(key);
  if (!value) return std::nullopt;
  return or_reject(key, value->text());
}

Secret Parameters::secret(std::string_view key) {
  const std::optional<JsonValue> value = required(key);
  return value ? or_reject(key, value->secret()) : Secret();
}

Secret Parameters::optional_secret(std::string_view key) {
  const std::optional<JsonValue> value = present(key);
  return value ? or_reject(key, value->secret()) : Secret();
}

std::vector<std::string> Parameters::strings(std::string_view key) {
  const std::optional<JsonValue> value = required(key);
  return value ? or_reject(key, read_strings(*value)) : std::vector<std::string>();
}

std::int64_t Parameters::integer(std::string_view key) {
  const std::optional<JsonValue> value = required(key);
  return value ? or_reject(key, value->integer()) : 0;
}

std::optional<std::int64_t> Parameters::optional_integer(std::string_view key) {
  const std::optional<JsonValue> value = present(key);
  if (!value) return std::nullopt;
  return or_reject(key, value->integer());
}

bool Parameters::flag(std::string_view key) {
  const std::optional<JsonValue> value = required(key);
  return value && or_reject(key, value->boolean());
}

bool Parameters::optional_flag(std::string_view key) {
  const std::optional<JsonValue> value = present(key);
  return value && or_reject(key, value->boolean());
}

std::optional<WallTime> Parameters::optional_time(std::string_view key) {
  const std::optional<std::string> text = optional_text(key);
  if (!text) return std::nullopt;
  const Result<WallTime> time = parse_utc(*text);
  if (!time) {
    reject(key);
    return std::nullopt;
  }
  return *time;
}

std::optional<token::ProfileName> Parameters::optional_profile(std::string_view key) {
  const std::optional<std::string> text = optional_text(key);
  if (!text) return std::nullopt;
  Result<token::ProfileName> name = token::ProfileName::parse(*text);
  if (!name) {
    reject(key);
    return std::nullopt;
  }
  return std::move(*name);
}

std::optional<token::ProfileName> Parameters::profile(std::string_view key) {
  std::optional<token::ProfileName> name = optional_profile(key);
  if (!name) reject(key);
  return name;
}

std::optional<token::Endpoint> Parameters::optional_endpoint(std::string_view key) {
  const std::optional<std::string> text = optional_text(key);
  if (!text) return std::nullopt;
  // Whether plain http is acceptable was decided by the program that made the profile; the binding
  // is what counts here.
  Result<token::Endpoint> endpoint = token::Endpoint::parse(*text, true);
  if (!endpoint) {
    reject(key);
    return std::nullopt;
  }
  return std::move(*endpoint);
}

std::optional<token::Endpoint> Parameters::endpoint(std::string_view key) {
  std::optional<token::Endpoint> endpoint = optional_endpoint(key);
  if (!endpoint) reject(key);
  return endpoint;
}

std::vector<JsonValue> Parameters::array(std::string_view key) {
  const std::optional<JsonValue> value = required(key);
  if (!value) return {};
  if (!value->is(JsonKind::array)) reject(key);
  return value->children();
}

std::optional<std::vector<JsonValue>> Parameters::optional_array(std::string_view key) {
  const std::optional<JsonValue> value = present(key);
  if (!value) return std::nullopt;
  if (!value->is(JsonKind::array)) reject(key);
  return value->children();
}

std::optional<JsonValue> Parameters::object(std::string_view key) {
  const std::optional<JsonValue> value = optional_object(key);
  if (!value) reject(key);
  return value;
}

std::optional<JsonValue> Parameters::optional_object(std::string_view key) {
  const std::optional<JsonValue> value = present(key);
  if (value && !value->is(JsonKind::object)) reject(key);
  return value;
}

}  // namespace hfauth::agent
