// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, recalls and likes that wait for the server: shown at once, kept over restarts, taken back when refused.
#include "tests/history/history_fixture.h"

using namespace kith;
using namespace kith::history;
using namespace kith::test;

namespace {
const ClientMessageId kCid("11111111-1111-4111-8111-111111111111");
}

class TestHistoryChanges final : public HistoryFixture {
    Q_OBJECT

    StoredMessage shown(std::int64_t seq)
    {
        auto got = store().message(kChat, Seq(seq));
        return got && *got ? std::move(**got) : StoredMessage();
    }
    std::optional<StoredMessage> change(const StoredMessage &message, ChangeKind kind, std::string body = {},
                                        bool mayBeSent = true)
    {
        auto made = store().change(kChat, message.localId, kind, body, mayBeSent, at(900));
        return made ? std::move(*made) : std::nullopt;
    }
    std::vector<PendingChange> due()
    {
        auto got = store().dueChanges(50);
        return got ? std::move(*got) : std::vector<PendingChange>();
    }
    bool settle(std::int64_t id, bool done) { return store().settleChange(id, done, at(901)).has_value(); }
    std::int64_t found(const char *text)
    {
        const auto page = store().search(looking(text, {}, 50));
        return page ? std::int64_t(page->hits.size()) : -1;
    }

private slots:
    void init()
    {
        fresh();
        fetch({kChat, {}, {}, {}, 10}, 10);
    }

    void edit_isShownAtOnceAndConfirmedLater()
    {
        const auto before = shown(5);
        const auto after = change(before, ChangeKind::Edit, "a better sentence");
        QVERIFY(after && after->changing);
        QCOMPARE(after->message.body, std::string("a better sentence"));
        reopen();
        QCOMPARE(shown(5).message.body, std::string("a better sentence"));
        QVERIFY(shown(5).changing && !shown(6).changing);
        QCOMPARE(page({kChat, {}, {}, {}, 10}).messages.at(5).message.body, std::string("a better sentence"));
        const auto waiting = due();
        QCOMPARE(waiting.size(), size_t(1));
        QCOMPARE(waiting[0].seq, Seq(5));
        QVERIFY(waiting[0].kind == ChangeKind::Edit);
        const auto settled = store().settleChange(waiting[0].id, true, at(901));
        KITH_VERIFY(settled);
        QVERIFY(*settled && !(*settled)->changing && (*settled)->message.editedAt);
        QVERIFY(due().empty());
        reopen();
        QCOMPARE(shown(5).message.body, std::string("a better sentence"));
        QCOMPARE(found("better"), 1);
        QCOMPARE(found("\"message 5\""), 0); // the old words are gone from the index
    }

    void listsShowTheLastLineAsItWillBe()
    {
        change(shown(10), ChangeKind::Edit, "the new last words");
        QCOMPARE(localHead(kChat).head.last->body, std::string("the new last words"));
        const auto all = store().heads();
        KITH_VERIFY(all);
        QCOMPARE(all->front().head.last->body, std::string("the new last words"));
        change(shown(10), ChangeKind::Recall);
        QVERIFY(localHead(kChat).head.last->recalled);
        QVERIFY(settle(due()[0].id, false));
        QCOMPARE(localHead(kChat).head.last->body, std::string("message 10"));
    }

    void refusedChange_leavesTheMessageAsItWas()
    {
        change(shown(5), ChangeKind::Edit, "never mind");
        change(shown(6), ChangeKind::Recall);
        change(shown(7), ChangeKind::Like);
        QVERIFY(shown(6).message.recalled && shown(6).message.body.empty());
        QVERIFY(shown(7).message.liked && shown(7).message.likes == 1);
        for (const auto &one : due())
            QVERIFY(settle(one.id, false));
        for (const std::int64_t seq : {5, 6, 7}) {
            const auto now = shown(seq);
            QVERIFY(now.message == message(seq) && !now.changing);
        }
        QCOMPARE(found("message"), 10);
    }

    void recall_wipesTheBodyWhenItIsConfirmed()
    {
        change(shown(5), ChangeKind::Edit, "a slip of the tongue");
        change(shown(5), ChangeKind::Recall);
        QVERIFY(shown(5).message.recalled);
        const auto waiting = due();
        QCOMPARE(waiting.size(), size_t(1)); // the edit is not sent any more
        QVERIFY(settle(waiting[0].id, true));
        QCOMPARE(found("message"), 9);
        const auto bytes = store().database().scalar("SELECT count(*) FROM messages WHERE seq=5 AND body<>''");
        KITH_VERIFY(bytes);
        QCOMPARE(*bytes, std::int64_t(0));
        const auto kept = store().database().scalar("SELECT count(*) FROM changes");
        QCOMPARE(*kept, std::int64_t(0));
    }

