// SPDX-License-Identifier: Apache-2.0
//
// What the agent has to answer, written down a second time in the simplest way: maps, no queue, no
// store, no cache. The simulation compares hfauthd's own parts with it. Tokens are numbers here.
#pragma once

#include <map>
#include <set>
#include <string>

namespace hfauth::reliability {

inline constexpr const char* kHub = "https://huggingface.co";

struct ReferenceRecord {
  std::string endpoint;
  int token = 0;
  long generation = 1;
  long expires = 0;  // seconds, 0: never
};

class ReferenceAgent {
 public:
  bool failing = false;  ///< the store
  long now = 0;

  std::string add(const std::string& profile, ReferenceRecord record, bool replace,
                  bool make_default) {
    std::string refusal = use();
    if (!refusal.empty()) return refusal;
    const auto earlier = records_.find(profile);
    if (earlier != records_.end() && !replace) return "conflict";
    if (failing) return "store_unavailable";
    if (earlier != records_.end()) record.generation = earlier->second.generation + 1;
    std::erase_if(defaults_, [&](const auto& item) {
      return item.second == profile && item.first != record.endpoint;
    });
    if (make_default || !defaults_.contains(record.endpoint)) defaults_[record.endpoint] = profile;
    records_[profile] = record;
    return "ok";
  }

  /// The token's number as text, or the error's name.
  std::string get(const std::string& profile, const std::string& endpoint) {
    std::string refusal = use();
    if (!refusal.empty()) return refusal;
    std::string chosen = profile;
    if (chosen.empty()) {
      const std::string at = endpoint.empty() ? usual_endpoint() : endpoint;
      if (at.empty()) return "ambiguous";
      chosen = chosen_at(at);
      if (chosen == "ambiguous" || chosen == "not_found") return chosen;
    }
    const auto found = records_.find(chosen);
    if (found == records_.end()) return "not_found";
    if (!profile.empty() && !endpoint.empty() && endpoint != found->second.endpoint)
      return "denied";
    if (found->second.expires != 0 && found->second.expires <= now) return "expired";
    return std::to_string(found->second.token);
  }

  std::string remove(const std::string& profile) {
    std::string refusal = use();
    if (!refusal.empty()) return refusal;
    if (!records_.contains(profile)) return "not_found";
    if (failing) return "store_unavailable";
    std::erase_if(defaults_, [&](const auto& item) { return item.second == profile; });
    records_.erase(profile);
    return "ok";
  }

  std::string set_default(const std::string& profile) {
    std::string refusal = use();
    if (!refusal.empty()) return refusal;
    const auto found = records_.find(profile);
    if (found == records_.end()) return "not_found";
    defaults_[found->second.endpoint] = profile;
    return "ok";
  }

  std::string list() {
    std::string refusal = use();
    if (!refusal.empty()) return refusal;
    std::string names;
    for (const auto& [name, record] : records_)
      names += name + ":" + std::to_string(record.generation) + " ";
    return names;
  }

  std::string lock() {
    locked_ = true;
    return "ok";
  }

  /// Reads the store again, whether it was locked or not.
  std::string unlock() {
    if (failing) {
      if (!locked_) open_ = false;
      return "store_unavailable";
    }
    locked_ = false;
    open_ = true;
    return "ok";
  }

  void restart() { open_ = !locked_ && !failing; }

 private:
  /// "" if the agent can be used; a store that was not open is opened by whoever asks.
  std::string use() {
    if (locked_) return "locked";
    if (!open_ && failing) return "store_unavailable";
    open_ = true;
    return "";
  }

  std::string usual_endpoint() const {
    std::set<std::string> all;
    for (const auto& [name, record] : records_)
      all.insert(record.endpoint);
    if (all.size() == 1) return *all.begin();
    return all.empty() || all.contains(kHub) ? kHub : "";
  }

  std::string chosen_at(const std::string& endpoint) const {
    if (const auto found = defaults_.find(endpoint); found != defaults_.end()) return found->second;
    std::string only;
    for (const auto& [name, record] : records_) {
      if (record.endpoint != endpoint) continue;
      if (!only.empty()) return "ambiguous";
      only = name;
    }
    return only.empty() ? "not_found" : only;
  }

  std::map<std::string, ReferenceRecord> records_;
  std::map<std::string, std::string> defaults_;
  bool locked_ = false;
  bool open_ = true;
};

}  // namespace hfauth::reliability
