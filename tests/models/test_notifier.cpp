// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/notifier.h"
#endif

#include <QSignalSpy>
#include <QtTest>

using namespace kith;
using namespace kith::models;

namespace {

const ConversationId kAnn("p:1:2"), kGroup("g:7");

history::LocalHead head(const ConversationId &id, std::int64_t top, std::int64_t read)
{
    history::LocalHead h;
    h.head.conversation = id;
    h.head.type = *conversationType(id);
    h.head.name = id == kGroup ? "Hikes" : "Ann";
    h.head.headSeq = Seq(top);
    h.head.readSeq = Seq(read);
    h.head.unread = top - read;
    return h;
}

history::StoredMessage message(std::int64_t seq, const char *sender, const char *body)
{
    history::StoredMessage m;
    m.message.seq = Seq(seq);
    m.message.sender = UserId(sender);
    m.message.body = body;
    return m;
}

struct Stage {
    People people;
    ConversationId looking;
    Notifier notifier{people, [this](const ConversationId &id) { return id == looking; }};
    std::vector<News> news;
    int markers = 0;
    std::vector<ConversationId> withdrawn;

    Stage()
    {
        const auto user = [](const char *id, const char *name) {
            User u;
            u.id = UserId(id);
            u.username = name;
            return u;
        };
        people.setSelf(user("1", "me"));
        people.put({user("2", "ann"), user("3", "bob")});
        QObject::connect(&notifier, &Notifier::news, &notifier, [this](const News &n) { news.push_back(n); });
        QObject::connect(&notifier, &Notifier::withdrawn, &notifier,
                         [this](const ConversationId &id) { withdrawn.push_back(id); });
        notifier.start({head(kAnn, 5, 5), head(kGroup, 9, 9)});
    }
    void come(const ConversationId &id, const std::vector<history::StoredMessage> &messages)
    {
        notifier.applyMessages(id, messages);
    }
    /// What was gathered has been told by now: a message of a place of its own comes last.
    bool nothingCame()
    {
        const ConversationId last("p:1:9");
        come(last, {message(++markers, "9", "marker")});
        const bool came = QTest::qWaitFor([&] { return !news.empty(); });
        const bool only = came && news.size() == 1 && news.front().conversation == last;
        news.clear();
        return only;
    }
};

} // namespace

class TestNotifier final : public QObject {
    Q_OBJECT
private slots:
    void message_isTold()
    {
        Stage s;
        s.come(kGroup, {message(10, "3", "Saturday?\nAt eight")});
        s.notifier.applyHeads({head(kGroup, 10, 9)});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        const News n = s.news.front();
        QCOMPARE(n.conversation, kGroup);
        QCOMPARE(n.seq, Seq(10));
        QCOMPARE(n.title, QStringLiteral("Hikes"));
        QCOMPARE(n.sender, QStringLiteral("bob"));
        QCOMPARE(n.text, QStringLiteral("Saturday? At eight"));
        QCOMPARE(n.unread, 1);
        QVERIFY(!n.mentioned);
    }

    void severalOfOneConversation_areOne()
    {
        Stage s;
        s.come(kAnn, {message(7, "2", "second"), message(6, "2", "first")});
        s.notifier.applyHeads({head(kAnn, 7, 5)});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        QCOMPARE(s.news.front().text, QStringLiteral("second"));
        QCOMPARE(s.news.front().unread, 2);
    }

    void whatIsNoNews_isNotTold()
    {
        Stage s;
        s.come(kAnn, {message(6, "1", "own, from another device")});
        s.come(kAnn, {message(3, "2", "old, by paging")});
        auto recalled = message(7, "2", "");
        recalled.message.recalled = true;
        auto system = message(8, "2", "{}");
        system.message.kind = MessageKind::System;
        auto unsent = message(0, "1", "unsent");
        unsent.state = history::SendState::Sending;
        s.come(kAnn, {recalled, system, unsent});
        s.looking = kGroup;
        s.come(kGroup, {message(10, "3", "seen as it comes")});
        QVERIFY(s.nothingCame());
        // An edit of a known message is no news either.
        s.come(kGroup, {message(10, "3", "seen as it comes, edited")});
        s.looking = {};
        QVERIFY(s.nothingCame());
    }

