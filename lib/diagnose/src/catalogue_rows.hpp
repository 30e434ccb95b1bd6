// SPDX-License-Identifier: Apache-2.0
//
// The catalogue's rows by group: one file of data a group, each sorted by id. catalogue.cpp joins
// them.
#pragma once

#include "hfauth/diagnose/catalogue.hpp"

#include <span>

namespace hfauth::diagnose {

[[nodiscard]] std::span<const CheckInfo> doctor_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> sources_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> value_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> identity_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> access_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> network_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> processes_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> hosted_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> storage_rows() noexcept;
[[nodiscard]] std::span<const CheckInfo> exposure_rows() noexcept;

}  // namespace hfauth::diagnose
