// SPDX-License-Identifier: GPL-3.0-or-later
// What is written down about an account, for its owner (GET /v1/audit) and for the operator (kithd audit).
#pragma once

#include "core/base/ids.h"
#include "server/logic/http_call.h"

#include <string_view>

namespace kith::server::audit {

inline constexpr std::string_view kRegistered = "registered";
inline constexpr std::string_view kLogin = "login";
inline constexpr std::string_view kLoginFailed = "login_failed";          // wrong password
inline constexpr std::string_view kLoginCodeFailed = "login_code_failed"; // right password, wrong second factor
inline constexpr std::string_view kLoginRecovery = "login_recovery_code"; // in by a recovery code
inline constexpr std::string_view kLogout = "logout";
inline constexpr std::string_view kLogoutAll = "logout_all";
inline constexpr std::string_view kPasswordChanged = "password_changed";
inline constexpr std::string_view kPasswordFailed = "password_failed"; // at a call that asks for it again
inline constexpr std::string_view kMfaBound = "mfa_bound";
inline constexpr std::string_view kMfaUnbound = "mfa_unbound";
inline constexpr std::string_view kMfaFailed = "mfa_failed"; // wrong code at bind, unbind or new recovery codes
inline constexpr std::string_view kRecoveryCodes = "recovery_codes_renewed";
inline constexpr std::string_view kDeviceRevoked = "device_revoked";

/// With the caller's masked address. Of an account that is known only: a stranger's guesses at names leave no row.
void note(const HttpCall &call, const UserId &user, std::string_view event, const DeviceId &device = {});

} // namespace kith::server::audit
