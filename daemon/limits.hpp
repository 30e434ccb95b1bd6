// SPDX-License-Identifier: Apache-2.0
//
// Every limit of the agent with its reason; docs/protocol.md tells clients. Those of a message are
// in hfauth/agent/frame.hpp, because both sides keep them.
#pragma once

#include <chrono>
#include <cstddef>

namespace hfauth::daemon {

/// Far above what one user's programs open at once; bounds memory (a page each) and file
/// descriptors.
inline constexpr std::size_t kMaxConnections = 1280;

/// Of these, kept for the user's own hfauth program, so that `hfauth status` works while something
/// else floods the agent.
inline constexpr std::size_t kReservedForOwner = 8;

/// A process with a connection a thread stays below; one that leaks connections cannot shut out the
/// others.
inline constexpr std::size_t kMaxPerProcess = 64;

/// From a request's first byte to its last: local clients need microseconds, 5 s forgives a stopped
/// or swapped one.
inline constexpr std::chrono::seconds kRequestDeadline{5};

/// Without any request; a client connects again in 50 µs.
inline constexpr std::chrono::seconds kIdleDeadline{60};

/// Without progress while a reply waits to be taken.
inline constexpr std::chrono::seconds kWriteDeadline{5};

/// While more than this waits to be taken, no further pipelined request is begun.
inline constexpr std::size_t kOutputPauseBytes = std::size_t{64} << 10;

/// A watcher for which more than this waits does not read, and is dropped: some thousand events, or
/// the whole of an audit.
inline constexpr std::size_t kWatcherOutputBytes = std::size_t{1} << 20;

/// One read(2): a page, so that an ordinary request needs one call and an idle connection keeps one
/// guarded page.
inline constexpr std::size_t kReadBytes = 4096;

/// Nobody has more tokens than this; with kMaxFactsBytes it bounds the reply of List to 2 MiB.
inline constexpr std::size_t kMaxProfiles = 128;

/// User, role, names, scopes and organisations of one record together.
inline constexpr std::size_t kMaxFactsBytes = std::size_t{16} << 10;

/// How soon a store that could not be opened is tried again when somebody asks: a keyring that
/// comes back serves within 2 s, and nobody is kept busy by one that does not.
inline constexpr std::chrono::seconds kStoreRetry{1};

/// How old what Status says of a keyring may be: to ask costs two calls over the bus.
inline constexpr std::chrono::seconds kStoreCheck{1};

/// How often the vault's file is looked at while tokens are asked for, because another process may
/// write it: a look costs two stat(2).
inline constexpr std::chrono::milliseconds kStoreLook{100};

/// How long one caller may have the turn to refresh a token: 30 s for huggingface_hub's lock, 10 s
/// for the Hub, the store's own deadline, and some to spare.
inline constexpr std::chrono::seconds kRefreshTurn{60};

/// After a refresh that brought nothing (no network, the Hub is down) the next try is made so late:
/// huggingface_hub's interval.
inline constexpr std::chrono::seconds kRefreshRetry{300};

/// How long GetToken of a token that is over waits for a refresh under way; below the 10 s that
/// clients wait.
inline constexpr std::chrono::seconds kRefreshWait{8};

/// After SIGTERM: what is being stored may take the store's own deadline; systemd would kill after
/// 90 s.
inline constexpr std::chrono::seconds kDrainDeadline{6};

/// A new agent waits that long for the one that is draining; below the 10 s that clients wait.
inline constexpr std::chrono::seconds kStoreTurnWait = kDrainDeadline + std::chrono::seconds(1);

/// A lease whose file could not be removed is tried again that often: somebody has to mend the
/// folder.
inline constexpr std::chrono::seconds kLeaseRetry{30};

/// For an agent that lost its socket to systemd's and ends: its drain, and its last write.
inline constexpr std::chrono::seconds kPredecessorWait{12};

}  // namespace hfauth::daemon
