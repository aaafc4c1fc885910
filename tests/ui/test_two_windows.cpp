// SPDX-License-Identifier: GPL-3.0-or-later
// Two real windows over the real server: register by the page, talk, read ticks, a group, and the history without a
// server.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "ui/dialogs/new_chat_dialog.h"
#include "ui/dialogs/receipts_dialog.h"
#include "ui/pages/login_page.h"
#include "ui/pages/unlock_page.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/field.h"
#include "ui/widgets/mention_completer.h"

#include <QAction>
#include <QApplication>
#include <QInputMethodEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QTimer>

using namespace kith;
using test::Desk;
using test::RealServer;

namespace {
const QString kPassword = QStringLiteral("a long enough pass phrase");

void type(QWidget *widget, const QString &text)
{
    widget->setFocus();
    QTest::keyClicks(widget, text);
}

void click(QWidget *widget)
{
    QTest::mouseClick(widget, Qt::LeftButton);
}

void activate(Desk &desk)
{
    desk.window().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&desk.window()));
}

void say(Desk &desk, const QString &text)
{
    ui::ComposerEdit *edit = desk.chat().composer()->edit();
    edit->setFocus();
    edit->insertPlainText(text); // Chinese comes by input method, not by keys
    QTest::keyClick(edit, Qt::Key_Return);
}

void choose(Desk &desk, int row)
{
    QListView *list = desk.chat().sidebar()->list();
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(row, 0)).center());
}
} // namespace

