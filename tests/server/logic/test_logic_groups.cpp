// SPDX-License-Identifier: GPL-3.0-or-later
// Groups over the socket: who is told what, in which order, when members come and go.
#include "core/base/limits.h"
#include "tests/server/logic/world.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

using namespace kith;
using namespace kith::server;
using namespace kith::server::test;
using protocol::Envelope;
using protocol::ErrorCode;
using protocol::Op;

namespace {

Head headOf(const Envelope &envelope)
{
    const auto packet = protocol::decode<protocol::ConversationPacket>(envelope.data);
    return packet ? packet->head : Head{};
}

/// Ada (owner), Bob and Cem in one group; Dora outside. All connected.
struct Group {
    World world;
    Client ada{world, "ada"}, bob{world, "bob"}, cem{world, "cem"}, dora{world, "dora"};
    Envelope created;
    ConversationId id;

    Group()
    {
        for (Client *client : {&ada, &bob, &cem, &dora})
            client->logIn();
        created = ada.ask(Op::ConversationCreate, {{"name", "Garden"}, {"members", {bob.user.str(), cem.user.str()}}});
        id = headOf(created).conversation;
    }
    boost::json::object users(std::initializer_list<const Client *> who) const
    {
        boost::json::array list;
        for (const Client *client : who)
            list.push_back(boost::json::value(client->user.str()));
        return {{"conversation", id.str()}, {"users", list}};
    }
    void quiet()
    {
        for (Client *client : {&ada, &bob, &cem, &dora})
            client->pushes();
    }
};

} // namespace

