// SPDX-License-Identifier: Apache-2.0
//
// Absent and locked are told apart: search returns locked items too; if nothing is found while the
// default collection is locked, the answer is `locked`, because an absence in it cannot be proven.
// A value counts as stored when it was read back through a new search; what reads back otherwise is
// stored again. A new value is an item of its own until it was read back: at every moment a good
// one is there, and of several the highest generation counts. The others are removed by the put, or
// by the next one.
//
// Even what was read back may be gone with the provider (facts/agent.md §4.6: two gnome-keyrings,
// one of which waits for the name with an older copy of the file in memory). So what was
// acknowledged in the last kRecent is looked up when the provider changes, and stored again if it
// is not there. Not later than that: somebody may have removed it on purpose.
#include "keyring.hpp"

#include "secret_service_rules.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <utility>

namespace hfauth::store {
namespace {

constexpr int kStoreAttempts = 3;
constexpr std::chrono::seconds kRecent{
    60};  // far more than the life of a provider that dies in a storm

Error locked_error() {
  return {Errc::locked, "the keyring is locked: unlock it on your desktop, or run hfauth unlock"};
}

bool any_locked(const KeyringItems& items) {
  return std::any_of(items.begin(), items.end(),
                     [](const KeyringItem& item) { return item.locked; });
}

/// Errors: locked, if the default collection is.
Result<void> require_unlocked(GioCall& call, const KeyringSession& session) {
  const Result<KeyringCollection> collection = session.default_collection(call);
  if (!collection) {
    return collection.error();
  }
  if (collection->locked) {
    return locked_error();
  }
  return {};
}

/// The items of a profile, at least one and none locked. Errors: not_found, locked.
Result<KeyringItems> find_profile(GioCall& call, const KeyringSession& session,
                                  const std::string& profile) {
  Result<KeyringItems> items = session.find(call, profile);
  if (!items) {
    return items.error();
  }
  if (any_locked(*items)) {
    return locked_error();
  }
  if (items->empty()) {
    if (const Result<void> open = require_unlocked(call, session); !open) {
      return open.error();
    }
    return Error{Errc::not_found, "no token is stored for profile " + profile};
  }
  return items;
}

}  // namespace

Keyring::Keyring(std::string bus_address) : bus_address_(std::move(bus_address)) {}

Keyring::~Keyring() = default;

void Keyring::drop() {
  session_.reset();
}

Result<void> Keyring::connect(GioCall& call) {
  if (session_ && session_->is_current()) {
    return {};
  }
  drop();
  Result<std::unique_ptr<KeyringSession>> session = KeyringSession::open(call, bus_address_);
  if (!session) {
    return session.error();
  }
  session_ = std::move(*session);
  store_again(call);
  return {};
}

void Keyring::follow_provider(GioCall& call) {
  if (session_ && session_->is_replaced()) {
    static_cast<void>(connect(call));  // whoever calls next is told why it failed
  }
}

/// What does not work now is tried again with the next provider, or at the next put.
void Keyring::store_again(GioCall& call) {
  const Deadline oldest = std::chrono::steady_clock::now() - kRecent;
  std::erase_if(recent_, [&](const auto& item) { return item.second.stored < oldest; });
  for (const auto& [profile, recent] : recent_) {
    const Result<KeyringItems> items = session_->find(call, profile);
    if (!items || any_locked(*items)) return;
    if (!items->empty()) {
      const Result<std::vector<Secret>> documents = session_->load(call, *items);
      if (!documents) return;
      const auto newest = secret_service::choose_newest(profile, *documents);
      if (newest && newest->record.facts.generation >= recent.record.facts.generation) continue;
    }
    if (!store(call, *session_, recent.record)) return;
  }
}

/// Runs `work` on the session; if the provider went away under it, once more on a new one.
template <class T, class Work>
Result<T> Keyring::with_session(GioCall& call, const Work& work) {
  const KeyringSession* const before = session_.get();
  if (const Result<void> connected = connect(call); !connected) {
    return connected.error();
  }
  const bool was_open = session_.get() == before;
  Result<T> result = work(*session_);
  if (result || result.error().code != Errc::store_unavailable || !was_open) {
    return result;
  }
  drop();
  if (const Result<void> connected = connect(call); !connected) {
    return connected.error();
  }
  return work(*session_);
}

Result<KeyringState> Keyring::state(GioCall& call) {
  return with_session<KeyringState>(call, [&](KeyringSession& session) -> Result<KeyringState> {
    const Result<KeyringCollection> collection = session.default_collection(call);
    if (!collection) {
      return collection.error();
    }
    KeyringState state;
    state.locked = collection->locked;
    state.collection = collection->label;
    state.plain_session = session.is_plain();
    state.left_out = left_out_;
    Result<std::string> provider = session.provider(call);
    if (!provider) {
      return provider.error();
    }
    state.provider = std::move(*provider);
    if (first_provider_.empty()) first_provider_ = state.provider;
    if (state.provider != first_provider_) state.before = first_provider_;
    return state;
  });
}

Result<void> Keyring::store(GioCall& call, KeyringSession& session,
                            const token::TokenRecord& record) {
  const Secret document = token::encode_record(record);
  const Result<KeyringCollection> collection = session.default_collection(call);
  if (!collection) {
    return collection.error();
  }
  const std::string& profile = record.facts.profile.str();
  const Result<KeyringItems> earlier = session.find(call, profile);
  if (!earlier) {
    return earlier.error();
  }
  if (collection->locked || any_locked(*earlier)) {
    return locked_error();
  }
  const Result<std::string> path = session.create(call, *collection, record.facts, document);
  if (!path) {
    return path.error();
  }
  // An acknowledged store is no proof (facts/agent.md §4.6): read back through a new search.
  const Result<KeyringItems> stored = session.find(call, profile);
  if (!stored) {
    return stored.error();
  }
  const Result<std::vector<Secret>> documents = session.load(call, *stored);
  if (!documents) {
    return documents.error();
  }
  const auto item_of_path = std::find_if(
      stored->begin(), stored->end(), [&](const KeyringItem& item) { return item.path == *path; });
  const auto index = static_cast<std::size_t>(item_of_path - stored->begin());
  if (index == stored->size() || !(*documents)[index].equals(document.expose())) {
    return Error{Errc::corrupt,
                 "the keyring acknowledged the token but reads back another value: try again"};
  }
  for (const KeyringItem& item : *stored) {
    if (item.path == *path) {
      continue;
    }
    if (const Result<void> erased = session.erase(call, item); !erased) {
      return erased.error();
    }
  }
  return {};
}

Result<void> Keyring::put(GioCall& call, const token::TokenRecord& record) {
  const std::string& profile = record.facts.profile.str();
  Result<void> stored;
  for (int attempt = 0; attempt < kStoreAttempts; ++attempt) {
    stored = with_session<void>(
        call, [&](KeyringSession& session) { return store(call, session, record); });
    if (stored || stored.error().code != Errc::corrupt) break;
  }
  if (stored) {
    recent_.insert_or_assign(
        profile, Recent{.record = record.clone(), .stored = std::chrono::steady_clock::now()});
  }
  return stored;
}

Result<token::TokenRecord> Keyring::get(GioCall& call, const std::string& profile) {
  return with_session<token::TokenRecord>(
      call, [&](KeyringSession& session) -> Result<token::TokenRecord> {
        const Result<KeyringItems> items = find_profile(call, session, profile);
        if (!items) {
          return items.error();
        }
        const Result<std::vector<Secret>> documents = session.load(call, *items);
        if (!documents) {
          return documents.error();
        }
        Result<secret_service::Choice> choice = secret_service::choose_newest(profile, *documents);
        if (!choice) {
          return choice.error();
        }
        return std::move(choice->record);
      });
}

Result<std::vector<token::TokenRecord>> Keyring::list(GioCall& call) {
  using Records = std::vector<token::TokenRecord>;
  return with_session<Records>(call, [&](KeyringSession& session) -> Result<Records> {
    const Result<KeyringItems> items = session.find_all(call);
    if (!items) {
      return items.error();
    }
    if (any_locked(*items)) {
      return locked_error();
    }
    // A locked collection may hide items from the search: all records or none.
    if (const Result<void> open = require_unlocked(call, session); !open) {
      return open.error();
    }
    Result<std::vector<Secret>> loaded = session.load(call, *items);
    if (!loaded) {
      return loaded.error();
    }
    std::map<std::string, std::vector<Secret>> documents;
    for (std::size_t i = 0; i < items->size(); ++i) {
      documents[(*items)[i].profile].push_back(std::move((*loaded)[i]));
    }
    Records records;
    left_out_.clear();
    for (const auto& [profile, candidates] : documents) {
      Result<secret_service::Choice> choice = secret_service::choose_newest(profile, candidates);
      if (choice) {
        records.push_back(std::move(choice->record));
      } else {
        left_out_ += (left_out_.empty() ? "" : "; ") + choice.error().detail;
      }
    }
    return records;
  });
}

Result<void> Keyring::remove(GioCall& call, const std::string& profile) {
  recent_.erase(profile);
  return with_session<void>(call, [&](KeyringSession& session) -> Result<void> {
    const Result<KeyringItems> items = find_profile(call, session, profile);
    if (!items) {
      return items.error();
    }
    for (const KeyringItem& item : *items) {
      if (const Result<void> erased = session.erase(call, item); !erased) {
        return erased.error();
      }
    }
    const Result<KeyringItems> left = session.find(call, profile);
    if (!left) {
      return left.error();
    }
    if (!left->empty()) {
      return Error{Errc::io,
                   "the keyring acknowledged the removal but still has the token: try again"};
    }
    return {};
  });
}

Result<void> Keyring::unlock(GioCall& call) {
  return with_session<void>(call, [&](KeyringSession& session) -> Result<void> {
    const Result<KeyringCollection> collection = session.default_collection(call);
    if (!collection) {
      return collection.error();
    }
    if (!collection->locked) {
      return {};
    }
    Result<void> unlocked = session.unlock(call, *collection);
    if (unlocked) {
      unlocked = require_unlocked(call, session);
    }
    if (!unlocked && unlocked.error().code == Errc::locked) {
      return Error{Errc::unsupported,
                   "this keyring opens only by its own dialog: unlock it on your desktop (for "
                   "example in seahorse)"};
    }
    return unlocked;
  });
}

void prepare_glib_environment() {
  // NOLINTBEGIN(concurrency-mt-unsafe): once, before the worker thread starts
  ::setenv("GIO_USE_VFS", "local", 1);
  ::setenv("GIO_MODULE_DIR", "/nonexistent", 1);
  ::setenv("GSETTINGS_BACKEND", "memory", 1);
  ::unsetenv("SECRET_BACKEND");
  ::unsetenv("G_DEBUG");
  // NOLINTEND(concurrency-mt-unsafe)
}

}  // namespace hfauth::store
