// SPDX-License-Identifier: Apache-2.0
//
// The words of a Python program, as far as one needs them to see which calls it makes with which
// literals: names, strings, signs, with their lines. No program is run and nothing is evaluated.
// Any bytes are taken: what is no Python gives words without meaning. Linear time, pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

struct ScriptWord {
  enum class Kind {
    name,    ///< identifier, keyword or number
    string,  ///< a literal; `text` without prefix and quotes, escapes of quotes and backslash
             ///< undone
    sign,    ///< one character
    magic,   ///< a line of IPython: "%env A=b", "!pip install x"; `text` from the first sign on
  };
  Kind kind = Kind::sign;
  std::string text;
  int line = 1;
  bool filled_in = false;  ///< of an f-string: its value is not its text
};

/// At most `most` words; the rest of an endless text is left out. `notebook`: lines that begin with
/// % or ! are IPython's.
[[nodiscard]] std::vector<ScriptWord> script_words(std::string_view source, bool notebook,
                                                   std::size_t most);

}  // namespace hfauth::diagnose
