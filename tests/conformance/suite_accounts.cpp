// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/suite_accounts.h"

namespace kith::server::test {

void AccountSuite::newUser_isFoundByNameAndId()
{
    MUST(made, store().createUser({"lin.wei", "hash", "林薇"}));
    QVERIFY(isValidUserId(made.id.str()));
    QCOMPARE(made.createdAt, kStart);
    MUST(byName, store().credentials("lin.wei"));
    QVERIFY(byName.user == made);
    QCOMPARE(byName.passwordHash, std::string("hash"));
    QVERIFY(!byName.disabled);
    MUST(byId, store().credentialsById(made.id));
    QVERIFY(byId.user == made);
    MUST(user, store().user(made.id));
    QVERIFY(user == made);
}

void AccountSuite::usernameTwice_isTaken()
{
    makeUser("tom");
    MUST_FAIL(store().createUser({"tom", "other", "Other"}), StoreError::UsernameTaken);
    MUST(first, store().credentials("tom"));
    QCOMPARE(first.passwordHash, std::string("hash of tom"));
}

void AccountSuite::unknownUser_isNotFound()
{
    const UserId nobody("4711"), impossible("9999999999999999999");
    MUST_FAIL(store().credentials("nobody"), StoreError::NotFound);
    for (const UserId &user : {nobody, impossible, UserId(), UserId("x")}) {
        MUST_FAIL(store().credentialsById(user), StoreError::NotFound);
        MUST_FAIL(store().user(user), StoreError::NotFound);
        MUST_FAIL(store().changePassword(user, "h"), StoreError::NotFound);
        MUST_FAIL(store().setDisabled(user, true), StoreError::NotFound);
        MUST_FAIL(store().updateProfile(user, "n", {}), StoreError::NotFound);
        MUST_FAIL(store().findUsers("", user), StoreError::NotFound);
    }
}

void AccountSuite::passwordDisabledProfile_areKept()
{
    const UserId tom = makeUser("tom");
    const FileId face = makePicture(tom);
    MUST_DO(store().changePassword(tom, "second"));
    MUST_DO(store().setDisabled(tom, true));
    MUST(changed, store().updateProfile(tom, "Tom B.", std::nullopt));
    QCOMPARE(changed.displayName, std::string("Tom B."));
    MUST(again, store().updateProfile(tom, std::nullopt, face.str()));
    QCOMPARE(again.displayName, std::string("Tom B."));
    QCOMPARE(again.avatar, face.str());
    reopen();
    MUST(kept, store().credentials("tom"));
    QCOMPARE(kept.passwordHash, std::string("second"));
    QVERIFY(kept.disabled);
    QVERIFY(kept.user == again);
}

void AccountSuite::search_findsPrefixesOfBothNames()
{
    MUST_DO(store().createUser({"lin.wei", "h", "林薇"}));
    MUST_DO(store().createUser({"tom", "h", "Tom Becker"}));
    MUST_DO(store().createUser({"becky", "h", "Ángela"}));
    const auto names = [&](const std::string &query) {
        std::string list;
        const auto found = store().findUsers(query).value();
        for (const User &user : found)
            list += user.username + " ";
        return list;
    };
    QCOMPARE(names("LIN"), std::string("lin.wei "));
    QCOMPARE(names("林"), std::string("lin.wei "));
    QCOMPARE(names("t"), std::string("tom "));
    QCOMPARE(names("tom becker"), std::string("tom "));
    QCOMPARE(names("beck"), std::string("becky ")); // a prefix, not a part
    QCOMPARE(names("ánGELa"), std::string("becky "));
    QCOMPARE(names("%"), std::string());
    QCOMPARE(names("薇"), std::string());
}

void AccountSuite::search_pagesByUsername()
{
    for (const char *name : {"delta", "alpha", "charlie", "bravo", "echo"})
        makeUser(name);
    MUST(first, store().findUsers("", {}, 2));
    QCOMPARE(first.size(), std::size_t(2));
    QCOMPARE(first[1].username, std::string("bravo"));
    MUST(second, store().findUsers("", first[1].id, 2));
    QCOMPARE(second[0].username, std::string("charlie"));
    MUST(last, store().findUsers("", second[1].id, 2));
    QCOMPARE(last.size(), std::size_t(1));
    MUST(named, store().findUsers("name of", first[1].id, 10));
    QCOMPARE(named.size(), std::size_t(3));
}

void AccountSuite::block_needsTwoPeople()
{
    const UserId tom = makeUser("tom");
    MUST_FAIL(store().block(tom, tom, true), StoreError::Forbidden);
    MUST_FAIL(store().block(tom, UserId("4711"), true), StoreError::NotFound);
    const UserId lin = makeUser("lin");
    MUST_DO(store().block(tom, lin, true));
    MUST_DO(store().block(tom, lin, true));
    MUST_DO(store().block(tom, lin, false));
    MUST_DO(store().block(tom, lin, false));
}

} // namespace kith::server::test
