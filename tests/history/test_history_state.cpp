// SPDX-License-Identifier: GPL-3.0-or-later
// Heads, cursors, unread counts, the outbox, drafts and search.
#include "tests/history/history_fixture.h"

using namespace kith;
using namespace kith::history;
using namespace kith::test;

namespace {

const ClientMessageId kCid("11111111-1111-4111-8111-111111111111"), kCid2("22222222-2222-4222-8222-222222222222");

} // namespace

class TestHistoryState final : public HistoryFixture {
    Q_OBJECT

    StoredMessage enqueue(const ClientMessageId &cid, std::string body = "hello there")
    {
        auto queued = store().enqueue(kChat, MessageKind::Text, body, {}, {}, cid, at(500));
        return queued ? std::move(*queued) : StoredMessage();
    }
    std::int64_t found(const char *text)
    {
        const auto page = store().search(looking(text, {}, 50));
        return page ? std::int64_t(page->hits.size()) : -1;
    }

private slots:
    void init() { fresh(); }

    void head_neverMovesItsNumbersBack()
    {
        const std::vector newer{head(kChat, 30, 25, 5)}, older{head(kChat, 20, 10, 9)};
        KITH_VERIFY(store().applyHeads(newer));
        KITH_VERIFY(store().applyHeads(older));
        const auto local = localHead(kChat);
        QCOMPARE(local.head.headSeq, Seq(30));
        QCOMPARE(local.head.readSeq, Seq(25));
        QCOMPARE(local.head.unread, 5);
        QCOMPARE(local.head.last->seq, Seq(30));
        QCOMPARE(local.knownRev, Rev(30)); // seen for the first time: its present is the start
    }

    void heads_comeMostRecentFirst()
    {
        const std::vector both{head(kChat, 10), head(kGroup, 20)};
        KITH_VERIFY(store().applyHeads(both));
        const auto all = store().heads();
        KITH_VERIFY(all);
        QCOMPARE(all->size(), size_t(2));
        QCOMPARE(all->front().head.conversation, kGroup);
        KITH_VERIFY(store().applyLive(kChat, message(31), Rev(31)));
        const auto after = store().heads();
        KITH_VERIFY(after);
        QCOMPARE(after->front().head.conversation, kChat);
    }

    void ownSend_countsAsRead()
    {
        for (const std::int64_t seq : {1, 2, 3})
            KITH_VERIFY(store().applyLive(kChat, message(seq), Rev(seq)));
        QCOMPARE(localHead(kChat).head.unread, 3);
        enqueue(kCid, "I have seen them");
        QCOMPARE(localHead(kChat).head.unread, 3); // not sent yet
        const auto accepted = store().accept(kCid, kChat, Seq(4), Rev(4), MessageId("m4"), at(4));
        KITH_VERIFY(accepted);
        QCOMPARE(localHead(kChat).head.unread, 0);
        QCOMPARE(localHead(kChat).head.readSeq, Seq(4));
        const auto unconfirmed = store().unconfirmedReads();
        KITH_VERIFY(unconfirmed);
        QVERIFY(unconfirmed->empty()); // the server knows
        KITH_VERIFY(store().applyLive(kChat, message(5), Rev(5)));
        QCOMPARE(localHead(kChat).head.unread, 1);
        KITH_VERIFY(store().applyLive(kChat, message(6, kMe), Rev(6))); // from another device
        QCOMPARE(localHead(kChat).head.unread, 0);
    }

    void removedConversation_keepsItsHistory()
    {
        fetch({kGroup, {}, {}, {}, 50}, 30);
        KITH_VERIFY(store().markRemoved(kGroup));
        QVERIFY(localHead(kGroup).head.removed);
        QCOMPARE(seqs(page({kGroup, {}, {}, {}, 50})), down(30, 1));
    }

