// SPDX-License-Identifier: GPL-3.0-or-later
// Names of the logging categories, one per room. Bodies, tokens and secrets are never logged under any of them.
#pragma once

namespace kith::logging {

inline constexpr const char *kSql = "kith.sql";
inline constexpr const char *kHistory = "kith.history";
inline constexpr const char *kLink = "kith.link";
inline constexpr const char *kClient = "kith.client";
inline constexpr const char *kModels = "kith.models";
inline constexpr const char *kUi = "kith.ui";
inline constexpr const char *kGateway = "kithd.gateway";
inline constexpr const char *kLogic = "kithd.logic";
inline constexpr const char *kStore = "kithd.store";
inline constexpr const char *kDelivery = "kithd.delivery";
inline constexpr const char *kOps = "kithd.ops";

} // namespace kith::logging
