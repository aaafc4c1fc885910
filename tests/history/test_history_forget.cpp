// SPDX-License-Identifier: GPL-3.0-or-later
// What is forgotten is gone: for whoever reads, from the pages of the file, and for good until it is asked for.
#include "core/history/salvage.h"
#include "core/sql/page_file.h"
#include "tests/history/history_fixture.h"

#include <QFile>

using namespace kith;
using namespace kith::history;

namespace kith::test {

/// No two of these begin alike, so that no page holds a word as the rest of another.
constexpr const char *kSecret = "quokkaburrow";
constexpr const char *kSecretInside = "uokkaburro"; // the index shares beginnings of words
constexpr const char *kKept = "zirconharp";

class ForgetTest final : public HistoryFixture {
    Q_OBJECT

private:
    static Message worded(std::int64_t seq, const char *word)
    {
        return message(seq, kPeer, std::string(word) + " and message " + std::to_string(seq));
    }
    /// Messages 1 … head here, those below `newer` with the secret word.
    void fill(const ConversationId &id, std::int64_t head, std::int64_t newer)
    {
        const std::vector heads{test::head(id, head)};
        KITH_VERIFY(store().applyHeads(heads));
        for (std::int64_t to = head; to > 0; to -= 200) {
            Page page{{}, Seq(head), Rev(head), Seq(1)};
            for (auto seq = to; seq > std::max<std::int64_t>(0, to - 200); --seq)
                page.messages.push_back(worded(seq, seq < newer ? kSecret : kKept));
            PageQuery query;
            query.conversation = id;
            query.before = Seq(to + 1);
            KITH_VERIFY(store().applyPage(query, page));
        }
    }
    std::vector<ConversationId> forget(const std::vector<ConversationId> &ids, std::int64_t olderThan)
    {
        auto done = store().forget(ids, at(olderThan));
        return done ? *done : std::vector<ConversationId>{ConversationId("failed")};
    }
    /// All pieces; how many messages went.
    std::int64_t finish(int *pieces = nullptr)
    {
        std::int64_t removed = 0;
        for (;;) {
            const auto step = store().continueForget();
            if (!step)
                return -1;
            removed += step->removed;
            if (pieces != nullptr)
                ++*pieces;
            if (step->phase == ForgetPhase::None)
                return removed;
        }
    }
    std::int64_t hits(const char *word)
    {
        const auto found = store().search(looking(word));
        return found ? static_cast<std::int64_t>(found->hits.size()) : -1;
    }
    /// How many decrypted pages hold it; the file is closed for it.
    int pagesWith(const std::string &text)
    {
        m_store.reset();
        int found = -1;
        if (auto file = sql::PageFile::open(path(), m_key); file) {
            found = 0;
            for (std::int64_t number = 1; number <= file->pages(); ++number) {
                const auto page = file->page(number);
                found += page && page->find(text) != std::string::npos ? 1 : 0;
            }
        }
        reopen();
        return found;
    }
    std::int64_t scalar(const char *sql)
    {
        const auto value = store().database().scalar(sql);
        return value ? *value : -1;
    }
    PageQuery newest(const ConversationId &id, int limit = 50)
    {
        PageQuery query;
        query.conversation = id;
        query.limit = limit;
        return query;
    }

private slots:
    void init() { fresh(); }

    void forgotten_isAHoleOfItsOwn()
    {
        fill(kChat, 100, 60);
        const auto survey = store().surveyForget(std::vector{kChat, kGroup}, at(60));
        KITH_VERIFY(survey);
        QCOMPARE(*survey, (ForgetSurvey{1, 59, 0}));
        QCOMPARE(forget({kChat, kGroup}, 60), std::vector{kChat});
        // At once, before a row is deleted.
        QCOMPARE(seqs(page(newest(kChat, 200))), down(100, 60));
        QCOMPARE(page(newest(kChat, 200)).olderHole, std::optional(Hole{Seq(1), Seq(59)}));
        const auto covered = store().coverage(kChat);
        KITH_VERIFY(covered);
        QCOMPARE(covered->messagesHere, 41);
        QCOMPARE(covered->holes, (std::vector{Hole{Seq(1), Seq(59)}}));
        QVERIFY(covered->isForgotten(covered->holes.front()));
        QCOMPARE(localHead(kChat).keptFrom, Seq(60));
        QCOMPARE(finish(), 59);
        QCOMPARE(scalar("SELECT count(*) FROM messages"), 41);
        const auto again = store().surveyForget(std::vector{kChat}, at(60));
        KITH_VERIFY(again);
        QCOMPARE(again->messages, 0);
        const auto reach = store().searchReach({});
        KITH_VERIFY(reach);
        QCOMPARE(reach->missing, 59);
        QCOMPARE(reach->since, std::optional(at(60)));
    }

