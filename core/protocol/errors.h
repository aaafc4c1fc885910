// SPDX-License-Identifier: GPL-3.0-or-later
// Error codes of the wire (PROTOCOL §5) and the error object that carries them over HTTPS and the socket.
#pragma once

#include "core/base/expected.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::protocol {

enum class ErrorCode {
    Malformed,         // not the JSON, type or range that the op asks for
    UnsupportedOp,     // no such op or packet code, or not one that a client may send
    TooLarge,          // frame, body or field over its limit
    Unauthenticated,   // no token, or one that is not valid
    TokenExpired,      // refresh and come again
    TokenReused,       // a refresh token came back after its grace: the family is revoked
    MfaRequired,       // password right, second factor missing
    MfaInvalid,        // second factor wrong or used
    MfaNotEnrolled,    // bind without a pending secret
    MfaSecretMismatch, // bind with another secret than the pending one
    InvalidCredentials,
    Forbidden,
    NotMember,
    Blocked,
    Muted,
    ChatLimited,
    SensitiveContent,
    NotFound,
    CidConflict, // the same (sender, cid) with another body
    AlreadyLiked,
    NotLiked,
    VersionConflict,
    EpochChanged,
    RateLimited,
    Overloaded,
    Draining,
    Internal,
};

/// What a client may do about an error: give up, send the same bytes again, send a changed request, wait and send.
enum class Retry { No, Same, New, After };

std::string_view name(ErrorCode code);
std::optional<ErrorCode> errorCodeFromName(std::string_view name);
std::string_view name(Retry retry);
/// The hint that goes with a code where nothing more is known.
Retry defaultRetry(ErrorCode code);
/// HTTP status of a code (PROTOCOL §2).
int httpStatus(ErrorCode code);

/// The error object of both doors. `message` is a sentence for a developer; the user's words are made by the client.
struct WireError {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    Retry retry = Retry::No;
    std::int64_t retryAfterMs = 0;
    std::string field; // the offending field, or empty
    std::string trace; // finds the server's log line

    bool operator==(const WireError &) const = default;
};

WireError makeError(ErrorCode code, std::string message, std::string field = {});

template <class T>
using Decoded = Expected<T, WireError>;

/// Close codes of the socket (PROTOCOL §5).
enum class CloseCode : std::uint16_t {
    LogInAgain = 4001,
    SilentTooLong = 4008,
    SlowReader = 4010,
    Draining = 4012,
    Rate = 4029,
    Protocol = 4500,
    Revoked = 4501,
    TooManyDevices = 4504,
};

} // namespace kith::protocol
