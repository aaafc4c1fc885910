// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/errors.h"

#include <array>

namespace kith::protocol {
namespace {

struct Row {
    ErrorCode code;
    std::string_view name;
    Retry retry;
    int status;
};

constexpr std::array kRows{
    Row{ErrorCode::Malformed, "malformed", Retry::No, 400},
    Row{ErrorCode::UnsupportedOp, "unsupported_op", Retry::No, 400},
    Row{ErrorCode::TooLarge, "too_large", Retry::New, 413},
    Row{ErrorCode::Unauthenticated, "unauthenticated", Retry::New, 401},
    Row{ErrorCode::TokenExpired, "token_expired", Retry::New, 401},
    Row{ErrorCode::TokenReused, "token_reused", Retry::No, 401},
    Row{ErrorCode::MfaRequired, "mfa_required", Retry::New, 401},
    Row{ErrorCode::MfaInvalid, "mfa_invalid", Retry::New, 401},
    Row{ErrorCode::MfaNotEnrolled, "mfa_not_enrolled", Retry::No, 409},
    Row{ErrorCode::MfaSecretMismatch, "mfa_secret_mismatch", Retry::New, 409},
    Row{ErrorCode::InvalidCredentials, "invalid_credentials", Retry::New, 401},
    Row{ErrorCode::Forbidden, "forbidden", Retry::No, 403},
    Row{ErrorCode::NotMember, "not_member", Retry::No, 403},
    Row{ErrorCode::Blocked, "blocked", Retry::No, 403},
    Row{ErrorCode::Muted, "muted", Retry::No, 403},
    Row{ErrorCode::ChatLimited, "chat_limited", Retry::After, 429},
    Row{ErrorCode::SensitiveContent, "sensitive_content", Retry::New, 422},
    Row{ErrorCode::NotFound, "not_found", Retry::No, 404},
    Row{ErrorCode::CidConflict, "cid_conflict", Retry::No, 409},
    Row{ErrorCode::AlreadyLiked, "already_liked", Retry::No, 409},
    Row{ErrorCode::NotLiked, "not_liked", Retry::No, 409},
    Row{ErrorCode::VersionConflict, "version_conflict", Retry::New, 409},
    Row{ErrorCode::EpochChanged, "epoch_changed", Retry::New, 409},
    Row{ErrorCode::RateLimited, "rate_limited", Retry::After, 429},
    Row{ErrorCode::Overloaded, "overloaded", Retry::Same, 503},
    Row{ErrorCode::Draining, "draining", Retry::Same, 503},
    Row{ErrorCode::Internal, "internal", Retry::Same, 503},
};

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].code) != i)
            return false;
    return static_cast<std::size_t>(ErrorCode::Internal) + 1 == kRows.size();
}
static_assert(inOrder(), "the table is indexed by the enumerator");

const Row &row(ErrorCode code)
{
    return kRows[static_cast<std::size_t>(code)];
}

} // namespace

std::string_view name(ErrorCode code)
{
    return row(code).name;
}

std::optional<ErrorCode> errorCodeFromName(std::string_view name)
{
    for (const Row &r : kRows)
        if (r.name == name)
            return r.code;
    return std::nullopt;
}

std::string_view name(Retry retry)
{
    switch (retry) {
    case Retry::No:
        return "no";
    case Retry::Same:
        return "same";
    case Retry::New:
        return "new";
    case Retry::After:
        return "after";
    }
    return "no";
}

Retry defaultRetry(ErrorCode code)
{
    return row(code).retry;
}

int httpStatus(ErrorCode code)
{
    return row(code).status;
}

WireError makeError(ErrorCode code, std::string message, std::string field)
{
    return WireError{code, std::move(message), defaultRetry(code), 0, std::move(field), {}};
}

} // namespace kith::protocol