    void words_areOnNoPageOfTheFile()
    {
        fill(kChat, 3000, 2900);
        QCOMPARE(hits(kSecret), 50);
        QVERIFY(pagesWith(kSecret) > 20);
        QVERIFY(pagesWith(kSecretInside) > 20);
        forget({kChat}, 2900);
        QCOMPARE(hits(kSecret), 0); // at once, though the rows are still there
        int pieces = 0;
        QCOMPARE(finish(&pieces), 2899);
        QVERIFY(pieces > 15); // nobody waits for all of it
        QCOMPARE(hits(kSecret), 0);
        QCOMPARE(hits(kKept), 50);
        QCOMPARE(pagesWith(kSecret), 0);
        QCOMPARE(pagesWith(kSecretInside), 0);
        QVERIFY(pagesWith(kKept) > 0);
        KITH_VERIFY(store().database().integrityCheck());
        KITH_VERIFY(
            store().database().execute("INSERT INTO messages_fts(messages_fts,rank) VALUES('integrity-check',1)"));
    }

    void markedInTheIndexOnly_wordsAreStillOnPages()
    {
        // The reason for the second phase: without it the test above would fail.
        fill(kChat, 3000, 2900);
        forget({kChat}, 2900);
        for (;;) {
            const auto step = store().continueForget();
            KITH_VERIFY(step);
            if (scalar("SELECT count(*) FROM forgotten WHERE todo>0") == 0)
                break;
        }
        QCOMPARE(scalar("SELECT count(*) FROM messages WHERE seq<2900"), 0);
        QVERIFY(pagesWith(kSecretInside) > 0);
        finish();
        QCOMPARE(pagesWith(kSecretInside), 0);
    }

    void space_isGivenBack()
    {
        fill(kChat, 6000, 5990);
        m_store.reset();
        const auto before = QFile(QString::fromStdString(path())).size();
        reopen();
        forget({kChat}, 5990);
        finish();
        const auto size = store().fileSize();
        KITH_VERIFY(size);
        QCOMPARE(size->empty, 0);
        m_store.reset();
        const auto after = QFile(QString::fromStdString(path())).size();
        QVERIFY2(after * 5 < before, qPrintable(QStringLiteral("%1 of %2 bytes").arg(after).arg(before)));
        QCOMPARE(size->file, after);
        reopen();
        QCOMPARE(seqs(page(newest(kChat))), down(6000, 5990));
    }

    void nothingThatComesByItself_bringsItBack()
    {
        fill(kChat, 100, 60);
        KITH_VERIFY(store().arrange(kChat, Arrangement::Shelved, 0));
        forget({kChat}, 60);
        finish();
        // The newest page of a catch-up reaches below the mark.
        fetch(newest(kChat, 80), 101);
        QCOMPARE(seqs(page(newest(kChat, 200))), down(101, 60));
        // A push that is sent again, an edit beside the newest that is kept, a list of changes.
        const auto live = store().applyLive(kChat, worded(40, kSecret), Rev(101));
        KITH_VERIFY(live);
        QCOMPARE(*live, LiveOutcome::Known);
        KITH_VERIFY(store().applyChange(kChat, worded(59, kSecret), Rev(102)));
        const std::vector changes{worded(59, kSecret), worded(58, kSecret), message(102)};
        KITH_VERIFY(store().applyChanges(kChat, changes, Rev(102), Rev(104), true));
        QCOMPARE(seqs(page(newest(kChat, 200))), down(102, 60));
        QCOMPARE(scalar("SELECT count(*) FROM messages WHERE seq<60"), 0);
        QCOMPARE(hits(kSecret), 0);
        QCOMPARE(localHead(kChat).knownRev, Rev(104));
    }

    void newestIsForgottenToo_itsLineStaysEmpty()
    {
        const std::vector heads{test::head(kGroup, 10)};
        fill(kGroup, 10, 11);
        auto local = localHead(kGroup);
        QVERIFY(local.head.last);
        forget({kGroup}, 1000);
        QVERIFY(!localHead(kGroup).head.last);
        finish();
        KITH_VERIFY(store().applyHeads(heads)); // the server's list has its words
        QVERIFY(!localHead(kGroup).head.last);
        QCOMPARE(scalar("SELECT count(*) FROM conversations WHERE last_body<>''"), 0);
        const auto shown = page(newest(kGroup));
        QVERIFY(shown.messages.empty());
        QCOMPARE(shown.olderHole, std::optional(Hole{Seq(1), Seq(10)}));
        // Nothing more is acknowledged than was here, and nothing less.
        KITH_VERIFY(store().forgetAcks());
        const auto due = store().unacked();
        KITH_VERIFY(due);
        QCOMPARE(due->size(), std::size_t{1});
        QCOMPARE(due->front().deliveredSeq, Seq(10));
        // What is new comes as ever.
        const auto live = store().applyLive(kGroup, message(11), Rev(11));
        KITH_VERIFY(live);
        QCOMPARE(localHead(kGroup).head.last->seq, Seq(11));
        QCOMPARE(seqs(page(newest(kGroup))), down(11, 11));
    }