    void changesOfOneMessage_goOneAfterAnother()
    {
        change(shown(5), ChangeKind::Like);
        change(shown(5), ChangeKind::Unlike);
        change(shown(6), ChangeKind::Like);
        QVERIFY(!shown(5).message.liked && shown(5).message.likes == 0);
        QCOMPARE(due().size(), size_t(2)); // the oldest of each
        QVERIFY(settle(due()[0].id, true));
        QVERIFY(!shown(5).message.liked); // the second still counts
        QVERIFY(due()[0].kind == ChangeKind::Unlike);
        change(shown(6), ChangeKind::Edit, "one");
        change(shown(6), ChangeKind::Edit, "two");
        QVERIFY(settle(due()[0].id, true));
        QVERIFY(settle(due()[0].id, true));
        QCOMPARE(due().size(), size_t(1));
        QCOMPARE(due()[0].body, std::string("two")); // the last word counts
    }

    void answerToAnEditThatWasReplaced_doesNotSettleTheNextOne()
    {
        change(shown(5), ChangeKind::Edit, "one");
        const auto underWay = due()[0].id;
        change(shown(5), ChangeKind::Edit, "two");
        QVERIFY(settle(underWay, true)); // its answer comes now
        QCOMPARE(due().size(), size_t(1));
        QCOMPARE(due()[0].body, std::string("two"));
        QCOMPARE(shown(5).message.body, std::string("two"));
    }

    void newsFromOthers_doNotUndoWhatWaits()
    {
        change(shown(5), ChangeKind::Edit, "mine");
        Message pushed = message(5, kPeer, "theirs");
        KITH_VERIFY(store().applyChange(kChat, pushed, Rev(11)));
        QCOMPARE(shown(5).message.body, std::string("mine"));
        QVERIFY(settle(due()[0].id, false));
        QCOMPARE(shown(5).message.body, std::string("theirs"));
    }

    void unsentMessage_thatNobodyHas_isSimplyAnother()
    {
        const auto queued = store().enqueue(kChat, MessageKind::Text, "hullo", {}, {}, kCid, at(500));
        KITH_VERIFY(queued);
        const auto edited = change(*queued, ChangeKind::Edit, "hello", false);
        QVERIFY(edited && !edited->changing && !edited->message.editedAt);
        QCOMPARE(store().jobs(kChat)->front().body, std::string("hello"));
        QVERIFY(due().empty());
        QVERIFY(!change(*edited, ChangeKind::Recall, {}, false));
        QVERIFY(store().jobs(kChat)->empty());
    }

    void unsentMessage_thatMayBeThere_isSentAsItWasAndChangedBehindIt()
    {
        const auto queued = store().enqueue(kChat, MessageKind::Text, "hullo", {}, {}, kCid, at(500));
        KITH_VERIFY(queued);
        const auto edited = change(*queued, ChangeKind::Edit, "hello");
        QVERIFY(edited && edited->changing);
        QCOMPARE(edited->message.body, std::string("hello"));
        QCOMPARE(store().jobs(kChat)->front().body, std::string("hullo")); // the same cid, the same body
        QVERIFY(due().empty());                                            // behind its message
        const auto accepted = store().accept(kCid, kChat, Seq(11), Rev(11), MessageId("m11"), at(501));
        KITH_VERIFY(accepted);
        QCOMPARE(accepted->message.body, std::string("hello"));
        QCOMPARE(due().size(), size_t(1));
        QCOMPARE(due()[0].seq, Seq(11));
        QVERIFY(settle(due()[0].id, false));
        QCOMPARE(shown(11).message.body, std::string("hullo")); // what the server has
    }

    void discardedMessage_takesItsChangesAlong()
    {
        const auto queued = store().enqueue(kChat, MessageKind::Text, "hullo", {}, {}, kCid, at(500));
        change(*queued, ChangeKind::Edit, "hello");
        KITH_VERIFY(store().discard(kCid));
        const auto kept = store().database().scalar("SELECT count(*) FROM changes");
        QCOMPARE(*kept, std::int64_t(0));
    }

    void unknownMessage_isNothing()
    {
        StoredMessage nobody;
        nobody.localId = 4711;
        QVERIFY(!change(nobody, ChangeKind::Like));
        auto elsewhere = store().change(kGroup, shown(5).localId, ChangeKind::Like, {}, true, at(900));
        KITH_VERIFY(elsewhere);
        QVERIFY(!*elsewhere);
        QVERIFY(settle(4711, true));
    }
};

QTEST_APPLESS_MAIN(TestHistoryChanges)
#include "test_history_changes.moc"
