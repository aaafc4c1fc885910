// SPDX-License-Identifier: GPL-3.0-or-later
// The download of everything over a real encrypted store and a pretended server.
#include "core/client/downloader.h"
#include "core/client/forgetter.h"
#include "core/client/synchroniser.h"
#include "tests/client/fake_rpc.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace kith;
using namespace kith::client;
using protocol::Op;
using test::wait;

namespace {

const UserId kMe("1"), kPeer("2");
const ConversationId kChat("p:1:2"), kGroup("g:7"), kOld("g:8");

struct Rig {
    QString path;
    crypto::Secret key;
    HistoryService history;
    test::FakeServer server;
    Synchroniser sync{history, server};
    Downloader downloader{history, sync, server, std::make_shared<SystemClock>()};
    int told = 0;

    Rig(const QTemporaryDir &dir, const crypto::Secret &with, const test::FakeServer *before = nullptr)
        : path(dir.filePath(QStringLiteral("h.db"))), key(with.clone())
    {
        if (before)
            server.logs = before->logs;
        openStore();
        sync.setSelf(kMe);
        QObject::connect(&downloader, &Downloader::changed, &sync, [this] { ++told; });
    }
    ~Rig()
    {
        downloader.close();
        server.drop();
        history.shutdown();
    }
    void openStore()
    {
        const auto opened = wait(history.open(path.toStdString(), key.clone()));
        if (!opened)
            qFatal("the store cannot be opened: %s", qPrintable(opened.error().detail));
        (void)wait(history.run([](history::HistoryStore &store) -> sql::Result<void> {
            store.setSelf(kMe);
            return {};
        }));
    }
    void write(const ConversationId &id, int count)
    {
        for (int i = 0; i < count; ++i)
            server.write(id, kPeer, id.str() + " " + std::to_string(i));
    }
    /// The link is there again, as the session tells it.
    bool catchUp()
    {
        server.up = true;
        protocol::HelloPacket hello;
        hello.user.id = kMe;
        hello.epoch = "e1";
        sync.start(hello);
        return QTest::qWaitFor([this] { return sync.caughtUp(); }, 10000);
    }
    void loseLink()
    {
        server.drop();
        sync.stop();
        downloader.wake();
    }
    DownloadProgress now() const { return downloader.progress(); }
    bool reaches(DownloadState state)
    {
        return QTest::qWaitFor([&] { return now().state == state; }, 20000);
    }
    history::Coverage coverage(const ConversationId &id)
    {
        auto covered = wait(history.run([id](history::HistoryStore &store) { return store.coverage(id); }));
        return covered ? *covered : history::Coverage{};
    }
    /// Every message that the server has from its floor on, and nothing else.
    bool holdsAllOf(const ConversationId &id)
    {
        if (!coverage(id).holes.empty())
            return false;
        std::vector<std::string> here, there;
        PageQuery query;
        query.conversation = id;
        query.limit = limits::kMaxPage;
        for (;;) {
            auto page = wait(history.run([query](history::HistoryStore &store) { return store.page(query); }));
            if (!page || page->messages.empty())
                break;
            for (const auto &one : page->messages)
                here.push_back(one.message.body);
            query.before = page->messages.back().message.seq;
        }
        const auto &log = server.logs[id];
        for (auto entry = log.entries.rbegin(); entry != log.entries.rend() && entry->first >= log.floor; ++entry)
            there.push_back(entry->second.message.body);
        return here == there;
    }
    std::vector<PageQuery> pages() const
    {
        std::vector<PageQuery> asked;
        for (const auto &one : server.asked)
            if (one.op == Op::Page)
                asked.push_back(protocol::decode<protocol::PagePacket>(one.data)->query);
        return asked;
    }
};

} // namespace

