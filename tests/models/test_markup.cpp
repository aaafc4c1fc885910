// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/markup.h"
#endif

#include <QtTest>

using namespace kith::models;

class TestMarkup final : public QObject {
    Q_OBJECT
private slots:
    /// Marked places are written as <b…>, <c…> and <p…> in the expectation.
    void signs_becomeMarks_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("shown");
        QTest::newRow("none") << "a * b, 2 ** 3"
                              << "a * b, 2 ** 3";
        QTest::newRow("bold") << "this is **very** good"
                              << "this is <bvery> good";
        QTest::newRow("bold, Chinese") << QStringLiteral("请**务必**看") << QStringLiteral("请<b务必>看");
        QTest::newRow("two bolds") << "**a** and **b c**"
                                   << "<ba> and <bb c>";
        QTest::newRow("no partner") << "**a and b"
                                    << "**a and b";
        QTest::newRow("next line") << "**a\nb**"
                                   << "**a\nb**";
        QTest::newRow("nothing in it") << "**** and ``"
                                       << "**** and ``";
        QTest::newRow("power") << "2 ** 3 ** 4"
                               << "2 ** 3 ** 4";
        QTest::newRow("code") << "run `ls -l` now"
                              << "run <cls -l> now";
        QTest::newRow("code holds signs") << "`a **b** c`"
                                          << "<ca **b** c>";
        QTest::newRow("one backtick") << "it`s"
                                      << "it`s";
        QTest::newRow("block") << "see\n```\nint a;\nint b;\n```\nok?"
                               << "see\n<pint a;\nint b;>\nok?";
        QTest::newRow("block with language") << "```cpp\nint a;\n```"
                                             << "<pint a;>";
        QTest::newRow("block in a line") << "a ```b``` c"
                                         << "a \n<pb>\n c";
        QTest::newRow("block holds signs") << "```\n**a** `b`\n```"
                                           << "<p**a** `b`>";
        QTest::newRow("indented") << "```\n  if x:\n    y\n```"
                                  << "<p  if x:\n    y>";
        QTest::newRow("open fence") << "```\nint a;"
                                    << "```\nint a;";
        QTest::newRow("empty fence") << "``````"
                                     << "``````";
        QTest::newRow("bold then block") << "**a `b` c** ```d```"
                                         << "<ba <cb> c> \n<pd>";
        QTest::newRow("bold cut by a block") << "**a ```b``` c**"
                                             << "**a \n<pb>\n c**";
    }
    void signs_becomeMarks()
    {
        QFETCH(QString, source);
        QFETCH(QString, shown);
        const Markup markup = readMarkup(source);
        QString got = markup.text;
        // From the end, the inner ones first: places before them stay where they are.
        std::vector<std::pair<int, QString>> signs;
        for (const Mark &m : markup.marks) {
            QVERIFY(m.start >= 0 && m.length > 0 && m.start + m.length <= markup.text.size());
            const QChar kind(m.kind == MarkKind::Bold ? 'b' : m.kind == MarkKind::Code ? 'c' : 'p');
            signs.emplace_back(m.start, QLatin1Char('<') + kind);
            signs.emplace_back(m.start + m.length, QStringLiteral(">"));
        }
        std::stable_sort(signs.begin(), signs.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
        for (const auto &[at, sign] : signs)
            got.insert(at, sign);
        QCOMPARE(got, shown);
    }

    void anything_isRead()
    {
        // Whatever stands there, all of the words come out and no mark leaves the text.
        const QString letters = QStringLiteral("*`\na 你");
        quint32 state = 7;
        for (int round = 0; round < 20000; ++round) {
            QString source;
            for (int i = 0; i < 24; ++i) {
                state = state * 1664525U + 1013904223U;
                source += letters.at(static_cast<int>((state >> 24) % static_cast<quint32>(letters.size())));
            }
            const Markup markup = readMarkup(source);
            for (const Mark &m : markup.marks)
                QVERIFY2(m.start >= 0 && m.length > 0 && m.start + m.length <= markup.text.size(), qPrintable(source));
            QCOMPARE(markup.text.count(QStringLiteral("你")), source.count(QStringLiteral("你")));
        }
    }
};

QTEST_APPLESS_MAIN(TestMarkup)
#include "test_markup.moc"
