// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kithd/environment.h"

#include "core/base/durable.h"
#include "core/base/logging.h"
#include "server/ops/key_file.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace kith::server {

void hardenProcess()
{
    ::signal(SIGPIPE, SIG_IGN); // OpenSSL writes with write(2)
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

std::string databasePath(const Config &config)
{
    return config.data + "/kithd.db";
}

bool databaseExists(const Config &config)
{
    struct stat info {};
    return ::stat(databasePath(config).c_str(), &info) == 0 && info.st_size > 0;
}

Expected<crypto::Secret, std::string> loadKey(const Config &config, bool mayMake)
{
    const bool made = ::mkdir(config.data.c_str(), 0700) == 0;
    if (made ? !syncFolderOf(config.data) : errno != EEXIST)
        return Unexpected(config.data + ": " + std::strerror(errno));
    if (const char *given = std::getenv("KITHD_KEY"); given && config.keyFile.empty()) {
        auto key = parseKey(given, "KITHD_KEY");
        ::unsetenv("KITHD_KEY");
        if (!key)
            return Unexpected(key.error().detail);
        return std::move(key).value();
    }
    const std::string path = config.keyFile.empty() ? config.data + "/kithd.key" : config.keyFile;
    auto key = readOrMakeKeyFile(path, mayMake && !databaseExists(config));
    if (!key)
        return Unexpected(key.error().detail);
    if (key->made) {
        log(LogLevel::Warning, logging::kOps, "a key was made: keep a copy, apart from backups of the data folder",
            {{"file", path}});
    }
    return std::move(key->key);
}

Expected<std::string, std::string> readPassword(const char *prompt)
{
    termios before{};
    const bool terminal = ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        std::cerr << prompt << ": " << std::flush;
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    std::string line;
    const bool read = static_cast<bool>(std::getline(std::cin, line));
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        std::cerr << '\n';
    }
    if (!read)
        return Unexpected(std::string("no password on standard input"));
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

std::string describeOpenError(const sql::SqlError &error)
{
    using sql::SqlErrorCode;
    const auto words = [&]() -> const char * {
        switch (error.code) {
        case SqlErrorCode::NotSqlCipher:
            return "this build is not linked with SQLCipher; nothing was written";
        case SqlErrorCode::Plaintext:
            return "the file is not encrypted; refused";
        case SqlErrorCode::WrongKey:
            return "the key does not open it, or it is not a database of kithd";
        case SqlErrorCode::Truncated:
            return "the file is cut short; restore it from a backup";
        case SqlErrorCode::Corrupt:
            return "the file is damaged; restore it from a backup";
        case SqlErrorCode::NewerSchema:
            return "it was written by a newer kithd";
        case SqlErrorCode::Busy:
            return "another kithd is using it";
        case SqlErrorCode::DiskFull:
            return "the disk is full";
        case SqlErrorCode::ReadOnly:
            return "it cannot be written to";
        case SqlErrorCode::CannotOpen:
            return "it cannot be opened";
        case SqlErrorCode::Interrupted:
            return "interrupted";
        case SqlErrorCode::Constraint:
            return "a rule of the schema is broken";
        case SqlErrorCode::Misuse:
            return "a defect of kithd";
        case SqlErrorCode::Io:
            return "reading or writing failed";
        }
        return "it cannot be opened";
    };
    return std::string(words()) + (error.detail.empty() ? "" : " (" + error.detail + ")");
}

const char *describe(StoreError error)
{
    switch (error) {
    case StoreError::NotFound:
        return "not_found";
    case StoreError::NotMember:
        return "not_member";
    case StoreError::Forbidden:
        return "forbidden";
    case StoreError::UsernameTaken:
        return "username_taken";
    case StoreError::CidConflict:
        return "cid_conflict";
    case StoreError::Blocked:
        return "blocked";
    case StoreError::TooOld:
        return "too_old";
    case StoreError::Recalled:
        return "recalled";
    case StoreError::AlreadyLiked:
        return "already_liked";
    case StoreError::NotLiked:
        return "not_liked";
    case StoreError::TooManyMembers:
        return "too_many_members";
    case StoreError::TooManyDevices:
        return "too_many_devices";
    case StoreError::TokenUnknown:
        return "token_unknown";
    case StoreError::TokenReused:
        return "token_reused";
    case StoreError::Outdated:
        return "outdated";
    case StoreError::MfaBound:
        return "mfa_bound";
    case StoreError::MfaNotBound:
        return "mfa_not_bound";
    case StoreError::MfaNotPending:
        return "mfa_not_enrolled";
    case StoreError::CodeUsed:
        return "mfa_invalid";
    case StoreError::NoSuchFile:
        return "no_such_file";
    case StoreError::NotAnAvatar:
        return "not_an_avatar";
    case StoreError::TooManyFiles:
        return "too_many_files";
    case StoreError::Overloaded:
        return "overloaded";
    case StoreError::DiskFull:
        return "disk_full";
    case StoreError::Unavailable:
        return "unavailable";
    }
    return "unavailable";
}

} // namespace kith::server
