// SPDX-License-Identifier: Apache-2.0
//
// Reads the members of one object with their types and remembers the first that is missing, wrong
// or, if asked, unknown; so that a decoder is a straight list of its members. Private to lib/agent.
#pragma once

#include "hfauth/agent/json_reader.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/token/token_record.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::agent {

class Parameters {
 public:
  /// nullopt stands for an empty object; a value that is no object is wrong itself ("parameters").
  explicit Parameters(std::optional<JsonValue> object);

  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key);
  [[nodiscard]] Secret secret(std::string_view key);
  [[nodiscard]] Secret optional_secret(std::string_view key);  ///< empty if missing or null
  [[nodiscard]] std::vector<std::string> strings(std::string_view key);
  [[nodiscard]] std::int64_t integer(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view key);
  [[nodiscard]] bool flag(std::string_view key);  ///< must be there
  [[nodiscard]] bool optional_flag(std::string_view key);
  [[nodiscard]] std::optional<WallTime> optional_time(std::string_view key);
  [[nodiscard]] std::optional<token::ProfileName> optional_profile(std::string_view key);
  [[nodiscard]] std::optional<token::ProfileName> profile(std::string_view key);
  [[nodiscard]] std::optional<token::Endpoint> optional_endpoint(std::string_view key);
  [[nodiscard]] std::optional<token::Endpoint> endpoint(std::string_view key);
  [[nodiscard]] std::vector<JsonValue> array(std::string_view key);
  [[nodiscard]] std::optional<std::vector<JsonValue>> optional_array(std::string_view key);
  [[nodiscard]] std::optional<JsonValue> object(std::string_view key);
  [[nodiscard]] std::optional<JsonValue> optional_object(std::string_view key);

  /// Declares a member to be wrong for a reason that its type does not tell.
  void reject(std::string_view key);

  /// Makes every member that nobody asked for wrong.
  void reject_unknown();

  [[nodiscard]] bool ok() const noexcept { return wrong_.empty(); }

  [[nodiscard]] const std::string& wrong() const noexcept { return wrong_; }

 private:
  /// The member if it is there and not null.
  [[nodiscard]] std::optional<JsonValue> present(std::string_view key);
  [[nodiscard]] std::optional<JsonValue> required(std::string_view key);

  template <class T>
  T or_reject(std::string_view key, std::optional<T> value) {
    if (!value) reject(key);
    return value ? std::move(*value) : T();
  }

  std::optional<JsonValue> object_;
  std::vector<std::string_view> asked_;
  std::size_t found_ = 0;  ///< of these
  std::string wrong_;
};

}  // namespace hfauth::agent
