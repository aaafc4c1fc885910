// SPDX-License-Identifier: GPL-3.0-or-later
// Another data set of the server: nothing that was here is lost, and nothing of it is taken for the new server's.
#include "tests/history/history_fixture.h"

using namespace kith;
using namespace kith::history;
using namespace kith::test;

namespace {

const ConversationId kArchive = archiveName(kChat, 1), kLater = archiveName(kChat, 2);
const ClientMessageId kCid("11111111-1111-4111-8111-111111111111");

PageQuery query(const ConversationId &id, int limit)
{
    PageQuery newest;
    newest.conversation = id;
    newest.limit = limit;
    return newest;
}

/// What a server that was restored writes under a seq that the lost messages had.
Message rewritten(std::int64_t seq, const UserId &sender = kPeer)
{
    Message m = message(seq, sender, "rewritten " + std::to_string(seq));
    m.id = MessageId("n" + std::to_string(seq));
    return m;
}

Head headWith(const ConversationId &id, const Message &last, std::int64_t read = 0, std::int64_t unread = 0)
{
    Head h = head(id, last.seq.value(), read, unread);
    h.last = last;
    return h;
}

} // namespace

class TestHistoryEpoch final : public HistoryFixture {
    Q_OBJECT

    void have(const ConversationId &id, std::int64_t count)
    {
        const std::vector one{head(id, count, count)};
        KITH_VERIFY(store().applyHeads(one));
        fetch(query(id, int(count)), count);
        QCOMPARE(bodies(id).size(), std::size_t(count));
    }
    std::vector<std::string> bodies(const ConversationId &id)
    {
        std::vector<std::string> texts;
        for (const auto &one : page(query(id, 500)).messages)
            texts.push_back(one.message.body);
        return texts;
    }
    void heads(std::initializer_list<Head> some)
    {
        const std::vector<Head> list(some);
        KITH_VERIFY(store().applyHeads(list));
    }
    /// All changes of a server that holds 1 … same as they were and `later`.
    void changes(const ConversationId &id, std::int64_t same, const std::vector<Message> &later)
    {
        std::vector<Message> all;
        for (std::int64_t seq = 1; seq <= same; ++seq)
            all.push_back(message(seq));
        all.insert(all.end(), later.begin(), later.end());
        const std::int64_t rev = all.empty() ? 0 : all.back().seq.value();
        KITH_VERIFY(store().applyChanges(id, all, Rev(0), Rev(rev), true));
    }
    std::int64_t suspects() { return *store().database().scalar("SELECT count(*) FROM suspects"); }
    std::int64_t holesOf(const ConversationId &id)
    {
        return *store().database().scalar("SELECT count(*)-1 FROM ranges r JOIN conversations c ON c.id=r.conversation "
                                          "WHERE c.name='" +
                                          id.str() + "'");
    }

private slots:
    void init() { fresh(); }

