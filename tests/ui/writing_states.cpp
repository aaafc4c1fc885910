// SPDX-License-Identifier: GPL-3.0-or-later
// Emoji being picked, found and completed.
#include "core/models/emoji.h"
#include "tests/ui/states.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/emoji_picker.h"

#include <QApplication>
#include <QLineEdit>

using namespace kith;

void test::drawWritingStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                             bool few, const std::function<void(QWidget &, const char *)> &shot)
{
    ui::Composer *composer = page.composer();
    ui::EmojiPicker *picker = composer->picker();
    page.activateWindow();
    composer->focusText();
    while (!composer->edit()->hasFocus())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    composer->setDraft(QStringLiteral("See you at six "));
    picker->open();
    shot(page, "emoji");
    if (!few) {
        composer->emoji().setRecentTexts({QStringLiteral("👍"), QStringLiteral("🎉"), QStringLiteral("❤️"),
                                          QStringLiteral("☕"), QStringLiteral("👩‍👩‍👧‍👦"),
                                          QStringLiteral("🇩🇪")});
        picker->close();
        picker->open();
        shot(page, "emoji-recent");
        picker->search()->setText(QStringLiteral("qqq"));
        shot(page, "emoji-none");
    }
    theme.apply(app, ui::ThemeMode::Dark);
    languages.apply(app, theme, QStringLiteral("zh_CN"));
    picker->search()->setText(QStringLiteral("笑"));
    shot(page, "emoji-zh-dark");
    picker->close();
    composer->edit()->setPlainText(QStringLiteral("好的 :笑"));
    composer->edit()->moveCursor(QTextCursor::End);
    shot(page, "emoji-name-zh-dark");
    if (!few) {
        const QSize size = page.size();
        page.resize(400, 400);
        picker->open();
        shot(page, "emoji-small");
        picker->close();
        page.resize(size);
    }
    theme.apply(app, ui::ThemeMode::Light);
    languages.apply(app, theme, QStringLiteral("en"));
    composer->edit()->setPlainText(QStringLiteral("Yes :thumbs"));
    composer->edit()->moveCursor(QTextCursor::End);
    shot(page, "emoji-name");
    composer->edit()->clear();
    composer->emoji().setRecentTexts({});
}
