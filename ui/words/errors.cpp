// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/words.h"

namespace kith::ui {

using client::ClientErrorCode;
using protocol::ErrorCode;

namespace {
QString storageText(const client::ClientError &error)
{
    using sql::SqlErrorCode;
    if (error.sql) {
        const SqlErrorCode code = error.sql->code;
        if (code == SqlErrorCode::DiskFull)
            return Words::tr("The disk is full: nothing more can be saved. What is saved stays saved; make space, then "
                             "try again.");
        if (code == SqlErrorCode::WrongKey || code == SqlErrorCode::Plaintext || code == SqlErrorCode::Truncated ||
            code == SqlErrorCode::Corrupt)
            return Words::tr(
                "The history file of this profile cannot be read: it is damaged, or its key is another one. It "
                "was left untouched. If you have a copy of it, put it back and try again.");
        if (code == SqlErrorCode::NewerSchema)
            return Words::tr("A newer version of Kith wrote this history. It was left untouched: use that version.");
    }
    return Words::tr("The history on this computer cannot be written or read. What is saved stays saved; look for "
                     "space on the disk.");
}

QString fileText(const client::ClientError &error)
{
    using exporting::ErrorCode;
    switch (error.file ? error.file->code : ErrorCode::Unwritable) {
    case ErrorCode::Exists:
        return Words::tr("A file of this name is there already. It was left as it is.");
    case ErrorCode::DiskFull:
        return Words::tr("The disk is full: nothing was written. Make space or choose another place, then try again.");
    case ErrorCode::Busy:
        return Words::tr("Another export is writing this file. Wait for it, or choose another name.");
    case ErrorCode::Changed:
        return Words::tr("The server was restored from a backup meanwhile. Nothing was written; start again.");
    case ErrorCode::Unwritable:
    case ErrorCode::Cancelled: // has a code of its own
        break;
    }
    return Words::tr("This file cannot be written. Choose another place, then try again.");
}

QString wireText(const protocol::WireError &wire, const QString &fallback)
{
    if (wire.code == ErrorCode::RateLimited && wire.retryAfterMs > 0) {
        const int seconds = static_cast<int>((wire.retryAfterMs + 999) / 1000);
        return Words::tr("Too many attempts. Try again in %n second(s).", nullptr, seconds);
    }
    return fallback;
}
} // namespace

QString Words::refusal(const std::string &code)
{
    const auto known = protocol::errorCodeFromName(code);
    if (!known)
        return tr("The server refused this message.");
    switch (*known) {
    case ErrorCode::Malformed:
    case ErrorCode::UnsupportedOp:
        return tr("The server did not understand this. A newer version of Kith may help.");
    case ErrorCode::TooLarge:
        return tr("This is too long. Send it in parts.");
    case ErrorCode::Unauthenticated:
    case ErrorCode::TokenExpired:
    case ErrorCode::TokenReused:
        return tr("You were logged out here. Log in again; your messages are kept.");
    case ErrorCode::MfaRequired:
        return tr("A code from your authenticator is needed.");
    case ErrorCode::MfaInvalid:
        return tr("This code is wrong or was used already. Wait for the next one.");
    case ErrorCode::MfaNotEnrolled:
    case ErrorCode::MfaSecretMismatch:
        return tr("This enrolment is over. Begin again.");
    case ErrorCode::InvalidCredentials:
        return tr("User name or password is wrong.");
    case ErrorCode::Forbidden:
        return tr("This is not allowed on this server.");
    case ErrorCode::NotMember:
        return tr("You are not a member of this conversation.");
    case ErrorCode::Blocked:
        return tr("This person does not take messages from you.");
    case ErrorCode::Muted:
        return tr("You may not write here at the moment.");
    case ErrorCode::ChatLimited:
        return tr("You may send more once they have answered.");
    case ErrorCode::SensitiveContent:
        return tr("The server does not pass this content on.");
    case ErrorCode::NotFound:
        return tr("This is no longer there.");
    case ErrorCode::CidConflict:
    case ErrorCode::VersionConflict:
    case ErrorCode::AlreadyLiked:
    case ErrorCode::NotLiked:
        return tr("This was changed elsewhere in the meantime.");
    case ErrorCode::EpochChanged:
        return tr("The server was restored from a backup. Kith compares its history.");
    case ErrorCode::RateLimited:
        return tr("That was too fast for the server. Wait a moment.");
    case ErrorCode::Overloaded:
    case ErrorCode::Draining:
        return tr("The server is busy. Try again in a moment.");
    case ErrorCode::Internal:
        return tr("Something went wrong on the server. Nothing of yours is lost.");
    }
    return {};
}

QString Words::error(const client::ClientError &error)
{
    switch (error.code) {
    case ClientErrorCode::Unreachable:
        return tr("The server cannot be reached. Check the address and your network, then try again.");
    case ClientErrorCode::Proxy:
        return tr("The proxy cannot be reached, or it refuses. Check it in the settings, then try again.");
    case ClientErrorCode::Tls:
        return tr("The connection is not safe: the server's certificate was not accepted. Nothing was sent.");
    case ClientErrorCode::NotKith:
        return tr("Something answers at this address, but it is not a Kith server.");
    case ClientErrorCode::Server:
        if (error.wire) {
            const auto name = protocol::name(error.wire->code);
            return wireText(*error.wire, refusal(std::string(name)));
        }
        return tr("The server refused this.");
    case ClientErrorCode::NotLoggedIn:
        return tr("You are not logged in.");
    case ClientErrorCode::Storage:
        return storageText(error);
    case ClientErrorCode::ProfileInUse:
        return tr("Kith is already running with this profile. Use its window, or close it first.");
    case ClientErrorCode::KeyringLocked:
        return tr("The system's keyring is locked. Unlock it, then try again.");
    case ClientErrorCode::KeyringAbsent:
        return tr("This system has no keyring. A passphrase will protect your history instead.");
    case ClientErrorCode::KeyringUnavailable:
        return tr("The key of your history is in the system's keyring, which does not answer. Start it, then try "
                  "again. Nothing was changed.");
    case ClientErrorCode::KeyringSlow:
        return tr("The system's keyring takes very long to answer. Try again; nothing was changed.");
    case ClientErrorCode::KeyMissing:
        return tr("The history is here, but its key is not in the keyring. It was left untouched: restore the keyring, "
                  "or start with another profile.");
    case ClientErrorCode::PassphraseNeeded:
        return tr("Your history is protected by a passphrase.");
    case ClientErrorCode::PassphraseWrong:
        return tr("This is not the right passphrase.");
    case ClientErrorCode::UnlockThrottled: {
        const int seconds = static_cast<int>((error.retryAfter.count() + 999) / 1000);
        return tr("Too many wrong passphrases. Try again in %n second(s).", nullptr, seconds);
    }
    case ClientErrorCode::KeyFileBad:
        return tr("The key file cannot be used: it must hold 64 hexadecimal characters and be readable by you only.");
    case ClientErrorCode::InsecureRefused:
        return tr("An address with http:// is only accepted on this computer. Use https://.");
    case ClientErrorCode::File:
        return fileText(error);
    case ClientErrorCode::Cancelled:
        return {};
    }
    return {};
}

QString Words::accountEvent(const std::string &event)
{
    const std::pair<const char *, QString> known[] = {
        {"registered", tr("The account was made")},
        {"login", tr("Logged in")},
        {"login_failed", tr("A login failed: wrong password")},
        {"login_code_failed", tr("A login failed: right password, wrong code")},
        {"login_recovery_code", tr("Logged in with a recovery code")},
        {"logout", tr("Logged out")},
        {"logout_all", tr("Logged out everywhere")},
        {"password_changed", tr("The password was changed")},
        {"password_failed", tr("A wrong password was typed in the settings")},
        {"mfa_bound", tr("The second factor was turned on")},
        {"mfa_unbound", tr("The second factor was turned off")},
        {"mfa_failed", tr("A wrong code was typed in the settings")},
        {"recovery_codes_renewed", tr("New recovery codes were made")},
        {"device_revoked", tr("A device was logged out")},
    };
    for (const auto &[name, words] : known)
        if (event == name)
            return words;
    return QString::fromStdString(event); // of a newer server
}

QString Words::errorDetail(const client::ClientError &error)
{
    QStringList parts;
    if (error.wire) {
        const auto name = protocol::name(error.wire->code);
        parts << QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        if (!error.wire->trace.empty())
            parts << QString::fromStdString(error.wire->trace);
    }
    if (!error.detail.isEmpty())
        parts << error.detail;
    return parts.join(QStringLiteral(" · "));
}

} // namespace kith::ui
