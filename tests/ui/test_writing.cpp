// SPDX-License-Identifier: GPL-3.0-or-later
// Writing a message as somebody does it: emoji by keys and by name, in the real window over the real server.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/emoji_completer.h"
#include "ui/widgets/emoji_picker.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QButtonGroup>
#include <QInputMethodEvent>
#include <QLineEdit>
#include <QListView>
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

    void usedLast_isKeptInTheHistoryOnly()
    {
        const QStringList used = composer().emoji().recentTexts();
        QVERIFY(used.size() >= 3);
        type(QStringLiteral("not for everybody"));
        m_desk.reset();
        QDirIterator files(m_dir.filePath(QStringLiteral("desk")), QDir::Files, QDirIterator::Subdirectories);
        int looked = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            for (const QString &secret : {used[0], QStringLiteral("everybody")})
                QVERIFY2(!bytes.contains(secret.toUtf8()), qPrintable(file.fileName()));
            ++looked;
        }
        QVERIFY(looked > 0);
        enter();
        QTRY_COMPARE(composer().emoji().recentTexts(), used);
        press(Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(shownAt(0), used[0]);
        m_desk->window().controller().leave();
        QVERIFY(!picker().isOpen());
        QVERIFY(composer().emoji().recentTexts().isEmpty());
        QVERIFY(text().isEmpty() && !edit().document()->isUndoAvailable());
    }
};

QTEST_MAIN(TestWriting)
#include "test_writing.moc"
