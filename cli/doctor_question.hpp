// SPDX-License-Identifier: Apache-2.0
//
// What the doctor is asked to judge the machine for: repositories, reading or writing, and what a
// program printed.
#pragma once

#include "context.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/hub/repo.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include <string>
#include <vector>

namespace hfauth::cli {

struct DoctorQuestion {
  std::vector<hub::Repo> targets;
  bool write = false;
  std::string printed;  ///< "" if there is no --log
};

void describe_question(boost::program_options::options_description& options,
                       boost::program_options::positional_options_description& positional);

/// Reads the log too: --log - is the context's standard input. Errors: usage, and those of reading
/// a file.
[[nodiscard]] Result<DoctorQuestion> read_question(
    const boost::program_options::variables_map& values, Context& context);

}  // namespace hfauth::cli
