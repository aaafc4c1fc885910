// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of states that no demo server has: widgets on models fed with plain data, without a client.
#pragma once

#include <functional>

class QApplication;
class QString;
class QWidget;

namespace kith::models {
class ConversationListModel;
class People;
} // namespace kith::models

namespace kith::ui {
class ChatPage;
class Languages;
class Theme;
} // namespace kith::ui

namespace kith::test {

/// Writes state-*.png; `few`: only those that are worth looking at on a fine screen, named *@2.png.
void drawStates(QApplication &app, const QString &out, bool few);
/// As drawStates(), and each state goes to `look` instead of a file.
void visitStates(QApplication &app, bool few, const std::function<void(QWidget &, const char *)> &look);

/// Members, profile cards, a blocked person; visitStates() calls it.
void drawPeopleStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                      models::People &people, const models::ConversationListModel &list, bool few,
                      const std::function<void(QWidget &, const char *)> &shot);

/// Pictures of people and groups; drawStates() calls it.
void drawAvatarStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                      models::People &people, models::ConversationListModel &list, bool few,
                      const std::function<void(QWidget &, const char *)> &shot);

/// Those of security; drawStates() calls it.
void drawSecurityStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                        const std::function<void(QWidget &, const char *)> &shot);

/// People offered while one is mentioned, and who has read a message; drawStates() calls it.
void drawMentionStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                       models::People &people, const std::function<void(QWidget &, const char *)> &shot);

/// Emoji picked and completed; drawStates() calls it.
void drawWritingStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page, bool few,
                       const std::function<void(QWidget &, const char *)> &shot);
/// The calendar, and words that were found, in the messages of the page; drawStates() calls it.
void drawDayStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page, const char *found,
                   const std::function<void(QWidget &, const char *)> &shot);

/// Those of the search and of Ctrl+K, on the page that drawStates() has.
void drawFindStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, ui::ChatPage &page,
                    models::People &people, const models::ConversationListModel &list, bool few,
                    const std::function<void(QWidget &, const char *)> &shot);

/// Those of the download; drawStates() calls it.
void drawDownloadStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                        const std::function<void(QWidget &, const char *)> &shot);

/// Those of the wire inspector; drawStates() calls it.
void drawInspectorStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                         const std::function<void(QWidget &, const char *)> &shot);

/// Those of an export; drawStates() calls it.
void drawExportStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                      const std::function<void(QWidget &, const char *)> &shot);

/// The settings, and `page` at other text sizes; drawStates() calls it.
void drawSettingsStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few, ui::ChatPage &page,
                        const std::function<void(QWidget &, const char *)> &shot);

} // namespace kith::test
