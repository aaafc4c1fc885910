// SPDX-License-Identifier: GPL-3.0-or-later
// The server's side of a recorded transcript, fed to the client core: its history ends up as the server's own last
// page.
#include "tests/replay/transcript.h"

#ifndef Q_MOC_RUN
#include "core/client/synchroniser.h"
#include "tests/client/fake_rpc.h"
#endif

#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using kith::test::wait;
using protocol::Op;

class TestTranscriptsClient final : public QObject {
    Q_OBJECT
private slots:
    void pushesAndAnswers_makeTheServersOwnPage_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("who");
        QTest::newRow("private, ada") << "private"
                                      << "ada";
        QTest::newRow("private, bob") << "private"
                                      << "bob";
        QTest::newRow("group, bob") << "group"
                                    << "bob";
    }
    void pushesAndAnswers_makeTheServersOwnPage()
    {
        QFETCH(QString, file);
        QFETCH(QString, who);
        QTemporaryDir dir;
        client::HistoryService history;
        test::FakeServer nobody; // answers nothing: what is in the history came from the transcript
        client::Synchroniser sync(history, nobody);
        QVERIFY(wait(history.open(dir.filePath("h.db").toStdString(), crypto::Secret::random(32))));

        std::map<std::string, protocol::SendPacket> sent; // by the request's id
        std::map<ConversationId, Page> last;
        for (const auto &one :
             test::readTranscript((QStringLiteral(KITH_TEST_DATA "/protocol/") + file + ".jsonl").toStdString())) {
            if (one.who != who.toStdString() || (!one.incoming() && !one.outgoing()))
                continue;
            const auto envelope = test::envelopeOf(one.envelope());
            if (one.outgoing()) {
                if (const auto packet = protocol::decode<protocol::SendPacket>(envelope.data);
                    envelope.op == Op::Send && packet) {
                    const bool isNew = std::none_of(sent.begin(), sent.end(),
                                                    [&](const auto &old) { return old.second.cid == packet->cid; });
                    sent[envelope.id] = *packet;
                    if (isNew && packet->conversation)
                        QVERIFY(wait(history.run([packet](history::HistoryStore &store) {
                            return store.enqueue(*packet->conversation, packet->kind, packet->body, packet->replyTo,
                                                 packet->mentions, packet->cid, Timestamp{});
                        })));
                }
                continue;
            }
            if (envelope.op == Op::Hello) {
                const auto hello = protocol::decode<protocol::HelloPacket>(envelope.data);
                QVERIFY(hello.has_value());
                sync.setSelf(hello->user.id);
                QVERIFY(wait(history.run([self = hello->user.id](history::HistoryStore &store) -> sql::Result<void> {
                    store.setSelf(self);
                    return {};
                })));
            } else if (envelope.op == Op::Accepted) {
                const auto done = protocol::decode<protocol::AcceptedPacket>(envelope.data);
                QVERIFY(done.has_value());
                const auto packet = sent[envelope.id];
                if (!packet.conversation) // the first of a private conversation: named by `to`
                    QVERIFY(wait(history.run([=](history::HistoryStore &store) {
                        return store.enqueue(done->conversation, packet.kind, packet.body, packet.replyTo,
                                             packet.mentions, packet.cid, Timestamp{});
                    })));
                QVERIFY(wait(history.run([=](history::HistoryStore &store) {
                    return store.accept(packet.cid, done->conversation, done->seq, done->rev, done->id,
                                        done->createdAt);
                })));
            } else if (envelope.op == Op::Page && !envelope.id.empty()) {
                const auto page = protocol::decode<protocol::PageReply>(envelope.data);
                QVERIFY(page.has_value());
                const auto conversation = localConversation(history);
                if (page->page.messages.size() == std::size_t(page->page.headSeq.value()))
                    last[conversation] = page->page;
            } else if (envelope.id.empty()) {
                sync.push(envelope);
                // A head is written before the message behind it: one at a time, as the socket gives them.
                QVERIFY(wait(history.run([](history::HistoryStore &store) { return store.messageCount(); })));
            }
        }
        QCOMPARE(last.size(), std::size_t(1));
        const auto &[conversation, expected] = *last.begin();
        const auto mine = [&, id = conversation] {
            const auto page = wait(history.run([id](history::HistoryStore &store) {
                return store.page({id, {}, {}, {}, 50});
            }));
            return page ? *page : history::LocalPage();
        };
        QTRY_COMPARE(mine().messages.size(), expected.messages.size());
        const auto page = mine();
        QVERIFY(page.atHead && page.atFloor && !page.olderHole);
        for (std::size_t i = 0; i < expected.messages.size(); ++i) {
            auto here = page.messages[i].message, there = expected.messages[i];
            there.mentions = here.mentions; // order is not promised
            QVERIFY2(here == there,
                     ("seq " + std::to_string(there.seq.value()) + ": " + here.body + " / " + there.body).c_str());
        }
    }

private:
    static ConversationId localConversation(client::HistoryService &history)
    {
        const auto heads = wait(history.run([](history::HistoryStore &store) { return store.heads(); }));
        return heads && !heads->empty() ? heads->front().head.conversation : ConversationId();
    }
};

QTEST_GUILESS_MAIN(TestTranscriptsClient)
#include "test_transcripts_client.moc"
