// SPDX-License-Identifier: GPL-3.0-or-later
// A real gnome-keyring on a session bus of its own: working, locked, and none at all. The test starts itself again
// inside dbus-run-session; what runs there prints its findings.
#include "core/client/credential_store.h"
#include "tests/client/fake_rpc.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace kith;
using namespace kith::client;

namespace {

/// Prints "key <sha256 of the key>" or "error <code>".
int inside(const QString &profile, bool databaseExists)
{
    QDir().mkpath(profile);
    HistoryService worker;
    CredentialStore::Options options;
    options.profileDir = profile;
    CredentialStore store(worker, std::move(options));
    const auto key = test::wait(store.obtain(databaseExists));
    if (key)
        std::printf("key %s\n", crypto::toHex(crypto::sha256(key->view())).c_str());
    else
        std::printf("error %d\n", static_cast<int>(key.error().code));
    return 0;
}

QByteArray error(ClientErrorCode code)
{
    return "error " + QByteArray::number(static_cast<int>(code));
}

} // namespace

class TestKeyring final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_home;
    QString profile() const { return m_home.filePath(QStringLiteral("profile")); }

    /// `daemon`: shell words that start the keyring, or nothing for a bus that does not exist.
    QByteArray ask(const QString &daemon, bool databaseExists) const
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), m_home.path());
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.filePath(QStringLiteral("data")));
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_home.filePath(QStringLiteral("run")));
        environment.insert(QStringLiteral("XDG_CURRENT_DESKTOP"), QStringLiteral("GNOME"));
        environment.remove(QStringLiteral("DISPLAY"));
        environment.remove(QStringLiteral("GNOME_KEYRING_CONTROL"));
        QProcess process;
        const QString self = QCoreApplication::applicationFilePath() + QStringLiteral(" --inside ") + profile() +
                             (databaseExists ? QStringLiteral(" exists") : QStringLiteral(" new"));
        if (daemon.isEmpty()) {
            environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent"));
            process.setProcessEnvironment(environment);
            process.start(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("exec ") + self});
        } else {
            process.setProcessEnvironment(environment);
            process.start(QStringLiteral("dbus-run-session"),
                          {QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                           daemon + QStringLiteral(" >/dev/null 2>&1; ") + self});
        }
        process.waitForFinished(60000);
        return process.readAllStandardOutput().trimmed();
    }
    QByteArray record() const
    {
        QFile file(QDir(profile()).filePath(QStringLiteral("key.json")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void initTestCase()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("dbus-run-session")).isEmpty() ||
            QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon")).isEmpty())
            QSKIP("no gnome-keyring here");
        const auto run = m_home.filePath(QStringLiteral("run"));
        QDir().mkpath(run);
        QFile::setPermissions(run, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void keyring_absentWorkingLocked()
    {
        const auto unlocked = QStringLiteral("printf login | gnome-keyring-daemon --unlock --components=secrets");
        const auto locked = QStringLiteral("gnome-keyring-daemon --start --components=secrets");

        // No bus: a new profile needs a passphrase, an existing history is left alone.
        QCOMPARE(ask({}, false), error(ClientErrorCode::KeyringAbsent));
        QCOMPARE(ask({}, true), error(ClientErrorCode::KeyMissing));
        QCOMPARE(record(), QByteArray());

        // Working: a key is made, kept, and had again in the next session.
        const auto made = ask(unlocked, false);
        QVERIFY2(made.startsWith("key "), made.constData());
        const auto before = record();
        QVERIFY(before.contains("keyring"));
        QCOMPARE(ask(unlocked, true), made);

        // Locked, and nobody to ask: told so; nothing is made anew.
        QCOMPARE(ask(locked, true), error(ClientErrorCode::KeyringLocked));
        QCOMPARE(record(), before);
        QCOMPARE(ask(unlocked, true), made);
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == QLatin1String("--inside"))
        return inside(arguments[2], arguments[3] == QLatin1String("exists"));
    TestKeyring test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_keyring.moc"
