// SPDX-License-Identifier: GPL-3.0-or-later
// Conformance of passwords, second factors and the audit.
#pragma once

#include "tests/conformance/conformance.h"

namespace kith::server::test {

class FactorSuite final : public StoreSuite {
    Q_OBJECT

public:
    using StoreSuite::StoreSuite;

private slots:
    void passwordChange_endsTheOtherSessions();
    void passwordChange_ofOutdatedCredentials_isRefused();
    void loginCheckedAgainstOldCredentials_isOutdated();
    void enrolment_waitsUntilItExpiresOrIsReplaced();
    void bind_consumesTheEnrolment();
    void bind_ofAReplacedOrExpiredEnrolment_isRefused();
    void bindAnswer_isThereUntilItExpires();
    void step_isAcceptedOnce();
    void parallelLoginsWithOneStep_exactlyOnePasses();
    void recoveryCode_worksOnce();
    void parallelLoginsWithOneRecoveryCode_exactlyOnePasses();
    void refusedLogin_usesNothingUp();
    void newRecoveryCodes_replaceTheOld();
    void unbind_needsTheFactorUnlessByTheOperator();
    void unknownUsers_areNotFound();
    void audit_isNewestFirstAndBounded();
    void restart_keepsAll();

private:
    NewSession session(const UserId &user, const std::string &device, std::optional<SecondFactor> factor = {});
    UserId boundUser(const std::string &name, std::int64_t step = 100);
    int parallelLogins(const UserId &user, const SecondFactor &factor);
};

} // namespace kith::server::test
