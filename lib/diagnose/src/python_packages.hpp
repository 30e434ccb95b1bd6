// SPDX-License-Identifier: Apache-2.0
//
// What is installed in a Python environment, read off the names of folders: Python is not started.
#pragma once

#include "hfauth/diagnose/facts_programs.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace hfauth::diagnose {

/// The environment below `prefix` (a virtual environment, a conda environment, /usr), with the
/// releases of the packages that use the Hub; the first folder that has huggingface_hub counts.
/// nullopt if there is no Python's library in it.
[[nodiscard]] std::optional<PythonFacts> look_at_python(const std::filesystem::path& prefix);

/// The Python that a script's first line names, as pip and pipx write it ("#!/venv/bin/python", or
/// a line for /bin/sh where that would be too long); "" if the file is no such script.
[[nodiscard]] std::string interpreter_of(const std::filesystem::path& script);

}  // namespace hfauth::diagnose
