// SPDX-License-Identifier: GPL-3.0-or-later
// The emoji that ship, and how they are found.
#include "core/models/emoji.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QSet>
#include <QtTest>

using namespace kith::models;

namespace {
QByteArray shipped()
{
    QFile file(QStringLiteral(KITH_EMOJI));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
} // namespace

class TestEmoji final : public QObject {
    Q_OBJECT

    int m_loads = 0, m_asked = 0;
    QString m_without; // cannot be drawn
    std::pair<QString, QString> m_written;
    std::unique_ptr<EmojiShelf> m_shelf;

    QStringList found(const QString &typed, std::size_t most = 5)
    {
        QStringList texts;
        for (const int index : m_shelf->find(typed, most))
            texts << m_shelf->at(index).text;
        return texts;
    }

private slots:
    void init()
    {
        m_loads = m_asked = 0;
        m_without.clear();
        m_written = {};
        m_shelf = std::make_unique<EmojiShelf>(
            [this] {
                ++m_loads;
                return shipped();
            },
            [this](const QString &text) -> QString {
                ++m_asked;
                return text == m_without ? QString() : text == m_written.first ? m_written.second : text;
            });
    }

    void shippedFile_isWhole()
    {
        const EmojiTable table = readEmoji(shipped());
        QCOMPARE(table.groups.size(), 9);
        QVERIFY(table.emoji.size() > 1800);
        QSet<QString> seen;
        int last = 0;
        for (const Emoji &emoji : table.emoji) {
            QVERIFY2(!seen.contains(emoji.text), qPrintable(emoji.name));
            seen.insert(emoji.text);
            QVERIFY2(emoji.group >= last && emoji.terms.size() > 2, qPrintable(emoji.name));
            last = emoji.group;
        }
        QCOMPARE(last, 8);
    }
    void linesThatAreNone_areLeftOut()
    {
        const EmojiTable table = readEmoji("😀\tbefore a group\t\tx\n# note\n@\tFaces\n😀\tgrin\t嘿嘿\tgrin|嘿嘿\n"
                                           "😁\ttoo few\n\tno sign\t\tx\n\xff\xfe\n😂\tno words\t\t\n");
        QCOMPARE(table.groups, QStringList(QStringLiteral("Faces")));
        QCOMPARE(table.emoji.size(), 1U);
        QCOMPARE(table.emoji[0], (Emoji{QStringLiteral("😀"), QStringLiteral("grin"), QStringLiteral("嘿嘿"),
                                        QStringLiteral("|grin|嘿嘿|"), 0}));
    }
    void find_byNameBeforeWords_inBothLanguages()
    {
        QCOMPARE(found(QStringLiteral("thumbs up")).value(0), QStringLiteral("👍"));
        QCOMPARE(found(QStringLiteral("thumbs_up")).value(0), QStringLiteral("👍"));
        QCOMPARE(found(QStringLiteral("ThumbsUp")).value(0), QStringLiteral("👍"));
        QCOMPARE(found(QStringLiteral("+1")).value(0), QStringLiteral("👍"));
        QCOMPARE(found(QStringLiteral("tada")), QStringList(QStringLiteral("🎉")));
        QCOMPARE(found(QStringLiteral("红心")).value(0), QStringLiteral("❤️"));
        QVERIFY(found(QStringLiteral("哈哈")).contains(QStringLiteral("😄"))); // a word of it, not the name
        QCOMPARE(found(QStringLiteral("cat")).value(0), QStringLiteral("🐈"));
        QCOMPARE(found(QStringLiteral("hot bever")).value(0), QStringLiteral("☕"));
        QVERIFY(found(QStringLiteral("Côte d’Ivoire")).contains(QStringLiteral("🇨🇮")));
        QVERIFY(found(QStringLiteral("xyzzy")).isEmpty());
        QVERIFY(found(QStringLiteral(" | ")).isEmpty());
        QCOMPARE(found(QStringLiteral("face"), 7).size(), 7);
    }
    void whatNoFontDraws_isNotOffered()
    {
        m_without = QStringLiteral("🎉");
        QVERIFY(found(QStringLiteral("tada")).isEmpty());
        m_shelf->setRecentTexts({QStringLiteral("🎉"), QStringLiteral("☕")});
        QCOMPARE(m_shelf->recent(), std::vector<int>{m_shelf->indexOf(QStringLiteral("☕"))});
        for (int group = 0; group < m_shelf->groupCount(); ++group)
            for (const int index : m_shelf->group(group))
                QVERIFY(m_shelf->at(index).text != m_without);
        const int asked = m_asked;
        m_shelf->group(0);
        QCOMPARE(m_asked, asked); // once each
    }
    void whatIsDrawnInAnotherForm_isOfferedAndRememberedInIt()
    {
        const QString whole = QStringLiteral("🏳️‍🌈"), bare = QString(whole).remove(QChar(0xfe0f));
        QVERIFY(whole != bare);
        m_written = {whole, bare};
        QCOMPARE(found(QStringLiteral("rainbow flag")).value(0), bare);
        m_shelf->use(m_shelf->indexOf(whole));
        QCOMPARE(m_shelf->recentTexts(), QStringList(bare));
        QCOMPARE(m_shelf->indexOf(bare), m_shelf->indexOf(whole));
    }
    void nothingIsRead_beforeItIsWanted()
    {
        m_shelf->setRecentTexts({QStringLiteral("☕")});
        QCOMPARE(m_loads, 0);
        m_shelf->group(0);
        m_shelf->recent();
        QCOMPARE(m_loads, 1);
        QVERIFY(m_asked < 400); // of one group and the recent one
    }
    void recent_newestFirst_eachOnce_bounded()
    {
        m_shelf->setRecentTexts({QStringLiteral("☕"), QStringLiteral("unknown")});
        m_shelf->use(m_shelf->indexOf(QStringLiteral("🎉")));
        m_shelf->use(m_shelf->indexOf(QStringLiteral("☕")));
        QCOMPARE(m_shelf->recentTexts(),
                 QStringList({QStringLiteral("☕"), QStringLiteral("🎉"), QStringLiteral("unknown")}));
        QCOMPARE(m_shelf->recent().size(), 2U);
        for (const int index : m_shelf->group(3))
            m_shelf->use(index);
        QCOMPARE(m_shelf->recentTexts().size(), EmojiShelf::kMostRecent);
    }
    void model_followsTheShelf()
    {
        EmojiModel model(*m_shelf, nullptr);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.reset(m_shelf->group(8));
        QVERIFY(model.rowCount() > 250);
        model.reset(m_shelf->find(QStringLiteral("hot beverage"), 10));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("☕"));
        QLocale::setDefault(QLocale(QLocale::English));
        QCOMPARE(model.index(0).data(EmojiModel::NameRole).toString(), QStringLiteral("hot beverage"));
        QLocale::setDefault(QLocale(QLocale::Chinese));
        QCOMPARE(model.index(0).data(Qt::AccessibleTextRole).toString(), QStringLiteral("热饮"));
        QLocale::setDefault(QLocale(QLocale::English));
    }
    void colon_asksForEmoji_data()
    {
        QTest::addColumn<QString>("before"); // the text as far as the cursor
        QTest::addColumn<int>("start");
        QTest::addColumn<QString>("typed");
        const auto row = [](const char *name, const char *before, int start, const char *typed) {
            QTest::newRow(name) << QString::fromUtf8(before) << start << QString::fromUtf8(typed);
        };
        row("at the beginning", ":smi", 0, "smi");
        row("behind a space", "well :thumbs_up", 5, "thumbs_up");
        row("on a new line", "well\n:+1", 5, "+1");
        row("one letter is a face", ":D", -1, "");
        row("one Chinese sign is a word", ":笑", 0, "笑");
        row("a time", "12:30", -1, "");
        row("an address", "https://", -1, "");
        row("behind Chinese prose", "他说:好的", -1, "");
        row("smile", ":)", -1, "");
        row("nothing yet", "now :", -1, "");
        row("ended", ":smile it", -1, "");
        row("too long", ":aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", -1, "");
    }
    void colon_asksForEmoji()
    {
        QFETCH(QString, before);
        QFETCH(int, start);
        QFETCH(QString, typed);
        const auto query = emojiAt(before + QStringLiteral(" and more"), static_cast<int>(before.size()));
        QCOMPARE(query.has_value(), start >= 0);
        if (query)
            QCOMPARE(*query, (EmojiQuery{start, typed}));
    }
};

QTEST_GUILESS_MAIN(TestEmoji)
#include "test_emoji.moc"
