// SPDX-License-Identifier: GPL-3.0-or-later
// A name being completed, and the dialog that says who has read a message.
#include "core/models/people.h"
#include "tests/ui/states.h"
#include "ui/dialogs/receipts_dialog.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/mention_completer.h"

#include <QApplication>

using namespace kith;

void test::drawMentionStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                             models::People &people, const std::function<void(QWidget &, const char *)> &shot)
{
    ui::Composer *composer = page.composer();
    std::vector<UserId> members;
    for (const char *id : {"4", "3", "5", "6", "2"})
        members.emplace_back(id);
    page.activateWindow();
    composer->focusText();
    while (!composer->edit()->hasFocus())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    composer->mentions()->setPeople(people.known(members));
    composer->edit()->setPlainText(QStringLiteral("What do you think, @"));
    composer->edit()->moveCursor(QTextCursor::End);
    shot(page, "mention");
    theme.apply(app, ui::ThemeMode::Dark);
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    composer->edit()->setPlainText(QStringLiteral("你觉得呢，@魏"));
    composer->edit()->moveCursor(QTextCursor::End);
    shot(page, "mention-zh-dark");
    composer->edit()->clear();

    client::MessageReceipts receipts;
    receipts.readBy = {members[0], members[2]};
    receipts.deliveredTo = members;
    receipts.readCount = 2;
    receipts.deliveredCount = 5;
    const auto dialog = [&](const char *name, const std::function<void(ui::ReceiptsDialog &)> &fill) {
        auto *one = new ui::ReceiptsDialog(theme, people,
                                           QStringLiteral("I was there on Tuesday. The lower one is fine, "
                                                          "the upper one has two trees across it."));
        fill(*one);
        one->show();
        shot(*one, name);
        one->close();
    };
    dialog("receipts-zh-dark", [&](ui::ReceiptsDialog &one) { one.showReceipts(receipts); });
    languages.apply(app, theme, QStringLiteral("en"));
    theme.apply(app, ui::ThemeMode::Light);
    dialog("receipts", [&](ui::ReceiptsDialog &one) { one.showReceipts(receipts); });
    dialog("receipts-away", [](ui::ReceiptsDialog &one) {
        client::ClientError away;
        away.code = client::ClientErrorCode::Unreachable;
        one.showError(away);
    });
}
