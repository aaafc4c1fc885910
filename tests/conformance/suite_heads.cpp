// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/suite_conversations.h"

#include <algorithm>
#include <set>

namespace kith::server::test {

using namespace std::chrono_literals;

void HeadSuite::privateHead_showsThePeer()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const FileId face = makePicture(lin);
    MUST_DO(store().updateProfile(lin, "林薇", face.str()));
    const auto sent = say(tom, privateConversation(tom, lin), "hello");
    MUST(head, store().head(tom, sent.conversation));
    QVERIFY(head.conversation == sent.conversation);
    QVERIFY(head.type == ConversationType::Private);
    QCOMPARE(head.name, std::string("林薇"));
    QCOMPARE(head.avatar, face.str());
    QCOMPARE(head.members, 2);
    QVERIFY(head.role == Role::Member);
    QCOMPARE(head.headSeq.value(), 1);
    QCOMPARE(head.headRev.value(), 1);
    QVERIFY(head.last && *head.last == sent.message);
    QVERIFY(head.peer && *head.peer == (PeerCursors{lin, Seq(0), Seq(0)}));
    QVERIFY(!head.removed);
    QCOMPARE(head.changedAt, clock.now());
    MUST(hers, store().head(lin, sent.conversation));
    QCOMPARE(hers.name, std::string("Name of tom"));
    QVERIFY(hers.last && hers.last->cid.empty());
    QCOMPARE(hers.unread, 1);
}

void HeadSuite::groupHead_showsTheGroup()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin}, "登山 Hiking");
    const FileId peak = makePicture(tom);
    MUST_DO(store().updateGroup(tom, group, {std::nullopt, "Every second Sunday", peak.str()}));
    MUST(head, store().head(tom, group));
    QVERIFY(head.type == ConversationType::Group);
    QCOMPARE(head.name, std::string("登山 Hiking"));
    QCOMPARE(head.about, std::string("Every second Sunday"));
    QCOMPARE(head.avatar, peak.str());
    QVERIFY(head.role == Role::Owner);
    QVERIFY(!head.peer);
    QVERIFY(head.last && head.last->kind == MessageKind::System);
    MUST(his, store().head(lin, group));
    QVERIFY(his.role == Role::Member);
    QCOMPARE(his.unread, 1); // the notice
}

void HeadSuite::last_isShortenedByCodePoints()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    std::string body, expected;
    for (int i = 0; i < 300; ++i) {
        body += i % 2 == 0 ? "薇" : "\xf0\x9f\x98\x80";
        if (i < 200)
            expected = body;
    }
    say(tom, privateConversation(tom, lin), body);
    MUST(head, store().head(lin, privateConversation(tom, lin)));
    QVERIFY(head.last && head.last->body == expected);
    MUST(page, store().page(lin, {privateConversation(tom, lin), {}, {}, {}, 1}));
    QCOMPARE(page.messages[0].body, body);
}

void HeadSuite::order_isMostRecentlyChangedFirst()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId a = privateConversation(tom, lin), b = privateConversation(tom, maya);
    const auto order = [&](const UserId &user) {
        std::vector<ConversationId> list;
        const auto found = store().heads({user, {}, {}, 100}).value();
        for (const Head &head : found.heads)
            list.push_back(head.conversation);
        return list;
    };
    say(tom, a, "x");
    clock.advance(1s);
    say(tom, b, "x");
    clock.advance(1s);
    const ConversationId group = makeGroup(tom, {lin});
    QVERIFY(order(tom) == std::vector({group, b, a}));
    clock.advance(1s);
    say(lin, a, "x");
    QVERIFY(order(tom) == std::vector({a, group, b}));
    QVERIFY(order(maya) == std::vector{b});
    clock.advance(1s);
    MUST_DO(store().like(maya, b, Seq(1)));
    QVERIFY(order(tom) == std::vector({b, a, group}));
    MUST(heads, store().heads({tom, {}, {}, 100}));
    for (std::size_t i = 1; i < heads.heads.size(); ++i)
        QVERIFY(heads.heads[i - 1].changedAt >= heads.heads[i].changedAt);
    MUST(one, store().head(tom, b));
    QVERIFY(one == heads.heads[0]);
}

