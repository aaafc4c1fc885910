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

#include <csignal>
#include <cstdio>
#include <memory>

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

/// The process that has the keyring's name on the bus, or 0.
qint64 keyringOwner()
{
    QProcess ask;
    ask.start(QStringLiteral("dbus-send"),
              {QStringLiteral("--session"), QStringLiteral("--print-reply=literal"),
               QStringLiteral("--dest=org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
               QStringLiteral("org.freedesktop.DBus.GetConnectionUnixProcessID"),
               QStringLiteral("string:org.freedesktop.secrets")});
    ask.waitForFinished();
    return ask.readAllStandardOutput().simplified().split(' ').last().toLongLong();
}

/// A keyring that dies in the middle, stands still, and comes back, all in one session. A line for each: what was
/// obtained, as inside() prints it.
int scenario(const QString &profile)
{
    HistoryService worker;
    CredentialStore::Options options;
    options.profileDir = profile;
    CredentialStore store(worker, std::move(options));
    const auto daemon = [] {
        // Whomever the bus has started meanwhile goes first. Asking the bus about a name does not start its service.
        while (const qint64 pid = keyringOwner())
            ::kill(static_cast<pid_t>(pid), SIGKILL);
        auto made = std::make_unique<QProcess>();
        made->start(QStringLiteral("gnome-keyring-daemon"),
                    {QStringLiteral("--foreground"), QStringLiteral("--replace"), QStringLiteral("--unlock"),
                     QStringLiteral("--components=secrets")});
        made->write("login");
        made->closeWriteChannel();
        (void)QTest::qWaitFor([&] { return keyringOwner() == made->processId(); }, 20000);
        return made;
    };
    const auto tell = [](const char *when, const Result<crypto::Secret> &key) {
        if (key)
            std::printf("%s key %s\n", when, crypto::toHex(crypto::sha256(key->view())).c_str());
        else
            std::printf("%s error %d\n", when, static_cast<int>(key.error().code));
    };
    auto first = daemon();
    tell("working", test::wait(store.obtain(true)));
    ::kill(static_cast<pid_t>(first->processId()), SIGSTOP);
    tell("stopped", test::wait(store.obtain(true)));
    ::kill(static_cast<pid_t>(first->processId()), SIGCONT);
    tell("continued", test::wait(store.obtain(true)));
    auto during = store.obtain(true); // has sent its first question
    first->kill();
    tell("killed", test::wait(std::move(during)));
    first->waitForFinished();
    auto second = daemon();
    tell("back", test::wait(store.obtain(true)));
    const auto key = test::wait(store.obtain(true));
    // A passphrase as the second way, and then without the keyring.
    if (!key || !test::wait(store.setPassphrase(*key, crypto::Secret::copyOf("a second way"))))
        return 1;
    tell("removed", test::wait(store.removeKeyring()) ? test::wait(store.obtain(true))
                                                      : Result<crypto::Secret>(Unexpected(ClientError{})));
    tell("passphrase", test::wait(store.obtainWithPassphrase(crypto::Secret::copyOf("a second way"), true)));
    if (!test::wait(store.addKeyring(*key)))
        return 1;
    tell("again", test::wait(store.obtain(true)));
    // Locked by its user: the keyring would answer, and is not asked, also not by the next start of the program.
    if (!test::wait(store.lock()))
        return 1;
    HistoryService nextWorker;
    CredentialStore::Options nextOptions;
    nextOptions.profileDir = profile;
    CredentialStore next(nextWorker, std::move(nextOptions));
    tell("locked", test::wait(next.obtain(true)));
    tell("unlocked", test::wait(next.obtainWithPassphrase(crypto::Secret::copyOf("a second way"), true)));
    tell("after", test::wait(next.obtain(true)));
    // A keyring that was reset: what key.json says of it is not enough to give the passphrase up.
    QFile record(QDir(profile).filePath(QStringLiteral("key.json")));
    if (!record.open(QIODevice::ReadOnly))
        return 1;
    const QByteArray before = record.readAll();
    if (!writePrivateFile(record.fileName(), QByteArray(before).replace("database:", "elsewhere:")))
        return 1;
    const auto removed = test::wait(next.removePassphrase(*key));
    std::printf("reset error %d\n", removed ? 0 : static_cast<int>(removed.error().code));
    tell("kept", test::wait(next.obtainWithPassphrase(crypto::Secret::copyOf("a second way"), true)));
    if (!writePrivateFile(record.fileName(), before))
        return 1;
    if (!test::wait(next.removePassphrase(*key)))
        return 1;
    tell("alone", test::wait(next.obtain(true)));
    second->kill();
    second->waitForFinished();
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
    QByteArray ask(const QString &daemon, bool databaseExists, bool wholeStory = false) const
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
                             (wholeStory       ? QStringLiteral(" story")
                              : databaseExists ? QStringLiteral(" exists")
                                               : QStringLiteral(" new"));
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
        process.waitForFinished(120000);
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
        // Away: not the same as empty.
        QCOMPARE(ask({}, true), error(ClientErrorCode::KeyringUnavailable));
        QCOMPARE(record(), before);
        QCOMPARE(ask(unlocked, true), made);
    }

    void keyring_diesStandsStillAndComesBack()
    {
        const auto made =
            ask(QStringLiteral("printf login | gnome-keyring-daemon --unlock --components=secrets"), true);
        QVERIFY2(made.startsWith("key "), made.constData());
        QMap<QByteArray, QByteArray> told;
        for (const auto &line : ask(QStringLiteral("true"), true, true).split('\n'))
            told[line.left(line.indexOf(' '))] = line.mid(line.indexOf(' ') + 1);
        QCOMPARE(told["working"], made);
        QCOMPARE(told["stopped"], error(ClientErrorCode::KeyringSlow));
        QCOMPARE(told["continued"], made);
        // Dead, or started anew by the bus and locked: never "not there", never another key.
        const QList<QByteArray> honest{error(ClientErrorCode::KeyringUnavailable),
                                       error(ClientErrorCode::KeyringLocked), error(ClientErrorCode::KeyringSlow),
                                       made};
        QVERIFY2(honest.contains(told["killed"]), told["killed"].constData());
        QCOMPARE(told["back"], made);
        QCOMPARE(told["removed"], error(ClientErrorCode::PassphraseNeeded));
        QCOMPARE(told["passphrase"], made);
        QCOMPARE(told["again"], made);
        QCOMPARE(told["locked"], error(ClientErrorCode::PassphraseNeeded));
        QCOMPARE(told["unlocked"], made);
        QCOMPARE(told["after"], made);
        QCOMPARE(told["reset"], error(ClientErrorCode::KeyMissing));
        QCOMPARE(told["kept"], made);
        QCOMPARE(told["alone"], made);
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments[1] == QLatin1String("--inside"))
        return arguments[3] == QLatin1String("story") ? scenario(arguments[2])
                                                      : inside(arguments[2], arguments[3] == QLatin1String("exists"));
    TestKeyring test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_keyring.moc"
