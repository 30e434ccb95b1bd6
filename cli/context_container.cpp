// SPDX-License-Identifier: Apache-2.0
//
// A container as `docker inspect` or `podman inspect` describes it: its variables, its user, and
// the folders of this machine that are mounted into it. Nothing is run inside of it, so a file that
// is in no mount is not known.
#include "child_process.hpp"
#include "doctor_context.hpp"
#include "hfauth/core/utf8.hpp"
#include "talk.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::chrono::seconds kPatience{5};

struct Mount {
  std::string there;
  std::string here;
};

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 255 && id.front() != '-' && id.front() != '.' &&
         std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-';
         });
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string()
             ? found->get<std::string>()
             : "";
}

const Json& part_of(const Json& object, const char* key) {
  static const Json none;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : none;
}

/// A container as it was inspected.
struct Described {
  Json container;
};

/// The answer of the first of the two that knows the container.
Result<Described> inspect(const std::string& id, const Context& context) {
  bool asked = false;
  for (const char* program : {"docker", "podman"}) {
    const Result<ChildResult> answer = run_child(
        {program, "inspect", "--type", "container", "--", id}, context.environment, "", kPatience);
    if (!answer && answer.error().code == Errc::not_found) continue;
    if (!answer) return answer.error();
    asked = true;
    const Json list = Json::parse(answer->output, nullptr, false);
    if (answer->status == 0 && list.is_array() && !list.empty() && list.front().is_object())
      return Described{list.front()};
  }
  if (!asked)
    return Error{Errc::unsupported, tr("container: neither docker nor podman is here to be asked")};
  return Error{
      Errc::not_found,
      filled(tr("container {}: docker and podman know none of this name, or do not answer"), id)};
}

std::vector<Mount> mounts_of(const Json& container) {
  std::vector<Mount> mounts;
  const Json& list = part_of(container, "Mounts");
  for (const Json& one : list.is_array() ? list : Json::array()) {
    std::string there = text_at(one, "Destination");
    std::string here = text_at(one, "Source");
    if (there.starts_with('/') && here.starts_with('/'))
      mounts.push_back({std::move(there), std::move(here)});
  }
  // The deepest one covers the others.
  std::sort(mounts.begin(), mounts.end(),
            [](const Mount& a, const Mount& b) { return a.there.size() > b.there.size(); });
  return mounts;
}

std::optional<fs::path> place_of(const std::vector<Mount>& mounts, const fs::path& path) {
  const std::string text = path.lexically_normal().string();
  for (const Mount& mount : mounts) {
    if (text == mount.there) return fs::path(mount.here);
    if (text.starts_with(mount.there + "/"))
      return fs::path(mount.here) / text.substr(mount.there.size() + 1);
  }
  return std::nullopt;
}

void take_home(const std::string& user, SeenContext& seen) {
  const std::string name = user.substr(0, user.find(':'));
  if (const auto home = seen.environment.non_empty("HOME")) {
    seen.home = *home;
  } else if (name.empty() || name == "root" || name == "0") {
    seen.home = "/root";
  } else {
    seen.home = "/home/" + name;
    seen.unknown.push_back(
        not_known(filled(tr("the home of the user {} of the container"), utf8::visible(name))));
  }
}

}  // namespace

Result<SeenContext> look_into_container(std::string_view word, const Context& context) {
  const std::string id(word);
  if (!is_id(id))
    return Error{Errc::usage,
                 filled(tr("container:{}: no name of a container"), utf8::visible(id))};
  const Result<Described> answer = inspect(id, context);
  if (!answer) return answer.error();
  const Json& container = answer->container;
  SeenContext seen;
  seen.name = "container:" + id;
  seen.has_agent = false;
  seen.foreign = true;
  const Json& config = part_of(container, "Config");
  const Json& variables = part_of(config, "Env");
  for (const Json& one : variables.is_array() ? variables : Json::array()) {
    if (!one.is_string()) continue;
    const auto text = one.get<std::string>();
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos)
      seen.environment.set(text.substr(0, equals), text.substr(equals + 1));
  }
  seen.environment.set("container", "docker");
  take_home(text_at(config, "User"), seen);
  const std::string folder = text_at(config, "WorkingDir");
  seen.working_directory = folder.empty() ? "/" : folder;
  seen.on_host = [mounts = mounts_of(container)](const fs::path& path) {
    return place_of(mounts, path);
  };
  return seen;
}

}  // namespace hfauth::cli
