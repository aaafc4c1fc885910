// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/crypto.h"
#include "tests/conformance/suite_messages.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace kith::server::test {

using namespace std::chrono_literals;

void AppendSuite::firstMessageTo_opensThePrivateConversation()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    MUST(first, store().append(textTo(tom, lin, "hello")));
    QVERIFY(first.opened);
    QVERIFY(!first.duplicate);
    QVERIFY(first.conversation == privateConversation(tom, lin));
    QCOMPARE(first.message.seq.value(), 1);
    QCOMPARE(first.rev.value(), 1);
    QVERIFY(first.members);
    QVERIFY(std::set(first.members->begin(), first.members->end()) == std::set({tom, lin}));
    MUST(second, store().append(textTo(lin, tom, "hi")));
    QVERIFY(!second.opened);
    QVERIFY(second.conversation == first.conversation);
    QCOMPARE(second.message.seq.value(), 2);
    MUST(list, store().memberList(first.conversation));
    QVERIFY(*list == *first.members);
}

void AppendSuite::privateConversationById_opensAsWell()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    MUST(first, store().append(text(tom, privateConversation(lin, tom), "hello")));
    QVERIFY(first.opened);
}

void AppendSuite::allFields_comeBack()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    AppendMessage message = text(tom, group, "看图 \xf0\x9f\x98\x80 \"quoted\" \\ and\nmore");
    message.kind = MessageKind::Image;
    message.replyTo = Seq(1);
    message.mentions = {lin, tom};
    message.file = FileId("f7");
    message.createdAt = kStart - 1h;
    MUST(done, store().append(message));
    MUST(page, store().page(tom, {group, {}, {}, {}, 1}));
    const Message &stored = page.messages.at(0);
    QVERIFY(stored == done.message);
    QVERIFY(stored.kind == MessageKind::Image);
    QCOMPARE(stored.body, message.body);
    QVERIFY(stored.replyTo == Seq(1));
    QVERIFY(stored.mentions == message.mentions);
    QVERIFY(stored.file == message.file);
    QVERIFY(stored.cid == message.cid);
    QVERIFY(stored.sender == tom);
    QCOMPARE(stored.createdAt, kStart - 1h);
    QVERIFY(!stored.editedAt && !stored.recalled && stored.likes == 0);
}

void AppendSuite::sameCid_isAnsweredAlikeForEver()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const AppendMessage send = textTo(tom, lin, "once");
    MUST(first, store().append(send));
    const auto sameAnswer = [&](const AppendMessage &again) {
        auto answer = store().append(again);
        return answer && answer->duplicate && !answer->opened && answer->conversation == first.conversation &&
               answer->message.seq == first.message.seq && answer->rev == first.rev &&
               answer->message.id == first.message.id && answer->message.createdAt == first.message.createdAt;
    };
    QVERIFY(sameAnswer(send));
    AppendMessage byConversation = send;
    byConversation.to.reset();
    byConversation.conversation = first.conversation;
    QVERIFY(sameAnswer(byConversation));
    say(lin, first.conversation, "reply");
    MUST_DO(store().edit(tom, first.conversation, Seq(1), "another text"));
    QVERIFY(sameAnswer(send));
    MUST_DO(store().recall(tom, first.conversation, Seq(1)));
    QVERIFY(sameAnswer(send));
    MUST_DO(store().block(lin, tom, true));
    QVERIFY(sameAnswer(send));
    MUST_DO(store().setDisabled(lin, true));
    reopen();
    QVERIFY(sameAnswer(send));

    const ConversationId group = makeGroup(tom, {maya});
    const AppendMessage inGroup = text(maya, group, "before I go");
    MUST(accepted, store().append(inGroup));
    MUST_DO(store().removeMembers(tom, group, {maya}));
    MUST(again, store().append(inGroup));
    QVERIFY(again.duplicate);
    QVERIFY(again.message.seq == accepted.message.seq);
    MUST_FAIL(store().append(text(maya, group, "after")), StoreError::NotMember);
    MUST(page, store().page(tom, {group, {}, {}, {}, 50}));
    QCOMPARE(page.headSeq.value(), 3); // created, the message, removed
}

