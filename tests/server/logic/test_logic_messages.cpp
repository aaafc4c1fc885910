// SPDX-License-Identifier: GPL-3.0-or-later
// What two people say to each other: messages, changes, receipts, typing, pages, presence.
#include "core/base/limits.h"
#include "tests/server/logic/pair.h"

#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::server::test;
using namespace std::chrono_literals;
using protocol::Envelope;
using protocol::ErrorCode;
using protocol::Op;

namespace {

protocol::MessagePacket messageOf(const Envelope &envelope)
{
    auto packet = protocol::decode<protocol::MessagePacket>(envelope.data);
    return packet ? *packet : protocol::MessagePacket{};
}

boost::json::object at(const ConversationId &conversation, std::int64_t seq)
{
    return {{"conversation", conversation.str()}, {"seq", seq}};
}

boost::json::object target(const ConversationId &conversation, std::int64_t seq, const char *kind = "message")
{
    auto object = at(conversation, seq);
    object["kind"] = kind;
    return {{"target", object}};
}

} // namespace

class TestLogicMessages final : public QObject {
    Q_OBJECT
private slots:
    // --- send
    void firstMessage_opensTheConversationHeadFirst()
    {
        World world;
        Client ada(world, "ada"), bob(world, "bob");
        ada.logIn();
        bob.logIn();
        const auto answer =
            ada.ask(Op::Send, {{"to", bob.user.str()}, {"cid", cidOf(1)}, {"kind", "text"}, {"body", "hello"}});
        QVERIFY(answer.op == Op::Accepted);
        const auto accepted = protocol::decode<protocol::AcceptedPacket>(answer.data);
        QVERIFY(accepted.has_value());
        QCOMPARE(accepted->conversation, privateConversation(ada.user, bob.user));
        QVERIFY(accepted->seq == Seq(1) && accepted->rev == Rev(1) && !accepted->duplicate);
        QCOMPARE(ada.names(), std::string("conversation"));
        const auto got = bob.pushes();
        QCOMPARE(got.size(), 2u);
        const auto head = protocol::decode<protocol::ConversationPacket>(got[0].data);
        QVERIFY(got[0].op == Op::Conversation && head);
        QCOMPARE(head->head.name, std::string("Name of ada"));
        const auto message = messageOf(got[1]);
        QVERIFY(got[1].op == Op::Message);
        QCOMPARE(message.message.body, std::string("hello"));
        QVERIFY(message.message.cid.empty()); // the sender's only
        QCOMPARE(message.message.id, accepted->id);
    }
    void messagesBehindASlowHead_keepTheirOrder()
    {
        World world;
        Client ada(world, "ada"), bob(world, "bob");
        ada.logIn();
        bob.logIn();
        world.store.holdHeads(true);
        const auto conversation = ada.sendTo(bob.user, "1", 1);
        QVERIFY(ada.sendIn(conversation, "2", 2).op == Op::Accepted); // accepted waits for no head
        QVERIFY(bob.sendIn(conversation, "3", 3).op == Op::Accepted);
        QVERIFY(ada.ask(Op::Edit, {{"conversation", conversation.str()}, {"seq", 1}, {"body", "1!"}}).op == Op::Ok);
        QVERIFY(bob.pushes().empty());
        world.store.holdHeads(false);
        std::string order;
        for (const auto &envelope : bob.pushes())
            order += std::string(protocol::name(envelope.op)) + messageOf(envelope).message.body + " ";
        QCOMPARE(order, std::string("conversation message1 message2 change1! "));
    }
    void ownOtherDevice_getsTheMessageWithItsCid()
    {
        Pair pair;
        Client phone(pair.world, "ada", 2);
        phone.logIn();
        QVERIFY(pair.ada.sendIn(pair.conversation, "again", 2).op == Op::Accepted);
        QVERIFY(pair.ada.pushes().empty()); // it has its `accepted`
        const auto onPhone = phone.pushes();
        QCOMPARE(onPhone.size(), 2u);
        QVERIFY(onPhone[1].op == Op::Receipt); // that it counts as read
        QCOMPARE(messageOf(onPhone[0]).message.cid.str(), cidOf(2));
        QVERIFY(messageOf(pair.bob.pushes().at(0)).message.cid.empty());
    }
    void sameCid_isAnsweredAlikeAndNotPushedAgain()
    {
        Pair pair;
        const auto first = pair.ada.sendIn(pair.conversation, "once", 7);
        pair.bob.pushes();
        auto again = pair.ada.sendIn(pair.conversation, "once", 7);
        QCOMPARE(again.data["duplicate"].as_bool(), true);
        again.data["duplicate"] = false;
        QVERIFY(again.data == first.data);
        QVERIFY(pair.bob.pushes().empty());
        const auto conflict = pair.ada.sendIn(pair.conversation, "other", 7);
        QCOMPARE(text(conflict.data, "code"), std::string("cid_conflict"));
    }
    void refusedSends_haveTheirCodes()
    {
        Pair pair;
        const auto error = [&](boost::json::object data) {
            data["cid"] = cidOf(50);
            data["body"] = "b";
            if (!data.contains("kind"))
                data["kind"] = "text";
            return pair.ada.askForError(Op::Send, std::move(data));
        };
        QVERIFY(error({{"to", pair.ada.user.str()}}) == ErrorCode::Forbidden);
        QVERIFY(error({{"to", "999999"}}) == ErrorCode::NotFound);
        QVERIFY(error({{"conversation", "g:999999"}}) == ErrorCode::NotMember);
        QVERIFY(error({{"conversation", "p:1:2"}}) == ErrorCode::NotMember);
        QVERIFY(error({{"to", pair.bob.user.str()}, {"kind", "gift"}}) == ErrorCode::Forbidden);
        QVERIFY(error({{"to", pair.bob.user.str()}, {"kind", "system"}}) == ErrorCode::Malformed);
        QVERIFY(error({{"to", pair.bob.user.str()}, {"kind", "image"}, {"file", "f"}}) == ErrorCode::NotFound);
        QVERIFY(pair.bob.ask(Op::UserBlock, {{"user", pair.ada.user.str()}}).op == Op::Ok);
        QVERIFY(error({{"to", pair.bob.user.str()}}) == ErrorCode::Blocked);
        QVERIFY(pair.bob.ask(Op::UserUnblock, {{"user", pair.ada.user.str()}}).op == Op::Ok);
        QVERIFY(!pair.world.store.isBlocked(pair.bob.user, pair.ada.user));
        QVERIFY(pair.bob.askForError(Op::UserBlock, {{"user", pair.bob.user.str()}}) == ErrorCode::Forbidden);
        pair.world.store.failWith(StoreError::Overloaded);
        QVERIFY(error({{"to", pair.bob.user.str()}}) == ErrorCode::Overloaded);
        QVERIFY(pair.bob.pushes().empty());
    }
    void blocked_areListedAndToldToTheOwnOtherDevices()
    {
        Pair pair;
        Client phone(pair.world, "bob", 2);
        phone.logIn();
        const auto listed = [](const boost::json::object &data) {
            return protocol::decode<protocol::BlockedPacket>(data).value().users;
        };
        QVERIFY(listed(pair.bob.ask(Op::UserBlocked, {}).data).empty());
        pair.ada.pushes();
        pair.bob.pushes();
        phone.pushes();
        QVERIFY(pair.bob.ask(Op::UserBlock, {{"user", pair.ada.user.str()}}).op == Op::Ok);
        const std::vector<UserId> one{pair.ada.user};
        QVERIFY(listed(pair.bob.ask(Op::UserBlocked, {}).data) == one);
        auto told = phone.pushes();
        QCOMPARE(told.size(), std::size_t(1));
        QVERIFY(told[0].op == Op::UserBlocked && listed(told[0].data) == one);
        QVERIFY(pair.bob.ask(Op::UserUnblock, {{"user", pair.ada.user.str()}}).op == Op::Ok);
        told = phone.pushes();
        QVERIFY(told.size() == 1 && listed(told[0].data).empty());
        // Nobody else learns of it.
        QVERIFY(pair.ada.pushes().empty() && pair.bob.pushes().empty());
        QVERIFY(listed(pair.ada.ask(Op::UserBlocked, {}).data).empty());
    }
    void sharedGroups_areThoseOfBoth()
    {
        Pair pair;
        Client cem(pair.world, "cem");
        cem.logIn();
        const auto make = [](Client &owner, boost::json::array members) {
            const auto made = owner.ask(Op::ConversationCreate, {{"name", "G"}, {"members", std::move(members)}});
            return protocol::decode<protocol::ConversationPacket>(made.data).value().head.conversation;
        };
        const auto both = make(pair.ada, {boost::json::value(pair.bob.user.str())});
        make(pair.ada, {boost::json::value(cem.user.str())});
        const auto shared =
            protocol::decode<protocol::SharedReply>(pair.ada.ask(Op::UserShared, {{"user", pair.bob.user.str()}}).data);
        QVERIFY(shared && shared->conversations == std::vector{both});
        QVERIFY(cem.askForError(Op::UserShared, {{"user", "x"}}) == ErrorCode::Malformed);
        const auto none =
            protocol::decode<protocol::SharedReply>(cem.ask(Op::UserShared, {{"user", pair.bob.user.str()}}).data);
        QVERIFY(none && none->conversations.empty());
    }
    void privateConversationByItsId_isOpenedToo()
    {
        World world;
        Client ada(world, "ada"), bob(world, "bob");
        ada.logIn();
        const auto id = privateConversation(ada.user, bob.user);
        QVERIFY(ada.sendIn(id, "hello").op == Op::Accepted);
    }
    void burstOfSends_isLimitedAndSaysWhenToComeAgain()
    {
        LogicSettings settings = World::quickSettings();
        settings.sendsPerSecond = 10;
        Pair pair(settings); // one token gone
        for (int i = 0; i < 19; ++i)
            QVERIFY(pair.ada.sendIn(pair.conversation, "m").op == Op::Accepted);
        const auto limited = pair.ada.sendIn(pair.conversation, "m");
        QCOMPARE(text(limited.data, "code"), std::string("rate_limited"));
        QCOMPARE(text(limited.data, "retry"), std::string("after"));
        pair.world.clock.advance(milliseconds(limited.data.at("retry_after_ms").as_int64()));
        QVERIFY(pair.ada.sendIn(pair.conversation, "m").op == Op::Accepted);
        QVERIFY(pair.bob.sendIn(pair.conversation, "m").op == Op::Accepted); // per connection
    }
    void unackedMessage_isSentAgainAndAckEndsIt()
    {
        Pair pair;
        pair.ada.sendIn(pair.conversation, "important");
        QCOMPARE(pair.bob.names(), std::string("message"));
        pair.world.clock.advance(5s);
        pair.world.core().retransmitter.tick();
        QCOMPARE(pair.bob.names(), std::string("message"));
        pair.bob.raw(R"({"op":"ack","d":[{"conversation":")" + pair.conversation.str() + R"(","seq":2}]})");
        QCOMPARE(pair.ada.names(), std::string("receipt"));
        pair.world.clock.advance(30s);
        pair.world.core().retransmitter.tick();
        QVERIFY(pair.bob.pushes().empty()); // an ack has no reply
    }

