// SPDX-License-Identifier: GPL-3.0-or-later
// A client whose history file is damaged, at the start and in use: it goes on, says so, and gets back what is missing.
#include "core/sql/page_file.h"
#include "tests/integration/real_server.h"

#include <QSignalSpy>

#include <random>

using namespace kith;
using namespace kith::client;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

constexpr qint64 kPage = 4096;
constexpr int kMessages = 180;

} // namespace

class TestRepair final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    std::unique_ptr<Person> m_ann, m_bob;
    ConversationId m_chat;
    std::vector<std::string> m_said;

    QString folder(const char *name) const
    {
        const auto path = m_dir.filePath(QString::fromLatin1(name));
        QDir().mkpath(path);
        return path;
    }
    QString history() const { return m_bob->profile() + QStringLiteral("/history.db"); }
    QStringList asides() const
    {
        return QDir(m_bob->profile()).entryList({QStringLiteral("history.db.damaged-*")}, QDir::Files);
    }
    /// Noise over pages `first`, `first` + `step`, … of bob's history.
    void damage(qint64 first, qint64 step)
    {
        QFile file(history());
        QVERIFY(file.open(QIODevice::ReadWrite));
        std::mt19937 random(7);
        for (qint64 page = first; page < file.size() / kPage; page += step) {
            QByteArray noise(kPage, '\0');
            for (char &byte : noise)
                byte = static_cast<char>(random());
            file.seek(page * kPage);
            QCOMPARE(file.write(noise), kPage);
        }
    }
    /// Fills every hole of the conversation, as somebody who reads all of it does.
    bool readAll()
    {
        for (int i = 0; i < 60; ++i) {
            const auto coverage = wait((*m_bob)->coverage(m_chat));
            if (!coverage)
                return false;
            if (coverage->holes.empty())
                return true;
            const auto hole = coverage->holes.back();
            if (!wait((*m_bob)->fillHole(m_chat, hole, hole.to)))
                return false;
        }
        return false;
    }
    void talk(const char *where)
    {
        m_server = std::make_unique<RealServer>(folder(where));
        QVERIFY(m_server->start());
        m_ann = std::make_unique<Person>(folder(where), "ann");
        m_bob = std::make_unique<Person>(folder(where), "bob");
        QVERIFY(m_ann->enter(m_server->url()));
        QVERIFY(m_bob->enter(m_server->url()));
        m_chat = *wait((*m_ann)->openPrivate(User{m_bob->id(), "bob", "Bob", {}, {}}));
        m_said.clear();
        for (int i = 0; i < kMessages; ++i) {
            m_said.push_back("number " + std::to_string(i) + " " +
                             std::string(static_cast<std::size_t>(i * 7 % 300), 'x'));
            QVERIFY(wait((*m_ann)->send(m_chat, m_said.back())).has_value());
        }
        QVERIFY(wait((*m_ann)->flushOutbox(std::chrono::seconds{20})).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(m_bob->bodies(m_chat), m_said, 20000);
    }

private slots:
    void initTestCase() { qputenv("TMPDIR", folder("tmp").toUtf8()); }

    void damagedWhileItWasClosed_opensAndGetsBackWhatIsMissing()
    {
        talk("closed");
        m_server->kill();
        QTRY_VERIFY((*m_bob)->linkStatus().phase != LinkPhase::Online);
        QVERIFY(wait((*m_bob)->send(m_chat, "written offline")).has_value());
        m_bob->close();
        damage(9, 4);
        QVERIFY(m_bob->open());
        QVERIFY((*m_bob)->isLoggedIn());
        auto repair = (*m_bob)->takeRepair();
        if (!repair) { // no page of those that opening reads was hit: reading finds it
            QVERIFY(wait((*m_bob)->checkHistory()).has_value());
            repair = (*m_bob)->takeRepair();
        }
        QVERIFY(repair.has_value());
        QVERIFY(repair->unreadable > 2);
        QVERIFY(repair->messages > 0 && repair->messages < kMessages + 1);
        QCOMPARE(asides().size(), 1 + int(QFile::exists(QString::fromStdString(repair->aside + ".salt"))));
        QVERIFY(!(*m_bob)->takeRepair()); // told once
        const auto some = m_bob->bodies(m_chat);
        QVERIFY(some.size() < m_said.size());

        QVERIFY(m_server->start());
        QVERIFY(m_bob->connect());
        QVERIFY(readAll());
        QVERIFY(wait((*m_bob)->flushOutbox(std::chrono::seconds{20})).has_value());
        auto all = m_said;
        if (repair->unsent == 1)
            all.push_back("written offline");
        QTRY_COMPARE(m_bob->bodies(m_chat), all);
        QTRY_COMPARE_WITH_TIMEOUT(m_ann->bodies(m_chat), all, 20000);
        QVERIFY(wait((*m_bob)->checkHistory()).has_value());
        QVERIFY(!(*m_bob)->takeRepair());
        // Who has the history forgotten wants no damaged copies of it either.
        QVERIFY(wait((*m_bob)->logout(true)).has_value());
        QVERIFY(asides().isEmpty());
    }

    void damagedFirstPage_isNoEnd()
    {
        talk("first");
        m_bob->close();
        damage(0, 1000000);
        QVERIFY(m_bob->open());
        const auto repair = (*m_bob)->takeRepair();
        QVERIFY(repair.has_value());
        QVERIFY(m_bob->connect());
        QCOMPARE(m_bob->bodies(m_chat), m_said);
    }

    void damageMetInUse_isRepairedInPlace()
    {
        talk("use");
        // Everything it has read so far is in its cache: a client that is new to the file meets the damage.
        m_bob->close();
        QVERIFY(m_bob->open());
        QSignalSpy repaired(&**m_bob, &Client::historyRepaired);
        QSignalSpy failed(&**m_bob, &Client::storageFailed);
        damage(12, 3);
        QVERIFY(m_bob->connect());
        static_cast<void>(m_bob->messages(m_chat, 200)); // finds it
        QTRY_COMPARE_WITH_TIMEOUT(repaired.count(), 1, 20000);
        QVERIFY((*m_bob)->takeRepair().has_value());
        // No restart, no login: life goes on.
        QVERIFY(wait((*m_ann)->send(m_chat, "after the repair")).has_value());
        m_said.push_back("after the repair");
        QTRY_VERIFY_WITH_TIMEOUT(readAll() && m_bob->bodies(m_chat) == m_said, 20000);
        QVERIFY(wait((*m_bob)->send(m_chat, "and back")).has_value());
        m_said.push_back("and back");
        QTRY_COMPARE_WITH_TIMEOUT(m_ann->bodies(m_chat), m_said, 20000);
        QTRY_COMPARE(wait((*m_bob)->status())->unsent, std::int64_t(0));
        QVERIFY(failed.isEmpty());
    }

    void nothingReadable_isSetAsideOnlyWhenAsked()
    {
        talk("nothing");
        m_bob->close();
        QVERIFY(QFile::remove(QString::fromStdString(sql::saltPath(history().toStdString()))));
        damage(0, 1);
        QFile file(history());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray before = file.readAll();
        QVERIFY(!m_bob->open());
        QVERIFY(asides().isEmpty());
        const auto anew = wait((*m_bob)->openAnew(std::nullopt));
        QVERIFY2(anew.has_value(), anew ? "" : qPrintable(anew.error().detail));
        const auto repair = (*m_bob)->takeRepair();
        QVERIFY(repair && repair->messages == 0);
        QFile aside(QString::fromStdString(repair->aside));
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QCOMPARE(aside.readAll(), before);
        QVERIFY(!(*m_bob)->isLoggedIn());
        QVERIFY(wait((*m_bob)->login(m_server->url(), m_bob->name, m_bob->password)).has_value());
        QVERIFY(m_bob->connect());
        QVERIFY(readAll());
        QCOMPARE(m_bob->bodies(m_chat), m_said);
    }

    void kithCli_saysAndRepairs()
    {
        talk("cli");
        m_bob->close();
        const auto run = [&](const QStringList &command, QByteArray *error) {
            QProcess process;
            process.start(QStringLiteral(KITH_CLI),
                          QStringList{QStringLiteral("--profile"), m_bob->profile(), QStringLiteral("--key-file"),
                                      m_bob->keyFile(), QStringLiteral("--json")} +
                              command);
            process.closeWriteChannel();
            if (!process.waitForFinished(60000))
                process.kill();
            *error = process.readAllStandardError();
            return std::pair(process.exitCode(), QJsonDocument::fromJson(process.readAllStandardOutput()).object());
        };
        QByteArray error;
        auto [exit, said] = run({QStringLiteral("check")}, &error);
        QCOMPARE(exit, 0);
        QVERIFY(said.value(QStringLiteral("sound")).toBool());
        damage(8, 5);
        std::tie(exit, said) = run({QStringLiteral("check")}, &error);
        QVERIFY2(exit == 0, error.constData());
        QVERIFY(!said.value(QStringLiteral("sound")).toBool());
        const auto repaired = said.value(QStringLiteral("repaired")).toObject();
        QVERIFY(repaired.value(QStringLiteral("unreadable_pages")).toInt() > 1);
        QVERIFY(QFile::exists(repaired.value(QStringLiteral("damaged_file")).toString()));
        std::tie(exit, said) = run({QStringLiteral("check")}, &error);
        QVERIFY(said.value(QStringLiteral("sound")).toBool());
        damage(0, 1);
        QFile::remove(QString::fromStdString(sql::saltPath(history().toStdString())));
        std::tie(exit, said) = run({QStringLiteral("check")}, &error);
        QCOMPARE(exit, 1);
        std::tie(exit, said) = run({QStringLiteral("check"), QStringLiteral("--start-anew")}, &error);
        QVERIFY2(exit == 0, error.constData());
        QCOMPARE(said.value(QStringLiteral("repaired")).toObject().value(QStringLiteral("messages")).toInt(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRepair)
#include "test_repair.moc"
