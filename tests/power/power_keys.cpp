// SPDX-License-Identifier: GPL-3.0-or-later
// The files that hold the client's key, before and after a loss of power; driven by power_keys.py.
//   make FOLDER   a profile's folder, a key file, then one record after another; a line for each that is promised
//   read FOLDER   what is there: "key <hexadecimal>", "record <name of the keyring's entry>", or "… none"
#include "core/client/credential_store.h"
#include "core/client/errors.h"
#include "core/client/key_files.h"
#include "core/client/profile.h"
#include "core/crypto/crypto.h"

#include <QDir>

#include <unistd.h>

#include <iostream>

namespace kith::client {
namespace {

constexpr int kRecords = 3;

void tell(const std::string &line)
{
    const std::string whole = line + "\n";
    if (::write(1, whole.data(), whole.size()) < 0)
        ::_exit(3);
}

std::string hexOf(const crypto::Secret &key)
{
    return crypto::toHex(key.view());
}

Result<void> make(const QString &folder)
{
    // Beside the profile, as --key-file may have it: nothing else syncs that folder.
    KITH_TRY_VALUE(key, readKeyFile(folder + QStringLiteral("/key"), true));
    tell("key " + hexOf(key));
    const QString inner = folder + QStringLiteral("/share/kith");
    KITH_TRY_VALUE(profile, Profile::open(inner));
    for (int i = 1; i <= kRecords; ++i) {
        KeyRecord record;
        record.keyring = KeyringEntry{QString::number(i)};
        KITH_TRY(writeKeyRecord(inner + QStringLiteral("/key.json"), record));
        tell("record " + std::to_string(i));
    }
    return {};
}

Result<void> read(const QString &folder)
{
    const QString keyFile = folder + QStringLiteral("/key");
    if (QFile::exists(keyFile)) {
        KITH_TRY_VALUE(key, readKeyFile(keyFile, false));
        tell("key " + hexOf(key));
    }
    KITH_TRY_VALUE(record, readKeyRecord(folder + QStringLiteral("/share/kith/key.json")));
    tell("record " + (record && record->keyring ? record->keyring->name.toStdString() : "0"));
    // The next start finds no stale lock in its way.
    KITH_TRY(Profile::open(folder + QStringLiteral("/share/kith")));
    tell("sound");
    return {};
}

} // namespace
} // namespace kith::client

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const QString folder = QString::fromLocal8Bit(argv[2]);
    const auto done = std::string_view(argv[1]) == "make" ? kith::client::make(folder) : kith::client::read(folder);
    if (done)
        return 0;
    std::cerr << done.error().detail.toStdString() << '\n';
    return 1;
}