class TestLogicGroups final : public QObject {
    Q_OBJECT
private slots:
    void create_answersTheHeadAndTellsMembersBeforeTheNotice()
    {
        Group group;
        QVERIFY(group.created.op == Op::Conversation);
        const Head head = headOf(group.created);
        QVERIFY(head.type == ConversationType::Group && head.role == Role::Owner && head.members == 3);
        QCOMPARE(group.ada.names(), std::string("message")); // the head was the answer
        const auto got = group.bob.pushes();
        QCOMPARE(got.size(), 2u);
        QVERIFY(got[0].op == Op::Conversation && headOf(got[0]).role == Role::Member);
        QVERIFY(got[1].op == Op::Message);
        QCOMPARE(group.cem.names(), std::string("conversation message"));
        QVERIFY(group.dora.pushes().empty());
    }
    void messageToAGroup_reachesItsMembers()
    {
        Group group;
        group.quiet();
        QVERIFY(group.bob.sendIn(group.id, "hello").op == Op::Accepted);
        QCOMPARE(group.ada.names(), std::string("message receipt")); // bob has read the notice that he answers
        QCOMPARE(group.cem.names(), std::string("message receipt"));
        QVERIFY(group.bob.pushes().empty() && group.dora.pushes().empty());
        QCOMPARE(text(group.dora.sendIn(group.id, "let me in").data, "code"), std::string("not_member"));
    }
    void rename_givesEverybodyTheirOwnHead()
    {
        Group group;
        group.quiet();
        const boost::json::object rename{{"conversation", group.id.str()}, {"name", "Orchard"}};
        QVERIFY(group.bob.askForError(Op::ConversationUpdate, rename) == ErrorCode::Forbidden);
        QVERIFY(group.ada.ask(Op::ConversationUpdate, rename).op == Op::Ok);
        for (Client *client : {&group.ada, &group.bob, &group.cem}) {
            const auto got = client->pushes();
            QCOMPARE(got.size(), 2u);
            QVERIFY(got[0].op == Op::Message && got[1].op == Op::Conversation);
            QCOMPARE(headOf(got[1]).name, std::string("Orchard"));
            QVERIFY(headOf(got[1]).role == (client == &group.ada ? Role::Owner : Role::Member));
        }
    }
    void invite_tellsTheNewMemberFirstOfAll()
    {
        Group group;
        group.quiet();
        group.world.store.holdHeads(true);
        QVERIFY(group.ada.ask(Op::ConversationInvite, group.users({&group.dora})).op == Op::Ok);
        QVERIFY(group.bob.sendIn(group.id, "welcome").op == Op::Accepted);
        QVERIFY(group.dora.pushes().empty()); // nothing of a conversation that she does not know yet
        group.world.store.holdHeads(false);
        QCOMPARE(group.dora.names(), std::string("conversation message message receipt"));
        QCOMPARE(group.cem.names(), std::string("message message receipt conversation"));
    }
    void remove_tellsWhoIsOutAndStopsThePushes()
    {
        Group group;
        group.quiet();
        QVERIFY(group.ada.ask(Op::ConversationRemove, group.users({&group.cem})).op == Op::Ok);
        const auto got = group.cem.pushes();
        QCOMPARE(got.size(), 1u);
        QVERIFY(headOf(got[0]).removed && headOf(got[0]).conversation == group.id);
        QVERIFY(!headOf(got[0]).last);
        QCOMPARE(headOf(got[0]).name, headOf(group.created).name);
        QCOMPARE(group.bob.names(), std::string("message conversation"));
        group.ada.sendIn(group.id, "now we are two");
        QVERIFY(group.cem.pushes().empty());
        QVERIFY(group.bob.ask(Op::ConversationLeave, {{"conversation", group.id.str()}}).op == Op::Ok);
        const auto left = group.bob.pushes();
        QVERIFY(!left.empty() && headOf(left.back()).removed);
    }
    void join_isByInvitation()
    {
        Group group;
        const boost::json::object join{{"conversation", group.id.str()}, {"code", "x"}};
        QVERIFY(group.dora.askForError(Op::ConversationJoin, join) == ErrorCode::Forbidden);
        QVERIFY(group.dora.askForError(Op::ConversationJoin, {{"conversation", "g:999"}}) == ErrorCode::Forbidden);
        QVERIFY(group.bob.ask(Op::ConversationJoin, join).op == Op::Ok); // is in already
    }
    void role_isToldToItsBearer()
    {
        Group group;
        group.quiet();
        const boost::json::object promote{
            {"conversation", group.id.str()}, {"user", group.bob.user.str()}, {"role", "admin"}};
        QVERIFY(group.cem.askForError(Op::ConversationRole, promote) == ErrorCode::Forbidden);
        QVERIFY(group.ada.ask(Op::ConversationRole, promote).op == Op::Ok);
        const auto got = group.bob.pushes();
        QVERIFY(!got.empty() && headOf(got.back()).role == Role::Admin);
    }
    void mute_isToldToTheOwnOtherDevicesOnly()
    {
        Group group;
        Client phone(group.world, "ada", 2);
        phone.logIn();
        group.quiet();
        QVERIFY(group.ada.ask(Op::ConversationMute, {{"conversation", group.id.str()}, {"until_ms", 99}}).op == Op::Ok);
        const auto got = phone.pushes();
        QVERIFY(got.size() == 1 && headOf(got[0]).mutedUntil == fromUnixMs(99));
        QVERIFY(group.ada.pushes().empty() && group.bob.pushes().empty());
    }
    void members_arePaged()
    {
        Group group;
        const auto first = protocol::decode<protocol::MembersReply>(
            group.bob.ask(Op::ConversationMembers, {{"conversation", group.id.str()}, {"limit", 2}}).data);
        QVERIFY(first && first->members.size() == 2 && first->more);
        const auto rest = protocol::decode<protocol::MembersReply>(
            group.bob
                .ask(Op::ConversationMembers,
                     {{"conversation", group.id.str()}, {"limit", 2}, {"after", first->members.back().user.str()}})
                .data);
        QVERIFY(rest && rest->members.size() == 1 && !rest->more);
        QVERIFY(group.dora.askForError(Op::ConversationMembers, {{"conversation", group.id.str()}}) ==
                ErrorCode::NotMember);
    }
    void groupPacketsOnAPrivateConversation_areForbidden()
    {
        Group group;
        const auto id = group.ada.sendTo(group.bob.user, "hello").str();
        QVERIFY(group.ada.askForError(Op::ConversationUpdate, {{"conversation", id}, {"name", "x"}}) ==
                ErrorCode::Forbidden);
        QVERIFY(group.ada.askForError(Op::ConversationLeave, {{"conversation", id}}) == ErrorCode::Forbidden);
        QVERIFY(group.ada.askForError(Op::ConversationJoin, {{"conversation", id}}) == ErrorCode::Forbidden);
        for (const Op op : {Op::ConversationInvite, Op::ConversationRemove})
            QVERIFY(group.ada.askForError(op, {{"conversation", id}, {"users", {group.cem.user.str()}}}) ==
                    ErrorCode::Forbidden);
        QVERIFY(group.ada.askForError(Op::ConversationRole,
                                      {{"conversation", id}, {"user", group.bob.user.str()}, {"role", "admin"}}) ==
                ErrorCode::Forbidden);
    }
    void largeGroup_goesThroughTheFanOutWithoutReceiptsToAll()
    {
        World world;
        Client ada(world, "ada"), bob(world, "bob"), bobsPhone(world, "bob", 2);
        for (Client *client : {&ada, &bob, &bobsPhone})
            client->logIn();
        boost::json::array members{boost::json::value(bob.user.str())};
        for (int i = 0; i < limits::kSmallGroup; ++i)
            members.push_back(boost::json::value(world.userOf("user" + std::to_string(i)).str()));
        const auto id =
            headOf(ada.ask(Op::ConversationCreate, {{"name", "Hall"}, {"members", std::move(members)}})).conversation;
        std::string onBob;
        const auto waitForBob = [&](const std::string &end) {
            QElapsedTimer timer;
            timer.start();
            while (!onBob.ends_with(end) && timer.elapsed() < 5000) {
                if (const auto names = bob.names(); !names.empty())
                    onBob += names + " ";
                QThread::yieldCurrentThread();
            }
            return onBob.ends_with(end);
        };
        QVERIFY2(waitForBob("conversation message "), onBob.c_str());
        for (int i = 0; i < 3; ++i)
            QVERIFY(ada.sendIn(id, "to all").op == Op::Accepted);
        QVERIFY2(waitForBob("message message message "), onBob.c_str());
        ada.pushes();
        QVERIFY(bob.ask(Op::Read, {{"conversation", id.str()}, {"seq", 4}}).op == Op::Ok);
        QVERIFY(ada.pushes().empty());
        std::string onPhone; // its copies of the messages may still be in the fan-out queue
        QVERIFY(QTest::qWaitFor([&] { return (onPhone += bobsPhone.names()).find("receipt") != std::string::npos; }));
        QVERIFY(bob.ask(Op::Typing, {{"conversation", id.str()}}).op == Op::Ok);
        QVERIFY(ada.pushes().empty());
    }
};

QTEST_APPLESS_MAIN(TestLogicGroups)
#include "test_logic_groups.moc"
