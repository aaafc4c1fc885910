// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a message as somebody does it: emoji by keys and by name, words that a dictionary does not have; in the real
// window over the real server.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "ui/spelling/spell_marks.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/emoji_completer.h"
#include "ui/widgets/emoji_picker.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QButtonGroup>
#include <QContextMenuEvent>
#include <QInputMethodEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QTextBlock>
#include <QToolButton>

using namespace kith;
using test::Desk;
using test::Person;
using test::RealServer;
using test::wait;

class TestWriting final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    std::unique_ptr<Person> m_bob;
    std::string m_password;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_desk;
    ConversationId m_chat;

    ui::Composer &composer() { return *m_desk->chat().composer(); }
    ui::ComposerEdit &edit() { return *composer().edit(); }
    ui::EmojiPicker &picker() { return *composer().picker(); }
    models::EmojiModel &shown() { return picker().model(); }
    ui::SpellChecker &checker() { return composer().spelling()->checker(); }
    QStringList marked() { return composer().spelling()->marked(); }
    QString text() { return edit().toPlainText(); }
    QString current() { return picker().grid()->currentIndex().data().toString(); }
    QString shownAt(int row) { return shown().index(row).data().toString(); }

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        m_desk->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_desk->window()));
        QVERIFY(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), key, modifiers); // keys come to whoever has the focus
    }
    void type(const QString &keys)
    {
        for (const QChar key : keys)
            QTest::keyClick(QApplication::focusWidget(), key.toLatin1());
    }
    void preedit(QWidget &field, const QString &words)
    {
        QInputMethodEvent event(words, {});
        QApplication::sendEvent(&field, &event);
    }
    void commit(QWidget &field, const QString &words)
    {
        QInputMethodEvent event;
        event.setCommitString(words);
        QApplication::sendEvent(&field, &event);
    }
    void writeDictionary(const QString &language, const QByteArray &aff, const QByteArray &words)
    {
        const QString stem = m_dir.filePath(QStringLiteral("data/hunspell/")) + language;
        QVERIFY(QDir().mkpath(QFileInfo(stem).path()));
        for (const auto &[ending, bytes] : {std::pair{".aff", aff}, {".dic", words}}) {
            QFile file(stem + QLatin1String(ending));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        }
    }
    /// The menu over a word of the text, as a right click opens it.
    std::unique_ptr<QMenu> menuAt(const QString &word)
    {
        QTextCursor cursor(edit().document());
        cursor.setPosition(static_cast<int>(text().indexOf(word)) + 1);
        std::unique_ptr<QMenu> menu(composer().spelling()->menu(edit().cursorRect(cursor).center()));
        menu->setAttribute(Qt::WA_DeleteOnClose, false);
        return menu;
    }
    static QAction *actionOf(const QMenu &menu, const QString &words)
    {
        for (QAction *action : menu.actions())
            if (action->text() == words)
                return action;
        return nullptr;
    }
    static QMenu *spellingOf(const QMenu &menu)
    {
        QAction *action = actionOf(menu, QStringLiteral("Spelling"));
        return action ? action->menu() : nullptr;
    }
    void enter()
    {
        m_desk = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("desk")));
        m_desk->window().start({});
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isAskingLogin() || m_desk->window().isChatting(), 20000);
        if (m_desk->window().isAskingLogin())
            m_desk->window().login(m_server->url(), QStringLiteral("ann"), QString::fromStdString(m_password));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(m_desk->list().rowCount(), 1, 20000);
        m_desk->window().controller().openConversation(m_chat);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isSettled(), 20000);
        m_desk->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_desk->window()));
    }