    // --- changes
    void edit_answersRevAndTellsEverybody()
    {
        Pair pair;
        const auto answer =
            pair.ada.ask(Op::Edit, {{"conversation", pair.conversation.str()}, {"seq", 1}, {"body", "hallo"}});
        QVERIFY(answer.op == Op::Ok);
        QCOMPARE(answer.data.at("rev").as_int64(), 2);
        const auto got = pair.bob.pushes();
        QVERIFY(got.size() == 1 && got[0].op == Op::Change);
        QCOMPARE(messageOf(got[0]).message.body, std::string("hallo"));
        QVERIFY(messageOf(got[0]).rev == Rev(2) && messageOf(got[0]).message.cid.empty());
        QCOMPARE(messageOf(pair.ada.pushes().at(0)).message.cid.str(), cidOf(1));
        QVERIFY(
            pair.bob.askForError(Op::Edit, {{"conversation", pair.conversation.str()}, {"seq", 1}, {"body", "x"}}) ==
            ErrorCode::Forbidden);
        pair.world.clock.advance(49h);
        const auto fresh = pair.world.core().tokens.issue(pair.ada.user, pair.ada.device, pair.ada.family);
        QVERIFY(pair.ada.ask(Op::Token, {{"token", fresh}}).op == Op::Ok);
        QVERIFY(
            pair.ada.askForError(Op::Edit, {{"conversation", pair.conversation.str()}, {"seq", 1}, {"body", "x"}}) ==
            ErrorCode::Forbidden);
    }
    void recall_leavesATombstone()
    {
        Pair pair;
        QVERIFY(pair.ada.ask(Op::Recall, at(pair.conversation, 1)).op == Op::Ok);
        const auto message = messageOf(pair.bob.pushes().at(0)).message;
        QVERIFY(message.recalled && message.body.empty());
        QVERIFY(pair.ada.askForError(Op::Recall, at(pair.conversation, 1)) == ErrorCode::NotFound);
        QVERIFY(pair.ada.askForError(Op::Recall, at(pair.conversation, 99)) == ErrorCode::NotFound);
    }
    void like_countsAndMarksTheActorsOwnCopyOnly()
    {
        Pair pair;
        const auto answer = pair.bob.ask(Op::Like, target(pair.conversation, 1));
        QVERIFY(answer.op == Op::Ok);
        QCOMPARE(answer.data.at("count").as_int64(), 1);
        const auto onAda = messageOf(pair.ada.pushes().at(0)).message;
        QVERIFY(onAda.likes == 1 && !onAda.liked);
        QCOMPARE(onAda.cid.str(), cidOf(1));
        const auto onBob = messageOf(pair.bob.pushes().at(0)).message;
        QVERIFY(onBob.likes == 1 && onBob.liked && onBob.cid.empty());
        QVERIFY(pair.bob.askForError(Op::Like, target(pair.conversation, 1)) == ErrorCode::AlreadyLiked);
        QVERIFY(pair.bob.ask(Op::Unlike, target(pair.conversation, 1)).op == Op::Ok);
        QVERIFY(pair.bob.askForError(Op::Unlike, target(pair.conversation, 1)) == ErrorCode::NotLiked);
        for (const char *kind : {"video", "comment"})
            QVERIFY(pair.bob.askForError(Op::Like, target(pair.conversation, 1, kind)) == ErrorCode::NotFound);
        QVERIFY(pair.bob.askForError(Op::Like, target(pair.conversation, 1, "house")) == ErrorCode::Malformed);
        QVERIFY(pair.bob.askForError(Op::Like, {{"target", 5}}) == ErrorCode::Malformed);
    }

