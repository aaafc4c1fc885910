// SPDX-License-Identifier: GPL-3.0-or-later
// Five thousand messages over forty conversations, written while the client was away: all of them come, none twice, in
// the order that is promised, and the counts are the server's. How long it takes is measured by bench/catchup.
#include "core/base/limits.h"
#include "core/protocol/envelope.h"
#include "core/protocol/packets.h"
#include "tests/integration/backlog.h"
#include "tests/integration/real_server.h"

#include <set>

using namespace kith;
using protocol::Op;
using test::Backlog;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

constexpr int kEach = 3; // messages in each conversation that the reader knows before it goes away

/// A reader that knows the beginning of everything, and has been away since.
struct Scene {
    QTemporaryDir dir;
    RealServer server{dir.filePath(QStringLiteral("server")),
                      "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\n"
                      "registrations_per_minute = 100000\n[messages]\nsends_per_second = 1000000\n"};
    Person reader{dir.path(), "reader"};
    std::unique_ptr<Backlog> backlog;
    std::int64_t had = 0; // messages here
    std::map<ConversationId, Head> truth;

    bool prepare()
    {
        if (!server.start())
            return false;
        backlog = std::make_unique<Backlog>(server.url().authority().toStdString(), reader.name, reader.password);
        if (!backlog->prepare(kEach) || !reader.open() ||
            !wait(reader->login(server.url(), reader.name, reader.password)) || !reader.connect())
            return false;
        had = wait(reader->status())->messages;
        reader->disconnectFromServer();
        if (!QTest::qWaitFor([&] { return reader->linkStatus().phase == client::LinkPhase::Offline; }, 10000) ||
            !backlog->fill())
            return false;
        truth = backlog->heads();
        return truth.size() == std::size_t(Backlog::kConversations) && wait(reader->status())->messages == had;
    }
    std::int64_t came() { return wait(reader->status())->messages - had; }
};

/// What the client asks for, in order.
struct Asked {
    Op op;
    ConversationId conversation;
    bool newest = false; // the newest page
};

std::vector<Asked> requestsIn(const QByteArray &frame)
{
    std::vector<Asked> found;
    const auto items = protocol::decodeFrame(frame.toStdString(), limits::kMaxClientFrameBytes);
    if (!items)
        return found;
    for (const auto &item : *items) {
        const auto *envelope = std::get_if<protocol::Envelope>(&item);
        if (!envelope)
            continue;
        if (envelope->op == Op::Sync) {
            found.push_back({Op::Sync, {}});
        } else if (const auto page = protocol::decode<protocol::PagePacket>(envelope->data);
                   envelope->op == Op::Page && page) {
            const auto &query = page->query;
            found.push_back({Op::Page, query.conversation, !query.before && !query.after && !query.around});
        } else if (const auto changes = protocol::decode<protocol::ChangesPacket>(envelope->data);
                   envelope->op == Op::Changes && changes) {
            found.push_back({Op::Changes, changes->conversation});
        }
    }
    return found;
}

/// Everything of the conversation is here, once and in its place, up to the server's head.
void verifyWhole(Person &reader, const history::LocalHead &local, const Head &head)
{
    const auto &id = head.conversation;
    QCOMPARE(local.head.headSeq, head.headSeq);
    QCOMPARE(local.knownRev, head.headRev);
    QCOMPARE(local.head.unread, head.unread);
    QVERIFY(local.head.unread > 0);
    const auto covered = wait(reader->coverage(id));
    QVERIFY(covered.has_value());
    QVERIFY2(covered->holes.empty(), id.str().c_str());
    QCOMPARE(covered->ranges.size(), std::size_t(1));
    QCOMPARE(covered->ranges.back().to, head.headSeq);
    QCOMPARE(covered->messagesHere, head.headSeq.value());
    // Read page by page, newest first.
    PageQuery query;
    query.conversation = id;
    query.limit = 200;
    auto expected = head.headSeq;
    for (;;) {
        const auto page = wait(reader->page(query));
        QVERIFY(page.has_value());
        if (page->messages.empty())
            break;
        for (const auto &one : page->messages) {
            QCOMPARE(one.message.seq, expected);
            expected = expected.previous();
        }
        query.before = page->messages.back().message.seq;
    }
    QCOMPARE(expected, Seq(0));
}

