// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/limits.h"
#include "tests/conformance/suite_messages.h"

#include <map>
#include <random>

namespace kith::server::test {

using namespace std::chrono_literals;

void ChangeSuite::edit_replacesTheBodyWithinTwoDays()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    say(tom, c, "helo");
    say(lin, c, "?");
    clock.advance(limits::kEditWindow);
    MUST(changed, store().edit(tom, c, Seq(1), "hello"));
    QCOMPARE(changed.rev.value(), 3);
    QCOMPARE(changed.message.seq.value(), 1);
    QCOMPARE(changed.message.body, std::string("hello"));
    QVERIFY(changed.message.editedAt == clock.now());
    QVERIFY(changed.conversation == c);
    QCOMPARE(changed.members->size(), std::size_t(2));
    MUST(page, store().page(lin, {c, {}, {}, {}, 50}));
    QCOMPARE(page.messages[1].body, std::string("hello"));
    QVERIFY(page.messages[1].editedAt.has_value());
    QCOMPARE(page.headSeq.value(), 2);
    QCOMPARE(page.headRev.value(), 3);
    clock.advance(1ms);
    MUST_FAIL(store().edit(tom, c, Seq(1), "late"), StoreError::TooOld);
}

void ChangeSuite::edit_ofOthersOrSystem_isForbidden()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin});
    say(lin, group, "mine");
    MUST_FAIL(store().edit(tom, group, Seq(2), "x"), StoreError::Forbidden); // not even the owner
    MUST_FAIL(store().edit(tom, group, Seq(1), "x"), StoreError::Forbidden);
    MUST_FAIL(store().edit(maya, group, Seq(2), "x"), StoreError::NotMember);
    MUST_FAIL(store().edit(lin, group, Seq(3), "x"), StoreError::NotFound);
    MUST_FAIL(store().edit(lin, ConversationId("g:4711"), Seq(2), "x"), StoreError::NotFound);
    MUST_DO(store().recall(lin, group, Seq(2)));
    MUST_FAIL(store().edit(lin, group, Seq(2), "x"), StoreError::Recalled);
}

void ChangeSuite::recall_leavesATombstone()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    AppendMessage message = text(tom, c, "a secret");
    message.mentions = {lin};
    message.file = FileId("f1");
    MUST_DO(store().append(message));
    MUST_DO(store().like(lin, c, Seq(1)));
    MUST(changed, store().recall(tom, c, Seq(1)));
    QCOMPARE(changed.rev.value(), 3);
    MUST(page, store().page(lin, {c, {}, {}, {}, 50}));
    QCOMPARE(page.messages.size(), std::size_t(1));
    const Message &stone = page.messages[0];
    QVERIFY(stone.recalled);
    QVERIFY(stone.body.empty() && stone.mentions.empty() && !stone.file && stone.likes == 0 && !stone.liked);
    QVERIFY(stone.sender == tom);
    QCOMPARE(changed.message.body, std::string());
    MUST_FAIL(store().recall(tom, c, Seq(1)), StoreError::Recalled);
    MUST_FAIL(store().like(lin, c, Seq(1)), StoreError::Recalled);
    MUST(head, store().head(lin, c));
    QVERIFY(head.last && head.last->recalled && head.last->body.empty());
    QCOMPARE(head.unread, 0);
}

void ChangeSuite::recall_isForTheSenderWithinTwoMinutes()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    say(tom, c, "one");
    say(tom, c, "two");
    MUST_FAIL(store().recall(lin, c, Seq(1)), StoreError::Forbidden);
    clock.advance(limits::kRecallWindow);
    MUST_DO(store().recall(tom, c, Seq(1)));
    clock.advance(1ms);
    MUST_FAIL(store().recall(tom, c, Seq(2)), StoreError::TooOld);
    MUST_FAIL(store().recall(tom, c, Seq(3)), StoreError::NotFound);
}

void ChangeSuite::recall_byAdmins_isAlwaysAllowed()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin, maya});
    say(maya, group, "one");
    say(maya, group, "two");
    MUST_DO(store().setRole(tom, group, lin, Role::Admin));
    clock.advance(24h * 365);
    MUST_FAIL(store().recall(maya, group, Seq(2)), StoreError::TooOld);
    MUST_DO(store().recall(lin, group, Seq(2)));
    MUST_DO(store().recall(tom, group, Seq(3)));
    MUST_FAIL(store().recall(tom, group, Seq(1)), StoreError::Forbidden); // a notice is part of the record
}

