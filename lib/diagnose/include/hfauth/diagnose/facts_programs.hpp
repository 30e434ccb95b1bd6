// SPDX-License-Identifier: Apache-2.0
//
// Parts of the facts (facts.hpp) on programs: installed ones, running ones, and those that a
// service manager starts. Plain values without a secret: stand-ins where the machine has tokens.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/diagnose/facts_places.hpp"

#include <string>
#include <vector>

namespace hfauth::diagnose {

/// A program that uses the Hub, found on PATH.
struct ProgramFacts {
  std::string name;         ///< "hf", "hfrs", "git", "node"
  std::string where;        ///< absolute path
  std::string version;      ///< "" if it cannot be read off its files
  std::string interpreter;  ///< the Python that a script's first line names; "" for others

  friend bool operator==(const ProgramFacts&, const ProgramFacts&) = default;
};

/// One Python environment, as far as its folders tell: it is never started.
struct PythonFacts {
  std::string prefix;  ///< "/home/u/.venv", "/usr"
  /// How it was found: "active", "path", "folder" (below the current one), "conda", "pyenv",
  /// "pipx", "uv", "program" (of hf), "session".
  std::string kind;
  std::string version;    ///< "3.11"; "" if its folders do not say
  std::string hub;        ///< of huggingface_hub; "" if it is not installed; so are the others
  std::string hub_where;  ///< the folder that holds huggingface_hub
  std::string transformers;
  std::string datasets;
  std::string hf_xet;

  friend bool operator==(const PythonFacts&, const PythonFacts&) = default;
};

/// A process of this user that keeps the environment with which it was started.
struct SessionFacts {
  int pid = 0;
  std::string kind;     ///< "kernel", "notebook-server", "editor", "server", "training", "client",
                        ///< and in a list of all: "python", "shell", "program"
  std::string command;  ///< its words without secrets, cut
  std::string started;  ///< ISO 8601, UTC
  std::string working_directory;
  Environment environment;  ///< the variables that matter, as it was started; tokens as stand-ins
  std::vector<HeldToken> tokens;  ///< those of its variables
  std::string home;               ///< its HOME, where that is another one than the facts'
  std::string problem;            ///< why it could not be looked into; "" if it could

  friend bool operator==(const SessionFacts& a, const SessionFacts& b) {
    return a.pid == b.pid && a.kind == b.kind && a.started == b.started &&
           a.environment.variables() == b.environment.variables();
  }
};

/// A program that is started without a shell: by systemd, cron or a desktop.
struct ServiceFacts {
  std::string kind;               ///< "systemd", "cron", "autostart"
  std::string name;               ///< "train.service"; of cron "crontab line 3"
  std::string where;              ///< the file that says so
  std::string command;            ///< redacted, cut
  bool uses_hub = false;          ///< its command is of a program that is known to use the Hub
  Environment environment;        ///< the variables that matter, tokens as stand-ins
  std::vector<HeldToken> tokens;  ///< those of its variables

  friend bool operator==(const ServiceFacts& a, const ServiceFacts& b) {
    return a.kind == b.kind && a.name == b.name && a.where == b.where && a.command == b.command &&
           a.uses_hub == b.uses_hub && a.environment.variables() == b.environment.variables();
  }
};

}  // namespace hfauth::diagnose
