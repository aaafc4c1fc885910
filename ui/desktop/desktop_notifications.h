// SPDX-License-Identifier: GPL-3.0-or-later
// Notifications as the desktop shows them: org.freedesktop.Notifications where there is D-Bus, else the tray's bubbles.
// Nothing here waits: the service is asked, and answers when it likes.
#pragma once

#include <QHash>
#include <QImage>
#include <QObject>
#include <QString>

#include <functional>

namespace kith::ui {

class DesktopNotifications final : public QObject {
    Q_OBJECT
public:
    explicit DesktopNotifications(QObject *parent = nullptr);
    ~DesktopNotifications() override;

    /// Replaces the one that stands under this key. Plain text, both; `picture` may be null.
    void show(const QString &key, const QString &title, const QString &text, const QImage &picture = {});
    void close(const QString &key);
    void closeAll();
    /// Used where there is no service, with the title and the text.
    void setFallback(std::function<void(const QString &key, const QString &title, const QString &text)> fallback);

signals:
    /// The user clicked it. `token`: lets a window come to the front on Wayland; empty elsewhere.
    void activated(const QString &key, const QString &token);

private slots:
    void onAction(uint id, const QString &action);
    void onClosed(uint id, uint reason);
    void onToken(uint id, const QString &token);

private:
    struct Shown {
        uint id = 0;         // 0: the service has not answered yet
        bool asking = false; // until it has, only the newest words are kept
        bool closed = false; // closed before it had answered
        bool again = false;
        QString title, text;
        QImage picture;
    };
    void send(const QString &key);
    void askService();

    QHash<QString, Shown> m_shown;
    std::function<void(const QString &, const QString &, const QString &)> m_fallback;
    QHash<uint, QString> m_tokens;
    bool m_asked = false, m_there = true, m_markup = false;
};

} // namespace kith::ui