    void removedHead_leavesWhatIsKnownOfTheGroup()
    {
        Head known = head(kGroup, 30);
        known.name = "Weekend hikes";
        known.avatar = "f1";
        known.about = "Where to on Saturday";
        known.members = 7;
        const std::vector before{known};
        KITH_VERIFY(store().applyHeads(before));
        Head gone; // it says no more than that
        gone.conversation = kGroup;
        gone.type = ConversationType::Group;
        gone.headSeq = Seq(31);
        gone.removed = true;
        const std::vector out{gone};
        KITH_VERIFY(store().applyHeads(out));
        const Head kept = localHead(kGroup).head;
        QVERIFY(kept.removed);
        QCOMPARE(kept.headSeq, Seq(31));
        QCOMPARE(kept.name, known.name);
        QCOMPARE(kept.avatar, known.avatar);
        QCOMPARE(kept.about, known.about);
        QCOMPARE(kept.members, known.members);
        // Taken in again: as the group is now.
        known.name = "Walks";
        known.about.clear();
        const std::vector again{known};
        KITH_VERIFY(store().applyHeads(again));
        QCOMPARE(localHead(kGroup).head.name, known.name);
        QVERIFY(localHead(kGroup).head.about.empty());
        QVERIFY(!localHead(kGroup).head.removed);
        // Of one that this computer never knew, what is told is taken.
        Head unknown = gone;
        unknown.conversation = ConversationId("g:77");
        unknown.name = "Long ago";
        const std::vector never{unknown};
        KITH_VERIFY(store().applyHeads(never));
        QCOMPARE(localHead(unknown.conversation).head.name, unknown.name);
    }

