// SPDX-License-Identifier: GPL-3.0-or-later
// The list of profiles, and real processes that are started for them.
#include "ui/desktop/single_instance.h"
#include "ui/shell/profiles.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using ui::ProfileEntry;
using ui::Profiles;

class TestProfiles final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    QString home() const { return m_dir.filePath(QStringLiteral("kith")); }

private slots:
    void fresh_thereIsTheFirstOne()
    {
        const Profiles profiles(home(), home(), {});
        QCOMPARE(profiles.list(), (std::vector{ProfileEntry{QString(), home(), true}}));
    }

    void added_isListedByItsFolderAlone_andClosedToOthers()
    {
        const Profiles profiles(home(), home(), {});
        const auto work = profiles.add(QStringLiteral("Work 10"));
        QVERIFY(work.has_value());
        QVERIFY(profiles.add(QStringLiteral("Work 9")).has_value());
        QVERIFY(profiles.add(QStringLiteral("家里")).has_value());
        QCOMPARE(QFile::permissions(work->dir) & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
                 QFile::Permissions());
        QVERIFY(!profiles.add(QStringLiteral("Work 9")));
        QStringList names;
        for (const ProfileEntry &one : profiles.list())
            names << one.name;
        QCOMPARE(names.size(), 4);
        QVERIFY(names.front().isEmpty());
        // Seen from another profile, and from one that lies elsewhere.
        const Profiles there(work->dir, home(), {});
        for (const ProfileEntry &one : there.list())
            QCOMPARE(one.current, one.name == QLatin1String("Work 10"));
        const QString elsewhere = m_dir.filePath(QStringLiteral("elsewhere"));
        QVERIFY(QDir().mkpath(elsewhere));
        const auto all = Profiles(elsewhere, home(), {}).list();
        QCOMPARE(all.size(), std::size_t{5});
        QCOMPARE(std::count_if(all.begin(), all.end(), [](const ProfileEntry &one) { return one.current; }), 1);
    }

    void namesThatAreNoFolder_areRefused()
    {
        for (const char *bad :
             {"", " ", ".", "..", ".hidden", "a/b", "a\\b", "C:", "end.", " lead", "trail ", "a\nb", "q?"})
            QVERIFY2(!Profiles::isGood(QString::fromUtf8(bad)), bad);
        QVERIFY(!Profiles::isGood(QString(41, QLatin1Char('x'))));
        for (const char *good : {"Work", "家里", "My second account", "v1.2", "🦊"})
            QVERIFY2(Profiles::isGood(QString::fromUtf8(good)), good);
    }

    void opened_isStartedOnce_thenRaised()
    {
        std::vector<std::unique_ptr<QProcess>> started;
        const Profiles profiles(home(), home(), [&](const QStringList &arguments) {
            auto process = std::make_unique<QProcess>();
            auto environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
            process->setProcessEnvironment(environment);
            process->setProcessChannelMode(QProcess::ForwardedChannels);
            process->start(QStringLiteral(KITH), arguments + QStringList{QStringLiteral("--no-keyring")});
            const bool up = process->waitForStarted();
            started.push_back(std::move(process));
            return up;
        });
        const auto side = profiles.add(QStringLiteral("Side"));
        QVERIFY(side.has_value());
        QVERIFY(profiles.open(*side));
        // It listens under the name of its folder before its window is there.
        QTRY_VERIFY_WITH_TIMEOUT(ui::SingleInstance(side->dir).handOver({}, {}), 20000);
        QVERIFY(profiles.open(*side));
        QVERIFY(started.at(1)->waitForFinished(20000));
        QCOMPARE(started.at(1)->exitCode(), 0);
        QCOMPARE(started.at(0)->state(), QProcess::Running);
        started.at(0)->terminate();
        if (!started.at(0)->waitForFinished(10000))
            started.at(0)->kill();
        started.at(0)->waitForFinished();
    }
};

QTEST_MAIN(TestProfiles)
#include "test_profiles.moc"