    void askedForAgain_isStored()
    {
        fill(kChat, 100, 60);
        forget({kChat}, 60);
        finish();
        KITH_VERIFY(store().wantAgain(kChat, Seq(40)));
        PageQuery query = newest(kChat, 50);
        query.before = Seq(60);
        fetch(query, 100);
        QCOMPARE(seqs(page(newest(kChat, 200))), down(100, 40));
        QCOMPARE(page(newest(kChat, 200)).olderHole, std::optional(Hole{Seq(1), Seq(39)}));
        KITH_VERIFY(store().wantAgain(kChat, Seq(1)));
        QCOMPARE(localHead(kChat).keptFrom, Seq());
        query.before = Seq(40);
        fetch(query, 100);
        QCOMPARE(seqs(page(newest(kChat, 200))), down(100, 1));
        QCOMPARE(scalar("SELECT count(*) FROM forgotten"), 0);
    }

    void askedForWhileItGoes_isNotDeleted()
    {
        fill(kChat, 900, 880);
        forget({kChat}, 880);
        KITH_VERIFY(store().continueForget());
        KITH_VERIFY(store().wantAgain(kChat, Seq(830)));
        PageQuery query = newest(kChat, 50);
        query.before = Seq(880);
        fetch(query, 900);
        finish();
        QCOMPARE(seqs(page(newest(kChat, 200))), down(900, 830));
        QCOMPARE(scalar("SELECT count(*) FROM messages WHERE seq<830"), 0);
        QCOMPARE(scalar("SELECT count(*) FROM forgotten WHERE todo>0"), 0);
    }

    void unreadUnsentDraftsAndChanges_stay()
    {
        const std::vector heads{test::head(kChat, 100, 20, 80)};
        KITH_VERIFY(store().applyHeads(heads));
        fill(kChat, 100, 60);
        KITH_VERIFY(store().applyHeads(heads));
        QCOMPARE(localHead(kChat).head.unread, 80);
        KITH_VERIFY(store().setDraft(kChat, "half a thought"));
        KITH_VERIFY(store().enqueue(kChat, MessageKind::Text, "waits", {}, {}, ClientMessageId("c1"), at(1)));
        const auto liked = store().message(kChat, Seq(30));
        KITH_VERIFY(liked);
        KITH_VERIFY(store().change(kChat, (*liked)->localId, ChangeKind::Like, "", true, at(2)));
        const auto survey = store().surveyForget(std::vector{kChat}, at(60));
        KITH_VERIFY(survey);
        QCOMPARE(survey->messages, 58);
        forget({kChat}, 60);
        QCOMPARE(finish(), 58);
        auto local = localHead(kChat);
        QCOMPARE(local.head.unread, 80); // nobody has read them
        QCOMPARE(local.draft, std::string("half a thought"));
        QCOMPARE(local.unsent, 1);
        const auto due = store().dueChanges(10);
        KITH_VERIFY(due);
        QCOMPARE(due->size(), std::size_t{1});
        QCOMPARE(due->front().seq, Seq(30));
        // Half of what is here is read: what is above is counted exactly.
        KITH_VERIFY(store().moveRead(kChat, Seq(80)));
        QCOMPARE(localHead(kChat).head.unread, 20);
        KITH_VERIFY(store().moveRead(kChat, Seq(100)));
        QCOMPARE(localHead(kChat).head.unread, 0);
        // The outbox's answer for one that the server had taken long ago.
        const auto accepted = store().accept(ClientMessageId("c1"), kChat, Seq(40), Rev(40), MessageId("m40"), at(40));
        KITH_VERIFY(accepted);
        QCOMPARE(accepted->message.seq, Seq(40));
        // Settled, the liked one goes with the next time.
        KITH_VERIFY(store().settleChange(due->front().id, true, at(3)));
        forget({kChat}, 60);
        QCOMPARE(finish(), 2);
        QCOMPARE(scalar("SELECT count(*) FROM messages WHERE seq<60"), 0);
    }

