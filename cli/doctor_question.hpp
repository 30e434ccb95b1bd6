// SPDX-License-Identifier: Apache-2.0
//
// What the doctor is asked: to judge the machine for which repositories, programs and client, as
// seen from where, for reading or writing, beside what a program printed, by which checks, and what
// of it the user knows already. Every look at a machine takes the whole of it: the first one, the
// one behind each repair, the one when a program has ended, both sides of a comparison.
#pragma once

#include "context.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts_hub.hpp"
#include "hfauth/hub/repo.hpp"
#include "hfauth/token/client_name.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::cli {

struct DoctorQuestion {
  std::vector<hub::Repo> targets;
  std::vector<std::filesystem::path> scripts = {};  ///< programs and notebooks, absolute
  std::string context = {};                         ///< --context; "" for this shell
  bool write = false;
  bool try_all = false;                                     ///< ask about every token that there is
  bool security = false;                                    ///< --profile security
  std::optional<token::NamedClient> client = std::nullopt;  ///< --for
  std::string printed;                                      ///< "" if there is no --log
  std::vector<diagnose::SaidMessage> said{};  ///< what a program was heard to say, recognised
  diagnose::DiagnosisOptions judging{};       ///< --only, --skip, --fail-on, acknowledgements
};

void describe_question(boost::program_options::options_description& options,
                       boost::program_options::positional_options_description& positional);

/// Whether the user gave the option; a default does not count.
[[nodiscard]] bool is_given(const boost::program_options::variables_map& values, const char* name);

/// Reads the log too: --log - is the context's standard input. The clock says which
/// acknowledgements still hold. Errors: usage, and those of reading a file.
[[nodiscard]] Result<DoctorQuestion> read_question(
    const boost::program_options::variables_map& values, const Clock& clock, Context& context);

}  // namespace hfauth::cli
