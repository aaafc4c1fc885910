// SPDX-License-Identifier: GPL-3.0-or-later
// People: a large group's members and what may be done to them, profile cards, a blocked person.
#include "core/models/members.h"
#include "core/models/people.h"
#include "tests/ui/states.h"
#include "ui/dialogs/group_dialog.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/profile_card.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"
#include "ui/widgets/conversation_header.h"

#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

using namespace kith;

namespace {

Head group(Role role)
{
    Head head;
    head.conversation = ConversationId("g:7");
    head.type = ConversationType::Group;
    head.name = "Weekend hikes";
    head.about = "Every second Saturday, whatever the weather. Meeting point and route are pinned by Thursday evening.";
    head.members = 6;
    head.role = role;
    return head;
}

void drawMembers(QApplication &app, ui::Theme &theme, ui::Languages &languages, models::People &people, bool few,
                 const std::function<void(QWidget &, const char *)> &shot)
{
    models::MembersModel model(people);
    std::vector<UserId> ids;
    for (const char *id : {"1", "2", "3", "4", "5", "6"})
        ids.emplace_back(id);
    std::vector<Member> members;
    for (const UserId &id : ids)
        members.push_back({id, id == ids[0] ? Role::Owner : id == ids[3] ? Role::Admin : Role::Member, {}});
    model.add(members, people.known(ids));
    model.setPresence({ids[1], PresenceState::Online, {}});
    model.setPresence({ids[3], PresenceState::Away, {}});
    const auto dialog = [&](const char *name, Role role, const std::function<void(ui::MembersDialog &)> &change) {
        ui::MembersDialog one(theme, model, people);
        one.setGroup(group(role));
        one.show();
        change(one);
        shot(one, name);
        model.setFilter({});
    };
    const auto nothing = [](ui::MembersDialog &) {};
    if (few) {
        dialog("members-zh-dark", Role::Owner, nothing);
        return;
    }
    dialog("members-owner", Role::Owner, [](ui::MembersDialog &one) {
        one.list()->setCurrentIndex(one.list()->model()->index(2, 0));
        one.list()->setFocus();
    });
    dialog("members-member", Role::Member, nothing);
    dialog("members-search", Role::Admin, [](ui::MembersDialog &one) {
        one.searchEdit()->setText(QStringLiteral("wzh"));
        one.list()->setCurrentIndex(one.list()->model()->index(0, 0));
    });
    dialog("members-nobody", Role::Admin,
           [](ui::MembersDialog &one) { one.searchEdit()->setText(QStringLiteral("xyz")); });
    dialog("members-hand-over", Role::Owner, [](ui::MembersDialog &one) {
        one.list()->setCurrentIndex(one.list()->model()->index(2, 0));
        QMenu menu;
        one.fillMenu(menu);
        for (QAction *action : menu.actions())
            if (action->text().endsWith(QStringLiteral("over…")))
                action->trigger();
    });
    dialog("members-away", Role::Owner, [](ui::MembersDialog &one) {
        client::ClientError away;
        away.code = client::ClientErrorCode::Unreachable;
        one.showError(away, true);
    });
    theme.apply(app, ui::ThemeMode::Dark);
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    dialog("members-zh-dark", Role::Owner, nothing);
    languages.apply(app, theme, QStringLiteral("en"));
    theme.apply(app, ui::ThemeMode::Light);
}

void drawCards(QApplication &app, ui::Theme &theme, ui::Languages &languages, models::People &people, bool few,
               const std::function<void(QWidget &, const char *)> &shot)
{
    const auto card = [&](const char *name, const char *id, const std::function<void(ui::ProfileCard &)> &change) {
        ui::ProfileCard *one =
            new ui::ProfileCard(theme, people.known({UserId(id)}).front(), people.isSelf(UserId(id)));
        one->setMuted(false);
        change(*one);
        one->show();
        shot(*one, name);
        delete one;
    };
    const std::vector<ui::SharedGroup> groups{
        {ConversationId("g:7"), QStringLiteral("Weekend hikes")},
        {ConversationId("g:8"), QStringLiteral("Ein wirklich sehr langer Gruppenname der nirgends hineinpasst")},
        {ConversationId("g:9"), QStringLiteral("读书会")},
        {ConversationId("g:10"), QStringLiteral("R&D")},
        {ConversationId("g:11"), QStringLiteral("Flat")},
        {ConversationId("g:12"), QStringLiteral("One")},
        {ConversationId("g:13"), QStringLiteral("Two")}};
    const auto seen = [](ui::ProfileCard &one) {
        one.setPresence(Presence{one.user(), PresenceState::Offline,
                                 fromUnixMs(QDateTime::currentMSecsSinceEpoch() - 26 * 3600 * 1000)});
    };
    if (few) {
        card("card-zh-dark", "3", [&](ui::ProfileCard &one) { one.setGroups(groups), seen(one); });
        return;
    }
    card("card", "5", [&](ui::ProfileCard &one) { one.setGroups(groups), seen(one); });
    card("card-stranger", "6", [](ui::ProfileCard &one) { one.setMuted({}); });
    card("card-blocked", "2", [](ui::ProfileCard &one) { one.setBlocked(true); });
    card("card-own", "1", [](ui::ProfileCard &) {});
    card("card-error", "2", [](ui::ProfileCard &one) {
        client::ClientError away;
        away.code = client::ClientErrorCode::Unreachable;
        one.showError(away);
    });
    theme.apply(app, ui::ThemeMode::Dark);
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    card("card-zh-dark", "3", [&](ui::ProfileCard &one) { one.setGroups(groups), seen(one); });
    languages.apply(app, theme, QStringLiteral("en"));
    theme.apply(app, ui::ThemeMode::Light);
}

} // namespace

void test::drawPeopleStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                            models::People &people, const models::ConversationListModel &list, bool few,
                            const std::function<void(QWidget &, const char *)> &shot)
{
    if (few) { // whatever was drawn before them
        theme.apply(app, ui::ThemeMode::Dark);
        languages.apply(app, theme, QStringLiteral("zh_CN"));
    }
    drawMembers(app, theme, languages, people, few, shot);
    drawCards(app, theme, languages, people, few, shot);
    if (few)
        return;
    ui::GroupDialog edit(theme, QStringLiteral("Weekend hikes"), QString::fromStdString(group(Role::Owner).about));
    edit.setAttribute(Qt::WA_DeleteOnClose, false);
    edit.show();
    shot(edit, "group-edit");
    edit.about()->setPlainText(QString(510, QLatin1Char('x')));
    shot(edit, "group-edit-too-long");
    edit.hide();
    const int row = list.indexOf(ConversationId("p:1:2"));
    page.showConversation(list.row(row), true);
    page.header()->profileButton()->setFocus(Qt::TabFocusReason);
    shot(page, "blocked");
    theme.apply(app, ui::ThemeMode::Dark);
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    shot(page, "blocked-zh-dark");
    languages.apply(app, theme, QStringLiteral("en"));
    theme.apply(app, ui::ThemeMode::Light);
    page.showConversation(list.row(list.indexOf(ConversationId("g:7"))));
}
