// SPDX-License-Identifier: GPL-3.0-or-later
// Conformance of accounts and sessions.
#pragma once

#include "tests/conformance/conformance.h"

namespace kith::server::test {

class AccountSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void newUser_isFoundByNameAndId();
    void usernameTwice_isTaken();
    void unknownUser_isNotFound();
    void passwordDisabledProfile_areKept();
    void search_findsPrefixesOfBothNames();
    void search_pagesByUsername();
    void block_needsTwoPeople();
};

class SessionSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void opened_isThereUntilItExpires();
    void sameDevice_replacesItsSession();
    void tooManyDevices_isRefused();
    void rotation_goesFromTokenToToken();
    void lostReply_getsTheSameSuccessorWithinGrace();
    void usedTokenAfterGrace_endsTheFamily();
    void usedTokenWithAnotherSuccessor_endsTheFamily();
    void expiredOrUnknownToken_isUnknown();
    void disabledUser_cannotRotate();
    void parallelRotation_sameSuccessor_allGetTheSession();
    void parallelRotation_differentSuccessors_atMostOneWins();
    void closing_endsSessionsAndTokens();
    void touch_movesLastSeen();

private:
    NewSession session(const UserId &user, const std::string &device, const std::string &token,
                       const std::string &family = "family");
    Timestamp later(std::chrono::milliseconds by) const { return clock.now() + by; }
};

} // namespace kith::server::test
