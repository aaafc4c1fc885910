// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures from the encrypted history and from a server over real sockets.
#include "core/client/avatars.h"
#include "tests/client/small_files.h"
#include "tests/client/store_rig.h"

#include <QDirIterator>

using namespace kith;
using client::Avatars;
using test::wait;

namespace {

/// Not more of a PNG than the client core looks at.
QByteArray picture(char fill, qsizetype size = 1000)
{
    return QByteArray("\x89PNG\r\n\x1a\n", 8) + QByteArray(size - 8, fill);
}

struct Rig : test::StoreRig {
    test::SmallFiles files;
    test::DirectCalls calls{files};
    client::FileTransfer transfer{calls, std::chrono::milliseconds{1}};
    std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>(fromUnixMs(1'700'000'000'000));
    std::optional<Avatars> avatars;
    std::map<std::string, QByteArray> here;

    explicit Rig(std::int64_t bytes = 64 * 1024 * 1024) { start(bytes); }
    ~Rig()
    {
        avatars->close();
        calls.http.shutdown();
        end();
    }
    void start(std::int64_t bytes = 64 * 1024 * 1024)
    {
        avatars.emplace(history, transfer, clock, Avatars::Limits{bytes, std::chrono::milliseconds{1}});
        QObject::connect(&*avatars, &Avatars::arrived, &*avatars,
                         [this](const std::string &id, const QByteArray &got) { here[id] = got; });
        avatars->open();
    }
    qsizetype gets() const { return files.calls.count(QStringLiteral("GET")); }
    std::vector<std::string> kept(std::vector<std::string> ids)
    {
        auto found =
            wait(history.run([ids, this](history::HistoryStore &store) { return store.avatars(ids, clock->now()); }));
        std::vector<std::string> all;
        if (found)
            for (const auto &one : *found)
                all.push_back(one.id);
        return all;
    }
};

} // namespace

class AvatarsTest final : public QObject {
    Q_OBJECT

private slots:
    void wanted_isFetchedOnceAndThenThereWithoutALink()
    {
        Rig rig;
        rig.files.files[QStringLiteral("a")].bytes = picture('a');
        rig.avatars->setOnline(true);
        for (int i = 0; i < 5; ++i)
            rig.avatars->want("a");
        QTRY_COMPARE(rig.here["a"], picture('a'));
        QCOMPARE(rig.gets(), 1);
        // Another start, without a link.
        rig.avatars->close();
        rig.start();
        rig.here.clear();
        rig.avatars->want("a");
        QTRY_COMPARE(rig.here["a"], picture('a'));
        QCOMPARE(rig.gets(), 1);
    }

    void withoutALink_itComesWithTheLink()
    {
        Rig rig;
        rig.files.files[QStringLiteral("a")].bytes = picture('a');
        rig.avatars->want("a");
        const auto now = wait(rig.avatars->get("b"));
        QVERIFY(!now);
        QCOMPARE(now.error().code, client::ClientErrorCode::Unreachable);
        QCOMPARE(rig.gets(), 0);
        rig.avatars->setOnline(true);
        QTRY_COMPARE(rig.here["a"], picture('a'));
    }

    void notThere_isNotAskedForAgainForAWhile()
    {
        Rig rig;
        rig.avatars->setOnline(true);
        const auto first = wait(rig.avatars->get("a"));
        QVERIFY(!first);
        QCOMPARE(first.error().wire->code, protocol::ErrorCode::NotFound);
        QCOMPARE(rig.gets(), 1);
        rig.files.files[QStringLiteral("a")].bytes = picture('a');
        rig.files.files[QStringLiteral("b")].bytes = picture('b');
        rig.avatars->want("a");
        QVERIFY(wait(rig.avatars->get("b")));
        QCOMPARE(rig.gets(), 2); // of b
        rig.clock->advance(Avatars::kAbsentFor);
        rig.avatars->want("a");
        QTRY_COMPARE(rig.here["a"], picture('a'));
    }

    void failed_isTriedAgain()
    {
        Rig rig;
        int times = 0;
        rig.files.onGet = [&](QTcpSocket &socket, const QString &) {
            if (++times <= 2)
                return socket.abort();
            rig.files.answer(socket, "200 OK", {}, picture('a'));
        };
        rig.avatars->setOnline(true);
        rig.avatars->want("a");
        QTRY_COMPARE(rig.here["a"], picture('a'));
        QVERIFY(times >= 3);
    }

    void whatIsNoPicture_isNotKept()
    {
        Rig rig;
        rig.files.files[QStringLiteral("a")].bytes = "<svg onload='…'/>";
        rig.files.files[QStringLiteral("b")].bytes = picture('b', client::kMaxAvatarBytes + 1);
        rig.avatars->setOnline(true);
        QVERIFY(!wait(rig.avatars->get("a")));
        QVERIFY(!wait(rig.avatars->get("b")));
        QVERIFY(rig.here.empty());
        QVERIFY(rig.kept({"a", "b"}).empty());
    }

