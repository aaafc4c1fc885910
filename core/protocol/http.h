// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of the HTTPS calls (PROTOCOL §2). Passwords and tokens pass through here as plain strings and are never
// logged.
#pragma once

#include "core/base/domain.h"
#include "core/protocol/packets.h"

#include <optional>
#include <string>
#include <vector>

namespace kith::protocol {

/// Parses a request or response body of at most `maxBytes` into an object. Total, like decodeFrame.
Decoded<boost::json::object> parseObject(std::string_view bytes, std::size_t maxBytes);

struct RegisterRequest {
    std::string username; // folded to lower case by the decoder
    std::string password;
    std::string displayName;
    bool operator==(const RegisterRequest &) const = default;
};
struct LoginRequest {
    std::string username;
    std::string password;
    Device device;
    std::optional<std::string> totp;
    std::optional<std::string> recoveryCode;
    bool operator==(const LoginRequest &) const = default;
};
struct TokenReply { // login (with user and device) and token/refresh
    std::string accessToken;
    std::string refreshToken;
    std::int64_t expiresInSeconds = 0;
    std::optional<User> user;
    std::optional<Device> device;
    bool operator==(const TokenReply &) const = default;
};
struct RefreshRequest {
    std::string refreshToken;
    bool operator==(const RefreshRequest &) const = default;
};
struct LogoutRequest {
    bool all = false;
    bool operator==(const LogoutRequest &) const = default;
};
struct PasswordRequest {
    std::string oldPassword; // "old"
    std::string newPassword; // "new"
    bool operator==(const PasswordRequest &) const = default;
};
struct ProfilePatch {
    std::optional<std::string> displayName;
    std::optional<std::string> avatar;
    bool operator==(const ProfilePatch &) const = default;
};
struct UserReply { // {"user":{…}}: register, me
    User user;
    bool operator==(const UserReply &) const = default;
};
struct UsersReply { // {"users":[…]}
    std::vector<User> users;
    bool operator==(const UsersReply &) const = default;
};
struct MfaReply { // GET mfa
    bool enabled = false;
    Timestamp boundAt{};
    int recoveryCodesLeft = 0;
    bool operator==(const MfaReply &) const = default;
};
struct EnrollReply {    // mfa/enroll
    std::string secret; // Base32
    std::string otpauthUri;
    std::string qrPng; // Base64
    std::int64_t expiresInSeconds = 0;
    bool operator==(const EnrollReply &) const = default;
};
struct BindRequest { // mfa/bind
    std::string secret;
    std::string code;
    bool operator==(const BindRequest &) const = default;
};
struct RecoveryCodesReply { // mfa/bind, mfa/recovery-codes
    std::vector<std::string> recoveryCodes;
    bool operator==(const RecoveryCodesReply &) const = default;
};
struct FactorRequest { // mfa/unbind, mfa/recovery-codes
    std::string password;
    std::string code; // of the authenticator, or a recovery code
    bool operator==(const FactorRequest &) const = default;
};
struct AccountEvent {
    std::int64_t id = 0;
    std::string event;
    Timestamp at{};
    std::string device;
    std::string address; // masked
    bool operator==(const AccountEvent &) const = default;
};
struct AuditReply { // {"events":[…],"more":…}, newest first
    std::vector<AccountEvent> events;
    bool more = false;
    bool operator==(const AuditReply &) const = default;
};
struct DevicesReply { // {"devices":[…]}
    std::vector<Device> devices;
    bool operator==(const DevicesReply &) const = default;
};

boost::json::object encode(const RegisterRequest &);
boost::json::object encode(const LoginRequest &);
boost::json::object encode(const TokenReply &);
boost::json::object encode(const RefreshRequest &);
boost::json::object encode(const LogoutRequest &);
boost::json::object encode(const PasswordRequest &);
boost::json::object encode(const ProfilePatch &);
boost::json::object encode(const UserReply &);
boost::json::object encode(const UsersReply &);
boost::json::object encode(const DevicesReply &);
boost::json::object encode(const MfaReply &);
boost::json::object encode(const EnrollReply &);
boost::json::object encode(const BindRequest &);
boost::json::object encode(const RecoveryCodesReply &);
boost::json::object encode(const FactorRequest &);
boost::json::object encode(const AuditReply &);

/// {"error":{…}}
std::string encodeErrorBody(const WireError &error);
/// Nothing if the body is not an error object.
std::optional<WireError> decodeErrorBody(std::string_view bytes);

} // namespace kith::protocol