void AppendSuite::sameCid_withAnotherContent_isAConflict()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const AppendMessage send = textTo(tom, lin, "once");
    MUST(first, store().append(send));
    AppendMessage other = send;
    other.body = "twice";
    MUST_FAIL(store().append(other), StoreError::CidConflict);
    other = send;
    other.kind = MessageKind::Image;
    MUST_FAIL(store().append(other), StoreError::CidConflict);
    other = send;
    other.replyTo = Seq(1);
    MUST_FAIL(store().append(other), StoreError::CidConflict);
    other = send;
    other.mentions = {lin};
    MUST_FAIL(store().append(other), StoreError::CidConflict);
    other = send;
    other.file = FileId("f");
    MUST_FAIL(store().append(other), StoreError::CidConflict);
    other = send;
    other.to = maya;
    MUST_FAIL(store().append(other), StoreError::CidConflict);
    MUST_FAIL(store().head(maya, privateConversation(tom, maya)), StoreError::NotFound); // nothing was opened
    other = send;
    other.to.reset();
    other.conversation = makeGroup(tom, {lin});
    MUST_FAIL(store().append(other), StoreError::CidConflict);
    MUST(page, store().page(tom, {first.conversation, {}, {}, {}, 50}));
    QCOMPARE(page.messages.size(), std::size_t(1));
    QCOMPARE(page.headRev.value(), 1);
}

void AppendSuite::sameCid_ofAnotherSender_isAnotherMessage()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    AppendMessage send = textTo(tom, lin, "mine");
    MUST_DO(store().append(send));
    send.sender = lin;
    send.to = tom;
    MUST(second, store().append(send));
    QVERIFY(!second.duplicate);
    QCOMPARE(second.message.seq.value(), 2);
}

void AppendSuite::anyCid_comesBackAsSent()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    for (const char *cid :
         {"0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5B-D9CB-469F-A165-70867728950E", "16 bytes of text", "x"}) {
        AppendMessage message = text(tom, group, "hello");
        message.cid = ClientMessageId(cid);
        MUST(done, store().append(message));
        QVERIFY(!done.duplicate);
        MUST(page, store().page(tom, {group, {}, {}, {}, 1}));
        QCOMPARE(page.messages.at(0).cid.str(), std::string(cid));
    }
}

void AppendSuite::strangersAndNobodies_areRefused()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin});
    MUST_FAIL(store().append(text(maya, group, "x")), StoreError::NotMember);
    MUST_FAIL(store().append(text(tom, ConversationId("g:4711"), "x")), StoreError::NotFound);
    MUST_FAIL(store().append(text(tom, ConversationId("nonsense"), "x")), StoreError::NotFound);
    MUST_FAIL(store().append(text(tom, privateConversation(lin, maya), "x")), StoreError::NotMember);
    say(lin, privateConversation(lin, maya), "now it exists");
    MUST_FAIL(store().append(text(tom, privateConversation(lin, maya), "x")), StoreError::NotMember);
    MUST_FAIL(store().append(textTo(tom, tom, "x")), StoreError::Forbidden);
    MUST_FAIL(store().append(textTo(tom, UserId("4711"), "x")), StoreError::NotFound);
    MUST_FAIL(store().append(textTo(tom, UserId("9999999999999999999"), "x")), StoreError::NotFound);
    MUST_FAIL(store().append(textTo(tom, UserId("what"), "x")), StoreError::NotFound);
    MUST_FAIL(store().append(text(tom, privateConversation(tom, UserId("4711")), "x")), StoreError::NotFound);
}

void AppendSuite::disabledReceiver_isNotFound()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    say(tom, privateConversation(tom, lin), "while you are here");
    for (const UserId &gone : {lin, maya}) {
        MUST_DO(store().setDisabled(gone, true));
        MUST_FAIL(store().append(textTo(tom, gone, "x")), StoreError::NotFound);
        MUST_DO(store().setDisabled(gone, false));
        MUST_DO(store().append(textTo(tom, gone, "welcome back")));
    }
}

void AppendSuite::blockedSender_isRefused()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId both = privateConversation(tom, lin);
    MUST_DO(store().block(lin, tom, true));
    MUST_FAIL(store().append(textTo(tom, lin, "x")), StoreError::Blocked);
    MUST_FAIL(store().head(tom, both), StoreError::NotFound); // not opened either
    MUST_DO(store().append(textTo(lin, tom, "I may write")));
    MUST_FAIL(store().append(text(tom, both, "x")), StoreError::Blocked);
    MUST_DO(store().block(lin, tom, false));
    MUST_DO(store().append(text(tom, both, "thanks")));
    MUST_DO(store().block(lin, tom, true));
    MUST_FAIL(store().append(text(tom, both, "x")), StoreError::Blocked);
    reopen();
    MUST_FAIL(store().append(text(tom, both, "x")), StoreError::Blocked);
    const ConversationId group = makeGroup(maya, {tom, lin});
    MUST_DO(store().append(text(tom, group, "groups are not private")));
}

