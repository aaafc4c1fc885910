// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/desktop.h"

#include "core/client/client.h"
#include "ui/pictures/pictures.h"
#include "ui/shell/chat_controller.h"
#include "ui/shell/chat_page.h"
#include "ui/timeline/timeline_view.h"
#include "ui/words/words.h"

#include <QEvent>
#include <QGuiApplication>

#ifdef KITH_HAS_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#endif

namespace kith::ui {

Desktop::Desktop(client::Client &client, ChatController &controller, const UiSettings &settings, const Theme &theme,
                 QWidget &window)
    : QObject(&window), m_controller(controller), m_settings(settings), m_window(window), m_theme(theme),
      m_notifier(controller.people(), [this](const ConversationId &id) { return isLookingAt(id); }), m_tray(theme)
{
    using client::Client;
    connect(&client, &Client::headsChanged, &m_notifier, &models::Notifier::applyHeads);
    connect(&client, &Client::messagesChanged, &m_notifier, &models::Notifier::applyMessages);
    connect(&client, &Client::linkStatusChanged, &m_notifier,
            [this](const client::LinkStatus &status) { m_notifier.setCatchingUp(status.catchingUp); });
    connect(&client, &Client::blockedChanged, &m_notifier,
            [this, &client] { m_notifier.setBlocked(client.blocked()); });
    connect(&controller, &ChatController::headsRead, this,
            [this, &client] { m_notifier.setBlocked(client.blocked()); }); // read at the start, told by nobody
    connect(&controller, &ChatController::headsRead, &m_notifier, &models::Notifier::start);
    connect(&m_notifier, &models::Notifier::news, this, &Desktop::tell);
    connect(&m_notifier, &models::Notifier::withdrawn, this, [this](const ConversationId &id) {
        m_notifications.close(QString::fromStdString(id.str()));
        m_told.remove(QString::fromStdString(id.str()));
    });
    connect(&m_notifications, &DesktopNotifications::activated, this, &Desktop::open);
    m_notifications.setFallback([this](const QString &key, const QString &title, const QString &text) {
        m_lastTold = key;
        m_tray.tell(title, text);
    });
    connect(&m_tray, &Tray::tellingClicked, this, [this] { open(m_lastTold, {}); });
    connect(&m_tray, &Tray::openRequested, this, [this] { raise(); });
    connect(&m_tray, &Tray::lockRequested, this, &Desktop::lockRequested);
    connect(&m_tray, &Tray::quitRequested, this, &Desktop::quitRequested);
    connect(&controller.list(), &models::ConversationListModel::unreadTotalChanged, this, &Desktop::setUnread);
    window.installEventFilter(this);
    configure();
}

void Desktop::configure()
{
    m_tray.setShown(m_settings.trayShown());
    if (m_settings.notifications() == NotificationMode::Off)
        m_notifications.closeAll();
}

void Desktop::leave()
{
    m_notifier.stop();
    m_notifications.closeAll();
    m_told.clear();
    setUnread(0);
}

bool Desktop::keepsRunning() const
{
    return m_settings.closeToTray() && m_tray.isShown();
}

bool Desktop::isLookingAt(const ConversationId &id) const
{
    return m_window.isActiveWindow() && m_controller.openedConversation() == id && m_controller.isAtNewest();
}

void Desktop::raise(const QString &token)
{
    if (!token.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8()); // read by Qt's Wayland plugin in activateWindow()
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

void Desktop::tell(const models::News &news)
{
    const NotificationMode mode = m_settings.notifications();
    if (mode == NotificationMode::Off)
        return;
    const QString key = QString::fromStdString(news.conversation.str());
    m_told[key] = news.seq;
    const int unread = static_cast<int>(news.unread);
    if (news.conversation.empty())
        return m_notifications.show(key, tr("%n new message(s)", nullptr, unread),
                                    tr("in %n conversation(s)", nullptr, static_cast<int>(news.conversations)));
    if (mode == NotificationMode::Hidden)
        return m_notifications.show(key, QGuiApplication::applicationDisplayName(),
                                    tr("%n new message(s)", nullptr, unread));
    const QString name = news.title.isEmpty() ? Words::name(news.sender) : news.title;
    QString title = unread > 1 ? tr("%1 (%2)", "name (unread messages)").arg(name).arg(unread) : name;
    QString text = news.text;
    if (news.mentioned)
        text = tr("%1 mentioned you: %2").arg(Words::name(news.sender), text);
    else if (news.group)
        text = tr("%1: %2", "sender: message").arg(Words::name(news.sender), text);
    // What is not here is not waited for.
    m_notifications.show(key, title, text, m_theme.pictures().image(news.avatar));
}

void Desktop::open(const QString &key, const QString &token)
{
    const Seq seq = m_told.value(key);
    raise(token);
    const ConversationId id(key.toStdString());
    if (id.empty() || m_controller.list().indexOf(id) < 0)
        return;
    // A conversation that is opened begins with what is new; one that is open goes there.
    if (m_controller.openedConversation() == id && seq)
        m_controller.timeline().jumpTo(seq);
    else
        m_controller.openConversation(id);
}

void Desktop::setUnread(qint64 unread)
{
    m_tray.setUnread(unread);
#ifdef KITH_HAS_DBUS
    // The number on the icon in docks that know this (KDE, Unity, Dash to Dock).
    const QString file = QGuiApplication::desktopFileName();
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (file.isEmpty() || !bus.isConnected())
        return;
    QDBusMessage update =
        QDBusMessage::createSignal(QStringLiteral("/com/canonical/Unity/LauncherEntry"),
                                   QStringLiteral("com.canonical.Unity.LauncherEntry"), QStringLiteral("Update"));
    update << QStringLiteral("application://%1.desktop").arg(file)
           << QVariantMap{{QStringLiteral("count"), unread}, {QStringLiteral("count-visible"), unread > 0}};
    bus.send(update);
#endif
}

bool Desktop::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == &m_window && event->type() == QEvent::ActivationChange && m_window.isActiveWindow())
        m_notifier.lookedAt();
    return QObject::eventFilter(watched, event);
}

} // namespace kith::ui
