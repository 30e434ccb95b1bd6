// SPDX-License-Identifier: Apache-2.0
//
// What a program or a notebook does with the Hub, by its text alone: the repositories, tokens and
// variables that stand in it as literals. What is computed is not seen. Pure.
//
// Kinds of a place (ScriptPlace::kind) and what its subject is:
//   import       a library that asks the Hub was loaded; the library
//   repo         it is read; "org/name", "datasets/org/name"
//   upload       it is written to, or something is; the repository, "" if that is computed
//   token        a literal is handed over; the argument or function: "token=", "login"
//   literal      a token stands there, for whatever use; ""
//   token_false  token=False; the argument
//   old_argument use_auth_token=; the argument
//   variable     a variable is set; its name
//   vault        a secret of Colab or Kaggle is asked for; its name
//   dotenv       load_dotenv()
//   login        login() without a literal, notebook_login()
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// A place before its token, if it has one, is turned into a stand-in.
struct RawPlace {
  std::string kind;
  int line = 0;
  int cell = 0;
  std::string subject;
  std::string token;  ///< as it stands there; wiped by whoever takes it
};

struct ScriptReading {
  std::string problem;  ///< why the text cannot be read; "" if it can
  std::vector<RawPlace> places;
};

/// A program in Python.
[[nodiscard]] ScriptReading read_script(std::string_view source);

/// A notebook in nbformat 3 or 4: its code cells, and the tokens that stand in what they printed.
[[nodiscard]] ScriptReading read_notebook(std::string_view text);

}  // namespace hfauth::diagnose
