// SPDX-License-Identifier: GPL-3.0-or-later
// Which words a dictionary is asked about.
#include "core/models/spelling.h"

#include <QtTest>

using namespace kith::models;

class TestSpelling final : public QObject {
    Q_OBJECT

private slots:
    void words_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words"); // by spaces
        const auto row = [](const char *name, const char *text, const char *words) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(words);
        };
        row("prose", "Hello, wrld! It's fine.", "Hello wrld It's fine");
        row("other quotes", "“Don’t” he said ‘now’", "Don’t he said now");
        row("hyphen", "well-known facts", "well known facts");
        row("accents", "naïve café cafe\xcc\x81", "naïve café cafe\xcc\x81");
        row("code", "run `dev tst` now and `stil open", "run now and");
        row("fence", "first\n```cpp\nint mian()\n```\nlast", "first last");
        row("open fence", "first\n  ```\nint mian()", "first");
        row("addresses", "see https://exmaple.org/a www.exmaple.org mail a.b@exmaple.org or exmaple.org.",
            "see mail or");
        row("files", "in src/mian.cpp and mian.cpp, C:\\windws", "in and");
        row("names", "@tonny knows :smle: and #topc", "knows and");
        row("numbers", "at 12pm or 3rd, a1b", "at or");
        row("capitals", "the HTTP and camelCase, McDonald but Capital", "the and but Capital");
        row("single letters", "I saw a b", "saw");
        row("beside Chinese", "我觉得helo不错 ok", "helo ok");
        row("other scripts", "привет hello γεια", "hello");
        row("operators", "std::mvoe x=foo <tga>", "");
        row("nothing", "", "");
        row("blank", " \n\n ", "");
    }
    void words()
    {
        QFETCH(QString, text);
        QFETCH(QString, words);
        QStringList found;
        for (const SpellWord &word : spellWords(text, QChar::Script_Latin))
            found << text.mid(word.start, word.length);
        QCOMPARE(found.join(u' '), words);
    }
    void script_isTheDictionarys()
    {
        const QString text = QStringLiteral("привет hello");
        QCOMPARE(spellWords(text, QChar::Script_Cyrillic), (std::vector<SpellWord>{{0, 6}}));
        QCOMPARE(spellWords(text, QChar::Script_Latin), (std::vector<SpellWord>{{7, 5}}));
    }
};

QTEST_GUILESS_MAIN(TestSpelling)
#include "test_spelling.moc"
