// SPDX-License-Identifier: GPL-3.0-or-later
// Members of a group as listed and looked through: order, rights, search, pages that come while somebody searches.
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/members.h"
#endif

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace kith;
using namespace kith::models;

namespace {

User user(int id, const QString &shown)
{
    User u;
    u.id = UserId(std::to_string(id));
    u.username = "user" + std::to_string(id);
    u.displayName = shown.toStdString();
    return u;
}

Member member(int id, Role role = Role::Member)
{
    return {UserId(std::to_string(id)), role, {}};
}

QStringList names(const MembersModel &model)
{
    QStringList all;
    for (int i = 0; i < model.rowCount(); ++i)
        all << model.index(i).data().toString();
    return all;
}

QStringList found(MembersModel &model, const QString &text)
{
    model.setFilter(text);
    if (!QTest::qWaitFor([&] { return !model.isSearching(); }))
        return {QStringLiteral("still searching")};
    return names(model);
}

} // namespace

class TestMembers final : public QObject {
    Q_OBJECT

    People m_people;
    const std::vector<User> m_users{user(1, QStringLiteral("Zoë")),    user(2, QStringLiteral("adam")),
                                    user(3, QStringLiteral("魏子涵")), user(4, QStringLiteral("Jonas Öberg")),
                                    user(5, QStringLiteral("Bea")),    user(6, QStringLiteral("单于"))};
    const std::vector<Member> m_members{member(1), member(2, Role::Admin), member(3), member(4, Role::Owner), member(5),
                                        member(6)};

private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void ownerThenAdminsThenNames_areTheOrder()
    {
        MembersModel model(m_people);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        // By pages, in the order of the ids.
        model.add({m_members.begin(), m_members.begin() + 3}, {m_users.begin(), m_users.begin() + 3});
        model.add({m_members.begin() + 3, m_members.end()}, {m_users.begin() + 3, m_users.end()});
        const QStringList all = names(model);
        QCOMPARE(all.mid(0, 2), (QStringList{QStringLiteral("Jonas Öberg"), QStringLiteral("adam")}));
        QCOMPARE(all.size(), 6);
        QVERIFY(all.indexOf(QStringLiteral("Bea")) < all.indexOf(QStringLiteral("Zoë")));
        QCOMPARE(model.count(), 6);
        model.add(m_members, m_users); // again: nobody is there twice
        QCOMPARE(names(model), all);
    }

    void aRoleThatChanges_movesTheRowAndKeepsItChosen()
    {
        MembersModel model(m_people);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add(m_members, m_users);
        const QPersistentModelIndex zoe = model.index(model.rowOf(UserId("1")));
        model.setRole(UserId("1"), Role::Admin);
        QCOMPARE(zoe.data().toString(), QStringLiteral("Zoë"));
        QCOMPARE(zoe.row(), 2); // behind owner and adam
        model.setRole(UserId("1"), Role::Owner);
        model.setRole(UserId("4"), Role::Admin);
        QCOMPARE(zoe.row(), 0);
        model.setRole(UserId("1"), Role::Member);
        QVERIFY(zoe.row() > 2);
        model.remove(UserId("1"));
        QVERIFY(!zoe.isValid());
        QCOMPARE(model.count(), 5);
        model.keep({UserId("4"), UserId("5")});
        QCOMPARE(names(model), (QStringList{QStringLiteral("Jonas Öberg"), QStringLiteral("Bea")}));
        model.add({member(1)}, {m_users[0]}); // came back
        QCOMPARE(model.count(), 3);
    }