    void muted_isToldOnlyOfMentions()
    {
        Stage s;
        auto muted = head(kGroup, 9, 9);
        muted.head.mutedUntil = fromUnixMs(4102444800000);
        s.notifier.applyHeads({muted});
        s.come(kGroup, {message(10, "3", "chatter")});
        QVERIFY(s.nothingCame());
        auto mention = message(11, "3", "@me come");
        mention.message.mentions = {UserId("1")};
        s.come(kGroup, {mention});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        QVERIFY(s.news.front().mentioned);
    }

    void muteThatIsOver_isOver()
    {
        Stage s;
        auto muted = head(kGroup, 9, 9);
        muted.head.mutedUntil = fromUnixMs(1000);
        s.notifier.applyHeads({muted});
        s.come(kGroup, {message(10, "3", "hello again")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
    }

    void readElsewhere_isNotToldAndWithdrawn()
    {
        Stage s;
        s.come(kAnn, {message(6, "2", "read at once on the phone")});
        s.notifier.applyHeads({head(kAnn, 6, 6)});
        QVERIFY(s.nothingCame());
        s.come(kAnn, {message(7, "2", "read later on the phone")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        s.notifier.applyHeads({head(kAnn, 7, 6)});
        QVERIFY(s.withdrawn.empty());
        s.notifier.applyHeads({head(kAnn, 7, 7)});
        QCOMPARE(s.withdrawn, std::vector{kAnn});
    }

    void blockedPeople_areNotToldOf()
    {
        Stage s;
        s.come(kGroup, {message(10, "2", "from Ann")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        s.news.clear();
        s.notifier.setBlocked({UserId("2")});
        QCOMPARE(s.withdrawn, std::vector{kGroup}); // what stands of hers goes too
        s.come(kAnn, {message(6, "2", "in private")});
        s.come(kGroup, {message(11, "2", "in the group")});
        QVERIFY(s.nothingCame());
        s.come(kGroup, {message(12, "3", "Bob says")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        QCOMPARE(s.news.front().sender, QStringLiteral("bob"));
        s.news.clear();
        s.notifier.setBlocked({});
        s.come(kAnn, {message(7, "2", "again")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
    }

    void recalled_isWithdrawn()
    {
        Stage s;
        s.come(kAnn, {message(6, "2", "not for you")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        auto gone = message(6, "2", "");
        gone.message.recalled = true;
        s.come(kAnn, {gone});
        QCOMPARE(s.withdrawn, std::vector{kAnn});
    }

    void lookedAt_isWithdrawn()
    {
        Stage s;
        s.come(kAnn, {message(6, "2", "hello")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        s.notifier.lookedAt();
        QVERIFY(s.withdrawn.empty());
        s.looking = kAnn;
        s.notifier.lookedAt();
        QCOMPARE(s.withdrawn, std::vector{kAnn});
    }

    void catchUp_isOneSummary()
    {
        Stage s;
        s.notifier.setCatchingUp(true);
        for (int i = 20; i < 60; ++i) {
            const ConversationId id("p:1:" + std::to_string(i));
            s.notifier.applyHeads({head(id, 125, 0)});
            s.come(id, {message(125, "2", "hello")});
        }
        QVERIFY(s.news.empty());
        s.notifier.setCatchingUp(false);
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        QVERIFY(s.news.front().conversation.empty());
        QCOMPARE(s.news.front().conversations, 40);
        QCOMPARE(s.news.front().unread, 5000);
        s.notifier.lookedAt(); // the window came to the front
        QCOMPARE(s.withdrawn, std::vector{ConversationId()});
    }

    void stop_leavesNothingOnTheDesktop()
    {
        Stage s;
        s.come(kAnn, {message(6, "2", "hello")});
        QTRY_COMPARE(static_cast<int>(s.news.size()), 1);
        s.notifier.stop();
        QCOMPARE(s.withdrawn, std::vector{kAnn});
        s.news.clear();
        s.come(kAnn, {message(7, "2", "behind the lock")});
        s.notifier.start({head(kAnn, 7, 5), head(kGroup, 9, 9)});
        QVERIFY(s.nothingCame());
    }
};

QTEST_GUILESS_MAIN(TestNotifier)
#include "test_notifier.moc"