    void messages_stayReadableBeforeTheServerIsAsked()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        QCOMPARE(seqs(page(query(kChat, 100))), down(100, 1));
        QVERIFY(page(query(kChat, 100)).atHead);
        const auto unacked = store().unacked();
        KITH_VERIFY(unacked);
        QVERIFY(unacked->empty()); // the numbers mean nothing to the new server yet
        const auto reads = store().unconfirmedReads();
        KITH_VERIFY(reads);
        QVERIFY(reads->empty());
        QCOMPARE(localHead(kChat).knownRev, Rev(0));
    }

    void sameMessages_stayWhereTheyAre()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 100, 60, 40)});
        QCOMPARE(localHead(kChat).head.readSeq, Seq(60)); // the new server's word, though it is lower
        QCOMPARE(localHead(kChat).head.unread, 40);
        QCOMPARE(localHead(kChat).knownRev, Rev(0)); // everything is compared
        changes(kChat, 100, {});
        QCOMPARE(suspects(), 0);
        QVERIFY(store().takeMoved().empty());
        QCOMPARE(seqs(page(query(kChat, 100))), down(100, 1));
        const auto all = store().heads();
        KITH_VERIFY(all);
        QCOMPARE(all->size(), std::size_t(1));
        const auto unacked = store().unacked();
        KITH_VERIFY(unacked);
        QCOMPARE(unacked->size(), std::size_t(1)); // acked anew
        QCOMPARE(unacked->front().deliveredSeq, Seq(100));
    }

    void olderBackup_movesWhatItLacks()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 80, 80)});
        QCOMPARE(store().takeMoved(), std::vector{kArchive});
        QCOMPARE(seqs(page(query(kChat, 100))), down(80, 1));
        QVERIFY(page(query(kChat, 100)).atHead);
        QCOMPARE(seqs(page(query(kArchive, 100))), down(100, 81));
        QVERIFY(page(query(kArchive, 100)).atFloor);
        const auto archive = localHead(kArchive);
        QVERIFY(archive.archive && archive.head.removed);
        QCOMPARE(archive.head.name, std::string("Somebody"));
        QCOMPARE(archive.head.last->body, std::string("message 100"));
        QCOMPARE(archive.head.unread, 0);
        QVERIFY(!localHead(kChat).archive);
        QCOMPARE(localHead(kChat).head.headSeq, Seq(80));
        QCOMPARE(localHead(kChat).head.last->seq, Seq(80));

        changes(kChat, 80, {});
        KITH_VERIFY(store().applyLive(kChat, rewritten(81), Rev(81)));
        QCOMPARE(bodies(kChat).front(), std::string("rewritten 81"));
        QCOMPARE(bodies(kArchive).back(), std::string("message 81"));
        QCOMPARE(localHead(kChat).head.unread, 1);
        QCOMPARE(suspects(), 0);
    }

    void backupThatGrewAgain_isToldApartMessageByMessage()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        heads({headWith(kChat, rewritten(95))}); // 81 … 95 are others, and nobody knows yet that 81 … 94 are
        std::vector<Message> later;
        for (std::int64_t seq = 81; seq <= 95; ++seq)
            later.push_back(rewritten(seq));
        changes(kChat, 80, later);
        const auto now = bodies(kChat);
        QCOMPARE(now.size(), std::size_t(95));
        QCOMPARE(now.front(), std::string("rewritten 95"));
        QCOMPARE(now[14], std::string("rewritten 81"));
        QCOMPARE(now[15], std::string("message 80"));
        QCOMPARE(seqs(page(query(kArchive, 100))), down(100, 81));
        QCOMPARE(bodies(kArchive).back(), std::string("message 81"));
        QCOMPARE(holesOf(kArchive), 0);
        QCOMPARE(holesOf(kChat), 0);
        QCOMPARE(suspects(), 0);
    }

    void aPage_isComparedToo()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        heads({headWith(kChat, rewritten(400))});
        PageQuery newest = query(kChat, 50);
        Page answer{{}, Seq(400), Rev(400), Seq(1)};
        for (std::int64_t seq = 400; seq > 350; --seq)
            answer.messages.push_back(rewritten(seq));
        KITH_VERIFY(store().applyPage(newest, answer));
        QCOMPARE(bodies(kChat).front(), std::string("rewritten 400"));
        PageQuery old = query(kChat, 50);
        old.before = Seq(101);
        answer.messages.clear();
        for (std::int64_t seq = 100; seq > 50; --seq)
            answer.messages.push_back(rewritten(seq));
        KITH_VERIFY(store().applyPage(old, answer));
        QCOMPARE(seqs(page(query(kArchive, 100))), down(100, 51));
        old.before = Seq(51);
        answer.messages.clear();
        for (std::int64_t seq = 50; seq > 0; --seq)
            answer.messages.push_back(rewritten(seq));
        KITH_VERIFY(store().applyPage(old, answer));
        QCOMPARE(seqs(page(query(kArchive, 200))), down(100, 1));
        QCOMPARE(bodies(kArchive).front(), std::string("message 100"));
    }

    void livePushBeforeTheHeads_isCompared()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        KITH_VERIFY(store().applyLive(kChat, rewritten(81), Rev(81)));
        QCOMPARE(seqs(page(query(kArchive, 100))), down(100, 81));
        heads({headWith(kChat, rewritten(81), 80, 1)});
        changes(kChat, 80, {rewritten(81)});
        QCOMPARE(seqs(page(query(kChat, 100))), down(81, 1));
        QCOMPARE(localHead(kChat).head.unread, 1);
    }

    void ownSend_ontoALostSeq()
    {
        have(kChat, 100);
        KITH_VERIFY(store().enqueue(kChat, MessageKind::Text, "mine", {}, {}, kCid, at(500)));
        KITH_VERIFY(store().dropCursors());
        KITH_VERIFY(store().accept(kCid, kChat, Seq(81), Rev(81), MessageId("n81"), at(501)));
        QCOMPARE(bodies(kArchive).size(), std::size_t(20));
        QCOMPARE(bodies(kChat).front(), std::string("mine"));
        QCOMPARE(bodies(kChat).size(), std::size_t(81));
    }

    void ownLostMessageSentAgain_isThereTwice()
    {
        // Another device never heard that it had been accepted, and sends it to the restored server.
        have(kChat, 80);
        Message own = message(81, kMe, "mine");
        own.cid = kCid;
        KITH_VERIFY(store().applyLive(kChat, own, Rev(81)));
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 80)});
        own.id = MessageId("n81");
        KITH_VERIFY(store().applyLive(kChat, own, Rev(81)));
        QCOMPARE(bodies(kArchive), std::vector<std::string>{"mine"});
        QCOMPARE(bodies(kChat).front(), std::string("mine"));
        QCOMPARE(bodies(kChat).size(), std::size_t(81));
    }

    void lostGroup_isClosed_lostPrivateChatWaits()
    {
        have(kChat, 10);
        have(kGroup, 10);
        KITH_VERIFY(store().dropCursors());
        heads({head(ConversationId("p:1:3"), 5)});
        KITH_VERIFY(store().closeEpoch());
        QVERIFY(localHead(kGroup).head.removed);
        QVERIFY(!localHead(kChat).head.removed);
        QCOMPARE(bodies(kGroup).size(), std::size_t(10));
        QCOMPARE(bodies(kChat).size(), std::size_t(10));
        // Somebody writes there again: its first message is the new server's seq 1.
        KITH_VERIFY(store().applyLive(kChat, rewritten(1), Rev(1)));
        heads({headWith(kChat, rewritten(1), 0, 1)});
        QCOMPARE(bodies(kChat), std::vector<std::string>{"rewritten 1"});
        QCOMPARE(bodies(kArchive).size(), std::size_t(10));
        QCOMPARE(localHead(kChat).head.headSeq, Seq(1));
        QCOMPARE(localHead(kChat).head.unread, 1);
    }

    void twoEpochs_keepTwoArchives()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 80)});
        changes(kChat, 80, {});
        KITH_VERIFY(store().applyLive(kChat, rewritten(81), Rev(81)));
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 70)});
        QCOMPARE(seqs(page(query(kArchive, 100))), down(100, 81));
        QCOMPARE(seqs(page(query(kLater, 100))), down(81, 71));
        QCOMPARE(bodies(kLater).front(), std::string("rewritten 81"));
        QCOMPARE(bodies(kChat).size(), std::size_t(70));
    }

    void repeatedBeforeAnyHead_isTheSame()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 80)});
        QCOMPARE(bodies(kChat).size(), std::size_t(80));
        QCOMPARE(bodies(kLater).size(), std::size_t(20));
    }

    void restartMidway_goesOn()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        reopen();
        heads({headWith(kChat, rewritten(95))});
        reopen();
        std::vector<Message> later;
        for (std::int64_t seq = 81; seq <= 95; ++seq)
            later.push_back(rewritten(seq));
        changes(kChat, 80, later);
        QCOMPARE(bodies(kChat).size(), std::size_t(95));
        QCOMPARE(bodies(kArchive).size(), std::size_t(20));
    }

    void wholeConversationsOfAnotherServer_moveAside()
    {
        have(kChat, 30);
        KITH_VERIFY(store().dropCursors());
        heads({headWith(kChat, rewritten(1))});
        changes(kChat, 0, {rewritten(1)});
        QCOMPARE(bodies(kChat), std::vector<std::string>{"rewritten 1"});
        QCOMPARE(bodies(kArchive).size(), std::size_t(30));
    }

    void search_findsWhatWasMoved()
    {
        have(kChat, 100);
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 80)});
        const auto hits = store().search(looking("message 97", kArchive, 10));
        KITH_VERIFY(hits);
        QCOMPARE(hits->hits.size(), std::size_t(1));
        const auto elsewhere = store().search(looking("message 97", kChat, 10));
        KITH_VERIFY(elsewhere);
        QVERIFY(elsewhere->hits.empty());
    }

    void pendingEditOfALostMessage_goes()
    {
        have(kChat, 80);
        KITH_VERIFY(store().applyLive(kChat, message(81, kMe, "mine"), Rev(81)));
        const auto own = page(query(kChat, 1)).messages.front();
        KITH_VERIFY(store().change(kChat, own.localId, ChangeKind::Edit, "mended", false, at(600)));
        KITH_VERIFY(store().dropCursors());
        heads({head(kChat, 80)});
        QCOMPARE(*store().database().scalar("SELECT count(*) FROM changes"), 0);
        QCOMPARE(bodies(kArchive), std::vector<std::string>{"mine"});
    }
};

QTEST_APPLESS_MAIN(TestHistoryEpoch)
#include "test_history_epoch.moc"
