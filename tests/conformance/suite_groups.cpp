// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/limits.h"
#include "server/store/notice.h"
#include "tests/conformance/suite_conversations.h"

#include <algorithm>
#include <set>

namespace kith::server::test {

using namespace std::chrono_literals;

std::string GroupSuite::noticeOf(const GroupChanged &changed, std::size_t index) const
{
    return index < changed.notices.size() ? changed.notices[index].message.body : std::string();
}

Role GroupSuite::roleOf(const UserId &user, const ConversationId &group)
{
    return store().head(user, group).value().role;
}

void GroupSuite::created_hasOwnerMembersAndNotice()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    MUST(made, store().createGroup(tom, "Trip \"2026\"", {lin, maya, lin, tom}));
    QVERIFY(conversationType(made.conversation) == ConversationType::Group);
    QVERIFY(std::set(made.members->begin(), made.members->end()) == std::set({tom, lin, maya}));
    QCOMPARE(made.members->size(), std::size_t(3));
    QVERIFY(std::set(made.added.begin(), made.added.end()) == std::set({tom, lin, maya}));
    QVERIFY(made.removed.empty());
    QCOMPARE(made.notices.size(), std::size_t(1));
    const Appended &notice = made.notices[0];
    QCOMPARE(notice.message.seq.value(), 1);
    QVERIFY(notice.message.kind == MessageKind::System);
    QVERIFY(notice.message.sender == tom);
    QVERIFY(notice.message.cid.empty());
    QCOMPARE(notice.message.body, encodeNotice({NoticeEvent::Created, "Trip \"2026\"", {lin, maya}, Role::Member}));
    QVERIFY(notice.message.body.find(R"("name":"Trip \"2026\"")") != std::string::npos);
    QVERIFY(*notice.members == *made.members);
    QVERIFY(roleOf(tom, made.conversation) == Role::Owner);
    QVERIFY(roleOf(lin, made.conversation) == Role::Member);
    MUST(other, store().createGroup(tom, "Trip", {}));
    QVERIFY(other.conversation != made.conversation);
    QCOMPARE(other.members->size(), std::size_t(1));
}

void GroupSuite::createdWithNobodies_leavesNothing()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    MUST_FAIL(store().createGroup(tom, "G", {lin, UserId("4711")}), StoreError::NotFound);
    MUST_FAIL(store().createGroup(UserId("4711"), "G", {lin}), StoreError::NotFound);
    MUST_DO(store().setDisabled(lin, true));
    MUST_FAIL(store().createGroup(tom, "G", {lin}), StoreError::NotFound);
    MUST(heads, store().heads({tom, {}, {}, 100}));
    QVERIFY(heads.heads.empty());
}

void GroupSuite::tooManyMembers_isRefused()
{
    const UserId tom = makeUser("tom");
    std::vector<UserId> many;
    for (std::size_t i = 0; i < limits::kMaxGroupMembers; ++i)
        many.emplace_back(std::to_string(1000 + i));
    MUST_FAIL(store().createGroup(tom, "G", many), StoreError::TooManyMembers);
    const ConversationId group = makeGroup(tom, {});
    MUST_FAIL(store().addMembers(tom, group, many), StoreError::TooManyMembers);
}

void GroupSuite::blockedInviter_isRefused()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    MUST_DO(store().block(lin, tom, true));
    MUST_FAIL(store().createGroup(tom, "G", {lin}), StoreError::Blocked);
    const ConversationId group = makeGroup(tom, {});
    MUST_FAIL(store().addMembers(tom, group, {lin}), StoreError::Blocked);
}

void GroupSuite::blocked_areListed()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    MUST(none, store().blocked(tom));
    QVERIFY(none.empty());
    MUST_DO(store().block(tom, maya, true));
    MUST_DO(store().block(tom, lin, true));
    MUST_DO(store().block(tom, lin, true));
    MUST_DO(store().block(lin, tom, true));
    MUST(two, store().blocked(tom));
    QVERIFY(std::set(two.begin(), two.end()) == std::set({lin, maya}));
    MUST_DO(store().block(tom, maya, false));
    MUST(one, store().blocked(tom));
    QVERIFY(one == std::vector{lin});
    MUST(others, store().blocked(lin));
    QVERIFY(others == std::vector{tom});
}

