// SPDX-License-Identifier: Apache-2.0
//
// Most checks are about huggingface_hub: its variables, its paths, its sessions. For another client
// only those are left that hold for it too: the network, the value that it sends, what the Hub says
// of it, and its own places. Leaks concern everybody.
#include "hfauth/diagnose/client_answer.hpp"

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

using token::OtherClient;

using Ids = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view id, Ids ids) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Proxy, interception, clock, captive portal, endpoint, reachability: whoever asks the Hub.
bool is_of_the_way(std::string_view id) {
  return is_one_of(id, {"HFA503", "HFA504", "HFA505", "HFA507", "HFA508", "HFA509", "HFA511"});
}

bool is_of_the_token(std::string_view id) {
  return id.starts_with("HFA2") || id.starts_with("HFA3") || id.starts_with("HFA4");
}

bool is_of_the_doctor(std::string_view id) {
  return id.starts_with("HFA00") || id.starts_with("HFA9");
}

bool is_of_other_variables(std::string_view id) {
  return is_one_of(id, {"HFA101", "HFA102", "HFA105", "HFA110", "HFA113", "HFA114", "HFA116",
                        "HFA117", "HFA118", "HFA603", "HFA604"});
}

}  // namespace

bool concerns(std::string_view check, const token::NamedClient& client) noexcept {
  if (!client.other || is_of_the_doctor(check)) return true;
  if (check == "HFA304" || check == "HFA302") return false;  // of the Python library's own ways
  if (is_of_the_way(check) || is_of_the_token(check)) return true;
  switch (*client.other) {
    case OtherClient::hfrs:
    case OtherClient::hfjs:
      return is_of_other_variables(check);
    case OtherClient::rust_library:
      return check == "HFA610" || (reads_by_itself(client) && check == "HFA110");
    case OtherClient::javascript_library:
    case OtherClient::curl:
      return check == "HFA610";
    case OtherClient::git:
      return is_one_of(check, {"HFA806", "HFA807", "HFA810"});
  }
  return true;
}

}  // namespace hfauth::diagnose
