// SPDX-License-Identifier: Apache-2.0
//
// prefix/lib/python3*/{site,dist}-packages, the newest Python first, and Debian's
// prefix/lib/python3/dist-packages. An installed package is a folder NAME-VERSION.dist-info.
#include "python_packages.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".dist-info";
constexpr std::size_t kFirstLines = 512;  // bytes; the kernel reads less of "#!"

// "huggingface_hub-1.28.0.dist-info" -> huggingface_hub, 1.28.0
void take_package(const std::string& name, const fs::path& folder, PythonFacts& python) {
  static constexpr std::array<std::pair<std::string_view, std::string PythonFacts::*>, 4> kPackages{
      {{"huggingface_hub-", &PythonFacts::hub},
       {"transformers-", &PythonFacts::transformers},
       {"datasets-", &PythonFacts::datasets},
       {"hf_xet-", &PythonFacts::hf_xet}}};
  for (const auto& [start, release] : kPackages) {
    if (!name.starts_with(start) || !name.ends_with(kSuffix) ||
        name.size() <= start.size() + kSuffix.size() || !(python.*release).empty()) {
      continue;
    }
    python.*release = name.substr(start.size(), name.size() - start.size() - kSuffix.size());
    if (release == &PythonFacts::hub) {
      python.hub_where = folder.string();
    }
  }
}

void look_at_folder(const fs::path& folder, PythonFacts& python) {
  std::error_code fault;
  for (fs::directory_iterator entry(folder, fault); !fault && entry != fs::directory_iterator();
       entry.increment(fault)) {
    take_package(entry->path().filename().string(), folder, python);
  }
}

std::vector<fs::path> libraries_of(const fs::path& prefix) {
  std::vector<fs::path> libraries;
  std::error_code fault;
  for (fs::directory_iterator entry(prefix / "lib", fault);
       !fault && entry != fs::directory_iterator(); entry.increment(fault)) {
    if (entry->path().filename().string().starts_with("python3")) {
      libraries.push_back(entry->path());
    }
  }
  std::sort(libraries.rbegin(), libraries.rend());
  return libraries;
}

}  // namespace

std::optional<PythonFacts> look_at_python(const fs::path& prefix) {
  const std::vector<fs::path> libraries = libraries_of(prefix);
  if (libraries.empty()) {
    return std::nullopt;
  }
  PythonFacts python;
  python.prefix = prefix.string();
  python.version = libraries.front().filename().string().substr(std::string_view("python").size());
  for (const fs::path& library : libraries) {
    look_at_folder(library / "site-packages", python);
    look_at_folder(library / "dist-packages", python);
    if (!python.hub.empty()) {
      break;
    }
  }
  return python;
}

std::string interpreter_of(const fs::path& script) {
  std::error_code ignored;
  if (!fs::is_regular_file(script, ignored)) {
    return "";
  }
  std::ifstream file(script, std::ios::binary);
  std::string read(kFirstLines, '\0');
  file.read(read.data(), static_cast<std::streamsize>(read.size()));
  const std::string_view head(read.data(), static_cast<std::size_t>(file.gcount()));
  if (!head.starts_with("#!")) {
    return "";
  }
  std::string_view line = head.substr(2, head.find('\n') - 2);
  if (line.starts_with("/bin/sh")) {  // behind it "exec' /a very long path/python ..."
    constexpr std::string_view kExec = "exec' ";
    const std::size_t at = head.find(kExec);
    if (at == std::string_view::npos) {
      return "";
    }
    line = head.substr(at + kExec.size());
    line = line.substr(0, line.find('\n'));
  }
  const bool quoted = line.starts_with('"');
  line.remove_prefix(quoted ? 1 : 0);
  line = line.substr(0, line.find(quoted ? '"' : ' '));
  const fs::path path(line);
  return path.is_absolute() && path.filename().string().starts_with("python") ? path.string() : "";
}

}  // namespace hfauth::diagnose
