// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures: in the list and the messages, of a group, the own one, and one that is being cut.
#include "core/models/conversation_list.h"
#include "core/models/members.h"
#include "core/models/people.h"
#include "tests/people.h"
#include "tests/ui/drawn_pictures.h"
#include "tests/ui/states.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/profile_card.h"
#include "ui/pictures/crop_dialog.h"
#include "ui/pictures/crop_view.h"
#include "ui/pictures/picture_editor.h"
#include "ui/pictures/pictures.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"

#include <QApplication>
#include <QPushButton>

using namespace kith;

namespace {

User withPicture(User user, const char *picture)
{
    user.avatar = picture;
    return user;
}

void dialogs(ui::Theme &theme, models::People &people, bool few, const std::string &tail,
             const std::function<void(QWidget &, const char *)> &shot)
{
    ui::CropDialog crop(theme, test::drawnPicture(4, QSize(1600, 1000)));
    crop.setAttribute(Qt::WA_DeleteOnClose, false);
    crop.show();
    crop.view()->setZoom(30);
    shot(crop, ("picture-crop" + tail).c_str());

    models::MembersModel model(people);
    std::vector<UserId> ids;
    for (const char *id : {"1", "2", "3", "4", "5", "6"})
        ids.emplace_back(id);
    std::vector<Member> members;
    for (const UserId &id : ids)
        members.push_back({id, id == ids[0] ? Role::Owner : Role::Member, {}});
    model.add(members, people.known(ids));
    Head head;
    head.conversation = ConversationId("g:7");
    head.type = ConversationType::Group;
    head.name = "Weekend hikes";
    head.about = "Every second Saturday, whatever the weather.";
    head.members = 6;
    head.role = Role::Owner;
    head.avatar = "picture-1";
    ui::MembersDialog group(theme, model, people);
    group.pictureEditor()->setOffered(true);
    group.setGroup(head);
    group.show();
    shot(group, ("picture-group" + tail).c_str());

    const auto own = [&](const char *name, const char *picture, const std::function<void(ui::ProfileCard &)> &change) {
        ui::ProfileCard card(theme, withPicture(test::person("1", "lin", "Lin Qiao"), picture), true);
        card.setAttribute(Qt::WA_DeleteOnClose, false);
        card.pictureEditor()->setOffered(true);
        card.show();
        change(card);
        shot(card, (name + tail).c_str());
    };
    own("picture-own", "picture-5", [](ui::ProfileCard &) {});
    if (few)
        return;
    own("picture-none", "",
        [](ui::ProfileCard &card) { card.pictureEditor()->changeButton()->setFocus(Qt::TabFocusReason); });
    own("picture-sending", "picture-5", [](ui::ProfileCard &card) { card.pictureEditor()->setBusy(0.4); });
    own("picture-failed", "picture-5", [](ui::ProfileCard &card) {
        client::ClientError error;
        error.code = client::ClientErrorCode::Unreachable;
        card.pictureEditor()->showError(error);
    });
}

} // namespace

void test::drawAvatarStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                            models::People &people, models::ConversationListModel &list, bool few,
                            const std::function<void(QWidget &, const char *)> &shot)
{
    for (int i = 1; i <= 6; ++i)
        theme.pictures().putImage(QStringLiteral("picture-%1").arg(i), drawnPicture(i, QSize(256, 256)));
    const std::vector<User> before =
        people.known({UserId("1"), UserId("2"), UserId("3"), UserId("4"), UserId("5"), UserId("6")});
    std::vector<User> after = before;
    for (std::size_t i = 0; i < after.size(); ++i)
        if (i % 3 != 2) // some have none
            after[i].avatar = "picture-" + std::to_string(i + 1);
    people.put(after);
    const history::LocalHead group = list.row(list.indexOf(ConversationId("g:7"))).head;
    history::LocalHead pictured = group;
    pictured.head.avatar = "picture-1";
    list.apply({pictured});
    page.showConversation(list.row(list.indexOf(ConversationId("g:7"))));
    for (const bool dark : {false, true}) {
        for (const bool chinese : {false, true}) {
            theme.apply(app, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
            languages.apply(app, theme, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
            const std::string tail = std::string(chinese ? "-zh" : "") + (dark ? "-dark" : "");
            shot(page, ("picture-list" + tail).c_str());
            dialogs(theme, people, few, tail, shot);
        }
    }
    people.put(before);
    list.apply({group});
    page.showConversation(list.row(list.indexOf(ConversationId("g:7"))));
    theme.apply(app, ui::ThemeMode::Light);
    languages.apply(app, theme, QStringLiteral("en"));
}
