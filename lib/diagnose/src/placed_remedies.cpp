// SPDX-License-Identifier: Apache-2.0
//
// Three kinds of cure differ by place: to take a variable away, to set one, to hand over a token.
// Names of menus are the English ones.
#include "placed_remedies.hpp"

#include "hfauth/core/translate.hpp"
#include "remedies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

using Places = std::vector<PlacedRemedy>;

enum class Cure { unset, set, token };

struct Row {
  std::string_view check;
  Cure cure;
  std::string_view variable;
  std::string_view value = {};
};

constexpr std::array kRows{
    Row{"HFA101", Cure::unset, "HF_TOKEN"},
    Row{"HFA103", Cure::set, "HF_TOKEN", "$HUGGING_FACE_HUB_TOKEN"},
    Row{"HFA104", Cure::unset, "HF_TOKEN"},
    Row{"HFA105", Cure::unset, "HF_HUB_DISABLE_IMPLICIT_TOKEN"},
    Row{"HFA106", Cure::unset, "HF_HOME"},
    Row{"HFA107", Cure::set, "HF_HOME", "/absolute/path"},
    Row{"HFA108", Cure::set, "HF_HOME", "/absolute/path"},
    Row{"HFA109", Cure::unset, "HF_TOKEN_PATH"},
    Row{"HFA110", Cure::token, ""},
    Row{"HFA112", Cure::unset, "HF_OIDC_RESOURCE"},
    Row{"HFA113", Cure::token, ""},
    Row{"HFA114", Cure::token, ""},
    Row{"HFA115", Cure::unset, "HUGGINGFACE_CO_STAGING"},
    Row{"HFA116", Cure::token, ""},
    Row{"HFA203", Cure::token, ""},
    Row{"HFA205", Cure::token, ""},
    Row{"HFA301", Cure::token, ""},
    Row{"HFA302", Cure::token, ""},
    Row{"HFA303", Cure::token, ""},
    Row{"HFA401", Cure::token, ""},
    Row{"HFA501", Cure::unset, "HF_HUB_OFFLINE"},
    Row{"HFA502", Cure::set, "HF_HUB_OFFLINE", "1"},
    Row{"HFA504", Cure::set, "HTTPS_PROXY", "http://HOST:PORT"},
    Row{"HFA505", Cure::set, "SSL_CERT_FILE", "/path/to/authority.pem"},
    Row{"HFA506", Cure::set, "SSL_CERT_FILE", "/path/to/authority.pem"},
    Row{"HFA507", Cure::unset, "HF_ENDPOINT"},
    Row{"HFA508", Cure::unset, "HF_ENDPOINT"},
    Row{"HFA510", Cure::set, "HF_HUB_DISABLE_XET", "1"},
    Row{"HFA512", Cure::set, "HF_HUB_ETAG_TIMEOUT", "10"},
    Row{"HFA601", Cure::token, ""},
    Row{"HFA602", Cure::token, ""},
    Row{"HFA603", Cure::token, ""},
    Row{"HFA604", Cure::token, ""},
    Row{"HFA608", Cure::token, ""},
    Row{"HFA701", Cure::token, ""},
    Row{"HFA706", Cure::token, ""},
    Row{"HFA707", Cure::token, ""},
    Row{"HFA709", Cure::token, ""},
    Row{"HFA710", Cure::token, ""},
};

// For a person who edits a unit: systemctl edit opens the right file.
constexpr const char* kInUnit =
    tr_later("under [Service], by systemctl --user edit UNIT; then restart it");
constexpr const char* kBeforeImport = tr_later("in the first cell, before the imports");

Places unset_lines(std::string_view name) {
  return {{"bash, zsh", fmt::format("unset {}", name), ""},
          {"fish", fmt::format("set -e {}", name), ""},
          {"csh, tcsh", fmt::format("unsetenv {}", name), ""},
          {"systemd", fmt::format("UnsetEnvironment={}", name), kInUnit},
          {"Docker", "docker run IMAGE",
           tr_later("without it in -e, in --env-file and in the image's ENV")},
          {"Colab, Kaggle, Jupyter", fmt::format("import os; os.environ.pop(\"{}\", None)", name),
           kBeforeImport},
          {"GitHub Actions", "",
           tr_later("take it out of env: of the workflow, the job and the step; set to nothing is "
                    "not unset")}};
}

/// A value that is another variable is written as each place refers to it.
Places set_lines(std::string_view name, std::string_view value) {
  const bool refers = value.starts_with('$');
  const std::string_view other = refers ? value.substr(1) : value;
  const auto assignment = [&](std::string_view what) { return fmt::format("{}={}", name, what); };
  const std::string quoted = fmt::format(fmt::runtime(refers ? "\"{}\"" : "{}"), value);
  const std::string in_python =
      fmt::format(fmt::runtime(refers ? "os.environ[\"{}\"]" : "\"{}\""), other);
  const std::string in_job =
      refers ? fmt::format("${{{{ secrets.{} }}}}", other) : std::string(value);
  return {{"bash, zsh", "export " + assignment(quoted), ""},
          {"fish", fmt::format("set -gx {} {}", name, value), ""},
          {"csh, tcsh", fmt::format("setenv {} {}", name, quoted), ""},
          {"systemd", "Environment=" + assignment(refers ? "VALUE" : value), kInUnit},
          {"Docker", fmt::format("docker run -e {} IMAGE", assignment(quoted)),
           tr_later("in --env-file without quotes")},
          {"Colab, Kaggle, Jupyter",
           fmt::format("import os; os.environ[\"{}\"] = {}", name, in_python), kBeforeImport},
          {"GitHub Actions", fmt::format("env: {{{}: \"{}\"}}", name, in_job), ""}};
}

Places token_lines() {
  return {{"bash, zsh", "hfauth login && eval \"$(hfauth env)\"", ""},
          {"fish", "hfauth login; and hfauth env | source", ""},
          {"csh, tcsh", "hfauth login && eval \"`hfauth env`\"", ""},
          {"systemd", "ExecStart=/usr/bin/hfauth exec -- PROGRAM", kInUnit},
          {"cron, Slurm", "hfauth exec -- PROGRAM", ""},
          {"Docker", "hfauth exec -- docker run -e HF_TOKEN IMAGE", ""},
          {"Kubernetes", "{name: HF_TOKEN, valueFrom: {secretKeyRef: {name: hf, key: token}}}",
           tr_later("in the container's env")},
          {"Colab", std::string(kLoginCell),
           tr_later("or a secret named HF_TOKEN with \"Notebook access\", and a restart")},
          {"Kaggle",
           "import os; from kaggle_secrets import UserSecretsClient; os.environ[\"HF_TOKEN\"] = "
           "UserSecretsClient().get_secret(\"HF_TOKEN\")",
           kBeforeImport},
          {"Jupyter", std::string(kLoginCell), ""},
          {"Spaces", "", tr_later("Settings > Variables and secrets > New secret: HF_TOKEN")},
          {"GitHub Actions", "env: {HF_TOKEN: \"${{ secrets.HF_TOKEN }}\"}",
           tr_later("jobs of forks get none")},
          {"GitLab CI", "", tr_later("Settings > CI/CD > Variables: HF_TOKEN, masked")}};
}

}  // namespace

Places remedies_by_place(std::string_view check) {
  const auto row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.check == check; });
  if (row == kRows.end()) return {};
  switch (row->cure) {
    case Cure::unset:
      return unset_lines(row->variable);
    case Cure::set:
      return set_lines(row->variable, row->value);
    case Cure::token:
      break;
  }
  return token_lines();
}

}  // namespace hfauth::diagnose