    void overTheBound_theLeastRecentlyShownGoes()
    {
        Rig rig(3500);
        rig.avatars->setOnline(true);
        for (const char *id : {"a", "b", "c"}) {
            rig.files.files[QString::fromLatin1(id)].bytes = picture(*id);
            QVERIFY(wait(rig.avatars->get(id)));
            rig.clock->advance(std::chrono::hours{48});
        }
        QVERIFY(wait(rig.avatars->get("a"))); // shown again: b is the oldest now
        rig.clock->advance(std::chrono::hours{48});
        rig.files.files[QStringLiteral("d")].bytes = picture('d');
        QVERIFY(wait(rig.avatars->get("d")));
        QTRY_COMPARE(rig.kept({"a", "b", "c", "d"}), (std::vector<std::string>{"a", "c", "d"}));
        QCOMPARE(*wait(rig.history.run([](history::HistoryStore &store) { return store.avatarBytes(); })), 3000);
    }

    void onDisk_nothingIsReadable()
    {
        Rig rig;
        rig.files.files[QStringLiteral("a")].bytes = picture('Q', 50000);
        rig.avatars->setOnline(true);
        QVERIFY(wait(rig.avatars->get("a")));
        QCOMPARE(rig.kept({"a"}).size(), 1U);
        QDirIterator all(rig.dir.path(), QDir::Files, QDirIterator::Subdirectories);
        int looked = 0;
        while (all.hasNext()) {
            QFile file(all.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            QVERIFY2(!bytes.contains(QByteArray(64, 'Q')) && !bytes.contains("\x89PNG"), qPrintable(file.fileName()));
            ++looked;
        }
        QVERIFY(looked > 0);
    }

    void wiped_theyGoWithTheHistory()
    {
        Rig rig;
        rig.files.files[QStringLiteral("a")].bytes = picture('a');
        rig.avatars->setOnline(true);
        QVERIFY(wait(rig.avatars->get("a")));
        QVERIFY(wait(rig.history.run([](history::HistoryStore &store) { return store.wipe({}); })));
        QVERIFY(rig.kept({"a"}).empty());
    }

    void closedWhileFetching_whoWaitsIsTold()
    {
        Rig rig;
        rig.files.onGet = [](QTcpSocket &, const QString &) {}; // no answer, ever
        rig.avatars->setOnline(true);
        auto task = rig.avatars->get("a");
        QTRY_COMPARE(rig.gets(), 1);
        rig.avatars->close();
        const auto got = wait(std::move(task));
        QVERIFY(!got);
        QCOMPARE(got.error().code, client::ClientErrorCode::Cancelled);
    }

    void kept_needsNoServer()
    {
        Rig rig;
        rig.avatars->keep("a", picture('a'));
        QCOMPARE(rig.here["a"], picture('a'));
        QVERIFY(wait(rig.avatars->get("a")));
        QCOMPARE(rig.gets(), 0);
    }

    void headAndUser_tellOfOnePicture()
    {
        Rig rig;
        const auto avatarOf = [&] {
            auto both = wait(rig.history.run([](history::HistoryStore &store) -> sql::Result<QStringList> {
                KITH_TRY_VALUE(users, store.users(std::span(&test::kPeer, 1)));
                KITH_TRY_VALUE(head, store.head(test::kChat));
                return QStringList{users.empty() ? QString() : QString::fromStdString(users[0].avatar),
                                   head ? QString::fromStdString(head->head.avatar) : QString()};
            }));
            return both ? both->join(QLatin1Char(' ')) : QString();
        };
        auto put = [&](const char *avatar) {
            User user;
            user.id = test::kPeer;
            user.avatar = avatar;
            return wait(
                rig.history.run([user](history::HistoryStore &store) { return store.putUsers(std::span(&user, 1)); }));
        };
        QVERIFY(put("one"));
        Head head;
        head.conversation = test::kChat;
        head.avatar = "two";
        auto renewed = wait(rig.history.run([head](history::HistoryStore &store) -> sql::Result<std::vector<UserId>> {
            KITH_TRY(store.applyHeads(std::span(&head, 1)));
            return store.takeRenewedUsers();
        }));
        QVERIFY(renewed);
        QCOMPARE(*renewed, std::vector<UserId>{test::kPeer});
        QCOMPARE(avatarOf(), QStringLiteral("two two"));
        QVERIFY(put("three"));
        QCOMPARE(avatarOf(), QStringLiteral("three three"));
    }
};

QTEST_GUILESS_MAIN(AvatarsTest)
#include "test_avatars.moc"