private slots:
    void initTestCase()
    {
        // Dictionaries of these tests only, one of them in an encoding of its own.
        qputenv("XDG_DATA_HOME", QFile::encodeName(m_dir.filePath(QStringLiteral("data"))));
        qputenv("XDG_DATA_DIRS", QFile::encodeName(m_dir.filePath(QStringLiteral("none"))));
        writeDictionary(QStringLiteral("en_US"), "SET UTF-8\nTRY esianrtolcdugmphbyfvkwz'\n",
                        "7\nhello\nworld\nit's\nthe\ntree\nand\nstand\n");
        writeDictionary(QStringLiteral("de_DE"),
                        QStringLiteral("SET ISO8859-1\nTRY esianrtolcdugmphbyfvkwzäöüß\n").toLatin1(),
                        QStringLiteral("2\nBrücke\nhallo\n").toLatin1());
        writeDictionary(QStringLiteral("hyph_en"), "SET UTF-8\n", "1\nnone\n");
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        Person ann(m_dir.path(), "ann");
        m_bob = std::make_unique<Person>(m_dir.path(), "bob");
        QVERIFY(ann.enter(m_server->url()) && m_bob->enter(m_server->url()));
        m_chat = privateConversation(ann.id(), m_bob->id());
        QVERIFY(wait((*m_bob)->send(m_chat, "hello")).has_value());
        QVERIFY(wait((*m_bob)->flushOutbox(std::chrono::seconds{20})).has_value());
        m_password = ann.password;
        ann.close();
        enter();
    }
    void cleanupTestCase() { m_desk.reset(); }
    void init()
    {
        picker().close();
        edit().clear();
        composer().focusText();
        QTRY_VERIFY(edit().hasFocus());
    }

    void up_editsNoMessageThatIsTooOld()
    {
        const QString words = QStringLiteral("tea at five");
        type(words);
        press(Qt::Key_Return);
        const auto sent = [&] {
            const int row = m_desk->rowOf(words);
            return row < 0 ? history::StoredMessage() : m_desk->timeline().row(row).stored;
        };
        QTRY_VERIFY(sent().message.seq);
        const history::StoredMessage young = sent();
        history::StoredMessage old = young;
        old.message.createdAt -= std::chrono::hours(49);
        m_desk->timeline().applyMessages(m_chat, {old});
        press(Qt::Key_Up);
        QVERIFY(!composer().isReplying() && text().isEmpty());
        m_desk->timeline().applyMessages(m_chat, {young});
        press(Qt::Key_Up);
        QVERIFY(composer().isReplying());
        QCOMPARE(text(), words);
        press(Qt::Key_Escape);
        QVERIFY(!composer().isReplying());
    }

    void picker_byKeysAlone()
    {
        QAbstractItemModelTester tester(&shown(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        type(QStringLiteral("on my way"));
        press(Qt::Key_Left); // in the middle of the text
        press(Qt::Key_E, Qt::ControlModifier);
        QVERIFY(picker().isOpen() && picker().search()->hasFocus());
        QVERIFY(picker().geometry().bottom() < edit().mapTo(&m_desk->window(), QPoint(0, 0)).y());
        QVERIFY(m_desk->window().rect().contains(picker().geometry()));
        QCOMPARE(picker().categories()->checkedId(), 1); // nothing was used yet
        QCOMPARE(current(), QStringLiteral("😀"));
        press(Qt::Key_Right);
        QCOMPARE(current(), shownAt(1));
        const auto cell = [this] { return picker().grid()->visualRect(picker().grid()->currentIndex()); };
        const QRect above = cell();
        press(Qt::Key_Down);
        QCOMPARE(cell(), above.translated(0, above.height())); // right below
        QCOMPARE(current(), shownAt(10));                      // nine in a row
        press(Qt::Key_Up);
        press(Qt::Key_Left);
        press(Qt::Key_Up);
        QCOMPARE(current(), shownAt(0));
        press(Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(picker().categories()->checkedId(), 0);
        QCOMPARE(shown().rowCount(), 0);
        press(Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(picker().categories()->checkedId(), 9);
        QVERIFY(shown().rowCount() > 200); // flags
        type(QStringLiteral("party pop"));
        QCOMPARE(current(), QStringLiteral("🎉"));
        QCOMPARE(picker().categories()->checkedId(), -1);
        press(Qt::Key_Return, Qt::ShiftModifier);
        QVERIFY(picker().isOpen() && picker().search()->hasFocus());
        QCOMPARE(text(), QStringLiteral("on my wa🎉y"));
        picker().search()->clear();
        commit(*picker().search(), QStringLiteral("热饮"));
        QCOMPARE(current(), QStringLiteral("☕"));
        press(Qt::Key_Return);
        QVERIFY(!picker().isOpen() && edit().hasFocus());
        QCOMPARE(text(), QStringLiteral("on my wa🎉☕y"));
        type(QStringLiteral("!"));
        QCOMPARE(text(), QStringLiteral("on my wa🎉☕!y"));
        for (const char *left : {"on my wa🎉☕y", "on my wa🎉y", "on my way"}) {
            edit().undo();
            QCOMPARE(text(), QString::fromUtf8(left));
        }
    }

    void picker_escapeAndShortcutClose_wordsStay()
    {
        type(QStringLiteral("words"));
        press(Qt::Key_E, Qt::ControlModifier);
        QVERIFY(picker().isOpen());
        press(Qt::Key_Escape);
        QVERIFY(!picker().isOpen() && edit().hasFocus());
        press(Qt::Key_E, Qt::ControlModifier);
        QVERIFY(picker().isOpen());
        press(Qt::Key_E, Qt::ControlModifier);
        QVERIFY(!picker().isOpen() && edit().hasFocus());
        QTest::mouseClick(composer().emojiButton(), Qt::LeftButton);
        QVERIFY(picker().isOpen());
        type(QStringLiteral("qqqq"));
        QCOMPARE(shown().rowCount(), 0);
        press(Qt::Key_Return); // nothing to put in
        QCOMPARE(text(), QStringLiteral("words"));
        QTest::mouseClick(edit().viewport(), Qt::LeftButton);
        QVERIFY(!picker().isOpen());
    }

    void everyEmojiOnOffer_isDrawnByAFont()
    {
        if (composer().emoji().group(0).empty())
            QSKIP("no emoji font here");
        int all = 0;
        for (int group = 0; group < composer().emoji().groupCount(); ++group)
            all += static_cast<int>(composer().emoji().group(group).size());
        QVERIFY2(all > 1000, qPrintable(QString::number(all)));
        // Two that Qt 6.4 takes apart as long as selectors stand within.
        for (const char *name : {"rainbow flag", "keycap 1"})
            QCOMPARE(composer().emoji().find(QString::fromLatin1(name), 1).size(), 1U);
    }

    void click_putsInAndRemembers()
    {
        press(Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(picker().categories()->checkedId(), 0);
        QCOMPARE(shownAt(0), QStringLiteral("☕")); // newest first
        QCOMPARE(shownAt(1), QStringLiteral("🎉"));
        QTest::mouseClick(picker().categories()->button(3), Qt::LeftButton);
        QVERIFY(picker().search()->hasFocus());
        const QString wanted = shownAt(4);
        const QRect cell = picker().grid()->visualRect(shown().index(4));
        QTest::mouseClick(picker().grid()->viewport(), Qt::LeftButton, {}, cell.center());
        QVERIFY(!picker().isOpen());
        QCOMPARE(text(), wanted);
        QCOMPARE(composer().emoji().recentTexts(), QStringList({wanted, QStringLiteral("☕"), QStringLiteral("🎉")}));
    }

    void colon_offersByName_enterTakes_escapeRefuses()
    {
        ui::EmojiCompleter &offered = *composer().emojiCompleter();
        type(QStringLiteral("well :D and :th"));
        QVERIFY(offered.isOffering());
        type(QStringLiteral("umbs_up"));
        QCOMPARE(offered.list()->currentIndex().data().toString(), QStringLiteral("👍"));
        press(Qt::Key_Return);
        QVERIFY(!offered.isOffering());
        QCOMPARE(text(), QStringLiteral("well :D and 👍"));
        edit().undo();
        QCOMPARE(text(), QStringLiteral("well :D and :thumbs_up"));
        press(Qt::Key_Escape);
        QVERIFY(!offered.isOffering());
        press(Qt::Key_Backspace);
        QVERIFY(!offered.isOffering());
        edit().clear();
        type(QStringLiteral("at 12:30 :zzzz"));
        QVERIFY(!offered.isOffering());
        QCOMPARE(composer().emoji().recentTexts().value(0), QStringLiteral("👍"));
    }

    void composing_isNotDisturbed()
    {
        type(QStringLiteral("a "));
        preedit(edit(), QStringLiteral("ni hao"));
        QCOMPARE(text().left(2), QStringLiteral("a "));
        QCOMPARE(edit().textCursor().block().layout()->preeditAreaText(), QStringLiteral("ni hao"));
        commit(edit(), QStringLiteral("你好"));
        QVERIFY(text().startsWith(QStringLiteral("a ")) && text().endsWith(QStringLiteral("你好")));
        edit().clear();
        commit(edit(), QStringLiteral(":笑"));
        QVERIFY(composer().emojiCompleter()->isOffering());
        preedit(edit(), QStringLiteral("lian"));
        QCOMPARE(edit().textCursor().block().layout()->preeditAreaText(), QStringLiteral("lian"));
        commit(edit(), QStringLiteral("脸"));
        QCOMPARE(text(), QStringLiteral(":笑脸"));
        QVERIFY(composer().emojiCompleter()->isOffering());
    }

#ifdef KITH_HAS_HUNSPELL
    void misspelt_isMarked_onceTheWordIsWritten()
    {
        QTRY_COMPARE(checker().language(), QStringLiteral("en_US"));
        QCOMPARE(checker().languages(), QStringList({QStringLiteral("de_DE"), QStringLiteral("en_US")}));
        int changes = 0;
        const auto counting = connect(&edit(), &QPlainTextEdit::textChanged, this, [&] { ++changes; });
        type(QStringLiteral("helo wrld"));
        QTRY_COMPARE(marked(), QStringList(QStringLiteral("helo"))); // the last one may go on
        type(QStringLiteral(" "));
        QTRY_COMPARE(marked(), QStringList({QStringLiteral("helo"), QStringLiteral("wrld")}));
        QCOMPARE(changes, 10); // nobody is told that the text changed when it is only marked
        disconnect(counting);
        type(QStringLiteral("the tre"));
        press(Qt::Key_Home);
        QTRY_COMPARE(marked(), QStringList({QStringLiteral("helo"), QStringLiteral("wrld"), QStringLiteral("tre")}));
        press(Qt::Key_Right);
        type(QStringLiteral("e")); // "heelo" is being written again
        QTRY_COMPARE(marked(), QStringList({QStringLiteral("wrld"), QStringLiteral("tre")}));
        edit().undo();
        QCOMPARE(text(), QStringLiteral("helo wrld the tre"));
        edit().setPlainText(QStringLiteral("run `helo` at https://wrld.example and @helo, it’s 你好 helo tree"));
        QTRY_COMPARE(marked(), QStringList({QStringLiteral("run"), QStringLiteral("at"), QStringLiteral("helo")}));
    }

    void menu_replacesInOneStep_andLearns()
    {
        edit().setPlainText(QStringLiteral("helo the Kith wrld "));
        QTRY_COMPARE(marked().size(), 3);
        auto menu = menuAt(QStringLiteral("wrld"));
        QTRY_VERIFY(actionOf(*menu, QStringLiteral("world")));
        QVERIFY(!actionOf(*menu, QStringLiteral("Looking for better words…")));
        actionOf(*menu, QStringLiteral("world"))->trigger();
        QCOMPARE(text(), QStringLiteral("helo the Kith world "));
        edit().undo();
        QCOMPARE(text(), QStringLiteral("helo the Kith wrld "));
        edit().moveCursor(QTextCursor::Start); // away from the word that came back
        menu = menuAt(QStringLiteral("the"));
        QVERIFY(!actionOf(*menu, QStringLiteral("Add “the” to the dictionary")));
        menu = menuAt(QStringLiteral("Kith"));
        QTRY_VERIFY(!actionOf(*menu, QStringLiteral("Looking for better words…")));
        actionOf(*menu, QStringLiteral("Add “Kith” to the dictionary"))->trigger();
        QTRY_COMPARE(marked(), QStringList({QStringLiteral("helo"), QStringLiteral("wrld")}));
        const QPoint at = edit().cursorRect(QTextCursor(edit().document())).center();
        QContextMenuEvent clicked(QContextMenuEvent::Mouse, at, edit().viewport()->mapToGlobal(at));
        QApplication::sendEvent(edit().viewport(), &clicked);
        auto *open = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(open);
        QTRY_VERIFY(actionOf(*open, QStringLiteral("hello"))); // comes while it is open
        open->close();
        edit().setPlainText(QStringLiteral("qqqqqqq "));
        QTRY_COMPARE(marked().size(), 1);
        menu = menuAt(QStringLiteral("qqq"));
        QTRY_VERIFY(actionOf(*menu, QStringLiteral("No better word is known")));
    }

    void language_isChosen_orNone()
    {
        edit().setPlainText(QStringLiteral("hello hallo Brücke Brucke "));
        QTRY_COMPARE(marked(),
                     QStringList({QStringLiteral("hallo"), QStringLiteral("Brücke"), QStringLiteral("Brucke")}));
        auto menu = menuAt(QStringLiteral("hello"));
        QVERIFY(spellingOf(*menu));
        QStringList choices;
        for (const QAction *action : spellingOf(*menu)->actions())
            choices << (action->isSeparator() ? QStringLiteral("-") : action->text());
        QCOMPARE(choices,
                 QStringList({QStringLiteral("Off"), QStringLiteral("Automatic: American English (United States)"),
                              QStringLiteral("-"), QStringLiteral("Deutsch (Deutschland)"),
                              QStringLiteral("American English (United States)")}));
        spellingOf(*menu)->actions().at(3)->trigger();
        QTRY_COMPARE(marked(), QStringList({QStringLiteral("hello"), QStringLiteral("Brucke")}));
        menu = menuAt(QStringLiteral("Brucke"));
        QTRY_VERIFY(actionOf(*menu, QStringLiteral("Brücke")));
        menu = menuAt(QStringLiteral("hello"));
        spellingOf(*menu)->actions().at(0)->trigger();
        QTRY_COMPARE(marked(), QStringList());
        QVERIFY(checker().language().isEmpty());
        menu = menuAt(QStringLiteral("hello"));
        QVERIFY(spellingOf(*menu)->actions().at(0)->isChecked());
        spellingOf(*menu)->actions().at(1)->trigger();
        QTRY_COMPARE(marked().size(), 3);
    }

    void composing_isNotDisturbedByMarks()
    {
        type(QStringLiteral("helo "));
        QTRY_COMPARE(marked().size(), 1);
        preedit(edit(), QStringLiteral("ni hao"));
        QTRY_COMPARE(marked(), QStringList());
        const auto composed = [this] { return edit().textCursor().block().layout()->preeditAreaText(); };
        checker().addWord(QStringLiteral("Qiao")); // whatever happens to the marks meanwhile
        m_theme.apply(*qApp, ui::ThemeMode::Dark);
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        QCoreApplication::processEvents();
        QCOMPARE(composed(), QStringLiteral("ni hao"));
        QCOMPARE(text(), QStringLiteral("helo "));
        commit(edit(), QStringLiteral("你好"));
        QTRY_COMPARE(marked(), QStringList(QStringLiteral("helo")));
        QCOMPARE(text(), QStringLiteral("helo 你好"));
    }
#endif

    void usedLast_isKeptInTheHistoryOnly()
    {
        const QStringList used = composer().emoji().recentTexts();
        QVERIFY(used.size() >= 3);
        const QStringList own = checker().ownWords();
        checker().setChoice(QStringLiteral("de_DE"));
        type(QStringLiteral("not for everybody"));
        const auto kept = wait(m_desk->client().setting("spelling"));
        QVERIFY(kept && *kept);
        QCOMPARE(**kept, std::string("de_DE"));
        m_desk.reset();
        QDirIterator files(m_dir.filePath(QStringLiteral("desk")), QDir::Files, QDirIterator::Subdirectories);
        int looked = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            for (const QString &secret : {used[0], QStringLiteral("Qiao"), QStringLiteral("everybody")})
                QVERIFY2(!bytes.contains(secret.toUtf8()), qPrintable(file.fileName()));
            ++looked;
        }
        QVERIFY(looked > 0);
        enter();
        QTRY_COMPARE(composer().emoji().recentTexts(), used);
#ifdef KITH_HAS_HUNSPELL
        QCOMPARE(QSet<QString>({QStringLiteral("Kith"), QStringLiteral("Qiao")}),
                 QSet<QString>(own.begin(), own.end()));
        QStringList again = checker().ownWords();
        QCOMPARE(QSet<QString>(again.begin(), again.end()), QSet<QString>(own.begin(), own.end()));
        QCOMPARE(checker().choice(), QStringLiteral("de_DE"));
#endif
        press(Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(shownAt(0), used[0]);
        m_desk->window().controller().leave();
        QVERIFY(!picker().isOpen());
        QVERIFY(composer().emoji().recentTexts().isEmpty());
        QVERIFY(checker().ownWords().isEmpty());
        QVERIFY(text().isEmpty() && !edit().document()->isUndoAvailable());
    }
};

QTEST_MAIN(TestWriting)
#include "test_writing.moc"
