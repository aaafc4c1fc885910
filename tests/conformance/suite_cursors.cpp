// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/suite_messages.h"

#include <atomic>
#include <thread>

namespace kith::server::test {

using namespace std::chrono_literals;

void CursorSuite::read_isClampedAndNeverGoesBack()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < 5; ++i)
        say(tom, c, "x");
    MUST(first, store().moveRead(lin, c, Seq(3)));
    QVERIFY(first.moved);
    QVERIFY(first.receipt == (Receipt{c, lin, Seq(3), Seq(3)}));
    QCOMPARE(first.members->size(), std::size_t(2));
    MUST(same, store().moveRead(lin, c, Seq(3)));
    QVERIFY(!same.moved);
    MUST(back, store().moveRead(lin, c, Seq(1)));
    QVERIFY(!back.moved);
    QCOMPARE(back.receipt.readSeq.value(), 3);
    MUST(nothing, store().moveRead(lin, c, Seq(-4)));
    QVERIFY(!nothing.moved);
    MUST(beyond, store().moveRead(lin, c, Seq(100)));
    QVERIFY(beyond.moved);
    QCOMPARE(beyond.receipt.readSeq.value(), 5);
    MUST(head, store().head(lin, c));
    QCOMPARE(head.readSeq.value(), 5);
}

void CursorSuite::read_impliesDelivered()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < 5; ++i)
        say(tom, c, "x");
    MUST(delivered, store().moveDelivered(lin, c, Seq(2)));
    QVERIFY(delivered.moved);
    QVERIFY(delivered.receipt == (Receipt{c, lin, Seq(2), Seq(0)}));
    MUST(read, store().moveRead(lin, c, Seq(4)));
    QVERIFY(read.receipt == (Receipt{c, lin, Seq(4), Seq(4)}));
    MUST(behind, store().moveDelivered(lin, c, Seq(3)));
    QVERIFY(!behind.moved);
    QVERIFY(behind.receipt == (Receipt{c, lin, Seq(4), Seq(4)}));
    MUST(ahead, store().moveDelivered(lin, c, Seq(77)));
    QVERIFY(ahead.receipt == (Receipt{c, lin, Seq(5), Seq(4)}));
    MUST(head, store().head(tom, c));
    QVERIFY(head.peer.has_value());
    QVERIFY(*head.peer == (PeerCursors{lin, Seq(5), Seq(4)}));
}

void CursorSuite::unread_countsOthersAboveTheCursor()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    const auto unread = [&](const UserId &user) { return store().head(user, c).value().unread; };
    for (int i = 0; i < 4; ++i)
        say(tom, c, "x");
    QCOMPARE(unread(lin), 4);
    QCOMPARE(unread(tom), 0);
    MUST_DO(store().recall(tom, c, Seq(2)));
    QCOMPARE(unread(lin), 3);
    MUST_DO(store().moveRead(lin, c, Seq(3)));
    QCOMPARE(unread(lin), 1);
    MUST_DO(store().moveRead(lin, c, Seq(4)));
    QCOMPARE(unread(lin), 0);
    say(lin, c, "y"); // one's own does not count
    QCOMPARE(unread(lin), 0);
    QCOMPARE(unread(tom), 1);
}

void CursorSuite::ownSend_countsAsRead()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId c = privateConversation(tom, lin);
    const Appended first = say(tom, c, "one");
    QVERIFY(first.senderCursors == (Receipt{c, tom, Seq(1), Seq(1)}));
    QCOMPARE(first.senderReadBefore.value(), 0);
    say(tom, c, "two");
    MUST_DO(store().moveDelivered(lin, c, Seq(1)));
    AppendMessage reply = text(lin, c, "I have seen them");
    MUST(answered, store().append(reply));
    QVERIFY(answered.senderCursors == (Receipt{c, lin, Seq(3), Seq(3)}));
    QCOMPARE(answered.senderReadBefore.value(), 0);
    MUST(repeated, store().append(reply));
    QVERIFY(repeated.duplicate);
    QVERIFY(!repeated.senderCursors);
    MUST(back, store().moveRead(lin, c, Seq(2)));
    QVERIFY(!back.moved);
    QCOMPARE(back.receipt.readSeq.value(), 3);

    const ConversationId g = makeGroup(tom, {lin, maya});
    say(tom, g, "two");
    say(maya, g, "three");
    MUST(receipts, store().receipts(tom, g, Seq(2)));
    QVERIFY(receipts.readBy == std::vector{maya}); // who answers has read
    MUST_FAIL(store().append(text(maya, ConversationId("g:4711"), "nowhere")), StoreError::NotFound);

    reopen();
    MUST(head, store().head(lin, c));
    QCOMPARE(head.readSeq.value(), 3);
    QCOMPARE(head.unread, 0);
    QVERIFY(*head.peer == (PeerCursors{tom, Seq(2), Seq(2)}));
    MUST(own, store().head(maya, g));
    QCOMPARE(own.readSeq.value(), 3);
    MUST(other, store().head(lin, g));
    QCOMPARE(other.readSeq.value(), 0);
    QCOMPARE(other.unread, 3);
}

