// SPDX-License-Identifier: Apache-2.0
//
// Columns of text for people, as wide as a terminal shows them.
#pragma once

#include "context.hpp"

#include <string>
#include <vector>

namespace hfauth::cli {

struct Column {
  std::string title;
  bool is_right = false;  ///< numbers stand at the right
};

/// Prints titles and rows to context.out, two spaces between columns, none behind the last; for the
/// agent format one tab between and no other space. Every row has as many cells as there are
/// columns; cells are valid UTF-8 without line breaks.
void print_table(Context& context, const std::vector<Column>& columns,
                 const std::vector<std::vector<std::string>>& rows);

}  // namespace hfauth::cli
