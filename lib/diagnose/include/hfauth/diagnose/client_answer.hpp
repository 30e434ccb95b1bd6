// SPDX-License-Identifier: Apache-2.0
//
// What the client that the question is about (--for) would send, by its own rules, from facts
// alone. Pure.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/python_answer.hpp"
#include "hfauth/token/client_name.hpp"

#include <string>

namespace hfauth::diagnose {

/// The client of the facts; huggingface_hub if none was asked for.
[[nodiscard]] token::NamedClient asked_client(const Facts& facts);

/// What it sends. Beside what ask_python() tells: a value that makes no legal header is not sent
/// (Rust, without a word) or is an error (hfjs); git and curl answer from their own places.
[[nodiscard]] PythonAnswer ask_client(const Facts& facts);

/// Makes the facts those of a question about this client: the release whose rules count is the
/// named one, else the one that was found on the machine.
void ask_about(const token::NamedClient& client, Facts& facts);

/// Whether a check says something of this client; ids are those of the table of checks.
[[nodiscard]] bool concerns(std::string_view check, const token::NamedClient& client) noexcept;

/// Whether git asks this helper for the endpoint: credential.<url>.helper is for that host alone.
[[nodiscard]] bool is_for_the_hub(const Facts& facts, const GitHelper& helper);

}  // namespace hfauth::diagnose