void CursorSuite::manyMoves_leaveTheFurthest()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    // Appends, reads and acks of both on several threads: they share transactions.
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (const UserId &user : {tom, lin})
        threads.emplace_back([&, user] {
            for (int i = 1; i <= 100; ++i) {
                if (!store().append(text(user, c, "x")) || !store().moveDelivered(user, c, Seq(i)) ||
                    !store().moveRead(user, c, Seq(i / 2)))
                    ++failures;
            }
        });
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    MUST(ofTom, store().head(tom, c));
    MUST(ofLin, store().head(lin, c));
    QCOMPARE(ofTom.headSeq.value(), 200);
    QCOMPARE(std::max(ofTom.readSeq.value(), ofLin.readSeq.value()), 200);
    QCOMPARE(ofTom.unread, 200 - ofTom.readSeq.value()); // above one's cursor there are only the other's
    QCOMPARE(ofLin.unread, 200 - ofLin.readSeq.value());
    QVERIFY(*ofTom.peer == (PeerCursors{lin, ofLin.readSeq, ofLin.readSeq}));
}

void CursorSuite::receipts_tellWhoReadAndWhoReceived()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya"), priya = makeUser("priya");
    const ConversationId c = makeGroup(tom, {lin, maya, priya});
    say(tom, c, "two");
    say(lin, c, "three");
    MUST_DO(store().moveRead(tom, c, Seq(3)));
    MUST_DO(store().moveRead(lin, c, Seq(2)));
    MUST_DO(store().moveDelivered(maya, c, Seq(3)));
    MUST(ofTwo, store().receipts(tom, c, Seq(2)));
    QVERIFY(ofTwo.readBy == std::vector{lin}); // the sender is not asked
    QVERIFY(ofTwo.deliveredTo == std::vector{maya});
    QCOMPARE(ofTwo.readCount, 1);
    QCOMPARE(ofTwo.deliveredCount, 1);
    QVERIFY(!ofTwo.more);
    MUST(ofThree, store().receipts(tom, c, Seq(3)));
    QVERIFY(ofThree.readBy == std::vector{tom});
    QVERIFY(ofThree.deliveredTo == std::vector{maya});
    MUST_FAIL(store().receipts(tom, c, Seq(4)), StoreError::NotFound);
}

void CursorSuite::receipts_arePaged()
{
    const UserId tom = makeUser("tom");
    std::vector<UserId> others;
    for (int i = 0; i < 7; ++i)
        others.push_back(makeUser("user" + std::to_string(i)));
    const ConversationId c = makeGroup(tom, others);
    say(tom, c, "x");
    for (std::size_t i = 0; i < others.size(); ++i) {
        if (i % 2 == 0)
            MUST_DO(store().moveRead(others[i], c, Seq(2)));
        else
            MUST_DO(store().moveDelivered(others[i], c, Seq(2)));
    }
    std::size_t read = 0, delivered = 0, pages = 0;
    std::optional<UserId> after;
    for (bool more = true; more; ++pages) {
        MUST(page, store().receipts(tom, c, Seq(2), after, 3));
        QCOMPARE(page.readCount, 4);
        QCOMPARE(page.deliveredCount, 3);
        QVERIFY(page.readBy.size() + page.deliveredTo.size() <= 3);
        read += page.readBy.size();
        delivered += page.deliveredTo.size();
        for (const auto *list : {&page.readBy, &page.deliveredTo})
            for (const UserId &user : *list)
                if (!after || std::stoll(user.str()) > std::stoll(after->str()))
                    after = user;
        more = page.more;
    }
    QCOMPARE(pages, std::size_t(3));
    QCOMPARE(read, std::size_t(4));
    QCOMPARE(delivered, std::size_t(3));
}

void CursorSuite::receipts_leaveOutWhoJoinedLater()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId c = makeGroup(tom, {lin});
    say(tom, c, "before you came");
    MUST_DO(store().addMembers(tom, c, {maya}));
    MUST(receipts, store().receipts(tom, c, Seq(2)));
    QVERIFY(receipts.readBy.empty());
    QCOMPARE(receipts.readCount, 0);
    MUST(head, store().head(maya, c));
    QCOMPARE(head.unread, 1); // the notice of her joining; what was before is not unread
}

void CursorSuite::outsiders_cannotMoveCursors()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId c = makeGroup(tom, {lin});
    MUST_FAIL(store().moveRead(maya, c, Seq(1)), StoreError::NotMember);
    MUST_FAIL(store().moveDelivered(maya, c, Seq(1)), StoreError::NotMember);
    MUST_FAIL(store().mute(maya, c, kStart), StoreError::NotMember);
    MUST_FAIL(store().moveRead(tom, ConversationId("g:4711"), Seq(1)), StoreError::NotFound);
}

} // namespace kith::server::test
