// SPDX-License-Identifier: Apache-2.0
//
// `hfauth explain`: pasted text in, the messages about authentication that it holds out, each with
// what it says, whether it matters, why, and what to do where it was seen. Secrets are masked
// before anything is looked at or kept. Blocks while it reads; memory is bounded whatever the
// input's size. Not thread-safe per stream.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/diagnose/finding.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// What a message does to the reader's work.
enum class Impact { harmless, limits, blocks };

/// Where the text was written, as far as the text itself tells.
enum class TextRuntime {
  unknown,
  colab,
  kaggle,
  space,
  sagemaker,
  databricks,
  ci,
  kubernetes,
  docker,
  slurm,
  systemd,
  vscode,
  jupyter,
};

/// Who prints a message, and in which releases: "huggingface_hub", "0.20", "1.19". No releases: all
/// of them, or a server, which has none.
struct PrintedBy {
  std::string_view product;
  std::string_view from;
  std::string_view to;

  friend bool operator==(const PrintedBy&, const PrintedBy&) = default;
};

/// The releases of huggingface_hub that print a message in this form at this place; both "" if the
/// text does not tell.
struct HubVersions {
  std::string from;  ///< "0.26"
  std::string to;    ///< "1.8"; "" for: no known end

  [[nodiscard]] bool known() const noexcept { return !from.empty(); }

  friend bool operator==(const HubVersions&, const HubVersions&) = default;
};

/// One kind of message found in the text.
struct Explanation {
  Finding finding;      ///< id, slug, severity, title, cause (`why`), evidence, fixes
  std::string message;  ///< "M-001": the catalogue of facts/hub-auth.md §3
  Impact impact = Impact::harmless;
  std::string quote;  ///< the message's own first words, in English as it was printed
  std::string says;   ///< what it says, in plain words
  std::string means;  ///< the consequence
  std::string again;  ///< why it may still be seen after the fix; "" if it cannot
  PrintedBy printed_by;
  HubVersions versions;
  std::size_t first_line = 0;  ///< 1-based, where it was first seen; 0 on a page
  std::size_t last_line = 0;
  std::size_t cell = 0;   ///< of a notebook's file, 1-based; 0: it is none
  std::size_t count = 1;  ///< how often
};

struct Explained {
  std::size_t lines = 0;
  TextRuntime runtime = TextRuntime::unknown;
  HubVersions versions;  ///< told by any part of the text
  std::vector<Explanation>
      explanations;          ///< each cause with what follows from it, the gravest first
  std::size_t left_out = 0;  ///< kinds of messages beyond the limit of 64
};

/// Reads `in` to its end. Recognises the messages whatever their wrapping, indentation, colour
/// codes, quoting or JSON escapes. UTF-16 with a byte order mark is understood. Errors:
/// invalid_input (empty, or binary data), io.
[[nodiscard]] Result<Explained> explain_text(std::istream& in);

/// The explanation of one message of the catalogue as it would be without any text around it: for
/// pages. `id` "M-001" in any case; empty if there is no such message.
[[nodiscard]] std::vector<Explanation> explain_message_id(std::string_view id);

/// Every message id that is recognised, in order, each once.
[[nodiscard]] std::vector<std::string> message_ids();

[[nodiscard]] std::string_view name_of(Impact impact) noexcept;  ///< "harmless", "limits", "blocks"
/// "colab", "sagemaker", ...; "unknown".
[[nodiscard]] std::string_view name_of(TextRuntime runtime) noexcept;
/// The same in the words of the schema's run.runtime, which has fewer.
[[nodiscard]] std::string_view schema_name_of(TextRuntime runtime) noexcept;

}  // namespace hfauth::diagnose
