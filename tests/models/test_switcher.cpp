// SPDX-License-Identifier: GPL-3.0-or-later
// Names found by what is typed: words, initials, letters in order, pinyin; and the order in which Ctrl+K offers them.
#include "core/models/search_hits.h"
#include "core/models/switcher.h"
#include "tests/people.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace kith;
using namespace kith::models;
using test::person;

namespace {

history::LocalHead head(const char *id, const char *name, std::int64_t unread, int minutesAgo)
{
    history::LocalHead h;
    h.head.conversation = ConversationId(id);
    h.head.type = *conversationType(ConversationId(id));
    h.head.name = name;
    h.head.unread = unread;
    h.head.headSeq = Seq(10);
    h.head.changedAt = fromUnixMs(1'700'000'000'000 - minutesAgo * 60'000LL);
    return h;
}

} // namespace

class TestSwitcher final : public QObject {
    Q_OBJECT

    People m_people;
    ConversationListModel m_list{m_people};
    SwitcherModel m_model;
    std::vector<User> m_known;

    QStringList offered(const char *typed)
    {
        m_model.setText(QString::fromUtf8(typed));
        QStringList names;
        for (int i = 0; i < m_model.rowCount(); ++i)
            names << m_model.row(i).name;
        return names;
    }

private slots:
    void init()
    {
        m_known = {person("1", "lin", "Lin Qiao"), person("2", "mara", "Mara Voss"), person("3", "wei", "魏子涵"),
                   person("9", "stranger", "单田芳")};
        m_people.setSelf(m_known.front());
        m_people.put(m_known);
        m_list.reset({head("p:1:2", "Mara Voss", 0, 1), head("g:7", "周末爬山小组", 3, 2),
                      head("p:1:3", "魏子涵", 0, 3), head("g:8", "Maracas and more", 2, 4),
                      head("g:9", "Ägypten 2024", 0, 5)});
        m_model.begin(m_list, m_known, UserId("1"), ConversationId("p:1:2"));
    }

    void pinyin_hasSyllablesAndInitials_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("full");
        QTest::addColumn<QString>("initials");
        const auto row = [](const char *name, const char *full, const char *initials) {
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromLatin1(full)
                                << QString::fromLatin1(initials);
        };
        row("魏子涵", "weizihan", "wzh");
        row("林桥", "linqiao", "lq");
        row("单田芳", "shantianfang", "stf"); // as a family name
        row("单田芳", "dantianfang", "dtf");  // and as a word
        row("曾国藩", "zengguofan", "zgf");
        row("周末爬山小组", "zhoumopashanxiaozu", "zmpsxz");
        row("读书会 2024", "dushuhui2024", "dsh2024");
        row("吕布", "lubu", "lb");
        row("A组", "azu", "az");
    }
    void pinyin_hasSyllablesAndInitials()
    {
        QFETCH(QString, name);
        QFETCH(QString, full);
        QFETCH(QString, initials);
        const Pinyin pinyin = pinyinOf(name);
        QVERIFY2(pinyin.full.contains(full), qPrintable(pinyin.full.join(QLatin1Char(' '))));
        QVERIFY2(pinyin.initials.contains(initials), qPrintable(pinyin.initials.join(QLatin1Char(' '))));
    }

    void pinyin_isForChineseOnly()
    {
        QVERIFY(pinyinOf(QStringLiteral("Mara Voss")).full.isEmpty());
        QVERIFY(pinyinOf(QString()).full.isEmpty());
        QVERIFY(pinyinOf(QStringLiteral("さくら")).full.isEmpty());
    }