void GroupSuite::sharedGroups_areThoseOfBoth()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId both = makeGroup(tom, {lin}), left = makeGroup(lin, {tom});
    makeGroup(tom, {maya});
    MUST(hello, store().append(textTo(tom, lin, "a private conversation is no group")));
    QVERIFY(hello.opened);
    MUST_DO(store().removeMembers(tom, left, {tom}));
    MUST(shared, store().sharedGroups(tom, lin, 10));
    QVERIFY(shared == std::vector{both});
    MUST(mirrored, store().sharedGroups(lin, tom, 10));
    QVERIFY(mirrored == std::vector{both});
    const ConversationId newer = makeGroup(lin, {tom});
    MUST(two, store().sharedGroups(tom, lin, 10));
    QVERIFY(std::set(two.begin(), two.end()) == std::set({both, newer}));
    MUST(limited, store().sharedGroups(tom, lin, 1));
    QCOMPARE(limited.size(), std::size_t(1));
}

void GroupSuite::update_isForAdminsAndOwner()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin, maya}, "Old");
    MUST_FAIL(store().updateGroup(lin, group, {"New", {}, {}}), StoreError::Forbidden);
    MUST_DO(store().setRole(tom, group, lin, Role::Admin)); // seq 2
    MUST(renamed, store().updateGroup(lin, group, {"New", {}, {}}));
    QCOMPARE(noticeOf(renamed), std::string(R"({"event":"renamed","name":"New"})"));
    QCOMPARE(renamed.notices[0].message.seq.value(), 3);
    QVERIFY(renamed.notices[0].message.sender == lin);
    QVERIFY(renamed.added.empty() && renamed.removed.empty());
    const FileId face = makePicture(tom);
    MUST(silent, store().updateGroup(tom, group, {"New", "about", face.str()}));
    QVERIFY(silent.notices.empty());
    MUST(head, store().head(maya, group));
    QCOMPARE(head.name, std::string("New"));
    QCOMPARE(head.about, std::string("about"));
    QCOMPARE(head.avatar, face.str());
    const UserId stranger = makeUser("stranger");
    MUST_FAIL(store().updateGroup(stranger, group, {"X", {}, {}}), StoreError::NotMember);
    MUST_FAIL(store().updateGroup(tom, ConversationId("g:4711"), {"X", {}, {}}), StoreError::NotFound);
}

void GroupSuite::invited_comeInOnceWithANotice()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya"), priya = makeUser("priya");
    const ConversationId group = makeGroup(tom, {lin});
    MUST(before, store().memberList(group));
    MUST_FAIL(store().addMembers(lin, group, {maya}), StoreError::Forbidden);
    MUST(invited, store().addMembers(tom, group, {maya, lin, priya, maya}));
    QVERIFY(std::set(invited.added.begin(), invited.added.end()) == std::set({maya, priya}));
    QCOMPARE(invited.added.size(), std::size_t(2));
    QCOMPARE(invited.members->size(), std::size_t(4));
    QCOMPARE(noticeOf(invited), encodeNotice({NoticeEvent::Invited, {}, {maya, priya}, Role::Member}));
    MUST(after, store().memberList(group));
    QVERIFY(*after == *invited.members);
    QCOMPARE(before->size(), std::size_t(2)); // a snapshot stays what it was
    MUST(again, store().addMembers(tom, group, {maya}));
    QVERIFY(again.added.empty() && again.notices.empty());
    MUST_FAIL(store().addMembers(tom, group, {UserId("4711")}), StoreError::NotFound);
    MUST_DO(store().append(text(maya, group, "hello all")));
    MUST(head, store().head(maya, group));
    QCOMPARE(head.members, 4);
}