    void interrupted_goesOnAfterAStart()
    {
        fill(kChat, 1000, 900);
        forget({kChat}, 900);
        for (int pieces = 0;; ++pieces) {
            m_store.reset(); // as after a crash: nothing but the file
            reopen();
            QCOMPARE(seqs(page(newest(kChat, 200))), down(1000, 900));
            const auto step = store().continueForget();
            KITH_VERIFY(step);
            QVERIFY(pieces < 1000);
            if (step->phase == ForgetPhase::None)
                break;
        }
        QCOMPARE(pagesWith(kSecretInside), 0);
        QCOMPARE(hits(kSecret), 0);
    }

    void holesAndRanges_areCutWhereTheTimeIs()
    {
        const std::vector heads{test::head(kGroup, 300)};
        KITH_VERIFY(store().applyHeads(heads));
        PageQuery query = newest(kGroup, 20);
        fetch(query, 300); // 281 … 300
        query.before = Seq(101);
        fetch(query, 300); // 81 … 100
        // All below the hole is older: the mark goes no further than what was seen to be so.
        forget({kGroup}, 200);
        QCOMPARE(localHead(kGroup).keptFrom, Seq(101));
        auto covered = store().coverage(kGroup);
        KITH_VERIFY(covered);
        QCOMPARE(covered->holes, (std::vector{Hole{Seq(1), Seq(100)}, Hole{Seq(101), Seq(280)}}));
        QVERIFY(covered->isForgotten(covered->holes[0]));
        QVERIFY(!covered->isForgotten(covered->holes[1]));
        QCOMPARE(page(newest(kGroup)).olderHole, std::optional(Hole{Seq(101), Seq(280)}));
        finish();
        query.before = Seq(281);
        query.limit = 200;
        fetch(query, 300);
        QCOMPARE(seqs(page(newest(kGroup, 300))), down(300, 101));
        QCOMPARE(page(newest(kGroup, 300)).olderHole, std::optional(Hole{Seq(1), Seq(100)}));
    }

    void archivesAndGroupsThatWereLeft_goForGood()
    {
        fill(kGroup, 50, 30);
        KITH_VERIFY(store().markRemoved(kGroup));
        auto survey = store().surveyForget(std::vector{kGroup}, at(30));
        KITH_VERIFY(survey);
        QCOMPARE(*survey, (ForgetSurvey{1, 29, 29}));
        forget({kGroup}, 30);
        finish();
        QCOMPARE(seqs(page(newest(kGroup))), down(50, 30));
    }

    void anotherDataSet_isNotHeldBackByTheMark()
    {
        fill(kChat, 100, 60);
        forget({kChat}, 2000);
        finish();
        KITH_VERIFY(store().dropCursors());
        const std::vector heads{test::head(kChat, 50)};
        KITH_VERIFY(store().applyHeads(heads));
        const auto live = store().applyLive(kChat, message(51), Rev(51));
        KITH_VERIFY(live);
        fetch(newest(kChat, 20), 51);
        QCOMPARE(seqs(page(newest(kChat, 20))), down(51, 32));
    }

    void footprint_isNoMoreThanASample()
    {
        fill(kChat, 1000, 1);
        fill(kGroup, 100, 1);
        const auto large = store().footprint(kChat), small = store().footprint(kGroup);
        KITH_VERIFY(large);
        KITH_VERIFY(small);
        QCOMPARE(large->oldest, std::optional(at(1)));
        QVERIFY(large->weight > 9 * small->weight && large->weight < 11 * small->weight);
        const auto none = store().footprint(ConversationId("g:99"));
        KITH_VERIFY(none);
        QVERIFY(!none->oldest);
    }

    void salvaged_staysForgotten()
    {
        fill(kChat, 500, 400);
        forget({kChat}, 400);
        KITH_VERIFY(store().continueForget()); // begun, no more
        m_store.reset();
        const auto done = salvage(path(), m_key);
        KITH_VERIFY(done);
        reopen();
        QCOMPARE(localHead(kChat).keptFrom, Seq(400));
        QCOMPARE(seqs(page(newest(kChat, 200))), down(500, 400));
        QCOMPARE(scalar("SELECT count(*) FROM messages WHERE seq<400"), 0);
        QCOMPARE(pagesWith(kSecretInside), 0);
    }

    void wiped_leavesNoMark()
    {
        fill(kChat, 100, 60);
        forget({kChat}, 60);
        KITH_VERIFY(store().wipe({}));
        QCOMPARE(finish(), 0);
        fill(kChat, 100, 60);
        QCOMPARE(seqs(page(newest(kChat, 200))), down(100, 1));
    }
};

} // namespace kith::test

QTEST_GUILESS_MAIN(kith::test::ForgetTest)
#include "test_history_forget.moc"
