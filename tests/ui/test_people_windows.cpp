// SPDX-License-Identifier: GPL-3.0-or-later
// People in real windows over the real server: roles and what they allow, the description of a group, profile cards,
// blocking and what both sides see of it.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "ui/dialogs/group_dialog.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/profile_card.h"
#include "ui/find/find_controller.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/conversation_header.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/field.h"
#include "ui/widgets/people_list.h"
#include "ui/words/words.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

using namespace kith;
using test::Desk;
using test::RealServer;
using test::wait;

namespace {
const std::string kPassword = "a long enough pass phrase";

void click(QWidget *widget)
{
    QTest::mouseClick(widget, Qt::LeftButton);
}

/// The texts of what a member's menu offers, the separators as lines.
QStringList offers(ui::MembersDialog &dialog)
{
    QMenu menu;
    dialog.fillMenu(menu);
    QStringList texts;
    for (const QAction *action : menu.actions())
        texts << (action->isSeparator() ? QStringLiteral("-") : action->text());
    return texts;
}

bool choose(ui::MembersDialog &dialog, const QString &text)
{
    QMenu menu;
    dialog.fillMenu(menu);
    for (QAction *action : menu.actions()) {
        if (action->text() == text) {
            action->trigger();
            return true;
        }
    }
    return false;
}

int rowOf(ui::MembersDialog &dialog, const QString &name)
{
    const QAbstractItemModel *model = dialog.list()->model();
    for (int i = 0; i < model->rowCount(); ++i)
        if (model->index(i, 0).data(ui::FoundModel::NameRole).toString() == name)
            return i;
    return -1;
}

void select(ui::MembersDialog &dialog, const QString &name)
{
    dialog.list()->setCurrentIndex(dialog.list()->model()->index(rowOf(dialog, name), 0));
}

QString detailOf(ui::MembersDialog &dialog, const QString &name)
{
    return dialog.list()->model()->index(rowOf(dialog, name), 0).data(ui::FoundModel::DetailRole).toString();
}

template <class Dialog>
Dialog *opened(Desk &desk)
{
    for (Dialog *one : desk.window().template findChildren<Dialog *>())
        if (one->isVisible())
            return one;
    return nullptr;
}
} // namespace

