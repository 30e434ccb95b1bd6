// SPDX-License-Identifier: Apache-2.0
//
// Which huggingface_hub the next `python3` would import, read off the names of installed packages:
// Python is not started. A virtual environment goes first, then the folders beside the first
// python3 on PATH.
#include "probes.hpp"

#include <algorithm>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPackage = "huggingface_hub-";
constexpr std::string_view kSuffix = ".dist-info";

// The version in one site-packages folder; "" if it is not installed there.
std::string version_in(const fs::path& folder) {
  std::error_code fault;
  for (fs::directory_iterator entry(folder, fault); !fault && entry != fs::directory_iterator();
       entry.increment(fault)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(kPackage) && name.ends_with(kSuffix)) {
      return name.substr(kPackage.size(), name.size() - kPackage.size() - kSuffix.size());
    }
  }
  return "";
}

// prefix/lib/python3*/{site,dist}-packages, the newest Python first, and Debian's
// prefix/lib/python3/dist-packages.
std::vector<fs::path> package_folders(const fs::path& prefix) {
  std::vector<fs::path> pythons;
  std::error_code fault;
  for (fs::directory_iterator entry(prefix / "lib", fault);
       !fault && entry != fs::directory_iterator(); entry.increment(fault)) {
    if (entry->path().filename().string().starts_with("python3")) {
      pythons.push_back(entry->path());
    }
  }
  std::sort(pythons.rbegin(), pythons.rend());
  std::vector<fs::path> folders;
  for (const fs::path& python : pythons) {
    folders.push_back(python / "site-packages");
    folders.push_back(python / "dist-packages");
  }
  return folders;
}

std::optional<fs::path> first_python_on_path(const Environment& environment) {
  std::string path = environment.get("PATH").value_or("");
  path += ':';
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = path.find(':', begin);
    const fs::path folder = path.substr(begin, end - begin);
    std::error_code ignored;
    if (folder.is_absolute() &&
        (fs::exists(folder / "python3", ignored) || fs::exists(folder / "python", ignored))) {
      return folder;
    }
    begin = end + 1;
  }
  return std::nullopt;
}

void find_package(const std::vector<fs::path>& prefixes, Facts& facts) {
  for (const fs::path& prefix : prefixes) {
    for (const fs::path& folder : package_folders(prefix)) {
      if (std::string version = version_in(folder); !version.empty()) {
        facts.client = {std::move(version), folder.string()};
        return;
      }
    }
  }
}

}  // namespace

void probe_client(const ProbeInput& input, Facts& facts) {
  std::vector<fs::path> prefixes;
  const std::string interpreter = input.client ? input.client->interpreter : input.interpreter;
  if (!interpreter.empty()) {
    prefixes.push_back(fs::path(interpreter).parent_path().parent_path());
    return find_package(prefixes, facts);
  }
  for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    if (const auto prefix = input.environment.non_empty(name)) {
      prefixes.emplace_back(*prefix);
    }
  }
  if (const auto folder = first_python_on_path(input.environment)) {
    const fs::path prefix = folder->parent_path();
    prefixes.push_back(prefix);
    std::error_code ignored;
    if (!fs::exists(prefix / "pyvenv.cfg",
                    ignored)) {  // an isolated environment sees neither of these
      prefixes.push_back(input.paths.home / ".local");
      if (prefix == "/usr") {
        prefixes.emplace_back("/usr/local");
      }
    }
  }
  find_package(prefixes, facts);
}

}  // namespace hfauth::diagnose
