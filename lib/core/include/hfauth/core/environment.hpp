// SPDX-License-Identifier: Apache-2.0
//
// The environment variables of a process as a value: taken once in main, handed down, made by hand
// in tests. "Not set" and "set to nothing" are two things, because the Hub's clients treat them
// differently.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth {

class Environment {
 public:
  using Map = std::map<std::string, std::string, std::less<>>;

  Environment() = default;

  explicit Environment(Map variables) : variables_(std::move(variables)) {}

  /// A copy of this process's environment.
  [[nodiscard]] static Environment of_process();

  /// The raw value; nullopt if not set, "" if set to nothing.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;

  /// The raw value if set and not empty.
  [[nodiscard]] std::optional<std::string> non_empty(std::string_view name) const;

  /// True for 1, ON, YES, TRUE in any case: what huggingface_hub holds to be true
  /// (constants.py, 1.29).
  [[nodiscard]] bool is_true(std::string_view name) const;

  void set(std::string name, std::string value) { variables_[std::move(name)] = std::move(value); }

  void unset(std::string_view name);

  [[nodiscard]] const Map& variables() const noexcept { return variables_; }

 private:
  Map variables_;
};

}  // namespace hfauth
