// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/conversation_filter.h"
#include "core/models/members.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QtTest>

using namespace kith;
using namespace kith::models;

namespace {
history::LocalHead head(const char *id, std::int64_t at, std::int64_t unread = 0)
{
    history::LocalHead h;
    h.head.conversation = ConversationId(id);
    h.head.type = *conversationType(h.head.conversation);
    h.head.name = id;
    h.head.unread = unread;
    h.head.headSeq = Seq(1);
    h.head.changedAt = fromUnixMs(at);
    return h;
}

User user(const char *id, const char *name)
{
    User u;
    u.id = UserId(id);
    u.username = id;
    u.displayName = name;
    return u;
}
} // namespace

class TestConversationList final : public QObject {
    Q_OBJECT

    QStringList order(const ConversationListModel &model) const
    {
        QStringList names;
        for (int i = 0; i < model.rowCount(); ++i)
            names << model.row(i).name;
        return names;
    }

private slots:
    void reset_sortsByRecency()
    {
        People people;
        ConversationListModel model(people);
        QAbstractItemModelTester tester(&model);
        model.reset({head("g:a", 10), head("g:b", 30), head("g:c", 20)});
        QCOMPARE(order(model), (QStringList{"g:b", "g:c", "g:a"}));
    }

    void newMessage_movesRowAndKeepsThePersistentIndexOnIt()
    {
        People people;
        ConversationListModel model(people);
        QAbstractItemModelTester tester(&model);
        model.reset({head("g:a", 10), head("g:b", 30), head("g:c", 20)});
        const QPersistentModelIndex selected(model.index(1)); // g:c
        model.apply({head("g:a", 40)});
        QCOMPARE(order(model), (QStringList{"g:a", "g:b", "g:c"}));
        QCOMPARE(selected.row(), 2);
        model.apply({head("g:c", 50)});
        QCOMPARE(selected.row(), 0);
        QCOMPARE(model.data(selected, Qt::DisplayRole).toString(), QStringLiteral("g:c"));
        model.apply({head("g:c", 5)}); // downwards too
        QCOMPARE(selected.row(), 2);
        model.apply({head("g:d", 45)});
        QCOMPARE(order(model), (QStringList{"g:d", "g:a", "g:b", "g:c"}));
        QCOMPARE(selected.row(), 3);
    }

    void picture_isTheGroupsOrWhatIsKnownOfThePeer()
    {
        People people;
        people.setSelf(user("1", "Me"));
        ConversationListModel model(people);
        auto group = head("g:a", 10), chat = head("p:1:2", 20);
        group.head.avatar = "of the group";
        chat.head.avatar = "of the head";
        model.reset({group, chat});
        QCOMPARE(model.index(0).data(kAvatarRole).toString(), QStringLiteral("of the head"));
        QCOMPARE(model.index(1).data(kAvatarRole).toString(), QStringLiteral("of the group"));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        User peer = user("2", "p:1:2");
        peer.avatar = "of the peer";
        people.put({peer});
        QCOMPARE(model.index(0).data(kAvatarRole).toString(), QStringLiteral("of the peer"));
        QCOMPARE(changed.size(), 1); // that row alone
        peer.avatar.clear();
        people.put({peer});
        QCOMPARE(model.index(0).data(kAvatarRole).toString(), QString());
    }

    void randomHeads_keepTheOrderAndTheModelsRules()
    {
        People people;
        ConversationListModel model(people);
        QAbstractItemModelTester tester(&model);
        quint32 state = 7;
        const auto draw = [&state](quint32 below) { return (state = state * 1664525U + 1013904223U) / 65536U % below; };
        for (int i = 0; i < 500; ++i) {
            const std::string id = "g:" + std::to_string(draw(20));
            model.apply({head(id.c_str(), draw(1000))});
            for (int row = 1; row < model.rowCount(); ++row)
                QVERIFY(model.row(row - 1).time >= model.row(row).time);
        }
    }

    void unread_isSummedWithoutMutedOnes()
    {
        People people;
        ConversationListModel model(people);
        QSignalSpy totals(&model, &ConversationListModel::unreadTotalChanged);
        history::LocalHead muted = head("g:b", 2, 9);
        muted.head.mutedUntil = fromUnixMs(4102444800000);
        model.reset({head("g:a", 1, 3), muted});
        QCOMPARE(model.unreadTotal(), 3);
        model.apply({head("g:a", 1, 4)});
        QCOMPARE(totals.last().first().toLongLong(), 4);
    }

    void typing_isShownByNameAndEndsWithTheMessage()
    {
        People people;
        people.put({user("2", "Mara")});
        ConversationListModel model(people);
        QAbstractItemModelTester tester(&model);
        model.reset({head("g:a", 1)});
        model.setTyping(ConversationId("g:a"), UserId("2"));
        QCOMPARE(model.row(0).typing, QStringList{"Mara"});
        model.stopTyping(ConversationId("g:a"), UserId("2"));
        QVERIFY(model.row(0).typing.isEmpty());
    }