    void typed_findsByNamePinyinAndUserName_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("first");
        const auto row = [](const char *typed, const char *first) {
            QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(first);
        };
        row("mara v", "Mara Voss");
        row("voss m", "Mara Voss");
        row("mv", "Mara Voss");
        row("MARA", "Mara Voss"); // a user name, whole
        row("agypten", "Ägypten 2024");
        row("2024", "Ägypten 2024");
        row("mrcs", "Maracas and more");
        row("魏", "魏子涵");
        row("子涵", "魏子涵");
        row("wzh", "魏子涵");
        row("weizi", "魏子涵");
        row("wei zi han", "魏子涵");
        row("zihan", "魏子涵");
        row("zmps", "周末爬山小组");
        row("pashan", "周末爬山小组");
        row("stranger", "单田芳");
        row("shantian", "单田芳");
        row("dtf", "单田芳");
    }
    void typed_findsByNamePinyinAndUserName()
    {
        QFETCH(QString, typed);
        QFETCH(QString, first);
        const QStringList names = offered(typed.toUtf8().constData());
        QVERIFY2(!names.isEmpty() && names.front() == first, qPrintable(names.join(QStringLiteral(", "))));
    }

    void nothingTyped_isTheListWithTheOpenOneLast()
    {
        QCOMPARE(offered(""), QStringList({QStringLiteral("周末爬山小组"), QStringLiteral("魏子涵"),
                                           QStringLiteral("Maracas and more"), QStringLiteral("Ägypten 2024"),
                                           QStringLiteral("Mara Voss")}));
    }

    void equallyFitting_theUnreadOneIsFirst()
    {
        QCOMPARE(offered("m").mid(0, 2),
                 QStringList({QStringLiteral("Maracas and more"), QStringLiteral("Mara Voss")}));
        m_list.reset({head("p:1:2", "Mara Voss", 0, 1), head("g:8", "Mara and more", 0, 4)});
        m_model.begin(m_list, m_known, UserId("1"), {});
        QCOMPARE(offered("m").front(), QStringLiteral("Mara Voss")); // then the more recent
    }

    void nonsense_findsNothing_andOneselfIsNotOffered()
    {
        QCOMPARE(offered("qqq"), QStringList());
        QCOMPARE(offered("Lin Qiao"), QStringList());
        QCOMPARE(offered("???"), QStringList());
    }

    void model_keepsItsPromises()
    {
        QAbstractItemModelTester tester(&m_model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const char *typed : {"m", "ma", "", "qqq", "w"})
            offered(typed);
        m_model.end();
        QCOMPARE(m_model.rowCount(), 0);
    }

    void hits_haveNamesAndMarksInTheirOwnUnits()
    {
        SearchHitsModel hits(m_people, m_list);
        QAbstractItemModelTester tester(&hits, QAbstractItemModelTester::FailureReportingMode::QtTest);
        history::SearchHit hit;
        hit.message.conversation = ConversationId("g:7");
        hit.message.message.seq = Seq(4);
        hit.message.message.sender = UserId("3");
        hit.snippet = {"好😀下班 tea", {{7, 13}, {14, 17}}}; // 3 + 4 bytes, 1 + 2 units before
        hits.reset({hit});
        QCOMPARE(hits.row(0).text, QStringLiteral("好😀下班 tea"));
        QCOMPARE(hits.row(0).marks, (std::vector<HitRow::Mark>{{3, 2}, {6, 3}}));
        QCOMPARE(hits.row(0).sender, QStringLiteral("魏子涵"));
        QCOMPARE(hits.row(0).name, QStringLiteral("周末爬山小组"));
        QVERIFY(hits.row(0).group);
        hit.message.message.seq = Seq(3);
        hit.message.message.sender = UserId("404");
        hits.append({hit});
        QVERIFY(hits.row(1).sender.isEmpty());
        m_people.put({person("404", "late", "Late Comer")});
        QCOMPARE(hits.row(1).sender, QStringLiteral("Late Comer"));
        QCOMPARE(hits.indexOf(ConversationId("g:7"), Seq(3)), 1);
        QCOMPARE(hits.indexOf(ConversationId("g:8"), Seq(3)), -1);
    }
};

QTEST_GUILESS_MAIN(TestSwitcher)
#include "test_switcher.moc"
