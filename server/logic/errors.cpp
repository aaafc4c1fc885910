// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/errors.h"

#include "core/crypto/crypto.h"

namespace kith::server {

using protocol::ErrorCode;
using protocol::makeError;
using protocol::Retry;
using protocol::WireError;

namespace {

/// What nothing refers to goes after a day, some of it sooner.
constexpr auto kFilesRetry = std::chrono::hours{1};

WireError after(ErrorCode code, const char *message, std::chrono::milliseconds wait)
{
    WireError error = makeError(code, message);
    error.retry = Retry::After;
    error.retryAfterMs = wait.count();
    return error;
}

} // namespace

WireError wireError(StoreError error)
{
    switch (error) {
    case StoreError::NotFound:
        return makeError(ErrorCode::NotFound, "no such thing, or not for you");
    case StoreError::NotMember:
        return makeError(ErrorCode::NotMember, "you are not a member of this conversation");
    case StoreError::Forbidden:
        return makeError(ErrorCode::Forbidden, "you may not do this");
    case StoreError::UsernameTaken:
        return makeError(ErrorCode::Forbidden, "username is taken", "username");
    case StoreError::CidConflict:
        return makeError(ErrorCode::CidConflict, "this cid was used for another message", "d.cid");
    case StoreError::Blocked:
        return makeError(ErrorCode::Blocked, "the receiver does not take your messages");
    case StoreError::TooOld:
        return makeError(ErrorCode::Forbidden, "the time for this is over");
    case StoreError::Recalled:
        return makeError(ErrorCode::NotFound, "the message was recalled", "d.seq");
    case StoreError::AlreadyLiked:
        return makeError(ErrorCode::AlreadyLiked, "you like it already");
    case StoreError::NotLiked:
        return makeError(ErrorCode::NotLiked, "you do not like it yet");
    case StoreError::TooManyMembers:
        return makeError(ErrorCode::Forbidden, "the group is full");
    case StoreError::TooManyDevices:
        return makeError(ErrorCode::Forbidden, "too many devices: revoke one first", "device");
    case StoreError::TokenUnknown:
        return makeError(ErrorCode::Unauthenticated, "log in again");
    case StoreError::TokenReused:
        return makeError(ErrorCode::TokenReused, "this refresh token was used before: log in again");
    case StoreError::Outdated:
        return makeError(ErrorCode::InvalidCredentials, "the account has changed meanwhile");
    case StoreError::MfaBound:
        return makeError(ErrorCode::Forbidden, "a second factor is bound: turn it off first");
    case StoreError::MfaNotBound:
        return makeError(ErrorCode::MfaNotEnrolled, "no second factor is bound");
    case StoreError::MfaNotPending:
        return makeError(ErrorCode::MfaNotEnrolled, "no enrolment waits: begin again", "secret");
    case StoreError::CodeUsed:
        return makeError(ErrorCode::MfaInvalid, "the code is wrong or was used", "code");
    case StoreError::NoSuchFile:
        return makeError(ErrorCode::NotFound, "no such file of yours", "avatar");
    case StoreError::NotAnAvatar:
        return makeError(ErrorCode::Malformed, "an avatar is a complete PNG or JPEG of at most 1 MiB", "avatar");
    case StoreError::TooManyFiles:
        return after(ErrorCode::RateLimited, "too many unfinished uploads, or bytes that nothing refers to",
                     kFilesRetry);
    case StoreError::Overloaded:
        return overloaded();
    case StoreError::DiskFull:
        return makeError(ErrorCode::Internal, "the server cannot store anything now");
    case StoreError::Unavailable:
        return makeError(ErrorCode::Internal, "the server's store does not answer");
    }
    return makeError(ErrorCode::Internal, "unexpected");
}

WireError rateLimited(std::chrono::milliseconds retryAfter)
{
    return after(ErrorCode::RateLimited, "too fast", retryAfter);
}

WireError draining()
{
    return after(ErrorCode::Draining, "the server is going down", std::chrono::seconds{1});
}

WireError overloaded()
{
    return after(ErrorCode::Overloaded, "too much to do", std::chrono::milliseconds{500});
}

std::string newTrace()
{
    return crypto::toHex(crypto::randomBytes(4));
}

} // namespace kith::server
