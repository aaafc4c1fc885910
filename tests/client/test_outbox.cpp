// SPDX-License-Identifier: GPL-3.0-or-later
// The outbox over a real encrypted store and a pretended server: order, refusals, lost answers.
#include "tests/client/sync_rig.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace kith;
using namespace kith::client;
using protocol::Op;
using test::kChat;
using test::kPeer;
using test::wait;
using Rig = test::SyncRig;

class TestOutbox final : public QObject {
    Q_OBJECT

private slots:
    void messages_goInTheirOrder()
    {
        Rig rig;
        QVERIFY(rig.catchUp());
        std::vector<std::string> expected;
        for (int i = 0; i < 30; ++i) {
            expected.push_back("m" + std::to_string(i));
            QVERIFY(!rig.queue(kChat, expected.back()).empty());
        }
        QSignalSpy settled(&rig.outbox, &Outbox::accepted);
        rig.outbox.wake();
        QTRY_VERIFY(rig.outbox.isIdle());
        QCOMPARE(settled.count(), 30);
        QCOMPARE(rig.sentBodies(), expected);
        const auto first = std::find_if(rig.server.asked.begin(), rig.server.asked.end(),
                                        [](const auto &a) { return a.op == Op::Send; });
        QCOMPARE(protocol::decode<protocol::SendPacket>(first->data)->to, std::optional(kPeer));
    }

    void refusedMessage_isWedged_andTheOthersGoOn()
    {
        Rig rig;
        QVERIFY(rig.catchUp());
        rig.server.refuse = [](const protocol::SendPacket &send) -> std::optional<protocol::WireError> {
            if (send.body == "bad")
                return protocol::makeError(protocol::ErrorCode::Blocked, "no");
            return std::nullopt;
        };
        rig.queue(kChat, "before");
        const auto bad = rig.queue(kChat, "bad");
        rig.queue(kChat, "after");
        QSignalSpy refused(&rig.outbox, &Outbox::refused);
        rig.outbox.wake();
        QTRY_VERIFY(rig.outbox.isIdle());
        QCOMPARE(refused.count(), 1);
        QCOMPARE(rig.server.logs[kChat].entries.size(), std::size_t(2));
        const auto left = wait(rig.history.run([](history::HistoryStore &s) { return s.unsent(kChat); }));
        QVERIFY(left.has_value());
        QCOMPARE(left->size(), std::size_t(1));
        QVERIFY(left->front().state == history::SendState::Failed);
        QCOMPARE(left->front().failure, std::string("blocked"));
        // Tried again after the reason is gone.
        rig.server.refuse = nullptr;
        QVERIFY(wait(rig.history.run([bad](history::HistoryStore &s) { return s.retry(bad); })).has_value());
        rig.outbox.wake();
        QTRY_COMPARE(rig.server.logs[kChat].entries.size(), std::size_t(3));
    }

    void lostConnection_sendsAgainWithTheSameCid_once()
    {
        Rig rig;
        QVERIFY(rig.catchUp());
        for (int i = 0; i < 20; ++i)
            rig.queue(kChat, "m" + std::to_string(i));
        rig.server.hold = true;
        rig.outbox.wake();
        QTRY_COMPARE(rig.server.count(Op::Send), std::size_t(1)); // one at a time
        rig.outbox.stop();
        rig.server.drop();
        rig.server.hold = false;
        rig.server.up = true;
        rig.outbox.wake();
        QTRY_VERIFY(rig.outbox.isIdle());
        const auto &entries = rig.server.logs[kChat].entries;
        QCOMPARE(entries.size(), std::size_t(20));
        int i = 0;
        for (const auto &[seq, entry] : entries)
            QCOMPARE(entry.message.body, "m" + std::to_string(i++));
    }

    void passingFailure_pausesAndKeepsOrder()
    {
        Rig rig;
        QVERIFY(rig.catchUp());
        int failures = 1;
        rig.server.refuse = [&](const protocol::SendPacket &send) -> std::optional<protocol::WireError> {
            if (send.body != "m0" || failures-- <= 0)
                return std::nullopt;
            auto error = protocol::makeError(protocol::ErrorCode::Overloaded, "later");
            error.retry = protocol::Retry::After;
            return error;
        };
        rig.queue(kChat, "m0");
        rig.outbox.wake();
        QTRY_VERIFY(rig.server.count(Op::Send) == 1);
        rig.queue(kChat, "m1");
        rig.outbox.wake();
        QTRY_VERIFY(rig.outbox.isIdle());
        QCOMPARE(rig.sentBodies(), (std::vector<std::string>{"m0", "m0", "m1"}));
    }

    void passingRefusal_isOvertakenByNothingBehindIt()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "hello");
        QVERIFY(rig.catchUp());
        int refusals = 0;
        rig.server.refuse = [&](const protocol::SendPacket &packet) -> std::optional<protocol::WireError> {
            if (packet.body != "b" || ++refusals > 2)
                return {};
            auto later = protocol::makeError(protocol::ErrorCode::RateLimited, "later");
            later.retry = protocol::Retry::After;
            later.retryAfterMs = 1;
            return later;
        };
        for (const char *text : {"a", "b", "c", "d"})
            rig.queue(kChat, text);
        rig.outbox.wake();
        QTRY_VERIFY_WITH_TIMEOUT(rig.outbox.isIdle(), 20000);
        QCOMPARE(refusals, 3);
        QCOMPARE(rig.sentBodies(), (std::vector<std::string>{"a", "b", "b", "b", "c", "d"}));
    }
};

QTEST_GUILESS_MAIN(TestOutbox)
#include "test_outbox.moc"