    // --- receipts and typing
    void ack_tellsTheSenderAndNotTheOwnDevices()
    {
        Pair pair;
        Client phone(pair.world, "bob", 2);
        phone.logIn();
        pair.bob.raw(R"({"op":"ack","d":[{"conversation":")" + pair.conversation.str() + R"(","seq":1}]})");
        const auto got = pair.ada.pushes();
        QVERIFY(got.size() == 1 && got[0].op == Op::Receipt);
        const auto receipt = protocol::decode<protocol::ReceiptPacket>(got[0].data)->receipt;
        QVERIFY(receipt.user == pair.bob.user && receipt.deliveredSeq == Seq(1) && receipt.readSeq == Seq(0));
        QVERIFY(pair.bob.pushes().empty() && phone.pushes().empty());
        phone.raw(R"({"op":"ack","d":[{"conversation":")" + pair.conversation.str() + R"(","seq":1}]})");
        QVERIFY(pair.ada.pushes().empty()); // moved already
    }
    void read_reachesTheOthersAndTheOwnOtherDevice()
    {
        Pair pair;
        Client phone(pair.world, "bob", 2);
        phone.logIn();
        QVERIFY(pair.bob.ask(Op::Read, at(pair.conversation, 1)).op == Op::Ok);
        QCOMPARE(pair.ada.names(), std::string("receipt"));
        QCOMPARE(phone.names(), std::string("receipt"));
        QVERIFY(pair.bob.pushes().empty());
        QVERIFY(pair.bob.ask(Op::Read, at(pair.conversation, 0)).op == Op::Ok); // never back
        QVERIFY(pair.ada.pushes().empty());
        QVERIFY(pair.bob.askForError(Op::Read, {{"conversation", "g:999"}, {"seq", 1}}) == ErrorCode::NotMember);
        const auto receipts = pair.ada.ask(Op::Receipts, at(pair.conversation, 1));
        QCOMPARE(receipts.data.at("read_count").as_int64(), 1);
    }
    void ownSend_countsAsReadForPeerAndOwnOtherDevice()
    {
        Pair pair;
        Client phone(pair.world, "bob", 2);
        phone.logIn();
        pair.ada.sendIn(pair.conversation, "one more", 2);
        const auto drop = [&] { // what login and sends before have pushed
            for (Client *client : {&pair.ada, &pair.bob, &phone})
                client->pushes();
        };
        drop();
        pair.bob.sendIn(pair.conversation, "I have seen them", 1);
        const auto got = pair.ada.pushes();
        QCOMPARE(got.size(), std::size_t(2));
        QVERIFY(got[0].op == Op::Message && got[1].op == Op::Receipt);
        const auto receipt = protocol::decode<protocol::ReceiptPacket>(got[1].data)->receipt;
        QVERIFY(receipt.user == pair.bob.user);
        QCOMPARE(receipt.readSeq, messageOf(got[0]).message.seq);
        QCOMPARE(phone.names(), std::string("message receipt"));
        QVERIFY(pair.bob.pushes().empty());
        // Nothing of others in between: news to his own devices only.
        drop();
        pair.bob.sendIn(pair.conversation, "and", 2);
        QCOMPARE(pair.ada.names(), std::string("message"));
        QCOMPARE(phone.names(), std::string("message receipt"));
        // A repeated send moves nothing.
        drop();
        pair.bob.sendIn(pair.conversation, "and", 2);
        QVERIFY(pair.ada.pushes().empty() && phone.pushes().empty());
    }
    void malformedAck_isAnswered()
    {
        Pair pair;
        pair.ada.raw(R"({"op":"ack","d":[{"conversation":"x","seq":1}]})");
        QCOMPARE(pair.ada.names(), std::string("error"));
    }
    void typing_reachesThePeerAtMostEveryThreeSeconds()
    {
        Pair pair;
        Client laptop(pair.world, "ada", 2);
        laptop.logIn();
        const boost::json::object data{{"conversation", pair.conversation.str()}};
        pair.ada.post(Op::Typing, data);
        const auto got = pair.bob.pushes();
        QVERIFY(got.size() == 1 && got[0].op == Op::Typing);
        QCOMPARE(text(got[0].data, "user"), pair.ada.user.str());
        QVERIFY(pair.ada.pushes().empty() && laptop.pushes().empty());
        pair.world.clock.advance(2999ms);
        pair.ada.post(Op::Typing, data);
        QVERIFY(pair.bob.pushes().empty());
        QVERIFY(pair.ada.pushes().empty()); // dropped in silence
        pair.world.clock.advance(1ms);
        pair.ada.post(Op::Typing, data);
        pair.world.settle();
        QVERIFY(pair.bob.peer->weights() == std::vector<Weight>{Weight::Ephemeral});
    }
    void typingOfAStranger_reachesNobody()
    {
        Pair pair;
        Client eve(pair.world, "eve");
        eve.logIn();
        QVERIFY(eve.askForError(Op::Typing, {{"conversation", pair.conversation.str()}}) == ErrorCode::NotMember);
        QVERIFY(eve.askForError(Op::Typing, {{"conversation", "g:999"}}) == ErrorCode::NotFound);
        QVERIFY(pair.ada.pushes().empty() && pair.bob.pushes().empty());
    }