class TestPeopleWindows final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_ann, m_bob;
    ConversationId m_group, m_private;

    std::unique_ptr<Desk> registered(const char *name, const char *shown)
    {
        auto desk = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QLatin1String(name)));
        desk->window().start({});
        if (!QTest::qWaitFor([&] { return desk->window().isAskingLogin(); }, 20000))
            return nullptr;
        if (!wait(desk->client().registerAccount(m_server->url(), name, kPassword, shown)))
            return nullptr;
        desk->window().login(m_server->url(), QLatin1String(name), QString::fromStdString(kPassword));
        return QTest::qWaitFor([&] { return desk->window().isChatting(); }, 30000) ? std::move(desk) : nullptr;
    }
    static bool open(Desk &desk, const ConversationId &id)
    {
        if (!QTest::qWaitFor([&] { return desk.list().indexOf(id) >= 0; }))
            return false;
        desk.window().controller().openConversation(id);
        return QTest::qWaitFor([&] { return desk.timeline().conversation() == id && desk.timeline().isLoaded(); });
    }
    ui::MembersDialog *members(Desk &desk)
    {
        emit desk.chat().header()->membersRequested();
        return opened<ui::MembersDialog>(desk);
    }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        m_ann = registered("ann", "Ann Lee");
        QVERIFY(m_ann);
        m_bob = registered("bob", "鲍勃");
        QVERIFY(m_bob);
        test::Person cara(m_dir.path(), "cara");
        QVERIFY(cara.enter(m_server->url()));
        auto made = wait(m_ann->client().createGroup("Hikes", {m_bob->client().self().id, cara.id()}));
        QVERIFY(made);
        m_group = *made;
        User bob = m_bob->client().self();
        auto chat = wait(m_ann->client().openPrivate(bob));
        QVERIFY(chat);
        m_private = *chat;
        QVERIFY(wait(m_ann->client().send(m_private, "Hello Bob")));
        QTRY_COMPARE(m_bob->list().rowCount(), 2);
    }

    void members_areListedWithTheirRolesAndFoundByPinyin()
    {
        QVERIFY(open(*m_ann, m_group));
        ui::MembersDialog *dialog = members(*m_ann);
        QVERIFY(dialog);
        QTRY_COMPARE(dialog->list()->model()->rowCount(), 3);
        QCOMPARE(rowOf(*dialog, QStringLiteral("Ann Lee")), 0); // the owner
        QVERIFY(detailOf(*dialog, QStringLiteral("Ann Lee")).startsWith(QStringLiteral("you · Owner")));
        QVERIFY(detailOf(*dialog, QStringLiteral("鲍勃")).endsWith(QStringLiteral("@bob")));
        QTRY_VERIFY(detailOf(*dialog, QStringLiteral("鲍勃")).contains(QStringLiteral("online")));
        QCOMPARE(dialog->summary(), QStringLiteral("3 members"));
        QTest::keyClicks(dialog->searchEdit(), QStringLiteral("baobo"));
        QTRY_COMPARE(dialog->list()->model()->rowCount(), 1);
        QCOMPARE(rowOf(*dialog, QStringLiteral("鲍勃")), 0);
        QCOMPARE(dialog->summary(), QStringLiteral("1 found"));
        QTest::keyClick(dialog->searchEdit(), Qt::Key_Down); // into the list, onto the first
        QVERIFY(dialog->list()->hasFocus() || QApplication::activeWindow() != dialog);
        QCOMPARE(dialog->list()->currentIndex().row(), 0);
        QTest::keyClick(dialog->list(), Qt::Key_Return);
        QTRY_VERIFY(opened<ui::ProfileCard>(*m_ann));
        auto *card = opened<ui::ProfileCard>(*m_ann);
        QCOMPARE(card->user(), m_bob->client().self().id);
        QTest::keyClick(card, Qt::Key_Escape);
        QTRY_VERIFY(!opened<ui::ProfileCard>(*m_ann));
        QCOMPARE(m_ann->timeline().conversation(), m_group); // the key opened the card and pressed nothing on it
        dialog->reject();
    }

    void roles_areGivenTakenBackAndHandedOver()
    {
        const QString bob = QStringLiteral("鲍勃"), ann = QStringLiteral("Ann Lee"),
                      cara = QStringLiteral("cara (shown)");
        QVERIFY(open(*m_ann, m_group) && open(*m_bob, m_group));
        ui::MembersDialog *his = members(*m_bob);
        QTRY_COMPARE(his->list()->model()->rowCount(), 3);
        select(*his, cara);
        QCOMPARE(offers(*his), QStringList{QStringLiteral("Profile")}); // a member may look
        QVERIFY(!his->manageButton()->isVisible());

        ui::MembersDialog *hers = members(*m_ann);
        QTRY_COMPARE(hers->list()->model()->rowCount(), 3);
        select(*hers, bob);
        QCOMPARE(offers(*hers),
                 (QStringList{QStringLiteral("Profile"), QStringLiteral("-"), QStringLiteral("Make an admin"),
                              QStringLiteral("Hand the group over…"), QStringLiteral("Remove from the group…")}));
        select(*hers, ann);
        QCOMPARE(offers(*hers), QStringList{QStringLiteral("Profile")}); // nothing to oneself
        select(*hers, bob);
        QVERIFY(choose(*hers, QStringLiteral("Make an admin")));
        QTRY_VERIFY(detailOf(*hers, bob).startsWith(QStringLiteral("Admin")));
        QCOMPARE(rowOf(*hers, bob), 1);
        // His own dialog, which is open, offers what the new role allows.
        QTRY_VERIFY(his->manageButton()->isVisible());
        select(*his, cara);
        QCOMPARE(offers(*his), (QStringList{QStringLiteral("Profile"), QStringLiteral("-"),
                                            QStringLiteral("Remove from the group…")}));
        select(*his, ann);
        QCOMPARE(offers(*his), QStringList{QStringLiteral("Profile")}); // the owner stands above
        select(*hers, bob);
        QVERIFY(choose(*hers, QStringLiteral("No longer an admin")));
        QTRY_VERIFY(!detailOf(*hers, bob).contains(QStringLiteral("Admin")));
        QTRY_VERIFY(!his->manageButton()->isVisible());

        // Handing over asks first; given up, nothing happens.
        QVERIFY(choose(*hers, QStringLiteral("Hand the group over…")));
        QVERIFY(hers->confirmButton()->isVisible());
        QCOMPARE(hers->confirmButton()->text(), QStringLiteral("Hand over"));
        click(hers->confirmButton());
        QVERIFY(!hers->confirmButton()->isVisible());
        QTRY_VERIFY(detailOf(*hers, bob).startsWith(QStringLiteral("Owner")));
        QTRY_VERIFY(detailOf(*hers, ann).contains(QStringLiteral("Admin")));
        select(*hers, bob);
        QTRY_COMPARE(offers(*hers), QStringList{QStringLiteral("Profile")});
        QTRY_VERIFY(his->manageButton()->isVisible());
        select(*his, ann);
        QTRY_COMPARE(offers(*his).value(2), QStringLiteral("No longer an admin"));

        // Removing asks too, and the group shrinks in both dialogs.
        select(*his, cara);
        QVERIFY(choose(*his, QStringLiteral("Remove from the group…")));
        click(his->confirmButton());
        QTRY_COMPARE(his->list()->model()->rowCount(), 2);
        QTRY_COMPARE(hers->list()->model()->rowCount(), 2);
        QTRY_COMPARE(hers->summary(), QStringLiteral("2 members"));
        // Back to Ann for what follows.
        select(*his, ann);
        QVERIFY(choose(*his, QStringLiteral("Hand the group over…")));
        click(his->confirmButton());
        QTRY_VERIFY(detailOf(*hers, ann).contains(QStringLiteral("Owner")));
        his->reject();
        hers->reject();
    }

    void nameAndDescription_areChangedByAdminsAndSeenByAll()
    {
        QVERIFY(open(*m_ann, m_group) && open(*m_bob, m_group));
        ui::MembersDialog *his = members(*m_bob);
        m_ann->window().controller().persons().editGroup(m_group);
        auto *dialog = opened<ui::GroupDialog>(*m_ann);
        QVERIFY(dialog);
        QVERIFY(!dialog->saveButton()->isEnabled()); // nothing is changed
        dialog->about()->setPlainText(QString(501, QLatin1Char('x')));
        QVERIFY(!dialog->saveButton()->isEnabled());
        dialog->about()->setPlainText(QStringLiteral("We walk on Saturdays.\n周六爬山。"));
        dialog->name()->setText(QStringLiteral("Weekend hikes"));
        click(dialog->saveButton());
        QTRY_VERIFY(!opened<ui::GroupDialog>(*m_ann));
        const auto about = [&] {
            for (const QLabel *label : his->findChildren<QLabel *>())
                if (label->text() == QStringLiteral("We walk on Saturdays.\n周六爬山。"))
                    return label->isVisible();
            return false;
        };
        QTRY_VERIFY(about());
        QTRY_COMPARE(m_bob->list().row(m_bob->list().indexOf(m_group)).name, QStringLiteral("Weekend hikes"));
        his->reject();
        // Who may not is not asked at all; who lost the right meanwhile is told.
        QVERIFY(wait(m_ann->client().setRole(m_group, m_bob->client().self().id, Role::Member)));
        m_bob->window().controller().persons().editGroup(m_group);
        dialog = opened<ui::GroupDialog>(*m_bob);
        QVERIFY(dialog);
        dialog->name()->setText(QStringLiteral("Bob's"));
        click(dialog->saveButton());
        const auto told = [&] {
            for (const QLabel *label : dialog->findChildren<QLabel *>())
                if (label->objectName() == QStringLiteral("ErrorBox"))
                    return label->isVisible() && !label->text().isEmpty();
            return false;
        };
        QTRY_VERIFY(told());
        QVERIFY(dialog->saveButton()->isEnabled());
        QCOMPARE(dialog->name()->text(), QStringLiteral("Bob's")); // what was typed is kept
        dialog->reject();
    }

    void card_opensFromHeaderTimelineAndMenu()
    {
        QVERIFY(open(*m_ann, m_private));
        ui::ConversationHeader *header = m_ann->chat().header();
        QCOMPARE(header->profileButton()->accessibleName(), QStringLiteral("鲍勃"));
        QTest::keyClick(header->profileButton(), Qt::Key_Space);
        auto *card = opened<ui::ProfileCard>(*m_ann);
        QVERIFY(card);
        QTRY_COMPARE(card->presenceText(), QStringLiteral("online"));
        QTRY_COMPARE(card->groupButtons().size(), 1);
        QCOMPARE(card->groupButtons().front()->text(), QStringLiteral("Weekend hikes"));
        click(card->copyButton());
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("bob"));
        QVERIFY(card->muteButton()->isEnabled());
        click(card->groupButtons().front());
        QTRY_VERIFY(!opened<ui::ProfileCard>(*m_ann));
        QTRY_COMPARE(m_ann->timeline().conversation(), m_group);

        QVERIFY(wait(m_bob->client().send(m_group, "Who comes?")));
        QTRY_VERIFY(m_ann->rowOf(QStringLiteral("Who comes?")) >= 0);
        ui::TimelineView *view = m_ann->chat().timeline();
        const auto placed = [&] { return !view->rowRect(m_ann->rowOf(QStringLiteral("Who comes?"))).isEmpty(); };
        QTRY_VERIFY(placed());
        const int row = m_ann->rowOf(QStringLiteral("Who comes?"));
        const QPoint face = view->layoutOf(row).avatar.center().toPoint() + QPoint(0, view->rowRect(row).top());
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, face);
        card = opened<ui::ProfileCard>(*m_ann);
        QVERIFY(card);
        QCOMPARE(card->user(), m_bob->client().self().id);
        QTest::keyClick(card, Qt::Key_Escape);
        QTRY_VERIFY(!opened<ui::ProfileCard>(*m_ann));
        QObject menu;
        const auto actions = view->menuActions(row, &menu);
        const auto profile = std::find_if(actions.begin(), actions.end(), [](const QAction *action) {
            return action->text() == QStringLiteral("Profile of 鲍勃");
        });
        QVERIFY(profile != actions.end()); // by keys: the menu key
        (*profile)->trigger();
        card = opened<ui::ProfileCard>(*m_ann);
        QVERIFY(card);
        QTRY_VERIFY(card->searchButton()->isEnabled());
        click(card->searchButton());
        QTRY_VERIFY(m_ann->chat().isFinding());
        QCOMPARE(m_ann->timeline().conversation(), m_private);
        m_ann->chat().setFinding(false);
    }

    void ownName_isChangedOnTheOwnCard()
    {
        m_bob->window().controller().persons().showProfile(m_bob->client().self().id);
        auto *card = opened<ui::ProfileCard>(*m_bob);
        QVERIFY(card && card->nameField());
        QVERIFY(!card->saveButton()->isEnabled());
        card->nameField()->setText(QString(65, QLatin1Char('x')));
        QVERIFY(!card->saveButton()->isEnabled() && card->nameField()->hasError());
        card->nameField()->setText(QStringLiteral("鲍勃 Bob"));
        click(card->saveButton());
        QTRY_VERIFY(!opened<ui::ProfileCard>(*m_bob));
        QCOMPARE(m_bob->client().self().displayName, std::string("鲍勃 Bob"));
        const auto &people = m_bob->window().controller().people();
        QTRY_COMPARE(people.name(people.self()), QStringLiteral("鲍勃 Bob"));
        // Others see it when they look.
        m_ann->window().controller().persons().showProfile(m_bob->client().self().id);
        card = opened<ui::ProfileCard>(*m_ann);
        QVERIFY(card);
        QTRY_COMPARE(m_ann->window().controller().people().name(card->user()), QStringLiteral("鲍勃 Bob"));
        card->reject();
    }

    void blockedPerson_isToldAndTheConversationSaysSo()
    {
        QVERIFY(open(*m_ann, m_private) && open(*m_bob, m_private));
        const UserId bob = m_bob->client().self().id;
        ui::Composer *composer = m_ann->chat().composer();
        composer->edit()->insertPlainText(QStringLiteral("a thought"));
        composer->flushDraft();
        m_ann->window().controller().persons().showProfile(bob);
        auto *card = opened<ui::ProfileCard>(*m_ann);
        QVERIFY(card);
        click(card->blockButton());
        QVERIFY(!m_ann->client().isBlocked(bob)); // asks first
        click(card->blockButton());
        QTRY_VERIFY(m_ann->client().isBlocked(bob));
        QTRY_VERIFY(card->unblockButton()->isVisible() && !card->blockButton()->isVisible());
        card->reject();
        QVERIFY(!composer->edit()->isVisible());
        QVERIFY(composer->remedyButton()->isVisible());
        QCOMPARE(composer->remedyButton()->text(), QStringLiteral("Unblock"));

        // What he writes is refused for good, and says why.
        QVERIFY(wait(m_bob->client().send(m_private, "Are you there?")));
        const auto refused = [&] {
            const int row = m_bob->rowOf(QStringLiteral("Are you there?"));
            return row >= 0 && m_bob->timeline().row(row).delivery == models::Delivery::Failed;
        };
        QTRY_VERIFY(refused());
        const models::TimelineRow row = m_bob->timeline().row(m_bob->rowOf(QStringLiteral("Are you there?")));
        QCOMPARE(row.stored.failure, std::string("blocked"));
        QCOMPARE(ui::Words::delivery(row), QStringLiteral("Not sent. This person does not take messages from you."));
        QVERIFY(m_ann->rowOf(QStringLiteral("Are you there?")) < 0);

        // Known without a network, by a new start too.
        m_ann->client().disconnectFromServer();
        m_ann.reset();
        m_server->terminate();
        m_ann = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("ann")));
        m_ann->window().start(m_private);
        QTRY_VERIFY_WITH_TIMEOUT(m_ann->window().isChatting(), 20000);
        QVERIFY(m_ann->client().isBlocked(bob));
        composer = m_ann->chat().composer();
        QVERIFY(open(*m_ann, m_private));
        QTRY_VERIFY(composer->remedyButton()->isVisible());
        QVERIFY(m_server->start());
        m_ann->client().reconnectNow();
        QVERIFY(wait(m_ann->client().waitCaughtUp(std::chrono::seconds{20})));
        QVERIFY(m_ann->client().isBlocked(bob)); // and the server says the same

        // Another device of hers learns of it at once, and takes it back for both.
        test::Person phone(m_dir.filePath(QStringLiteral("phone")), "ann");
        QVERIFY(QDir().mkpath(m_dir.filePath(QStringLiteral("phone"))) && phone.open());
        QVERIFY(wait(phone->login(m_server->url(), "ann", kPassword)) && phone.connect());
        QTRY_VERIFY(phone->isBlocked(bob));
        QVERIFY(wait(phone->setBlocked(bob, false)));
        QTRY_VERIFY(!m_ann->client().isBlocked(bob));
        QTRY_VERIFY(composer->edit()->isVisible() && !composer->remedyButton()->isVisible());
        QCOMPARE(composer->text(), QStringLiteral("a thought")); // the draft is as it was
        QVERIFY(wait(phone->setBlocked(bob, true)));
        QTRY_VERIFY(composer->remedyButton()->isVisible());
        click(composer->remedyButton());
        QTRY_VERIFY(!phone->isBlocked(bob));
        QTRY_VERIFY(composer->edit()->isVisible());
        m_bob->client().reconnectNow();
        const auto cid = row.stored.message.cid;
        QVERIFY(wait(m_bob->client().retrySend(cid)));
        QTRY_VERIFY_WITH_TIMEOUT(m_ann->rowOf(QStringLiteral("Are you there?")) >= 0, 30000);
    }
};

QTEST_MAIN(TestPeopleWindows)
#include "test_people_windows.moc"
