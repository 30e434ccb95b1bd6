// SPDX-License-Identifier: Apache-2.0
//
// The tokenizer library's own error type: the library stands alone and knows nothing of the layers
// under lib/. A detail is one line of UTF-8: what failed, on what, and, where it helps, what to
// try.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hfauth::tokenizer {

enum class Errc {
  not_found,      ///< no such file
  io,             ///< the file cannot be read
  corrupt,        ///< the tokenizer file is damaged or contradicts itself
  unsupported,    ///< a component of the tokenizer file that is not built yet
  invalid_input,  ///< the text is not UTF-8, or too long
  regex_limit,    ///< a regular expression of the tokenizer file gave up on this text
};

struct Error {
  Errc code = Errc::corrupt;
  std::string detail;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// The stable lower-case name of a code ("corrupt").
[[nodiscard]] std::string_view name_of(Errc code) noexcept;

/// What `Result::value()` throws on an error: only for callers that hold an error to be a bug.
class Failure : public std::runtime_error {
 public:
  explicit Failure(Error error) : std::runtime_error(error.detail), error_(std::move(error)) {}

  [[nodiscard]] const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

/// Makes `.value()` on an error throw Failure. Found by argument-dependent look-up.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location& /*where*/) {
  throw Failure(error);
}

}  // namespace hfauth::tokenizer
