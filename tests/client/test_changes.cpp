// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of edits, recalls and likes: over a real encrypted store and a pretended server.
#include "core/client/changes.h"
#include "tests/client/store_rig.h"

#include <QSignalSpy>
#include <QTest>

using namespace kith;
using namespace kith::client;
using history::ChangeKind;
using test::kChat;
using test::kMe;
using test::wait;

namespace {

struct Rig : test::StoreRig {
    Changes changes{history, server, std::make_shared<SystemClock>()};
    QSignalSpy refused{&changes, &Changes::refused};

    Rig()
    {
        const auto message = server.write(kChat, kMe, "said");
        (void)wait(
            history.run([message](history::HistoryStore &store) { return store.applyLive(kChat, message, Rev(1)); }));
    }
    ~Rig() { end(); }
    history::StoredMessage shown()
    {
        const auto got = wait(history.run([](history::HistoryStore &store) { return store.message(kChat, Seq(1)); }));
        return got && *got ? **got : history::StoredMessage();
    }
    /// Waits until the server has answered.
    bool told(ChangeKind kind, std::string body = {})
    {
        const auto made = wait(history.run([kind, body, local = shown().localId](history::HistoryStore &store) {
            return store.change(kChat, local, kind, body, true, fromUnixMs(1'700'000'000'000));
        }));
        changes.wake();
        return made && QTest::qWaitFor([this] { return !shown().changing; }, 10000);
    }
};

} // namespace

class TestChanges final : public QObject {
    Q_OBJECT

private slots:
    void recallWhoseAnswerWasLost_staysARecall()
    {
        Rig rig;
        // As of a message that was recalled before.
        rig.server.refuseChange = [](protocol::Op) {
            return protocol::makeError(protocol::ErrorCode::NotFound, "the message was recalled", "d.seq");
        };
        QVERIFY(rig.told(ChangeKind::Recall));
        QVERIFY(rig.shown().message.recalled);
        QCOMPARE(rig.shown().message.body, std::string());
        QCOMPARE(rig.refused.count(), 0);
    }

    void editOfARecalledMessage_isRefused()
    {
        Rig rig;
        rig.server.refuseChange = [](protocol::Op) {
            return protocol::makeError(protocol::ErrorCode::NotFound, "the message was recalled", "d.seq");
        };
        QVERIFY(rig.told(ChangeKind::Edit, "said better"));
        QCOMPARE(rig.shown().message.body, std::string("said"));
        QCOMPARE(rig.refused.count(), 1);
    }

    void likeWhoseAnswerWasLost_staysALike()
    {
        Rig rig;
        rig.server.refuseChange = [](protocol::Op) {
            return protocol::makeError(protocol::ErrorCode::AlreadyLiked, "liked", "d.target");
        };
        QVERIFY(rig.told(ChangeKind::Like));
        QVERIFY(rig.shown().message.liked);
        QCOMPARE(rig.refused.count(), 0);
    }

    void recallThatIsTooLate_isRefused()
    {
        Rig rig;
        rig.server.refuseChange = [](protocol::Op) {
            return protocol::makeError(protocol::ErrorCode::Forbidden, "too late", "d.seq");
        };
        QVERIFY(rig.told(ChangeKind::Recall));
        QVERIFY(!rig.shown().message.recalled);
        QCOMPARE(rig.refused.count(), 1);
    }
};

QTEST_GUILESS_MAIN(TestChanges)
#include "test_changes.moc"