class TestTwoWindows final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_ann, m_bob;

    std::unique_ptr<Desk> registered(const QString &name, const QString &shown)
    {
        auto desk = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(name));
        desk->window().start({});
        ui::LoginPage *page = desk->window().loginPage();
        if (!QTest::qWaitFor([&] { return desk->window().isAskingLogin(); }, 20000))
            return nullptr;
        click(page->registerTab());
        page->server()->edit()->clear();
        type(page->server()->edit(), m_server->url().toString());
        type(page->user()->edit(), name);
        page->displayName()->edit()->setText(shown);
        type(page->password()->edit(), kPassword);
        click(page->submitButton());
        const bool in = QTest::qWaitFor([&] { return desk->window().isChatting(); }, 30000);
        if (!in)
            qWarning("%s: %s %s %s", qPrintable(name), qPrintable(page->server()->errorText()),
                     qPrintable(page->user()->errorText()), qPrintable(page->password()->errorText()));
        return in ? std::move(desk) : nullptr;
    }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
    }

    void wrongAddressAndWrongPassword_areSaidBesideTheirField()
    {
        Desk desk(m_theme, m_languages, m_dir.filePath(QStringLiteral("nobody")));
        desk.window().start({});
        QTRY_VERIFY(desk.window().isAskingLogin());
        ui::LoginPage *page = desk.window().loginPage();
        type(page->server()->edit(), QStringLiteral("http://127.0.0.1:1"));
        type(page->user()->edit(), QStringLiteral("nobody"));
        type(page->password()->edit(), kPassword);
        QTest::keyClick(page->password()->edit(), Qt::Key_Return);
        QVERIFY(!page->submitButton()->isEnabled()); // it shows that it works
        QTRY_VERIFY_WITH_TIMEOUT(page->server()->hasError(), 20000);
        page->server()->edit()->clear();
        type(page->server()->edit(), m_server->url().toString());
        QVERIFY(!page->server()->hasError());
        click(page->submitButton());
        QTRY_VERIFY_WITH_TIMEOUT(page->password()->hasError(), 20000);
        QVERIFY(desk.window().isAskingLogin());
    }

    void twoPeople_registerByThePage()
    {
        m_ann = registered(QStringLiteral("ann"), QStringLiteral("Ann Lee"));
        QVERIFY(m_ann);
        m_bob = registered(QStringLiteral("bob"), QStringLiteral("鲍勃"));
        QVERIFY(m_bob);
    }

    void privateMessages_goBothWaysAndAreRead()
    {
        QVERIFY(m_ann && m_bob);
        activate(*m_ann);
        QTest::keyClick(&m_ann->window(), Qt::Key_N, Qt::ControlModifier);
        auto *dialog = m_ann->window().findChild<ui::NewChatDialog *>();
        QVERIFY(dialog);
        type(dialog->searchEdit(), QStringLiteral("bob"));
        QTRY_VERIFY(dialog->list()->model()->rowCount() > 0);
        QTest::mouseClick(dialog->list()->viewport(), Qt::LeftButton, {},
                          dialog->list()->visualRect(dialog->list()->model()->index(0, 0)).center());
        QVERIFY(dialog->submitButton()->isEnabled());
        click(dialog->submitButton());
        QTRY_VERIFY(!m_ann->timeline().conversation().empty());
        QTRY_VERIFY(m_ann->timeline().isLoaded());

        activate(*m_ann);
        say(*m_ann, QStringLiteral("Hello Bob, 你好"));
        QVERIFY(m_ann->chat().composer()->text().isEmpty());
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Hello Bob, 你好")) >= 0);
        const auto tick = [this] {
            const int row = m_ann->rowOf(QStringLiteral("Hello Bob, 你好"));
            return row < 0 ? models::Delivery::None : m_ann->timeline().row(row).delivery;
        };
        QTRY_COMPARE(m_bob->list().rowCount(), 1);
        QTRY_COMPARE(m_bob->list().row(0).head.head.unread, 1);
        QTRY_COMPARE(tick(), models::Delivery::Delivered); // not read: Bob's window is not in front
        activate(*m_bob);
        choose(*m_bob, 0);
        QTRY_VERIFY(m_bob->rowOf(QStringLiteral("Hello Bob, 你好")) >= 0);
        QTRY_COMPARE(tick(), models::Delivery::Read);
        QTRY_COMPARE(m_bob->list().row(0).head.head.unread, 0);

        say(*m_bob, QStringLiteral("Hello Ann"));
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Hello Ann")) >= 0);
        QCOMPARE(m_ann->timeline().row(m_ann->rowOf(QStringLiteral("Hello Ann"))).sender, QStringLiteral("鲍勃"));
    }

    void group_isMadeAndUsed()
    {
        QVERIFY(m_ann && m_bob);
        test::Person cara(m_dir.path(), "cara");
        QVERIFY(cara.enter(m_server->url()));
        activate(*m_ann);
        QTest::keyClick(&m_ann->window(), Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(m_ann->window().findChild<ui::NewChatDialog *>());
        auto *dialog = m_ann->window().findChild<ui::NewChatDialog *>();
        for (const char *name : {"bob", "cara"}) {
            dialog->searchEdit()->clear();
            type(dialog->searchEdit(), QString::fromLatin1(name));
            QTRY_VERIFY(dialog->list()->model()->rowCount() == 1 &&
                        dialog->list()->model()->index(0, 0).data(ui::FoundModel::DetailRole).toString() ==
                            QLatin1Char('@') + QLatin1String(name));
            QTest::mouseClick(dialog->list()->viewport(), Qt::LeftButton, {},
                              dialog->list()->visualRect(dialog->list()->model()->index(0, 0)).center());
        }
        QVERIFY(!dialog->submitButton()->isEnabled()); // a group wants a name
        type(dialog->groupName()->edit(), QStringLiteral("Hikes"));
        click(dialog->submitButton());
        QTRY_COMPARE(m_ann->list().rowCount(), 2);
        QTRY_VERIFY(m_ann->timeline().isGroup() && m_ann->timeline().isLoaded());
        activate(*m_ann);
        say(*m_ann, QStringLiteral("周六去爬山吗？"));
        QTRY_COMPARE(m_bob->list().rowCount(), 2);
        QTRY_COMPARE(m_bob->list().row(0).name, QStringLiteral("Hikes"));
        activate(*m_bob);
        choose(*m_bob, 0);
        QTRY_VERIFY(m_bob->rowOf(QStringLiteral("周六去爬山吗？")) >= 0);
        say(*m_bob, QStringLiteral("Yes"));
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Yes")) >= 0);
    }

    void mention_isOfferedChosenByKeysAndShownToWhomItMeans()
    {
        QVERIFY(m_ann && m_bob);
        activate(*m_ann);
        ui::Composer *composer = m_ann->chat().composer();
        ui::MentionCompleter *mentions = composer->mentions();
        const auto offered = [&] {
            QStringList names;
            for (int i = 0; mentions->isOffering() && i < mentions->list()->model()->rowCount(); ++i)
                names << mentions->list()->model()->index(i, 0).data(ui::FoundModel::NameRole).toString();
            return names;
        };
        type(composer->edit(), QStringLiteral("ask @"));
        // Who wrote stands first; the other member comes from the server. Nobody mentions herself.
        QTRY_COMPARE(offered(), (QStringList{QStringLiteral("鲍勃"), QStringLiteral("cara (shown)")}));
        QTest::keyClick(composer->edit(), Qt::Key_Escape);
        QVERIFY(!mentions->isOffering());
        QCOMPARE(composer->text(), QStringLiteral("ask @"));
        QTest::keyClicks(composer->edit(), QStringLiteral("b"));
        QVERIFY(!mentions->isOffering()); // given up for this one
        composer->edit()->clear();
        type(composer->edit(), QStringLiteral("@"));
        QTRY_COMPARE(offered().size(), 2);
        QTest::keyClick(composer->edit(), Qt::Key_Down);
        QTest::keyClick(composer->edit(), Qt::Key_Return); // chooses, sends nothing
        QCOMPARE(composer->text(), QStringLiteral("@cara (shown) "));
        QTest::keyClicks(composer->edit(), QStringLiteral("and @bo"));
        QTRY_COMPARE(offered(), QStringList{QStringLiteral("鲍勃")});
        QTest::keyClick(composer->edit(), Qt::Key_Tab);
        QCOMPARE(composer->text(), QStringLiteral("@cara (shown) and @鲍勃 "));
        QTest::keyClicks(composer->edit(), QStringLiteral("come too"));
        const QString text = composer->text();
        QTest::keyClick(composer->edit(), Qt::Key_Return);
        QTRY_VERIFY(m_bob->rowOf(text) >= 0);
        const models::TimelineRow got = m_bob->timeline().row(m_bob->rowOf(text));
        QCOMPARE(static_cast<int>(got.stored.message.mentions.size()), 2);
        QVERIFY(got.mentionsSelf);
        QTRY_COMPARE(static_cast<int>(m_bob->timeline().row(m_bob->rowOf(text)).mentions.size()), 2);
        QTRY_VERIFY(!m_ann->timeline().row(m_ann->rowOf(text)).mentionsSelf);
    }

    void receipts_areAskedForAndListed()
    {
        QVERIFY(m_ann && m_bob);
        activate(*m_bob);
        const QString question = QStringLiteral("周六去爬山吗？");
        const auto action = [&](Desk &desk, QObject &menu) -> QAction * {
            for (QAction *one : desk.chat().timeline()->menuActions(desk.rowOf(question), &menu))
                if (one->text() == QStringLiteral("Who has read it"))
                    return one;
            return nullptr;
        };
        QObject menu;
        QVERIFY(!action(*m_bob, menu)); // not his
        QTRY_VERIFY(m_ann->timeline().row(m_ann->rowOf(question)).readers == 1);
        QAction *asked = action(*m_ann, menu);
        QVERIFY(asked);
        asked->trigger();
        auto *dialog = m_ann->window().findChild<ui::ReceiptsDialog *>();
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->list()->model()->rowCount() > 0);
        QCOMPARE(dialog->list()->model()->index(0, 0).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("鲍勃, Read"));
        QVERIFY(dialog->summary().startsWith(QStringLiteral("Read by 1 · received by ")));
        dialog->reject();
    }

    void reply_isComposedCancelledAndSentWithItsSource()
    {
        QVERIFY(m_ann && m_bob);
        activate(*m_bob);
        const QString question = QStringLiteral("周六去爬山吗？");
        ui::Composer *composer = m_bob->chat().composer();
        const auto reply = [&] {
            QObject menu;
            const auto actions = m_bob->chat().timeline()->menuActions(m_bob->rowOf(question), &menu);
            QVERIFY(!actions.isEmpty());
            QCOMPARE(actions.front()->text(), QStringLiteral("Reply"));
            actions.front()->trigger();
        };
        reply();
        QVERIFY(composer->isReplying());
        QTest::keyClick(composer->edit(), Qt::Key_Escape);
        QVERIFY(!composer->isReplying());
        reply();
        say(*m_bob, QStringLiteral("At eight"));
        QVERIFY(!composer->isReplying());
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("At eight")) >= 0);
        const models::TimelineRow got = m_ann->timeline().row(m_ann->rowOf(QStringLiteral("At eight")));
        QVERIFY(got.quote);
        QCOMPARE(got.quote->text, question);
        QCOMPARE(got.quote->seq, m_ann->timeline().row(m_ann->rowOf(question)).seq());
        // The next one answers nothing.
        say(*m_bob, QStringLiteral("Or nine"));
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Or nine")) >= 0);
        QVERIFY(!m_ann->timeline().row(m_ann->rowOf(QStringLiteral("Or nine"))).quote);
    }

    void replyAndEdit_waitForWhoLooksElsewhereMeanwhile()
    {
        QVERIFY(m_bob->list().rowCount() >= 2);
        const QString mine = QStringLiteral("See you at the bakery");
        say(*m_bob, mine);
        QTRY_VERIFY(m_bob->rowOf(mine) >= 0 && m_bob->timeline().row(m_bob->rowOf(mine)).seq());
        ui::ChatController &chats = m_bob->window().controller();
        ui::Composer *composer = m_bob->chat().composer();
        const ConversationId here = chats.openedConversation();
        const ConversationId other = m_bob->list().row(m_bob->list().indexOf(here) == 0 ? 1 : 0).head.head.conversation;
        QTest::keyClick(composer->edit(), Qt::Key_Up);
        QCOMPARE(composer->text(), mine);
        composer->edit()->moveCursor(QTextCursor::End);
        composer->edit()->insertPlainText(QStringLiteral(" at six"));
        chats.openConversation(other);
        QVERIFY(!composer->isReplying() && composer->text().isEmpty());
        chats.openConversation(here);
        QVERIFY(composer->isReplying());
        QCOMPARE(composer->text(), mine + QStringLiteral(" at six"));
        QTest::keyClick(composer->edit(), Qt::Key_Escape);
        QVERIFY(!composer->isReplying() && composer->text().isEmpty());
        // What was given up does not come back.
        chats.openConversation(other);
        chats.openConversation(here);
        QVERIFY(!composer->isReplying());
        QTRY_VERIFY(m_bob->rowOf(mine) >= 0);
        QObject menu;
        m_bob->chat().timeline()->menuActions(m_bob->rowOf(mine), &menu).front()->trigger();
        composer->edit()->insertPlainText(QStringLiteral("half of it"));
        chats.openConversation(other);
        QVERIFY(!composer->isReplying());
        chats.openConversation(here);
        QVERIFY(composer->isReplying());
        QTRY_COMPARE(composer->text(), QStringLiteral("half of it"));
        QTest::keyClick(composer->edit(), Qt::Key_Escape);
        composer->edit()->clear();
    }

    void edit_like_andRecall_byMenuAndKeys()
    {
        QVERIFY(m_ann && m_bob);
        const QString first = QStringLiteral("Eigth it is"), second = QStringLiteral("Eight it is");
        say(*m_bob, first);
        QTRY_VERIFY(m_ann->rowOf(first) >= 0);
        const auto trigger = [](Desk &desk, const QString &text, const QString &action) {
            QObject menu;
            for (QAction *one : desk.chat().timeline()->menuActions(desk.rowOf(text), &menu)) {
                if (one->text() == action) {
                    one->trigger();
                    return true;
                }
            }
            return false;
        };
        ui::Composer *composer = m_bob->chat().composer();
        // By ↑, given up: the draft of before is back.
        composer->edit()->clear();
        QTest::keyClick(composer->edit(), Qt::Key_Up);
        QVERIFY(composer->isReplying());
        QCOMPARE(composer->text(), first);
        composer->edit()->insertPlainText(QStringLiteral("?"));
        QTest::keyClick(composer->edit(), Qt::Key_Escape);
        QVERIFY(!composer->isReplying());
        QCOMPARE(composer->text(), QString());
        // By the menu, in the middle of a draft, which comes back.
        composer->edit()->insertPlainText(QStringLiteral("a thought"));
        QTRY_VERIFY(trigger(*m_bob, first, QStringLiteral("Edit")));
        composer->edit()->selectAll();
        say(*m_bob, second);
        QCOMPARE(composer->text(), QStringLiteral("a thought"));
        QTRY_VERIFY(m_ann->rowOf(second) >= 0);
        QVERIFY(m_ann->rowOf(first) < 0);
        QTRY_VERIFY(m_bob->rowOf(second) >= 0);
        composer->edit()->clear();
        QVERIFY(!trigger(*m_ann, second, QStringLiteral("Edit"))); // not hers
        QVERIFY(!trigger(*m_ann, second, QStringLiteral("Recall")));

        QVERIFY(trigger(*m_ann, second, QStringLiteral("Like")));
        QTRY_COMPARE(m_bob->timeline().row(m_bob->rowOf(second)).stored.message.likes, 1);
        QTRY_VERIFY(!m_ann->timeline().row(m_ann->rowOf(second)).stored.changing);
        QVERIFY(trigger(*m_ann, second, QStringLiteral("Take the like back")));
        QTRY_COMPARE(m_bob->timeline().row(m_bob->rowOf(second)).stored.message.likes, 0);

        QVERIFY(trigger(*m_bob, second, QStringLiteral("Recall")));
        QTRY_VERIFY(m_ann->rowOf(second) < 0);
        QVERIFY(m_bob->rowOf(second) < 0);
    }

    void composer_linesAndInputMethod()
    {
        QVERIFY(m_ann);
        activate(*m_ann);
        ui::Composer *composer = m_ann->chat().composer();
        type(composer->edit(), QStringLiteral("one"));
        QTest::keyClick(composer->edit(), Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(composer->edit(), QStringLiteral("two"));
        QCOMPARE(composer->text(), QStringLiteral("one\ntwo"));
        composer->edit()->clear();
        const int rows = m_ann->timeline().rowCount();
        QInputMethodEvent composing(QStringLiteral("ni hao"), {});
        QApplication::sendEvent(composer->edit(), &composing);
        QTest::keyClick(composer->edit(), Qt::Key_Return); // chooses a candidate, sends nothing
        QCOMPARE(m_ann->timeline().rowCount(), rows);
        QInputMethodEvent commit;
        commit.setCommitString(QStringLiteral("你好"));
        QApplication::sendEvent(composer->edit(), &commit);
        QVERIFY(composer->text().endsWith(QStringLiteral("你好")));
        composer->edit()->setPlainText(QStringLiteral("你好，世界"));
        QTest::keyClick(composer->edit(), Qt::Key_Return);
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("你好，世界")) >= 0);
        QVERIFY(composer->text().isEmpty());
    }

    void language_isSwitchedWhileWriting()
    {
        QVERIFY(m_ann);
        ui::Composer *composer = m_ann->chat().composer();
        composer->edit()->setPlainText(QStringLiteral("half a"));
        m_languages.apply(*qApp, m_theme, QStringLiteral("zh_CN"));
        QTRY_COMPARE(composer->edit()->placeholderText(), QStringLiteral("输入消息"));
        QCOMPARE(composer->text(), QStringLiteral("half a"));
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        QTRY_COMPARE(composer->edit()->placeholderText(), QStringLiteral("Write a message"));
        composer->edit()->clear();
    }

    void focusRing_isForThoseWhoWalkByTab()
    {
        QVERIFY(m_ann);
        activate(*m_ann);
        ui::ComposerEdit *edit = m_ann->chat().composer()->edit();
        m_ann->chat().sidebar()->list()->setFocus(Qt::OtherFocusReason);
        edit->setFocus(Qt::TabFocusReason);
        QVERIFY(edit->property("keyboardFocus").toBool());
        m_ann->chat().sidebar()->list()->setFocus(Qt::OtherFocusReason);
        edit->setFocus(Qt::MouseFocusReason);
        QVERIFY(!edit->property("keyboardFocus").toBool());
    }

    void foreignFile_isSaidLeftAloneAndTriedAgain()
    {
        const QString profile = m_dir.filePath(QStringLiteral("foreign"));
        QVERIFY(QDir().mkpath(profile));
        QVERIFY(QFile::setPermissions(profile, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        const QByteArray bytes(16384, 'x');
        QFile file(profile + QStringLiteral("/history.db"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        Desk desk(m_theme, m_languages, profile);
        desk.window().start({});
        auto *page = desk.window().findChild<ui::UnlockPage *>();
        QTRY_VERIFY(page->isVisible());
        const auto labels = page->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text().contains(QStringLiteral("It was left untouched"));
        }));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), bytes);
        file.close();
        QVERIFY(file.remove());
        click(page->findChild<QPushButton *>(QStringLiteral("Primary")));
        QTRY_VERIFY(desk.window().isAskingLogin());
    }

    void secondWindowOnOneProfile_saysSoAndOpensWhenTheFirstIsGone()
    {
        const QString profile = m_dir.filePath(QStringLiteral("shared"));
        auto first = std::make_unique<Desk>(m_theme, m_languages, profile);
        first->window().start({});
        QTRY_VERIFY(first->window().isAskingLogin());
        Desk second(m_theme, m_languages, profile);
        second.window().start({});
        auto *page = second.window().findChild<ui::UnlockPage *>();
        QTRY_VERIFY(page->isVisible());
        const auto labels = page->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text().contains(QStringLiteral("already running with this profile"));
        }));
        QVERIFY(first->window().isAskingLogin());
        first.reset();
        click(page->findChild<QPushButton *>(QStringLiteral("Primary")));
        QTRY_VERIFY(second.window().isAskingLogin());
    }

    void diskFull_isSaidUntilItIsOver()
    {
        QVERIFY(m_ann);
        client::ClientError full;
        full.code = client::ClientErrorCode::Storage;
        full.sql = sql::SqlError{sql::SqlErrorCode::DiskFull, {}, 0};
        client::LinkStatus status;
        status.phase = client::LinkPhase::Online;
        status.catchingUp = true;
        emit m_ann->client().storageFailed(full);
        emit m_ann->client().linkStatusChanged(status);
        QVERIFY(!m_ann->chat().banner()->trouble().isEmpty());
        status.catchingUp = false;
        emit m_ann->client().linkStatusChanged(status);
        QVERIFY(m_ann->chat().banner()->trouble().isEmpty());
    }

    void conversations_arePinnedMarkedAndArchived()
    {
        QVERIFY(m_ann);
        activate(*m_ann);
        const ConversationId second = m_ann->list().row(1).head.head.conversation;
        const auto trigger = [&](const QString &text) {
            bool found = false;
            QTimer::singleShot(0, this, [&] {
                auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
                QVERIFY(menu);
                for (QAction *action : menu->actions()) {
                    if (action->text() == text) {
                        found = true;
                        action->trigger();
                    }
                }
                menu->close();
            });
            emit m_ann->chat().sidebar()->contextMenuRequested(second, QPoint(10, 10));
            return found;
        };
        const auto row = [&] { return m_ann->list().row(m_ann->list().indexOf(second)); };
        QVERIFY(trigger(QStringLiteral("Pin to the top")));
        QTRY_COMPARE(m_ann->list().indexOf(second), 0);
        QVERIFY(trigger(QStringLiteral("Unpin")));
        QTRY_COMPARE(m_ann->list().indexOf(second), 1);
        QVERIFY(trigger(QStringLiteral("Mark as unread")));
        QTRY_VERIFY(row().isUnread());
        QTRY_VERIFY(m_ann->window().windowTitle().startsWith(QStringLiteral("(1)")));
        QVERIFY(trigger(QStringLiteral("Mark as read")));
        QTRY_VERIFY(!row().isUnread());
        QListView *list = m_ann->chat().sidebar()->list();
        QCOMPARE(list->model()->rowCount(), 2);
        QVERIFY(trigger(QStringLiteral("Archive")));
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QVERIFY(trigger(QStringLiteral("Out of the archive")));
        QTRY_COMPARE(list->model()->rowCount(), 2);
    }

    void draft_isKeptPerConversation()
    {
        QVERIFY(m_ann);
        activate(*m_ann);
        ui::Composer *composer = m_ann->chat().composer();
        const int rows = m_ann->list().rowCount();
        QCOMPARE(rows, 2);
        type(composer->edit(), QStringLiteral("not yet"));
        const ConversationId group = m_ann->timeline().conversation();
        QTest::keyClick(&m_ann->window(), Qt::Key_Down, Qt::AltModifier);
        QTRY_VERIFY(m_ann->timeline().conversation() != group);
        QCOMPARE(composer->text(), QString());
        QTRY_COMPARE(m_ann->list().row(m_ann->list().indexOf(group)).head.draft, std::string("not yet"));
        QTest::keyClick(&m_ann->window(), Qt::Key_Up, Qt::AltModifier);
        QTRY_COMPARE(composer->text(), QStringLiteral("not yet"));
    }

    void serverGone_historyIsReadableAfterARestart()
    {
        QVERIFY(m_ann && m_bob);
        m_server->kill();
        QTRY_VERIFY_WITH_TIMEOUT(!m_ann->chat().banner()->text().isEmpty(), 20000);
        const QString profile = m_ann->profile();
        m_ann->window().close();
        m_ann.reset();
        m_bob.reset();
        QCOMPARE(test::filesWith({profile, m_dir.filePath(QStringLiteral("bob"))}, QStringLiteral("Hello Bob")),
                 QStringList());
        m_ann = std::make_unique<Desk>(m_theme, m_languages, profile);
        m_ann->window().start({});
        QTRY_VERIFY_WITH_TIMEOUT(m_ann->window().isChatting(), 20000);
        QTRY_COMPARE(m_ann->list().rowCount(), 2);
        QTRY_VERIFY(m_ann->timeline().isLoaded());
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("周六去爬山吗？")) >= 0); // the one that was open last
        QTRY_COMPARE(m_ann->chat().composer()->text(), QStringLiteral("not yet"));
        choose(*m_ann, 1);
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Hello Bob, 你好")) >= 0);
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Hello Ann")) >= 0);
        QTRY_VERIFY(!m_ann->chat().banner()->text().isEmpty());
        // What is written now waits, and says so.
        say(*m_ann, QStringLiteral("Later, then"));
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Later, then")) >= 0);
        QCOMPARE(m_ann->timeline().row(m_ann->rowOf(QStringLiteral("Later, then"))).delivery,
                 models::Delivery::Sending);
    }

    void cleanupTestCase()
    {
        m_ann.reset();
        m_bob.reset();
        m_server.reset();
    }
};

QTEST_MAIN(TestTwoWindows)
#include "test_two_windows.moc"
