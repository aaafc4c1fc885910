// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/suite_accounts.h"
#include "tests/conformance/suite_conversations.h"
#include "tests/conformance/suite_factors.h"
#include "tests/conformance/suite_files.h"
#include "tests/conformance/suite_messages.h"

namespace kith::server::test {

int runConformance(StoreFactory &factory, int argc, char **argv)
{
    int failures = 0;
    const auto run = [&](StoreSuite &&suite) { failures += QTest::qExec(&suite, argc, argv); };
    run(AccountSuite(factory));
    run(SessionSuite(factory));
    run(FactorSuite(factory));
    run(AppendSuite(factory));
    run(PageSuite(factory));
    run(ChangeSuite(factory));
    run(CursorSuite(factory));
    run(HeadSuite(factory));
    run(GroupSuite(factory));
    run(FileSuite(factory));
    return failures;
}

} // namespace kith::server::test