    // --- reading
    void syncPageChanges_giveWhatIsThere()
    {
        Pair pair;
        pair.ada.sendIn(pair.conversation, "two");
        pair.bob.pushes();
        const auto sync = pair.bob.ask(Op::Sync, {{"limit", 10}});
        QVERIFY(pair.bob.peer->resumed);
        const auto heads = protocol::decode<protocol::SyncReply>(sync.data);
        QVERIFY(sync.op == Op::Sync && heads && heads->conversations.size() == 1 && !heads->more);
        QCOMPARE(heads->conversations[0].headSeq, Seq(2));
        const auto page = protocol::decode<protocol::PageReply>(
            pair.bob.ask(Op::Page, {{"conversation", pair.conversation.str()}, {"before", 2}}).data);
        QVERIFY(page && page->page.messages.size() == 1 && page->page.headSeq == Seq(2));
        const auto changes = protocol::decode<protocol::ChangesReply>(
            pair.bob.ask(Op::Changes, {{"conversation", pair.conversation.str()}, {"since_rev", 1}}).data);
        QVERIFY(changes && changes->messages.size() == 1 && changes->nextRev == Rev(2));
        Client eve(pair.world, "eve");
        eve.logIn();
        QVERIFY(eve.askForError(Op::Page, {{"conversation", pair.conversation.str()}}) == ErrorCode::NotMember);
        QVERIFY(eve.askForError(Op::Changes, {{"conversation", pair.conversation.str()}, {"since_rev", 0}}) ==
                ErrorCode::NotMember);
    }