    void unread_countsOthersMessagesAboveTheCursor()
    {
        const std::vector heads{head(kChat, 10, 10)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 50}, 10);
        KITH_VERIFY(store().applyLive(kChat, message(11), Rev(11)));
        KITH_VERIFY(store().applyLive(kChat, message(12), Rev(12)));
        KITH_VERIFY(store().applyLive(kChat, message(13, kMe, "{}"), Rev(13)));
        QCOMPARE(localHead(kChat).head.unread, 0); // an own message
        fresh();
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 50}, 10);
        KITH_VERIFY(store().applyLive(kChat, message(11), Rev(11)));
        Message notice = message(12, kMe, "{}"); // of something that I did elsewhere: not written, so not read
        notice.kind = MessageKind::System;
        KITH_VERIFY(store().applyLive(kChat, notice, Rev(12)));
        KITH_VERIFY(store().applyLive(kChat, message(13), Rev(13)));
        QCOMPARE(localHead(kChat).head.unread, 2);
        const auto moved = store().moveRead(kChat, Seq(11));
        KITH_VERIFY(moved);
        QVERIFY(*moved);
        QCOMPARE(localHead(kChat).head.unread, 1);
        const auto back = store().moveRead(kChat, Seq(5));
        KITH_VERIFY(back);
        QVERIFY(!*back);
        KITH_VERIFY(store().moveRead(kChat, Seq(99))); // no further than the head
        QCOMPARE(localHead(kChat).head.readSeq, Seq(13));
        QCOMPARE(localHead(kChat).head.unread, 0);
        const auto waiting = store().unconfirmedReads();
        KITH_VERIFY(waiting);
        QCOMPARE(waiting->size(), size_t(1));
        QCOMPARE(waiting->front().readSeq, Seq(13));
        KITH_VERIFY(store().confirmRead(kChat, Seq(13)));
        const auto none = store().unconfirmedReads();
        KITH_VERIFY(none);
        QVERIFY(none->empty());
    }

    void unreadOverAHole_trustsTheServersCount()
    {
        const std::vector heads{head(kChat, 5000, 1000, 3900)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 50}, 5000);
        QCOMPARE(localHead(kChat).head.unread, 3900);
        KITH_VERIFY(store().moveRead(kChat, Seq(4990)));
        // (4990, 5000] is all here: now the count is exact.
        QCOMPARE(localHead(kChat).head.unread, 10);
    }

    void recalledMessage_isNotUnread()
    {
        const std::vector heads{head(kChat, 10, 10)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 50}, 10);
        KITH_VERIFY(store().applyLive(kChat, message(11), Rev(11)));
        auto gone = message(11);
        gone.recalled = true;
        gone.body.clear();
        KITH_VERIFY(store().applyChange(kChat, gone, Rev(12)));
        QCOMPARE(localHead(kChat).head.unread, 0);
        QVERIFY(localHead(kChat).head.last->recalled);
    }

    void acknowledgementThatWasLost_isSentAgainWhenTheServerSaysSo()
    {
        fetch({kChat, {}, {}, {}, 10}, 10);
        const std::vector acked{Receipt{kChat, kMe, Seq(10), Seq()}};
        KITH_VERIFY(store().markAcked(acked));
        QVERIFY(store().unacked()->empty());
        // Nobody answers an acknowledgement. A head that does not show it read leaves open whether it came.
        const std::vector unread{head(kChat, 10, 4, 6)};
        KITH_VERIFY(store().applyHeads(unread));
        QCOMPARE(store().unacked()->size(), size_t(1));
        QCOMPARE(store().unacked()->front().deliveredSeq, Seq(10));
        KITH_VERIFY(store().markAcked(acked));
        const std::vector read{head(kChat, 10, 10)}; // and what was read was delivered
        KITH_VERIFY(store().applyHeads(read));
        QVERIFY(store().unacked()->empty());
    }

    void receiptForAMessageNotYetHere_waitsForIt()
    {
        const std::vector heads{head(kChat, 10, 10)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 50}, 10);
        KITH_VERIFY(store().applyReceipt({kChat, kMe, Seq(12), Seq(12)})); // read on the other device
        KITH_VERIFY(store().applyReceipt({kChat, kPeer, Seq(14), Seq(12)}));
        KITH_VERIFY(store().applyLive(kChat, message(11), Rev(11)));
        KITH_VERIFY(store().applyLive(kChat, message(12), Rev(12)));
        QCOMPARE(localHead(kChat).head.unread, 0);
        KITH_VERIFY(store().applyLive(kChat, message(13), Rev(13)));
        QCOMPARE(localHead(kChat).head.unread, 1);
        QCOMPARE(localHead(kChat).head.peer->readSeq, Seq(12));
        KITH_VERIFY(store().applyReceipt({kChat, kPeer, Seq(3), Seq(3)})); // an old one, late
        QCOMPARE(localHead(kChat).head.peer->deliveredSeq, Seq(14));
    }

    void outbox_survivesARestartAndSettlesOnce()
    {
        fetch({kChat, {}, {}, {}, 50}, 10);
        enqueue(kCid, "first");
        enqueue(kCid2, "second");
        reopen();
        const auto jobs = store().dueJobs(10);
        KITH_VERIFY(jobs);
        QCOMPARE(jobs->size(), size_t(2));
        QCOMPARE(jobs->front().body, std::string("first"));
        QCOMPARE(localHead(kChat).unsent, 2);
        QCOMPARE(localHead(kChat).lastUnsent->message.body, std::string("second"));
        const auto settled = store().accept(kCid, kChat, Seq(11), Rev(11), MessageId("m11"), at(501));
        KITH_VERIFY(settled);
        QCOMPARE(settled->state, SendState::Settled);
        QCOMPARE(settled->message.seq, Seq(11));
        QCOMPARE(settled->message.createdAt, at(501));
        // Its own push and a page bring it again.
        auto own = message(11, kMe, "first");
        own.cid = kCid;
        KITH_VERIFY(store().applyLive(kChat, own, Rev(11)));
        const auto again = store().accept(kCid, kChat, Seq(11), Rev(11), MessageId("m11"), at(501));
        KITH_VERIFY(again);
        const auto count = store().messageCount();
        KITH_VERIFY(count);
        QCOMPARE(*count, 11);
        QCOMPARE(localHead(kChat).head.unread, 0); // who answers has read
    }

    void pushBeforeAccepted_isTheSameMessage()
    {
        fetch({kChat, {}, {}, {}, 50}, 10);
        const auto queued = enqueue(kCid);
        auto own = message(11, kMe, "hello there");
        own.cid = kCid;
        KITH_VERIFY(store().applyLive(kChat, own, Rev(11)));
        const auto jobs = store().dueJobs(10);
        KITH_VERIFY(jobs);
        QVERIFY(jobs->empty());
        const auto settled = store().accept(kCid, kChat, Seq(11), Rev(11), MessageId("m11"), at(501));
        KITH_VERIFY(settled);
        QCOMPARE(settled->localId, queued.localId);
        QCOMPARE(seqs(page({kChat, {}, {}, {}, 3})), down(11, 9));
    }

    void storedUnderItsSeqFirst_leavesNoJobBehind()
    {
        fetch({kChat, {}, {}, {}, 50}, 11); // 11 came in a page without its cid
        auto own = message(11, kMe, "hello there");
        enqueue(kCid);
        own.cid = kCid;
        KITH_VERIFY(store().applyLive(kChat, own, Rev(12)));
        const auto jobs = store().dueJobs(10);
        KITH_VERIFY(jobs);
        QVERIFY(jobs->empty());
        QCOMPARE(localHead(kChat).unsent, 0);
    }

    void somebodyElsesMessageWithMyCid_isHarmless()
    {
        enqueue(kCid);
        auto forged = message(1, kPeer, "forged");
        forged.cid = kCid;
        KITH_VERIFY(store().applyLive(kChat, forged, Rev(1)));
        const auto jobs = store().dueJobs(10);
        KITH_VERIFY(jobs);
        QCOMPARE(jobs->size(), size_t(1));
        QCOMPARE(jobs->front().body, std::string("hello there"));
    }

    void failedMessage_waitsForRetryOrDiscard()
    {
        enqueue(kCid);
        KITH_VERIFY(store().fail(kCid, "blocked"));
        const auto wedged = store().dueJobs(10);
        KITH_VERIFY(wedged);
        QVERIFY(wedged->empty());
        QCOMPARE(localHead(kChat).failed, 1);
        QCOMPARE(localHead(kChat).lastUnsent->failure, std::string("blocked"));
        KITH_VERIFY(store().retry(kCid));
        const auto due = store().dueJobs(10);
        KITH_VERIFY(due);
        QCOMPARE(due->size(), size_t(1));
        KITH_VERIFY(store().fail(kCid, "blocked"));
        KITH_VERIFY(store().discard(kCid));
        QCOMPARE(localHead(kChat).unsent, 0);
    }

    void discard_neverTakesASettledMessage()
    {
        enqueue(kCid);
        KITH_VERIFY(store().accept(kCid, kChat, Seq(1), Rev(1), MessageId("m1"), at(1)));
        KITH_VERIFY(store().discard(kCid));
        const auto kept = store().message(kChat, Seq(1));
        KITH_VERIFY(kept);
        QVERIFY(kept->has_value());
    }

    void likeOfAnother_keepsMyOwn()
    {
        auto liked = message(1);
        liked.likes = 1;
        liked.liked = true;
        KITH_VERIFY(store().applyLive(kChat, liked, Rev(1)));
        auto byAnother = message(1);
        byAnother.likes = 2;
        KITH_VERIFY(store().applyChange(kChat, byAnother, Rev(2)));
        const auto kept = store().message(kChat, Seq(1));
        KITH_VERIFY(kept);
        QVERIFY((*kept)->message.liked);
        QCOMPARE((*kept)->message.likes, 2);
        byAnother.likes = 0;
        KITH_VERIFY(store().applyChange(kChat, byAnother, Rev(3)));
        const auto none = store().message(kChat, Seq(1));
        KITH_VERIFY(none);
        QVERIFY(!(*none)->message.liked);
    }

    void search_findsChineseAndWordsAndForgetsRecalls()
    {
        KITH_VERIFY(store().applyLive(kChat, message(1, kPeer, "今天下班一起走吗？"), Rev(1)));
        KITH_VERIFY(store().applyLive(kChat, message(2, kPeer, "The parcel came by Tuesday"), Rev(2)));
        KITH_VERIFY(store().applyLive(kGroup, message(1, kOther, "下班后开会"), Rev(1)));
        QCOMPARE(found("下班"), 2);
        QCOMPARE(found("parcel"), 1);
        QCOMPARE(found("PARCEL came"), 1);
        QCOMPARE(found("\"came parcel\""), 0); // a phrase, in its order
        QCOMPARE(found("班下"), 0);
        QCOMPARE(found("\" OR body:*"), 0); // no query language gets through
        QCOMPARE(found(""), 0);
        const auto inGroup = store().search(looking("下班", kGroup, 50));
        KITH_VERIFY(inGroup);
        QCOMPARE(inGroup->hits.size(), size_t(1));
        auto gone = message(2);
        gone.recalled = true;
        KITH_VERIFY(store().applyChange(kChat, gone, Rev(3)));
        QCOMPARE(found("parcel"), 0);
        auto edited = message(1, kPeer, "改到明天吧");
        KITH_VERIFY(store().applyChange(kChat, edited, Rev(4)));
        QCOMPARE(found("下班"), 1);
        QCOMPARE(found("明天"), 1);
        KITH_VERIFY(store().database().execute("INSERT INTO messages_fts(messages_fts) VALUES('integrity-check')"));
    }

    void unsentMessages_areFoundOnlyWhenSettled()
    {
        enqueue(kCid, "peculiar words");
        QCOMPARE(found("peculiar"), 0);
        KITH_VERIFY(store().accept(kCid, kChat, Seq(1), Rev(1), MessageId("m1"), at(1)));
        QCOMPARE(found("peculiar"), 1);
    }

    void arrangement_isKeptAndUnshelvedByNews()
    {
        KITH_VERIFY(store().applyHeads(std::vector{head(kChat, 5, 5), head(kGroup, 5, 5)}));
        const auto arrange = [this](const ConversationId &id, Arrangement what, std::int64_t value) {
            const auto changed = store().arrange(id, what, value);
            return changed && *changed;
        };
        QVERIFY(arrange(kChat, Arrangement::PinnedAt, 1234));
        QVERIFY(!arrange(kChat, Arrangement::PinnedAt, 1234)); // nothing new
        QVERIFY(arrange(kChat, Arrangement::Shelved, 1));
        QVERIFY(arrange(kChat, Arrangement::MarkedUnread, 1));
        QVERIFY(!arrange(ConversationId("g:nowhere"), Arrangement::Shelved, 1));
        reopen();
        QCOMPARE(toUnixMs(localHead(kChat).pinnedAt), 1234);
        QVERIFY(localHead(kChat).shelved && localHead(kChat).markedUnread);
        QVERIFY(!localHead(kGroup).shelved && !localHead(kGroup).markedUnread);
        QCOMPARE(toUnixMs(localHead(kGroup).pinnedAt), 0);

        // An own message from another device leaves it where it is; one of the other's brings it back.
        KITH_VERIFY(store().applyLive(kChat, message(6, kMe), Rev(6)));
        QVERIFY(localHead(kChat).shelved);
        KITH_VERIFY(store().applyLive(kChat, message(7, kPeer), Rev(7)));
        QVERIFY(!localHead(kChat).shelved);
        QCOMPARE(toUnixMs(localHead(kChat).pinnedAt), 1234);
        // So do heads after an absence.
        QVERIFY(arrange(kGroup, Arrangement::Shelved, 1));
        KITH_VERIFY(store().applyHeads(std::vector{head(kGroup, 5, 5)}));
        QVERIFY(localHead(kGroup).shelved);
        KITH_VERIFY(store().applyHeads(std::vector{head(kGroup, 9, 5, 4)}));
        QVERIFY(!localHead(kGroup).shelved);
        // A muted one stays.
        QVERIFY(arrange(kGroup, Arrangement::Shelved, 1));
        Head muted = head(kGroup, 9, 5, 4);
        muted.mutedUntil = fromUnixMs(4102444800000);
        KITH_VERIFY(store().applyHeads(std::vector{muted}));
        KITH_VERIFY(store().applyLive(kGroup, message(10, kPeer), Rev(10)));
        QVERIFY(localHead(kGroup).shelved);
    }

    void mention_isThereUntilItIsReadOrRecalled()
    {
        KITH_VERIFY(store().applyHeads(std::vector{head(kGroup, 0)}));
        Message named = message(1, kPeer, "@me");
        named.mentions = {kOther, kMe};
        KITH_VERIFY(store().applyLive(kGroup, named, Rev(1)));
        QVERIFY(localHead(kGroup).mentioned);
        KITH_VERIFY(store().moveRead(kGroup, Seq(1)));
        QVERIFY(!localHead(kGroup).mentioned);
        Message again = message(2, kPeer, "@me again");
        again.mentions = {kMe};
        KITH_VERIFY(store().applyLive(kGroup, again, Rev(2)));
        QVERIFY(localHead(kGroup).mentioned);
        again.recalled = true;
        KITH_VERIFY(store().applyChange(kGroup, again, Rev(3)));
        QVERIFY(!localHead(kGroup).mentioned);
        Message other = message(3, kPeer, "@other");
        other.mentions = {kOther};
        KITH_VERIFY(store().applyLive(kGroup, other, Rev(4)));
        QVERIFY(!localHead(kGroup).mentioned);
    }

    void draftsAndSettings_areKept()
    {
        KITH_VERIFY(store().setDraft(kChat, "not yet sent"));
        KITH_VERIFY(store().setSetting("epoch", "e1"));
        reopen();
        QCOMPARE(localHead(kChat).draft, std::string("not yet sent"));
        const auto epoch = store().setting("epoch");
        KITH_VERIFY(epoch);
        QCOMPARE(*epoch, std::optional<std::string>("e1"));
        KITH_VERIFY(store().removeSetting("epoch"));
        const auto gone = store().setting("epoch");
        KITH_VERIFY(gone);
        QVERIFY(!*gone);
    }

    void wipe_keepsOnlyNamedSettings()
    {
        fetch({kChat, {}, {}, {}, 50}, 30);
        KITH_VERIFY(store().setSetting("window", "w"));
        KITH_VERIFY(store().setSetting("token", "t"));
        const std::vector<std::string_view> keep{"window"};
        KITH_VERIFY(store().wipe(keep));
        const auto count = store().messageCount();
        KITH_VERIFY(count);
        QCOMPARE(*count, 0);
        QCOMPARE(found("message"), 0);
        const auto window = store().setting("window"), token = store().setting("token");
        KITH_VERIFY(window);
        KITH_VERIFY(token);
        QVERIFY(*window && !*token);
    }

    void people_areUpdatedInPlace()
    {
        std::vector<User> people{{kPeer, "tom", "Tom", "", at(1)}, {kOther, "maya", "Maya", "f1", at(2)}};
        KITH_VERIFY(store().putUsers(people));
        people.front().displayName = "Tom Becker";
        KITH_VERIFY(store().putUsers(std::span(people).first(1)));
        const std::vector<UserId> ask{kPeer, UserId("99")};
        const auto known = store().users(ask);
        KITH_VERIFY(known);
        QCOMPARE(*known, std::vector<User>{people.front()});
        const auto all = store().allUsers();
        KITH_VERIFY(all);
        QCOMPARE(all->size(), size_t(2));
    }
};

QTEST_APPLESS_MAIN(TestHistoryState)
#include "test_history_state.moc"