    void presence_marksThePrivateConversationOnly()
    {
        People people;
        people.setSelf(user("1", "Lin"));
        ConversationListModel model(people);
        model.reset({head("p:1:2", 1), head("g:a", 2)});
        model.setPresence({UserId("2"), PresenceState::Online, {}});
        QCOMPARE(model.row(1).presence, PresenceState::Online);
        QCOMPARE(model.row(0).presence, PresenceState::Offline);
        model.clearLive();
        QCOMPARE(model.row(1).presence, PresenceState::Offline);
    }

    void unknownPeople_areAskedForOnceInOneBatch()
    {
        People people;
        std::vector<std::vector<UserId>> asked;
        connect(&people, &People::wanted, this, [&](const std::vector<UserId> &ids) { asked.push_back(ids); });
        QVERIFY(people.name(UserId("5")).isEmpty());
        QVERIFY(people.name(UserId("6")).isEmpty());
        QVERIFY(people.name(UserId("5")).isEmpty());
        QTRY_COMPARE(asked.size(), std::size_t(1));
        QCOMPARE(asked.front().size(), std::size_t(2));
    }

    void initials_takeTwoWordsOrOneIdeograph()
    {
        QCOMPARE(initials("Mara Voss"), QStringLiteral("MV"));
        QCOMPARE(initials("魏子涵"), QStringLiteral("魏"));
        QCOMPARE(initials("Kith release 发布"), QStringLiteral("K"));
        QCOMPARE(initials("tom"), QStringLiteral("T"));
        QCOMPARE(initials("Ana-Sofía de la Cruz"), QStringLiteral("AC"));
        QCOMPARE(initials("  "), QString());
        QCOMPARE(initials("🙂"), QStringLiteral("🙂"));
    }

    void members_areSortedByRoleThenName()
    {
        People people;
        people.put({user("1", "Zoe"), user("2", "Ada"), user("3", "Mia")});
        MembersModel model(people);
        QAbstractItemModelTester tester(&model);
        model.add({{UserId("2"), Role::Member, {}}, {UserId("1"), Role::Owner, {}}, {UserId("3"), Role::Member, {}}},
                  {});
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("Zoe"));
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("Ada"));
        people.put({user("2", "Xia")}); // a rename sorts again
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("Mia"));
    }

    void pinned_standFirst()
    {
        People people;
        ConversationListModel model(people);
        QAbstractItemModelTester tester(&model);
        auto pinned = head("p:1:2", 100);
        model.reset({pinned, head("p:1:3", 300), head("p:1:4", 200)});
        QCOMPARE(model.indexOf(ConversationId("p:1:2")), 2);
        pinned.pinnedAt = fromUnixMs(5);
        model.apply({pinned});
        QCOMPARE(model.indexOf(ConversationId("p:1:2")), 0);
        auto later = head("p:1:4", 200);
        later.pinnedAt = fromUnixMs(6);
        model.apply({later, head("p:1:3", 900)});
        QCOMPARE(model.indexOf(ConversationId("p:1:4")), 0);
        QCOMPARE(model.indexOf(ConversationId("p:1:2")), 1);
        pinned.pinnedAt = {};
        model.apply({pinned});
        QCOMPARE(model.indexOf(ConversationId("p:1:2")), 2);
    }

    void scopes_showWhatTheySay()
    {
        People people;
        ConversationListModel model(people);
        ConversationFilter filter(model);
        QAbstractItemModelTester tester(&filter);
        auto shelved = head("p:1:4", 200);
        shelved.shelved = true;
        auto marked = head("p:1:5", 100);
        marked.markedUnread = true;
        model.reset({head("p:1:2", 500), head("p:1:3", 400, 2), head("g:7", 300), shelved, marked});
        const auto shown = [&] {
            QStringList ids;
            for (int i = 0; i < filter.rowCount(); ++i)
                ids << filter.index(i, 0).data(ConversationListModel::IdRole).toString();
            return ids.join(QLatin1Char(' '));
        };
        QCOMPARE(model.unreadTotal(), 3); // one that is marked counts as one
        QVERIFY(filter.hasShelved());
        QCOMPARE(shown(), QStringLiteral("p:1:2 p:1:3 g:7 p:1:5"));
        filter.setScope(ListScope::Unread);
        QCOMPARE(shown(), QStringLiteral("p:1:3 p:1:5"));
        filter.setCurrent(ConversationId("p:1:3"));
        model.apply({head("p:1:3", 400)}); // read while it is looked at: it does not go from under the eyes
        QCOMPARE(shown(), QStringLiteral("p:1:3 p:1:5"));
        filter.setCurrent(ConversationId("p:1:2"));
        QCOMPARE(shown(), QStringLiteral("p:1:2 p:1:5"));
        filter.setScope(ListScope::Groups);
        QCOMPARE(shown(), QStringLiteral("g:7"));
        filter.setScope(ListScope::Shelved);
        QCOMPARE(shown(), QStringLiteral("p:1:4"));
        filter.setText(QStringLiteral("P:1")); // everywhere
        QCOMPARE(shown(), QStringLiteral("p:1:2 p:1:3 p:1:4 p:1:5"));
        filter.setText({});
        shelved.shelved = false;
        model.apply({shelved});
        QCOMPARE(shown(), QString());
        QVERIFY(!filter.hasShelved());
    }
};

QTEST_GUILESS_MAIN(TestConversationList)
#include "test_conversation_list.moc"
