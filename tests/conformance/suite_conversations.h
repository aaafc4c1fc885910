// SPDX-License-Identifier: GPL-3.0-or-later
// Conformance of heads and groups.
#pragma once

#include "tests/conformance/conformance.h"

namespace kith::server::test {

class HeadSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void privateHead_showsThePeer();
    void groupHead_showsTheGroup();
    void last_isShortenedByCodePoints();
    void order_isMostRecentlyChangedFirst();
    void since_isInclusiveAndLeavesOutWhatIsOld();
    void since_findsOwnAndPeerCursors();
    void cursor_pagesThroughAll();
    void removed_isKnownToSinceOnly();
    void head_ofOthers_isRefused();
    void contacts_areThoseWhoShareAConversation();
};

class GroupSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void created_hasOwnerMembersAndNotice();
    void createdWithNobodies_leavesNothing();
    void tooManyMembers_isRefused();
    void blockedInviter_isRefused();
    void blocked_areListed();
    void sharedGroups_areThoseOfBoth();
    void update_isForAdminsAndOwner();
    void invited_comeInOnceWithANotice();
    void invited_again_startsAtTheHead();
    void removal_followsTheRanks();
    void ownerLeaving_handsOn();
    void lastOneLeaving_leavesAnEmptyGroup();
    void roles_areTheOwnersToGive();
    void members_arePaged();
    void privateConversation_isNoGroup();
    void mute_isOnesOwn();
    void restart_keepsRolesAndMembers();

private:
    std::string noticeOf(const GroupChanged &changed, std::size_t index = 0) const;
    Role roleOf(const UserId &user, const ConversationId &group);
};

} // namespace kith::server::test
