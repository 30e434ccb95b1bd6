// SPDX-License-Identifier: Apache-2.0
//
// {fmt} as an archive, for cli/launcher.cpp alone: Debian packages it as a shared library and as
// headers. What is instantiated here is what our own libraries ask for; the linker tells what
// lacks.
#include <fmt/format-inl.h>

namespace fmt {
inline namespace v9 {
namespace detail {

template dragonbox::decimal_fp<float> dragonbox::to_decimal(float) noexcept;
template dragonbox::decimal_fp<double> dragonbox::to_decimal(double) noexcept;
template thousands_sep_result<char> thousands_sep_impl(locale_ref);
template char decimal_point_impl(locale_ref);

}  // namespace detail
}  // namespace v9
}  // namespace fmt
