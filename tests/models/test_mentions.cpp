// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/mentions.h"
#include "tests/people.h"
#endif

#include <QtTest>

using namespace kith;
using namespace kith::models;
using test::person;

namespace {

const std::vector<User> kPeople{person("1", "ann", "Ann"),     person("2", "annlee", "Ann Lee"),
                                person("3", "wang", "王小明"), person("4", "jo", "Jonas Öberg"),
                                person("5", "wei1", "李伟"),   person("6", "wei2", "李伟")};

/// "id:words" of each mention.
QStringList mentions(const QString &text, const std::map<QString, UserId> &chosen = {})
{
    QStringList out;
    for (const Mention &m : findMentions(text, kPeople, chosen))
        out << QString::fromStdString(m.user.str()) + QLatin1Char(':') + text.mid(m.start, m.length);
    return out;
}

QStringList matches(const QString &typed)
{
    QStringList out;
    for (const User &u : matchPeople(kPeople, typed, 10))
        out << QString::fromStdString(u.username);
    return out;
}

} // namespace

class TestMentions final : public QObject {
    Q_OBJECT
private slots:
    void namesBehindAnAt_areFound_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("found");
        using L = QStringList;
        QTest::newRow("one") << "@Ann hello" << L{"1:@Ann"};
        QTest::newRow("longest") << "ask @Ann Lee!" << L{"2:@Ann Lee"};
        QTest::newRow("user name, any case") << "@JO and @ANNLEE" << L{"4:@JO", "2:@ANNLEE"};
        QTest::newRow("Chinese, no spaces") << QStringLiteral("你好@王小明明天见") << L{QStringLiteral("3:@王小明")};
        QTest::newRow("full width") << QStringLiteral("＠王小明") << L{QStringLiteral("3:＠王小明")};
        QTest::newRow("address") << "mail me at x@ann.example" << L{};
        QTest::newRow("longer word") << "@Anna @annexe" << L{};
        QTest::newRow("nobody") << "@ @@ @nobody" << L{};
        QTest::newRow("umlaut") << QStringLiteral("(@Jonas Öberg)") << L{QStringLiteral("4:@Jonas Öberg")};
        QTest::newRow("two of one name") << QStringLiteral("@李伟 ") << L{};
        QTest::newRow("at the end") << "and @Ann" << L{"1:@Ann"};
    }
    void namesBehindAnAt_areFound()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, found);
        QCOMPARE(mentions(text), found);
    }

    void ofTwoWithOneName_thePickedOneIsMeant()
    {
        const QString text = QStringLiteral("@李伟 看一下");
        QCOMPARE(mentions(text, {{QStringLiteral("李伟"), UserId("6")}}), QStringList{QStringLiteral("6:@李伟")});
        QCOMPARE(mentions(text, {{QStringLiteral("李伟"), UserId("1")}}), QStringList{}); // left the group since
    }

    void typedName_isThatBeforeTheCursor()
    {
        const QString text = QStringLiteral("hi @An le\n@x a@b");
        QVERIFY(!mentionAt(text, 0));
        QVERIFY(!mentionAt(text, 3));
        QCOMPARE(mentionAt(text, 4)->typed, QString());
        QCOMPARE(mentionAt(text, 9)->typed, QStringLiteral("An le"));
        QCOMPARE(mentionAt(text, 9)->start, 3);
        QCOMPARE(mentionAt(text, 12)->start, 10);
        QVERIFY(!mentionAt(text, 10));          // a line of its own
        QVERIFY(!mentionAt(text, text.size())); // an address
        QVERIFY(!mentionAt(QString(90, 'x').prepend('@'), 90));
    }

    void people_areRanked()
    {
        QCOMPARE(matches("ann"), (QStringList{"ann", "annlee"}));
        QCOMPARE(matches("le"), (QStringList{"annlee"}));        // a word of the name
        QCOMPARE(matches("wei"), (QStringList{"wei1", "wei2"})); // user names
        QCOMPARE(matches(QStringLiteral("小")), QStringList{"wang"});
        QCOMPARE(matches(QString()).size(), 6);
        QCOMPARE(matches("zzz"), QStringList{});
        QCOMPARE(matches(" "), QStringList{}); // "@ " is no name
        QCOMPARE(static_cast<int>(matchPeople(kPeople, {}, 2).size()), 2);
    }
};

QTEST_APPLESS_MAIN(TestMentions)
#include "test_mentions.moc"
