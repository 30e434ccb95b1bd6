// SPDX-License-Identifier: Apache-2.0
//
// The messages that `hfauth explain` knows, and one sighting of one of them in a text: what the
// signatures yield and the explanations are made from. Plain values without any third-party header.
#pragma once

#include "hfauth/diagnose/explain.hpp"
#include "listed.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// Numbers of facts/hub-auth.md §3; a letter where one number has several meanings.
enum class Message {
  illegal_header,            // M-060
  invalid_credentials,       // M-034
  invalid_authorization,     // M-035
  gated_login_needed,        // M-052 a
  gated_not_requested,       // M-052 b
  gated_pending,             // M-052 c
  gated_refused,             // M-052 d, e
  gated,                     // M-052, the client's own line without the Hub's reason
  repository_not_found,      // M-039
  colab_secret_missing,      // M-001
  colab_access_not_granted,  // M-002
  colab_vault_error,         // M-003
  colab_vault_timeout,       // M-004
  unauthenticated_requests,  // M-020
  invalid_token_ignored,     // M-020, the other text of the same header
  listed,                    // the row of listed_*.cpp that the sighting names
};

/// Why a header could not be sent (M-060).
enum class HeaderFault { none, empty, newline, other };

struct Sighting {
  Message message = Message::colab_secret_missing;
  const ListedMessage* listed = nullptr;  ///< of Message::listed
  std::size_t begin = 0;                  ///< absolute offset in the squeezed text
  std::size_t end = 0;
  std::size_t first_line = 0;
  std::size_t last_line = 0;
  std::size_t cell = 0;
  std::size_t count = 1;
  HubVersions versions;
  std::string repo_type;  ///< "model", "dataset", "space"; "" if the text does not say
  std::string repo;       ///< "org/name"
  std::string status;     ///< "401"
  std::string request_id;
  HeaderFault header_fault = HeaderFault::none;
  bool with_invalid_credentials = false;  ///< M-034 stands behind it as the server's own words
  bool with_timeout = false;              ///< M-004 stands inside it
  bool was_reset = false;                 ///< M-052 e: to be asked for again; else d: refused
};

/// Facts of the whole text that an explanation uses.
struct TextFacts {
  TextRuntime runtime = TextRuntime::unknown;
  HubVersions versions;
};

/// The explanation of a sighting: by its function in messages_*.cpp, or from its row in
/// listed_*.cpp.
[[nodiscard]] Explanation explain_sighting(const Sighting& sighting, const TextFacts& text);

/// The part of a sighting's message in a story (listed.hpp).
[[nodiscard]] Part part_of(const Sighting& sighting) noexcept;

/// The releases of huggingface_hub whose source file has the Colab warning `message` (M-001 to
/// M-003) at this line: "utils/_auth.py", 94 -> 0.26 to 1.8. Table of facts/hub-auth.md §3.1.
[[nodiscard]] HubVersions versions_of_warning(std::string_view file, unsigned line);

}  // namespace hfauth::diagnose