    // --- presence
    void presence_isForContactsAndFollowsTheirSockets()
    {
        Pair pair;
        Client eve(pair.world, "eve"), laptop(pair.world, "bob", 2);
        eve.logIn();
        const auto answer =
            pair.ada.ask(Op::WatchPresence, {{"users", {pair.bob.user.str(), eve.user.str(), pair.bob.user.str()}}});
        const auto states = protocol::decode<protocol::WatchPresenceReply>(answer.data);
        QVERIFY(states && states->states.size() == 2);
        QVERIFY(states->states[0] == (Presence{pair.bob.user, PresenceState::Online, {}}));
        QVERIFY(states->states[1] == (Presence{eve.user, PresenceState::Offline, {}})); // a stranger
        eve.disconnect();
        QVERIFY(laptop.logIn());
        laptop.disconnect();
        QVERIFY(pair.ada.pushes().empty()); // still online elsewhere
        pair.world.clock.advance(7s);
        pair.bob.disconnect();
        const auto got = pair.ada.pushes();
        QVERIFY(got.size() == 1 && got[0].op == Op::Presence);
        const auto gone = protocol::decode<protocol::PresencePacket>(got[0].data)->presence;
        QVERIFY(gone == (Presence{pair.bob.user, PresenceState::Offline, pair.world.clock.now()}));
        pair.world.clock.advance(60s);
        const auto later = protocol::decode<protocol::WatchPresenceReply>(
            pair.ada.ask(Op::WatchPresence, {{"users", {pair.bob.user.str()}}}).data);
        QVERIFY(later && later->states.size() == 1);
        QCOMPARE(later->states[0].lastSeen, pair.world.clock.now() - 60s);
        Client back(pair.world, "bob");
        back.logIn();
        QCOMPARE(pair.ada.names(), std::string("presence"));
        QVERIFY(pair.ada.ask(Op::WatchPresence, {{"users", boost::json::array{}}}).op == Op::WatchPresence);
        back.disconnect();
        QVERIFY(pair.ada.pushes().empty());
    }
};

QTEST_APPLESS_MAIN(TestLogicMessages)
#include "test_logic_messages.moc"
