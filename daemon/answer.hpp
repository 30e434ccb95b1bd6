// SPDX-License-Identifier: Apache-2.0
//
// What an operation of the agent gives: a value, or the fault that goes into the reply as it is.
#pragma once

#include "hfauth/agent/protocol.hpp"

#include <boost/system/result.hpp>

#include <functional>

namespace hfauth::daemon {

template <class T>
using Answer = boost::system::result<T, agent::Fault>;

/// Called once, on the loop, at once or later.
template <class T>
using Done = std::function<void(Answer<T>)>;

}  // namespace hfauth::daemon
