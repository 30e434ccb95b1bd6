// SPDX-License-Identifier: Apache-2.0
//
// Result<T>: a value or an Error. Return it when a caller can plausibly act on the failure; throw
// for bugs. boost's class is not [[nodiscard]]: put that on every function that returns one.
#pragma once

#include "hfauth/core/error.hpp"

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

namespace hfauth {

template <class T>
using Result = boost::system::result<T, Error>;

/// Makes `.value()` on an error throw Failure. Found by argument-dependent look-up.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location& /*where*/) {
  throw Failure(error);
}

}  // namespace hfauth