void ChangeSuite::likes_areCountedOncePerUser()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    say(tom, c, "good news");
    MUST(first, store().like(lin, c, Seq(1)));
    QCOMPARE(first.message.likes, 1);
    QCOMPARE(first.rev.value(), 2);
    MUST_FAIL(store().like(lin, c, Seq(1)), StoreError::AlreadyLiked);
    MUST(second, store().like(tom, c, Seq(1)));
    QCOMPARE(second.message.likes, 2);
    MUST(third, store().like(lin, c, Seq(1), false));
    QCOMPARE(third.message.likes, 1);
    QCOMPARE(third.rev.value(), 4);
    MUST_FAIL(store().like(lin, c, Seq(1), false), StoreError::NotLiked);
    MUST(page, store().page(lin, {c, {}, {}, {}, 50}));
    QCOMPARE(page.headRev.value(), 4); // what was refused left no rev behind
    QVERIFY(!page.messages[0].liked);
}

void ChangeSuite::changes_areOrderedByRevAndPaged()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId c = privateConversation(tom, lin);
    for (int i = 0; i < 5; ++i)
        say(tom, c, "x");                            // rev 1 … 5
    MUST_DO(store().edit(tom, c, Seq(2), "edited")); // 6
    say(lin, c, "y");                                // 7, seq 6
    MUST_DO(store().like(lin, c, Seq(4)));           // 8
    MUST(all, store().changes(lin, c, Rev()));
    QVERIFY(seqs(all.messages) == std::vector<std::int64_t>({1, 3, 5, 2, 6, 4}));
    QCOMPARE(all.nextRev.value(), 8);
    QVERIFY(!all.more);
    QVERIFY(all.messages[5].liked);
    QVERIFY(all.messages[4].cid == store().page(lin, {c, {}, {}, {}, 1})->messages[0].cid);
    QVERIFY(all.messages[0].cid.empty());

    MUST(first, store().changes(lin, c, Rev(), 4));
    QVERIFY(seqs(first.messages) == std::vector<std::int64_t>({1, 3, 5, 2}));
    QVERIFY(first.more);
    QCOMPARE(first.nextRev.value(), 6);
    MUST(rest, store().changes(lin, c, first.nextRev, 4));
    QVERIFY(seqs(rest.messages) == std::vector<std::int64_t>({6, 4}));
    QVERIFY(!rest.more);

    for (const std::int64_t none : {8, 9, 1000}) {
        MUST(nothing, store().changes(lin, c, Rev(none)));
        QVERIFY(nothing.messages.empty());
        QVERIFY(!nothing.more);
        QCOMPARE(nothing.nextRev.value(), 8);
    }
    MUST(exactly, store().changes(lin, c, Rev(6), 2));
    QVERIFY(!exactly.more);
}

void ChangeSuite::changes_afterRandomWrites_equalTheModel()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId c = makeGroup(tom, {lin, maya});
    std::mt19937 random(20251121);
    std::map<std::int64_t, std::int64_t> revOf{{1, 1}}; // by seq
    std::int64_t head = 1;
    const auto anySeq = [&] { return Seq(1 + static_cast<std::int64_t>(random() % revOf.size())); };
    for (int i = 0; i < 300; ++i) {
        const auto dice = random() % 10;
        if (dice < 5) {
            const auto done = say(dice < 3 ? tom : lin, c, "x");
            revOf[done.message.seq.value()] = done.rev.value();
            ++head;
            continue;
        }
        const Seq seq = anySeq();
        const auto changed = dice < 7   ? store().edit(tom, c, seq, "edited " + std::to_string(i))
                             : dice < 9 ? store().like(maya, c, seq, dice == 7)
                                        : store().recall(tom, c, seq);
        if (!changed)
            continue; // refused: there is nothing to find of it
        revOf[seq.value()] = changed->rev.value();
        QCOMPARE(changed->rev.value(), ++head);
    }
    for (std::int64_t since = 0; since <= head + 1; since += 1 + static_cast<std::int64_t>(random() % 4)) {
        std::map<std::int64_t, std::int64_t> expected; // by rev
        for (const auto &[seq, rev] : revOf)
            if (rev > since)
                expected[rev] = seq;
        for (const int limit : {1, 7, 200}) {
            MUST(result, store().changes(maya, c, Rev(since), limit));
            std::vector<std::int64_t> want;
            std::int64_t next = head;
            for (const auto &[rev, seq] : expected) {
                if (want.size() == static_cast<std::size_t>(limit))
                    break;
                want.push_back(seq);
                next = rev;
            }
            const bool more = expected.size() > static_cast<std::size_t>(limit);
            QVERIFY2(seqs(result.messages) == want, std::to_string(since).c_str());
            QCOMPARE(result.more, more);
            QCOMPARE(result.nextRev.value(), more ? next : head);
        }
    }
}

} // namespace kith::server::test