    void namesAreFound_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("first");
        QTest::newRow("no accents") << "zoe" << QStringLiteral("Zoë");
        QTest::newRow("accents") << QStringLiteral("ÖBERG") << QStringLiteral("Jonas Öberg");
        QTest::newRow("initials") << "jo" << QStringLiteral("Jonas Öberg");
        QTest::newRow("pinyin") << "weizi" << QStringLiteral("魏子涵");
        QTest::newRow("pinyin initials") << "wzh" << QStringLiteral("魏子涵");
        QTest::newRow("a family name's own reading") << "shan" << QStringLiteral("单于");
        QTest::newRow("Chinese") << QStringLiteral("子涵") << QStringLiteral("魏子涵");
        QTest::newRow("user name") << "user5" << QStringLiteral("Bea");
    }
    void namesAreFound()
    {
        QFETCH(QString, typed);
        QFETCH(QString, first);
        MembersModel model(m_people);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add(m_members, m_users);
        QCOMPARE(found(model, typed).value(0), first);
        QVERIFY(found(model, QStringLiteral("nobodyhere")).isEmpty());
        QCOMPARE(found(model, {}).size(), 6);
    }

    void pagesThatComeDuringASearch_areSearchedToo()
    {
        MembersModel model(m_people);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add({m_members.begin(), m_members.begin() + 3}, {m_users.begin(), m_users.begin() + 3});
        QVERIFY(found(model, QStringLiteral("bea")).isEmpty());
        model.add({m_members.begin() + 3, m_members.end()}, {m_users.begin() + 3, m_users.end()});
        QTRY_COMPARE(names(model), QStringList{QStringLiteral("Bea")});
        model.setRole(UserId("5"), Role::Admin);
        QCOMPARE(names(model), QStringList{QStringLiteral("Bea")});
        model.remove(UserId("5"));
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(found(model, {}).size(), 5);
    }

    void namesThatBecomeKnown_areListedAndFound()
    {
        People people;
        MembersModel model(people);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.add(m_members, {}); // a server that does not say who they are
        QCOMPARE(model.count(), 6);
        const QPersistentModelIndex zoe = model.index(model.rowOf(UserId("1")));
        people.put(m_users);
        QCOMPARE(zoe.data().toString(), QStringLiteral("Zoë"));
        QCOMPARE(names(model).value(0), QStringLiteral("Jonas Öberg"));
        QCOMPARE(found(model, QStringLiteral("bea")), QStringList{QStringLiteral("Bea")});
        people.put({user(5, QStringLiteral("Beatrix"))});
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("Beatrix"));
    }

    void pictureThatChanges_isToldWithoutANewOrder()
    {
        People people;
        MembersModel model(people);
        QAbstractItemModelTester tester(&model);
        User ana;
        ana.id = UserId("5");
        ana.displayName = "Ana";
        ana.avatar = "one";
        model.add({{ana.id, Role::Member, {}}}, {ana});
        QCOMPARE(model.index(0).data(kAvatarRole).toString(), QStringLiteral("one"));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged),
            laidOut(&model, &QAbstractItemModel::layoutChanged);
        ana.avatar = "two";
        people.put({ana});
        QCOMPARE(model.index(0).data(kAvatarRole).toString(), QStringLiteral("two"));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(laidOut.size(), 0);
    }

    void rights_followTheRanks()
    {
        const MemberRights none, all{true, false, true, true}, overAdmin{false, true, true, true};
        QCOMPARE(rightsOver(Role::Owner, Role::Member, false), all);
        QCOMPARE(rightsOver(Role::Owner, Role::Admin, false), overAdmin);
        QCOMPARE(rightsOver(Role::Owner, Role::Owner, true), none);
        QCOMPARE(rightsOver(Role::Admin, Role::Member, false), (MemberRights{false, false, false, true}));
        QCOMPARE(rightsOver(Role::Admin, Role::Admin, false), none);
        QCOMPARE(rightsOver(Role::Admin, Role::Owner, false), none);
        QCOMPARE(rightsOver(Role::Member, Role::Member, false), none);
    }

    void tenThousandNames_areSearchedInSlices()
    {
        MembersModel model(m_people);
        std::vector<Member> members;
        std::vector<User> users;
        for (int i = 1; i <= 10000; ++i) {
            members.push_back(member(i));
            users.push_back(user(i, QStringLiteral("王%1号").arg(i)));
        }
        model.add(members, users);
        QCOMPARE(model.rowCount(), 10000);
        QSignalSpy searched(&model, &MembersModel::searched);
        model.setFilter(QStringLiteral("9999"));
        // The names' pinyin takes far longer than a slice: the call came back before it was through.
        QVERIFY(model.isSearching());
        QCOMPARE(searched.count(), 0);
        model.setFilter(QStringLiteral("wang 777")); // and what is typed meanwhile is what is searched
        QTRY_COMPARE_WITH_TIMEOUT(searched.count(), 1, 60000);
        QVERIFY(model.rowCount() > 0);
        QVERIFY(model.index(0).data().toString().contains(QStringLiteral("777"))); // the best first
    }
};

QTEST_GUILESS_MAIN(TestMembers)
#include "test_members.moc"