void verifyAllWhole(Person &reader, const std::map<ConversationId, Head> &truth)
{
    const auto after = wait(reader->heads());
    QVERIFY(after.has_value());
    QCOMPARE(after->size(), truth.size());
    for (const auto &local : *after) {
        const auto found = truth.find(local.head.conversation);
        QVERIFY2(found != truth.end(), local.head.conversation.str().c_str());
        verifyWhole(reader, local, found->second);
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(wait(reader->status())->holes, std::int64_t(0));
}

} // namespace

class TestCatchUp final : public QObject {
    Q_OBJECT

private slots:
    void shares_addUp()
    {
        int sum = 0, far = 0;
        for (int i = 0; i < Backlog::kConversations; ++i) {
            QVERIFY(Backlog::share(i) > 0);
            sum += Backlog::share(i);
            far += Backlog::share(i) > 500;
        }
        QCOMPARE(sum, Backlog::kMessages);
        QCOMPARE(far, 3);
    }

    void awayForFiveThousandMessages_allComeAndAreCountedAsByTheServer()
    {
        Scene scene;
        QVERIFY2(scene.prepare(), scene.backlog ? scene.backlog->failure().c_str() : "no server");
        QVERIFY(scene.reader.connect());
        verifyAllWhole(scene.reader, scene.truth);
        QCOMPARE(scene.came(), std::int64_t(Backlog::kMessages));
    }

    void catchingUp_openConversationFirstThenByRecency_liveMessagesTearNoHole()
    {
        Scene scene;
        QVERIFY2(scene.prepare(), scene.backlog ? scene.backlog->failure().c_str() : "no server");
        // The open one is far behind, and others are more recent; the last to be asked for is the one that rested most.
        const auto recency = [&](const ConversationId &id) { return scene.truth.at(id).changedAt; };
        const auto open = scene.backlog->id(0);
        int oldest = 0;
        for (int i = 1; i < Backlog::kConversations; ++i)
            if (recency(scene.backlog->id(i)) < recency(scene.backlog->id(oldest)))
                oldest = i;
        QVERIFY(oldest != 0);
        QVERIFY(std::any_of(scene.truth.begin(), scene.truth.end(),
                            [&](const auto &one) { return one.second.changedAt > recency(open); }));
        scene.reader->setOpenConversation(open);

        std::vector<Asked> asked;
        bool live = true, written = false;
        connect(&*scene.reader, &client::Client::frame, this, [&](bool outgoing, const QByteArray &json) {
            if (!outgoing)
                return;
            for (const auto &one : requestsIn(json)) {
                asked.push_back(one);
                if (one.op != Op::Changes || written)
                    continue;
                // In the middle of it: one where the newest page is here already, one that is not asked for yet.
                written = true;
                live = scene.backlog->write(0, "live, to the open one") &&
                       scene.backlog->write(oldest, "live, to the last one");
            }
        });
        QVERIFY(scene.reader.connect());
        QVERIFY(written);
        QVERIFY2(live, scene.backlog->failure().c_str());

        QVERIFY(asked.size() > std::size_t(Backlog::kConversations));
        QCOMPARE(asked.front().op, Op::Sync);
        QCOMPARE(asked[1].op, Op::Page);
        QVERIFY(asked[1].newest);
        QCOMPARE(asked[1].conversation, open);
        std::set<ConversationId> met{open};
        std::optional<Timestamp> last;
        for (const auto &one : asked) {
            if (one.op == Op::Sync || !met.insert(one.conversation).second)
                continue;
            const auto when = recency(one.conversation);
            QVERIFY2(!last || when <= *last, one.conversation.str().c_str());
            last = when;
            if (scene.truth.at(one.conversation).headSeq.value() > 500 + kEach + 1)
                QVERIFY(one.newest); // far behind: before the long way
        }
        QCOMPARE(met.size(), std::size_t(Backlog::kConversations));

        auto truth = scene.backlog->heads();
        QCOMPARE(truth.at(open).headSeq, scene.truth.at(open).headSeq.next());
        // The pushes may come behind the end of the catch-up.
        QTRY_COMPARE(scene.came(), std::int64_t(Backlog::kMessages + 2));
        verifyAllWhole(scene.reader, truth);
        const auto newest = scene.reader.messages(open, 1);
        QCOMPARE(newest.front().message.body, std::string("live, to the open one"));
    }
};

QTEST_GUILESS_MAIN(TestCatchUp)
#include "test_catch_up.moc"