void GroupSuite::invited_again_startsAtTheHead()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    MUST_DO(store().removeMembers(tom, group, {lin}));
    for (int i = 0; i < 5; ++i)
        say(tom, group, "x");
    clock.advance(1min);
    MUST_DO(store().addMembers(tom, group, {lin}));
    MUST(head, store().head(lin, group));
    QVERIFY(!head.removed);
    QCOMPARE(head.unread, 1);
    QVERIFY(head.role == Role::Member);
    MUST(full, store().heads({lin, {}, {}, 100}));
    QCOMPARE(full.heads.size(), std::size_t(1));
    MUST_DO(store().page(lin, {group, {}, {}, {}, 50}));
}

void GroupSuite::removal_followsTheRanks()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya"), priya = makeUser("priya"),
                 wang = makeUser("wang");
    const ConversationId group = makeGroup(tom, {lin, maya, priya, wang});
    MUST_DO(store().setRole(tom, group, lin, Role::Admin));
    MUST_DO(store().setRole(tom, group, maya, Role::Admin));
    MUST_FAIL(store().removeMembers(priya, group, {wang}), StoreError::Forbidden);
    MUST_FAIL(store().removeMembers(lin, group, {wang, maya}), StoreError::Forbidden); // and nobody of the list goes
    MUST_FAIL(store().removeMembers(lin, group, {tom}), StoreError::Forbidden);
    QCOMPARE(store().memberList(group).value()->size(), std::size_t(5));
    MUST(removed, store().removeMembers(lin, group, {wang, UserId("4711"), wang}));
    QVERIFY(removed.removed == std::vector{wang});
    QCOMPARE(removed.members->size(), std::size_t(4));
    QCOMPARE(noticeOf(removed), encodeNotice({NoticeEvent::Removed, {}, {wang}, Role::Member}));
    MUST(nobody, store().removeMembers(lin, group, {wang}));
    QVERIFY(nobody.removed.empty() && nobody.notices.empty());
    MUST_FAIL(store().append(text(wang, group, "x")), StoreError::NotMember);
    MUST(left, store().removeMembers(priya, group, {priya})); // leaving is everybody's right
    QCOMPARE(noticeOf(left), std::string(R"({"event":"left"})"));
    QVERIFY(left.notices[0].message.sender == priya);
    MUST(byOwner, store().removeMembers(tom, group, {maya}));
    QCOMPARE(byOwner.members->size(), std::size_t(2));
    MUST_FAIL(store().removeMembers(priya, group, {lin}), StoreError::NotMember);
}

void GroupSuite::ownerLeaving_handsOn()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {maya});
    clock.advance(1min);
    MUST_DO(store().addMembers(tom, group, {lin}));
    MUST_DO(store().setRole(tom, group, lin, Role::Admin));
    MUST(first, store().removeMembers(tom, group, {tom}));
    QVERIFY(first.removed == std::vector{tom});
    QCOMPARE(first.notices.size(), std::size_t(2));
    QCOMPARE(noticeOf(first, 0), std::string(R"({"event":"left"})"));
    QCOMPARE(noticeOf(first, 1), encodeNotice({NoticeEvent::Role, {}, {lin}, Role::Owner}));
    QVERIFY(roleOf(lin, group) == Role::Owner); // the admin, though maya was there before
    MUST(second, store().removeMembers(lin, group, {lin}));
    QVERIFY(roleOf(maya, group) == Role::Owner);
}

void GroupSuite::lastOneLeaving_leavesAnEmptyGroup()
{
    const UserId tom = makeUser("tom");
    const ConversationId group = makeGroup(tom, {});
    MUST(left, store().removeMembers(tom, group, {tom}));
    QVERIFY(left.members->empty());
    MUST_FAIL(store().append(text(tom, group, "x")), StoreError::NotMember);
    MUST(list, store().memberList(group));
    QVERIFY(list->empty());
}

