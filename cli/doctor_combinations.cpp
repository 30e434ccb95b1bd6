// SPDX-License-Identifier: Apache-2.0
//
// Pairs in one table. "--" stands for a program that is run: its output is standard output then, so
// reports go to files or to standard error.
#include "doctor_combinations.hpp"

#include "doctor_question.hpp"
#include "output_file.hpp"
#include "talk.hpp"

#include <array>

namespace hfauth::cli {
namespace {

struct Pair {
  const char* one;
  const char* other;
  const char* reason;  ///< tr_later()
};

constexpr const char* kProgram = "program";

constexpr const char* kAfterwards =
    tr_later("the machine is looked at when the program has ended: ask for this afterwards");
constexpr const char* kOtherMachine =
    tr_later("a file of facts is of another machine or another time");
constexpr const char* kComparesOnly = tr_later("a comparison is all that is printed then");
constexpr const char* kGoesOn = tr_later("it prints what changes, and never ends by itself");
constexpr const char* kNotesOnly =
    tr_later("an acknowledgement is noted, and nothing is looked at");

constexpr std::array kPairs{
    Pair{kProgram, "fix", kAfterwards},
    Pair{kProgram, "dry-run", kAfterwards},
    Pair{kProgram, "compare", kAfterwards},
    Pair{kProgram, "ack", kNotesOnly},
    Pair{kProgram, "facts", kOtherMachine},
    Pair{kProgram, "log", tr_later("the output of the program itself is read")},
    Pair{kProgram, "context", tr_later("a program is run in this shell")},
    Pair{"context", "fix", tr_later("only this shell's own files and variables are mended")},
    Pair{"context", "dry-run", tr_later("only this shell's own files and variables are mended")},
    Pair{"facts", "context", kOtherMachine},
    Pair{"facts", "try-all", kOtherMachine},
    Pair{"facts", "profile", kOtherMachine},
    Pair{"watch", "facts", kOtherMachine},
    Pair{"watch", kProgram, kAfterwards},
    Pair{"watch", "compare", kComparesOnly},
    Pair{"watch", "ack", kNotesOnly},
    Pair{"watch", "fix", kGoesOn},
    Pair{"watch", "dry-run", kGoesOn},
    Pair{"watch", "html", kGoesOn},
    Pair{"watch", "bundle", kGoesOn},
    Pair{"watch", "facts-out", kGoesOn},
    Pair{"compare", "context", tr_later("--compare takes contexts themselves")},
    Pair{"compare", "facts", tr_later("--compare takes the file's name itself")},
    Pair{"compare", "fix", kComparesOnly},
    Pair{"compare", "dry-run", kComparesOnly},
    Pair{"compare", "html", kComparesOnly},
    Pair{"compare", "bundle", kComparesOnly},
    Pair{"compare", "facts-out", kComparesOnly},
    Pair{"compare", "ack", kNotesOnly},
    Pair{"ack", "fix", kNotesOnly},
    Pair{"ack", "dry-run", kNotesOnly},
    Pair{"ack", "html", kNotesOnly},
    Pair{"ack", "bundle", kNotesOnly},
    Pair{"ack", "facts-out", kNotesOnly},
    Pair{"ack", "facts", kOtherMachine},
    Pair{"facts", "fix", tr_later("only this machine is mended")},
    Pair{"facts", "dry-run", tr_later("only this machine is mended")},
    Pair{"facts", "target", kOtherMachine},
    Pair{"facts", "write", kOtherMachine},
    Pair{"facts", "log", kOtherMachine},
};

std::string shown(const char* option) {
  if (option == std::string_view(kProgram)) return "-- PROGRAM";
  if (option == std::string_view("target")) return "TARGET";
  return "--" + std::string(option);
}

bool goes_to_output(const po::variables_map& values, const char* option) {
  return is_given(values, option) && is_standard_output(values[option].as<std::string>());
}

}  // namespace

Result<void> check_combinations(const po::variables_map& values) {
  for (const Pair& pair : kPairs) {
    if (is_given(values, pair.one) && is_given(values, pair.other)) {
      return Error{Errc::usage, filled(tr("{0} and {1} do not go together: {2}"), shown(pair.other),
                                       shown(pair.one), tr(pair.reason))};
    }
  }
  for (const char* option : {"html", "bundle", "facts-out"}) {
    if (is_given(values, kProgram) && goes_to_output(values, option)) {
      return Error{Errc::usage, filled(tr("{} - would write among the output of the program: name "
                                          "a file"),
                                       shown(option))};
    }
  }
  if (is_given(values, "doctor-exit") && !is_given(values, kProgram)) {
    return Error{Errc::usage, tr("--doctor-exit is for -- PROGRAM: alone the doctor always does")};
  }
  return {};
}

}  // namespace hfauth::cli