class TestDownload final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    crypto::Secret m_key = crypto::Secret::random(32);
    std::unique_ptr<Rig> m_rig;

    Rig &fresh()
    {
        m_rig.reset();
        QFile::remove(m_dir.filePath(QStringLiteral("h.db")));
        m_rig = std::make_unique<Rig>(m_dir, m_key);
        return *m_rig;
    }
    /// The program ends and starts again: the same history, the same server.
    Rig &restarted()
    {
        auto before = std::move(m_rig);
        before->downloader.close();
        before->loseLink();
        before->history.shutdown();
        m_rig = std::make_unique<Rig>(m_dir, m_key, &before->server);
        return *m_rig;
    }

private slots:
    void cleanup() { m_rig.reset(); }

    void fresh_fillsEveryHole_newestConversationFirst_onePageAtATime()
    {
        Rig &rig = fresh();
        rig.write(kOld, 450);
        rig.write(kGroup, 10);
        rig.write(kChat, 1000);
        rig.server.logs[kOld].head.last->createdAt = fromUnixMs(1'600'000'000'000);
        rig.server.logs[kOld].head.changedAt = fromUnixMs(1'600'000'000'000);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        int underWay = 0, most = 0;
        rig.server.onRequest = [&](Op op) {
            if (op == Op::Page)
                most = std::max(most, ++underWay);
            // Answers come back a turn of the loop later, as from a network.
            rig.server.hold = true;
            QTimer::singleShot(0, &rig.sync, [&] {
                underWay = 0;
                rig.server.release();
            });
        };
        QElapsedTimer clock;
        clock.start();
        rig.told = 0;
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY2(rig.told <= clock.elapsed() / 100 + 2, qPrintable(QString::number(rig.told)));
        QCOMPARE(most, 1);
        for (const auto &id : {kOld, kGroup, kChat})
            QVERIFY(rig.holdsAllOf(id));
        std::vector<ConversationId> order;
        for (const auto &query : rig.pages())
            if (order.empty() || order.back() != query.conversation)
                order.push_back(query.conversation);
        QCOMPARE(order, (std::vector<ConversationId>{kChat, kOld}));
        QCOMPARE(rig.pages().size(), std::size_t(5 + 2)); // 950 and 400 messages, 200 a page
        const auto done = rig.now();
        QCOMPARE(done.messagesHere, 1460);
        QCOMPARE(done.messagesTotal, 1460);
        QCOMPARE(done.messagesRefused, 0);
        QCOMPARE(done.conversationsDone, 3);
        QCOMPARE(done.conversations, 3);
    }

    void oneConversation_leavesTheOthers_andIsNotRemembered()
    {
        Rig &rig = fresh();
        rig.write(kChat, 300);
        rig.write(kGroup, 300);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.downloader.start(kGroup);
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kGroup));
        QCOMPARE(rig.coverage(kChat).holes.size(), std::size_t(1));
        QCOMPARE(rig.now().messagesTotal, 300);
        Rig &next = restarted();
        next.downloader.open(true);
        QVERIFY(next.catchUp());
        QCOMPARE(next.now().state, DownloadState::Off);
    }

    void paused_asksNothing_resumedFillsTheRest()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        rig.server.onRequest = [&](Op op) {
            if (op == Op::Page && rig.server.count(Op::Page) == 2)
                rig.downloader.pause();
        };
        rig.downloader.start({});
        // What was asked for before the pause is still stored.
        QTRY_COMPARE(rig.now().messagesHere, 50 + 400);
        QCOMPARE(rig.now().state, DownloadState::Paused);
        // A whole turn of its work goes by, woken by news, without a request.
        const auto live = rig.server.write(kChat, kPeer, "live");
        rig.sync.push(rig.server.push(Op::Message, kChat, live, Rev(1001)));
        QTRY_COMPARE(rig.now().messagesHere, 50 + 400 + 1);
        QCOMPARE(rig.server.count(Op::Page), std::size_t(2));
        QCOMPARE(rig.now().state, DownloadState::Paused);
        rig.downloader.resume();
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kChat));
    }

    void linkLostMidway_waits_andGoesOnAfterTheCatchUp()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.write(kGroup, 600);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        rig.server.onRequest = [&](Op op) { rig.server.hold = op == Op::Page && rig.server.count(Op::Page) == 3; };
        rig.downloader.start({});
        QTRY_COMPARE(rig.server.count(Op::Page), std::size_t(3));
        rig.loseLink(); // the third page never comes
        QVERIFY(rig.reaches(DownloadState::Waiting));
        rig.write(kChat, 700);
        rig.server.hold = false;
        rig.server.onRequest = {};
        QVERIFY(rig.catchUp());
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kChat));
        QVERIFY(rig.holdsAllOf(kGroup));
        QCOMPARE(rig.now().messagesHere, 2300);
        QVERIFY(rig.now().refused.empty());
    }

    void programEndsMidway_theNextRunGoesOnByItself()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        rig.server.onRequest = [&](Op op) { rig.server.hold = op == Op::Page && rig.server.count(Op::Page) == 3; };
        rig.downloader.start({});
        QTRY_COMPARE(rig.server.count(Op::Page), std::size_t(3));
        Rig &next = restarted();
        QCOMPARE(next.coverage(kChat).holes.size(), std::size_t(1));
        next.downloader.open(true);
        QVERIFY(next.catchUp());
        QVERIFY(next.reaches(DownloadState::Done));
        QVERIFY(next.holdsAllOf(kChat));
        QCOMPARE(next.server.count(Op::Page), std::size_t(3)); // only what was lacking
    }

    void pausedOrCancelled_staysSoOverARestart()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.downloader.open(true);
        rig.downloader.start({});
        rig.downloader.pause();
        QVERIFY(rig.catchUp());
        Rig &next = restarted();
        next.downloader.open(true);
        QVERIFY(next.catchUp());
        QVERIFY(next.reaches(DownloadState::Paused));
        QTRY_COMPARE(next.now().messagesTotal, 1000);
        QCOMPARE(next.server.count(Op::Page), std::size_t(0)); // the newest page is here from the last run
        next.downloader.cancel();
        QCOMPARE(next.now().state, DownloadState::Off);
        Rig &third = restarted();
        third.downloader.open(true);
        QVERIFY(third.catchUp());
        QCOMPARE(third.now().state, DownloadState::Off);
        QCOMPARE(third.coverage(kChat).holes.size(), std::size_t(1));
    }

    void refusedConversation_isTold_andTheOthersAreFilled()
    {
        Rig &rig = fresh();
        rig.write(kChat, 300);
        rig.write(kGroup, 500);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        bool refuse = true;
        rig.server.refusePage = [&](const PageQuery &query) -> std::optional<protocol::WireError> {
            if (!refuse || query.conversation != kGroup)
                return std::nullopt;
            return protocol::makeError(protocol::ErrorCode::NotMember, "you are not a member");
        };
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kChat));
        const auto told = rig.now();
        QCOMPARE(told.messagesRefused, 450);
        QCOMPARE(told.messagesTotal, 300 + 50);
        QCOMPARE(told.refused.size(), std::size_t(1));
        QCOMPARE(told.refused.front().conversation, kGroup);
        QCOMPARE(told.refused.front().error.wire->code, protocol::ErrorCode::NotMember);
        QCOMPARE(std::ranges::count(rig.pages(), kGroup, &PageQuery::conversation), 1);
        refuse = false;
        rig.downloader.start({}); // asked anew, it tries again
        QTRY_VERIFY(rig.now().messagesRefused == 0 && rig.now().state == DownloadState::Done);
        QVERIFY(rig.holdsAllOf(kGroup));
    }

    void removedFromGroup_isNotAskedFor_untilInvitedAgain()
    {
        Rig &rig = fresh();
        rig.write(kGroup, 500);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        Head head = rig.server.logs[kGroup].head;
        const auto apply = [&](bool removed) {
            head.removed = removed;
            std::vector<Head> heads{head};
            return wait(rig.sync.takeHeads(std::move(heads))).has_value();
        };
        QVERIFY(apply(true));
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        QCOMPARE(rig.server.count(Op::Page), std::size_t(0));
        QCOMPARE(rig.now().messagesRefused, 450);
        QVERIFY(rig.now().refused.empty()); // the server refused nothing
        QVERIFY(apply(false));
        QTRY_COMPARE(rig.now().messagesHere, 500);
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kGroup));
    }

    void rateLimited_waitsAsLongAsTheServerSays()
    {
        Rig &rig = fresh();
        rig.write(kChat, 450);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        constexpr int kWaitMs = 1700; // longer than the first pauses of its own
        std::vector<qint64> at;
        QElapsedTimer clock;
        clock.start();
        rig.server.refusePage = [&](const PageQuery &) -> std::optional<protocol::WireError> {
            at.push_back(clock.elapsed());
            if (at.size() > 1)
                return std::nullopt;
            auto error = protocol::makeError(protocol::ErrorCode::RateLimited, "too fast");
            error.retryAfterMs = kWaitMs;
            return error;
        };
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kChat));
        QVERIFY(at.size() == 3);
        QVERIFY2(at[1] - at[0] >= kWaitMs - 1, qPrintable(QString::number(at[1] - at[0])));
    }

    void floor_isTheEnd()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        auto &log = rig.server.logs[kChat];
        log.floor = Seq(331);
        log.entries.erase(log.entries.begin(), log.entries.find(log.floor));
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kChat));
        QCOMPARE(rig.now().messagesHere, 670);
        QCOMPARE(rig.now().messagesTotal, 670);
        QVERIFY(rig.now().refused.empty());
        for (const auto &query : rig.pages())
            QVERIFY(!query.before || *query.before > log.floor);
    }

    void floorRose_aboveWhatIsHere_opensNoHole()
    {
        Rig &rig = fresh();
        rig.write(kChat, 30);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.loseLink();
        rig.write(kChat, 970);
        auto &log = rig.server.logs[kChat];
        log.floor = Seq(501);
        log.entries.erase(log.entries.begin(), log.entries.find(log.floor));
        rig.downloader.start({});
        QVERIFY(rig.catchUp());
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.coverage(kChat).holes.empty());
        QCOMPARE(rig.now().messagesHere, 30 + 500); // what the server has dropped is kept here
        QVERIFY(rig.now().refused.empty());
    }

    void nothingWhereAHoleIs_isToldOnce_notAskedForEver()
    {
        Rig &rig = fresh();
        rig.write(kChat, 400);
        auto &log = rig.server.logs[kChat];
        log.entries.erase(log.entries.begin(), log.entries.find(Seq(301))); // and the floor says otherwise
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        QCOMPARE(rig.now().messagesHere, 100);
        QCOMPARE(rig.now().messagesRefused, 300);
        QCOMPARE(rig.now().refused.size(), std::size_t(1));
        QVERIFY(rig.server.count(Op::Page) <= 3);
    }

    void liveMessagesMeanwhile_areAllThereAtTheEnd()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        int rev = 1000;
        rig.server.onRequest = [&](Op op) {
            if (op != Op::Page)
                return;
            for (int i = 0; i < 3; ++i) {
                const auto live = rig.server.write(kChat, kPeer, "live " + std::to_string(++rev));
                rig.sync.push(rig.server.push(Op::Message, kChat, live, Rev(rev)));
            }
            // Of a message in a page that is here, and one of a page that is still out there.
            for (const auto seq : {Seq(990), Seq(2)}) {
                const auto edited = rig.server.edit(kChat, seq, "edited " + std::to_string(++rev));
                rig.sync.push(rig.server.push(Op::Change, kChat, edited, Rev(rev)));
            }
        };
        rig.downloader.start({});
        QTRY_VERIFY(rig.now().state == DownloadState::Done && rig.now().messagesHere == rig.now().messagesTotal);
        rig.server.onRequest = {};
        QVERIFY(rig.now().messagesHere > 1000);
        QTRY_VERIFY(rig.holdsAllOf(kChat));
    }

    void forgotten_isLeftOut_untilItsConversationIsAskedFor()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.write(kGroup, 300);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        Forgetter forgetter(rig.history);
        QObject::connect(&forgetter, &Forgetter::forgotten, &rig.downloader, &Downloader::note);
        forgetter.open();
        std::int64_t told = 0;
        QObject::connect(&forgetter, &Forgetter::changed, &rig.sync,
                         [&](const ForgetProgress &progress) { told = std::max(told, progress.removed); });
        const auto done = wait(forgetter.forget({kChat}, fromUnixMs(1'700'000'000'000 + 901)));
        QVERIFY(done.has_value());
        QCOMPARE(done->what, (history::ForgetSurvey{1, 900, 0}));
        QCOMPARE(told, 900);
        QCOMPARE(forgetter.progress(), ForgetProgress{});
        // The download of everything is on, the link comes and goes, new messages come: they do not come back.
        rig.server.asked.clear();
        rig.loseLink();
        rig.write(kChat, 60);
        QVERIFY(rig.catchUp());
        QTRY_COMPARE(rig.coverage(kChat).messagesHere, 160);
        QVERIFY(rig.reaches(DownloadState::Done));
        QTRY_COMPARE(rig.now().messagesForgotten, 900);
        QTRY_COMPARE(rig.now().messagesTotal, 460);
        QCOMPARE(rig.coverage(kChat).holes, (std::vector{history::Hole{Seq(1), Seq(900)}}));
        // Nor where all of it is old: the catch-up does not miss the newest page.
        QVERIFY(wait(forgetter.forget({kGroup}, fromUnixMs(1'800'000'000'000))).has_value());
        rig.server.asked.clear();
        rig.loseLink();
        QVERIFY(rig.catchUp());
        QVERIFY(rig.reaches(DownloadState::Done));
        QCOMPARE(rig.pages().size(), std::size_t(0));
        QCOMPARE(rig.coverage(kGroup).messagesHere, 0);
        // By its name.
        QVERIFY(wait(rig.history.run([](history::HistoryStore &store) {
                    return store.wantAgain(kChat, Seq(1));
                })).has_value());
        rig.downloader.start(kChat);
        QTRY_VERIFY(rig.holdsAllOf(kChat));
        QCOMPARE(rig.coverage(kGroup).messagesHere, 0);
        QTRY_COMPARE(rig.now().messagesForgotten, 300);
    }

    void forgetting_goesOnInTheNextRun()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.downloader.start({});
        QVERIFY(rig.reaches(DownloadState::Done));
        rig.downloader.cancel();
        {
            Forgetter forgetter(rig.history);
            forgetter.open();
            const auto closed = [&] { forgetter.close(); };
            QObject::connect(&forgetter, &Forgetter::changed, &rig.sync, [&](const ForgetProgress &progress) {
                if (progress.removed > 0)
                    closed();
            });
            const auto done = wait(forgetter.forget({}, fromUnixMs(1'700'000'000'000 + 951)));
            QVERIFY(!done);
            QCOMPARE(done.error().code, ClientErrorCode::Cancelled);
        }
        const auto rows = [](history::HistoryStore &store) { return store.messageCount(); };
        QVERIFY(*wait(rig.history.run(rows)) > 50);
        Rig &next = restarted();
        Forgetter forgetter(next.history);
        forgetter.open();
        QTRY_COMPARE(*wait(next.history.run(rows)), 50);
        QCOMPARE(next.coverage(kChat).messagesHere, 50);
    }

    void storeAway_isFailed_resumedGoesOn()
    {
        Rig &rig = fresh();
        rig.write(kChat, 1000);
        rig.downloader.open(true);
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        rig.server.onRequest = [&](Op op) { rig.server.hold = op == Op::Page && rig.server.count(Op::Page) == 2; };
        rig.downloader.start({});
        QTRY_COMPARE(rig.server.count(Op::Page), std::size_t(2));
        QVERIFY(wait(rig.history.close()).has_value());
        rig.server.release();
        QVERIFY(rig.reaches(DownloadState::Failed));
        QCOMPARE(rig.now().error->code, ClientErrorCode::Storage);
        rig.server.onRequest = {};
        rig.openStore();
        rig.downloader.resume();
        QVERIFY(rig.reaches(DownloadState::Done));
        QVERIFY(rig.holdsAllOf(kChat));
    }
};

QTEST_GUILESS_MAIN(TestDownload)
#include "test_download.moc"