void GroupSuite::roles_areTheOwnersToGive()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin, maya});
    MUST_FAIL(store().setRole(lin, group, maya, Role::Admin), StoreError::Forbidden);
    MUST(admin, store().setRole(tom, group, lin, Role::Admin));
    QCOMPARE(noticeOf(admin), encodeNotice({NoticeEvent::Role, {}, {lin}, Role::Admin}));
    QVERIFY(roleOf(lin, group) == Role::Admin);
    MUST(same, store().setRole(tom, group, lin, Role::Admin));
    QVERIFY(same.notices.empty());
    MUST_FAIL(store().setRole(lin, group, maya, Role::Admin), StoreError::Forbidden);
    MUST_FAIL(store().setRole(tom, group, tom, Role::Member), StoreError::Forbidden);
    MUST_FAIL(store().setRole(tom, group, UserId("4711"), Role::Admin), StoreError::NotFound);
    MUST_DO(store().setRole(tom, group, maya, Role::Owner));
    QVERIFY(roleOf(maya, group) == Role::Owner);
    QVERIFY(roleOf(tom, group) == Role::Admin); // there is one owner
    MUST_FAIL(store().setRole(tom, group, lin, Role::Member), StoreError::Forbidden);
    MUST_DO(store().setRole(maya, group, lin, Role::Member));
    QVERIFY(roleOf(lin, group) == Role::Member);
}

void GroupSuite::members_arePaged()
{
    const UserId tom = makeUser("tom");
    std::vector<UserId> others;
    for (int i = 0; i < 11; ++i)
        others.push_back(makeUser("user" + std::to_string(i)));
    const ConversationId group = makeGroup(tom, others);
    std::set<UserId> seen;
    std::optional<UserId> after;
    int pages = 0, owners = 0;
    for (bool more = true; more; ++pages) {
        MUST(page, store().members(tom, group, after, 5));
        QVERIFY(page.members.size() <= 5);
        QCOMPARE(page.users.size(), page.members.size());
        for (const Member &member : page.members) {
            const User &who = page.users[static_cast<std::size_t>(&member - page.members.data())];
            MUST(known, store().user(member.user));
            QVERIFY(who == known);
            seen.insert(member.user);
            owners += member.role == Role::Owner ? 1 : 0;
            QCOMPARE(member.joinedAt, kStart);
        }
        after = page.members.back().user;
        more = page.more;
    }
    QCOMPARE(pages, 3);
    QCOMPARE(seen.size(), std::size_t(12));
    QCOMPARE(owners, 1);
}

void GroupSuite::privateConversation_isNoGroup()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId both = say(tom, privateConversation(tom, lin), "x").conversation;
    MUST_FAIL(store().updateGroup(tom, both, {"X", {}, {}}), StoreError::Forbidden);
    MUST_FAIL(store().addMembers(tom, both, {maya}), StoreError::Forbidden);
    MUST_FAIL(store().removeMembers(tom, both, {lin}), StoreError::Forbidden);
    MUST_FAIL(store().removeMembers(tom, both, {tom}), StoreError::Forbidden);
    MUST_FAIL(store().setRole(tom, both, lin, Role::Admin), StoreError::Forbidden);
}

void GroupSuite::mute_isOnesOwn()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    const ConversationId group = makeGroup(tom, {lin});
    MUST_DO(store().mute(tom, group, kStart + 8h));
    QCOMPARE(store().head(tom, group).value().mutedUntil, kStart + 8h);
    QCOMPARE(store().head(lin, group).value().mutedUntil, Timestamp());
    MUST_DO(store().mute(tom, group, Timestamp()));
    QCOMPARE(store().head(tom, group).value().mutedUntil, Timestamp());
}

void GroupSuite::restart_keepsRolesAndMembers()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin"), maya = makeUser("maya");
    const ConversationId group = makeGroup(tom, {lin, maya}, "Kept");
    MUST_DO(store().setRole(tom, group, lin, Role::Admin));
    MUST_DO(store().removeMembers(tom, group, {maya}));
    reopen();
    QVERIFY(roleOf(lin, group) == Role::Admin);
    MUST_FAIL(store().append(text(maya, group, "x")), StoreError::NotMember);
    MUST_FAIL(store().setRole(lin, group, tom, Role::Member), StoreError::Forbidden);
    MUST_DO(store().updateGroup(lin, group, {"Renamed after the restart", {}, {}}));
    QCOMPARE(store().memberList(group).value()->size(), std::size_t(2));
}

} // namespace kith::server::test
