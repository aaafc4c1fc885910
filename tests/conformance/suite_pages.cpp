// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/limits.h"
#include "tests/conformance/suite_messages.h"

namespace kith::server::test {

namespace {

using Seqs = std::vector<std::int64_t>;

PageQuery newest(const ConversationId &c, int limit)
{
    return {c, {}, {}, {}, limit};
}
PageQuery before(const ConversationId &c, std::int64_t seq, int limit)
{
    return {c, Seq(seq), {}, {}, limit};
}
PageQuery after(const ConversationId &c, std::int64_t seq, int limit)
{
    return {c, {}, Seq(seq), {}, limit};
}
PageQuery around(const ConversationId &c, std::int64_t seq, int limit)
{
    return {c, {}, {}, Seq(seq), limit};
}

} // namespace

void PageSuite::newest_isNewestFirst()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < 10; ++i)
        say(tom, c, std::to_string(i));
    MUST(page, store().page(lin, newest(c, 3)));
    QVERIFY(seqs(page.messages) == Seqs({10, 9, 8}));
    QCOMPARE(page.headSeq.value(), 10);
    QCOMPARE(page.headRev.value(), 10);
    QCOMPARE(page.floorSeq.value(), 1);
    QCOMPARE(page.messages[0].body, std::string("9"));
    QVERIFY(pageSeqs(lin, newest(c, 50)) == Seqs({10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
}

void PageSuite::before_excludesItsSeq()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < 10; ++i)
        say(tom, c, "x");
    QVERIFY(pageSeqs(lin, before(c, 5, 2)) == Seqs({4, 3}));
    QVERIFY(pageSeqs(lin, before(c, 3, 50)) == Seqs({2, 1}));
    QVERIFY(pageSeqs(lin, before(c, 1, 50)).empty());
    QVERIFY(pageSeqs(lin, before(c, 100, 2)) == Seqs({10, 9}));
    MUST(page, store().page(lin, before(c, 1, 50)));
    QCOMPARE(page.headSeq.value(), 10); // an empty page tells where things stand, too
}

void PageSuite::after_givesTheNearest()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < 10; ++i)
        say(tom, c, "x");
    QVERIFY(pageSeqs(lin, after(c, 5, 2)) == Seqs({7, 6}));
    QVERIFY(pageSeqs(lin, after(c, 0, 3)) == Seqs({3, 2, 1}));
    QVERIFY(pageSeqs(lin, after(c, 8, 50)) == Seqs({10, 9}));
    QVERIFY(pageSeqs(lin, after(c, 10, 50)).empty());
}

void PageSuite::around_holdsItsSeqInTheMiddle()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < 10; ++i)
        say(tom, c, "x");
    QVERIFY(pageSeqs(lin, around(c, 5, 5)) == Seqs({7, 6, 5, 4, 3}));
    QVERIFY(pageSeqs(lin, around(c, 5, 1)) == Seqs({5}));
    QVERIFY(pageSeqs(lin, around(c, 10, 5)) == Seqs({10, 9, 8, 7, 6}));
    const Seqs nearFloor = pageSeqs(lin, around(c, 1, 5));
    QVERIFY(nearFloor == Seqs({3, 2, 1}));
    QVERIFY(pageSeqs(lin, around(c, 5, 200)) == Seqs({10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
}

void PageSuite::limits_areClamped()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < limits::kMaxPage + 5; ++i)
        store().async().append(text(tom, c, "x"), [](const StoreResult<Appended> &) {});
    say(tom, c, "last");
    QCOMPARE(pageSeqs(lin, newest(c, 100000)).size(), static_cast<std::size_t>(limits::kMaxPage));
    QCOMPARE(pageSeqs(lin, newest(c, 0)).size(), std::size_t(1));
    QCOMPARE(pageSeqs(lin, newest(c, -7)).size(), std::size_t(1));
}

void PageSuite::pages_tileTheWholeConversation()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin), other = makeGroup(tom, {lin});
    for (int i = 0; i < 57; ++i) {
        say(i % 3 == 0 ? tom : lin, c, "x");
        say(tom, other, "in between");
    }
    Seqs down, up;
    PageQuery query = newest(c, 10);
    for (Seqs page = pageSeqs(lin, query); !page.empty(); page = pageSeqs(lin, query)) {
        down.insert(down.end(), page.begin(), page.end());
        query = before(c, page.back(), 10);
    }
    query = after(c, 0, 10);
    for (Seqs page = pageSeqs(lin, query); !page.empty(); page = pageSeqs(lin, query)) {
        up.insert(up.begin(), page.begin(), page.end());
        query = after(c, page.front(), 10);
    }
    QCOMPARE(down.size(), std::size_t(57));
    QVERIFY(down == up);
    QCOMPARE(down.front(), 57);
    QCOMPARE(down.back(), 1);
}

void PageSuite::cidAndLiked_areTheReadersOwn()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    const auto sent = say(tom, c, "x");
    MUST_DO(store().like(lin, c, Seq(1)));
    MUST(forTom, store().page(tom, newest(c, 1)));
    MUST(forLin, store().page(lin, newest(c, 1)));
    QVERIFY(forTom.messages[0].cid == sent.message.cid);
    QVERIFY(forLin.messages[0].cid.empty());
    QVERIFY(!forTom.messages[0].liked);
    QVERIFY(forLin.messages[0].liked);
    QCOMPARE(forTom.messages[0].likes, 1);
}

void PageSuite::outsiders_getNothing()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin});
    MUST_FAIL(store().page(maya, newest(group, 50)), StoreError::NotMember);
    MUST_FAIL(store().changes(maya, group, Rev()), StoreError::NotMember);
    MUST_FAIL(store().page(maya, newest(ConversationId("g:4711"), 50)), StoreError::NotFound);
    MUST_FAIL(store().changes(maya, ConversationId("g:4711"), Rev()), StoreError::NotFound);
    MUST_DO(store().removeMembers(tom, group, {lin}));
    MUST_FAIL(store().page(lin, newest(group, 50)), StoreError::NotMember);
    MUST_FAIL(store().changes(lin, group, Rev()), StoreError::NotMember);
    MUST_FAIL(store().members(lin, group), StoreError::NotMember);
    MUST_FAIL(store().receipts(lin, group, Seq(1)), StoreError::NotMember);
}

} // namespace kith::server::test
