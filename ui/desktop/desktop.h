// SPDX-License-Identifier: GPL-3.0-or-later
// What Kith shows outside its window: notifications, the tray, the number on the dock's icon.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/notifier.h"
#include "ui/desktop/desktop_notifications.h"
#include "ui/desktop/tray.h"
#include "ui/shell/ui_settings.h"
#endif

#include <QPointer>
#include <QWidget>

namespace kith::client {
class Client;
}

namespace kith::ui {

class ChatController;

class Desktop final : public QObject {
    Q_OBJECT
public:
    /// `window` is the one that is brought to the front.
    Desktop(client::Client &client, ChatController &controller, const UiSettings &settings, const Theme &theme,
            QWidget &window);

    /// The settings changed.
    void configure();
    /// The history is closed: nothing of it stays on the desktop.
    void leave();
    /// Close the window into the tray instead of ending the program?
    bool keepsRunning() const;
    /// Shows the window in front of the others. `token`: what Wayland wants to see for that.
    void raise(const QString &token = {});
    Tray &tray() { return m_tray; }
    models::Notifier &notifier() { return m_notifier; }

signals:
    void lockRequested();
    void quitRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool isLookingAt(const ConversationId &id) const;
    void tell(const models::News &news);
    void open(const QString &key, const QString &token);
    void setUnread(qint64 unread);

    ChatController &m_controller;
    const UiSettings &m_settings;
    QWidget &m_window;
    const Theme &m_theme;
    models::Notifier m_notifier;
    DesktopNotifications m_notifications;
    Tray m_tray;
    QHash<QString, Seq> m_told;
    QString m_lastTold; // by the tray, which does not say which bubble was clicked
};

} // namespace kith::ui
