// SPDX-License-Identifier: Apache-2.0
//
// Two passes: widths, then lines.
#include "table.hpp"

#include "hfauth/core/utf8.hpp"

#include <algorithm>
#include <ostream>

namespace hfauth::cli {
namespace {

void print_row(std::ostream& out, const std::vector<Column>& columns,
               const std::vector<std::size_t>& widths, const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string padding(widths[i] - utf8::columns(cells[i]), ' ');
    line += i == 0 ? "" : "  ";
    line += columns[i].is_right ? padding + cells[i] : cells[i] + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << '\n';
}

void print_tabs(std::ostream& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i)
    out << (i == 0 ? "" : "\t") << cells[i];
  out << '\n';
}

}  // namespace

void print_table(Context& context, const std::vector<Column>& columns,
                 const std::vector<std::vector<std::string>>& rows) {
  std::ostream& out = context.out;
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (const Column& column : columns) {
    titles.push_back(column.title);
    widths.push_back(utf8::columns(column.title));
  }
  for (const std::vector<std::string>& cells : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      widths[i] = std::max(widths[i], utf8::columns(cells[i]));
  }
  if (context.format == Format::agent) {
    print_tabs(out, titles);
    for (const std::vector<std::string>& cells : rows)
      print_tabs(out, cells);
    return;
  }
  print_row(out, columns, widths, titles);
  for (const std::vector<std::string>& cells : rows)
    print_row(out, columns, widths, cells);
}

}  // namespace hfauth::cli