void AppendSuite::systemMessage_isForbidden()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    AppendMessage message = textTo(tom, lin, "{}");
    message.kind = MessageKind::System;
    MUST_FAIL(store().append(message), StoreError::Forbidden);
    MUST_FAIL(store().head(tom, privateConversation(tom, lin)), StoreError::NotFound);
}

void AppendSuite::replyToTheFuture_isNotFound()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    AppendMessage message = textTo(tom, lin, "to what?");
    message.replyTo = Seq(1);
    MUST_FAIL(store().append(message), StoreError::NotFound);
    MUST_DO(store().append(textTo(lin, tom, "this")));
    MUST_DO(store().append(message));
    message = textTo(tom, lin, "and to this?");
    message.replyTo = Seq(3);
    MUST_FAIL(store().append(message), StoreError::NotFound);
}

void AppendSuite::ids_growAcrossRestartsAndClockSteps()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId both = privateConversation(tom, lin);
    std::vector<std::int64_t> ids;
    const auto send = [&](int count) {
        for (int i = 0; i < count; ++i)
            ids.push_back(std::stoll(say(tom, both, "x").message.id.str()));
    };
    send(20);
    clock.advance(1s);
    send(5);
    clock.advance(-1h);
    send(5);
    reopen();
    send(5);
    ids.push_back(std::stoll(makeUser("maya").str()));
    clock.advance(2h);
    send(5);
    for (std::size_t i = 1; i < ids.size(); ++i)
        QVERIFY2(ids[i] > ids[i - 1], std::to_string(i).c_str());
    QVERIFY(std::to_string(ids.back()).size() <= 19);
}

void AppendSuite::manyThreads_leaveNoGapInSeq()
{
    constexpr int kThreads = 8, kEach = 150;
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    std::mutex mutex;
    std::set<std::int64_t> seqs, revs;
    std::set<std::string> ids;
    int failed = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < kEach; ++i) {
                const auto done = store().append(text(t % 2 == 0 ? tom : lin, group, "x"));
                const std::lock_guard lock(mutex);
                if (!done) {
                    ++failed;
                    continue;
                }
                seqs.insert(done->message.seq.value());
                revs.insert(done->rev.value());
                ids.insert(done->message.id.str());
            }
        });
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(failed, 0);
    const std::size_t all = kThreads * kEach;
    QCOMPARE(seqs.size(), all);
    QCOMPARE(*seqs.begin(), 2); // after the notice
    QCOMPARE(*seqs.rbegin(), static_cast<std::int64_t>(all) + 1);
    QCOMPARE(revs.size(), all);
    QCOMPARE(*revs.rbegin(), static_cast<std::int64_t>(all) + 1);
    QCOMPARE(ids.size(), all);
}

void AppendSuite::repliesOfOneConversation_comeInSeqOrder()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    constexpr std::size_t kCount = 500;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::int64_t> order;
    for (std::size_t i = 0; i < kCount; ++i)
        store().async().append(text(tom, group, "x"), [&](StoreResult<Appended> done) {
            const std::lock_guard lock(mutex);
            order.push_back(done ? done->message.seq.value() : -1);
            changed.notify_one();
        });
    std::unique_lock lock(mutex);
    QVERIFY(changed.wait_for(lock, 30s, [&] { return order.size() == kCount; }));
    QVERIFY(std::is_sorted(order.begin(), order.end()));
    QCOMPARE(order.front(), 2);
    QCOMPARE(order.back(), static_cast<std::int64_t>(kCount) + 1);
}

void AppendSuite::restart_keepsAll()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    for (int i = 0; i < 10; ++i)
        say(i % 2 == 0 ? tom : lin, group, "message " + std::to_string(i));
    MUST_DO(store().edit(tom, group, Seq(2), "edited"));
    MUST_DO(store().like(lin, group, Seq(4)));
    MUST_DO(store().recall(lin, group, Seq(3)));
    MUST_DO(store().moveRead(lin, group, Seq(5)));
    MUST_DO(store().mute(lin, group, kStart + 1h));
    MUST(pageBefore, store().page(lin, {group, {}, {}, {}, 50}));
    MUST(headBefore, store().head(lin, group));
    const std::string epoch = store().async().epoch();
    reopen();
    MUST(pageAfter, store().page(lin, {group, {}, {}, {}, 50}));
    MUST(headAfter, store().head(lin, group));
    QVERIFY(pageAfter == pageBefore);
    QVERIFY(headAfter == headBefore);
    QVERIFY(!epoch.empty());
    QCOMPARE(store().async().epoch(), epoch);
    QCOMPARE(say(tom, group, "next").message.seq.value(), 12);
}

} // namespace kith::server::test