void HeadSuite::since_isInclusiveAndLeavesOutWhatIsOld()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId a = privateConversation(tom, lin), b = privateConversation(tom, maya);
    say(tom, a, "x");
    clock.advance(1h);
    const Timestamp then = clock.now();
    say(tom, b, "x");
    const auto since = [&](Timestamp t) {
        std::set<ConversationId> set;
        const auto found = store().heads({tom, t, {}, 100}).value();
        for (const Head &head : found.heads)
            set.insert(head.conversation);
        return set;
    };
    QVERIFY(since(then) == std::set{b});
    QVERIFY(since(kStart) == std::set({a, b}));
    QVERIFY(since(then + 1h).empty());
    clock.advance(1h);
    MUST_DO(store().mute(tom, a, clock.now() + 8h));
    QVERIFY(since(clock.now()) == std::set{a});
}

void HeadSuite::since_findsOwnAndPeerCursors()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId a = privateConversation(tom, lin);
    say(tom, a, "x");
    clock.advance(1h);
    MUST_DO(store().moveRead(lin, a, Seq(1)));
    for (const UserId &user : {tom, lin}) { // her other device and his tick
        MUST(heads, store().heads({user, clock.now(), {}, 100}));
        QCOMPARE(heads.heads.size(), std::size_t(1));
    }
}

void HeadSuite::cursor_pagesThroughAll()
{
    const UserId tom = makeUser("tom");
    std::set<ConversationId> all;
    for (int i = 0; i < 23; ++i) {
        all.insert(say(tom, privateConversation(tom, makeUser("user" + std::to_string(i))), "x").conversation);
        if (i % 3 == 0) // some change in the same millisecond
            clock.advance(1ms);
    }
    for (const std::optional<Timestamp> since : {std::optional<Timestamp>(), std::optional(kStart)}) {
        std::vector<ConversationId> seen;
        std::optional<std::string> cursor;
        int pages = 0;
        do {
            MUST(page, store().heads({tom, since, cursor, 5}));
            QVERIFY(page.heads.size() <= 5);
            for (const Head &head : page.heads)
                seen.push_back(head.conversation);
            cursor = page.cursor;
            ++pages;
        } while (cursor && pages < 100);
        QCOMPARE(pages, 5);
        QCOMPARE(seen.size(), all.size());
        QVERIFY(std::set(seen.begin(), seen.end()) == all);
    }
    MUST(odd, store().heads({tom, {}, "not one of ours", 5})); // begins anew, or gives nothing; never fails
    QVERIFY(odd.heads.size() <= 5);
}

void HeadSuite::removed_isKnownToSinceOnly()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    say(tom, group, "for both");
    MUST_DO(store().moveRead(lin, group, Seq(1)));
    clock.advance(1h);
    const Timestamp then = clock.now();
    MUST_DO(store().removeMembers(tom, group, {lin}));
    clock.advance(1h);
    const auto secret = say(tom, group, "without her");
    MUST(full, store().heads({lin, {}, {}, 100}));
    QVERIFY(full.heads.empty());
    MUST(since, store().heads({lin, then, {}, 100}));
    QCOMPARE(since.heads.size(), std::size_t(1));
    const Head &gone = since.heads[0];
    QVERIFY(gone.removed);
    QVERIFY(gone.conversation == group);
    QVERIFY(!gone.last);
    QCOMPARE(gone.unread, 0);
    QVERIFY(gone.headSeq < secret.message.seq);
    MUST(single, store().head(lin, group));
    QVERIFY(single == gone);
    MUST(later, store().heads({lin, clock.now(), {}, 100})); // what happens there now is not hers to know
    QVERIFY(later.heads.empty());
}

void HeadSuite::head_ofOthers_isRefused()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin});
    MUST_FAIL(store().head(maya, group), StoreError::NotMember);
    MUST_FAIL(store().head(maya, ConversationId("g:4711")), StoreError::NotFound);
    MUST_FAIL(store().memberList(ConversationId("g:4711")), StoreError::NotFound);
    MUST(none, store().heads({maya, {}, {}, 100}));
    QVERIFY(none.heads.empty() && !none.cursor);
}

void HeadSuite::contacts_areThoseWhoShareAConversation()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya"), priya = makeUser("priya");
    const ConversationId group = makeGroup(tom, {lin, maya});
    say(tom, privateConversation(tom, lin), "x");
    say(priya, privateConversation(maya, priya), "x");
    const auto contacts = [&](const UserId &user) {
        const auto list = store().contacts(user).value();
        return std::set(list.begin(), list.end());
    };
    QVERIFY(contacts(tom) == std::set({lin, maya}));
    QVERIFY(contacts(priya) == std::set{maya});
    MUST_DO(store().removeMembers(tom, group, {maya}));
    QVERIFY(contacts(tom) == std::set{lin});
    QVERIFY(contacts(maya) == std::set{priya});
}

} // namespace kith::server::test
