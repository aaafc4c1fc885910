// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/desktop_notifications.h"

#include <QCoreApplication>
#include <QGuiApplication>

#ifdef KITH_HAS_DBUS
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#endif

#ifdef KITH_HAS_DBUS
namespace kith::ui {

/// `image-data` of the Desktop Notifications Specification 1.2.
struct NotificationPicture {
    QImage image; // RGB888
};

} // namespace kith::ui

Q_DECLARE_METATYPE(kith::ui::NotificationPicture)
#endif

namespace kith::ui {

#ifdef KITH_HAS_DBUS

static QDBusArgument &operator<<(QDBusArgument &argument, const NotificationPicture &picture)
{
    const QImage &image = picture.image;
    const QByteArray bytes(reinterpret_cast<const char *>(image.constBits()), image.sizeInBytes());
    argument.beginStructure();
    argument << image.width() << image.height() << static_cast<int>(image.bytesPerLine()) << false << 8 << 3 << bytes;
    argument.endStructure();
    return argument;
}

static const QDBusArgument &operator>>(const QDBusArgument &argument, NotificationPicture &)
{
    return argument; // nobody sends us one
}

namespace {

constexpr int kPictureSide = 96;

const QString kService = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");

QDBusMessage call(const char *method)
{
    return QDBusMessage::createMethodCall(kService, kPath, kService, QLatin1String(method));
}

} // namespace

DesktopNotifications::DesktopNotifications(QObject *parent) : QObject(parent)
{
    qDBusRegisterMetaType<NotificationPicture>();
    QDBusConnection bus = QDBusConnection::sessionBus();
    m_there = bus.isConnected();
    if (!m_there)
        return;
    bus.connect(kService, kPath, kService, QStringLiteral("ActionInvoked"), this, SLOT(onAction(uint, QString)));
    bus.connect(kService, kPath, kService, QStringLiteral("NotificationClosed"), this, SLOT(onClosed(uint, uint)));
    bus.connect(kService, kPath, kService, QStringLiteral("ActivationToken"), this, SLOT(onToken(uint, QString)));
}

void DesktopNotifications::askService()
{
    m_asked = true;
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call("GetCapabilities")), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QStringList> reply = *watcher;
        m_markup = !reply.isError() && reply.value().contains(QStringLiteral("body-markup"));
        for (auto it = m_shown.begin(); it != m_shown.end(); ++it)
            if (it->again && !it->asking)
                send(it.key());
    });
}

void DesktopNotifications::send(const QString &key)
{
    Shown &shown = m_shown[key];
    shown.asking = true;
    shown.again = false;
    QVariantMap hints{{QStringLiteral("category"), QStringLiteral("im.received")}};
    if (const QString file = QGuiApplication::desktopFileName(); !file.isEmpty())
        hints.insert(QStringLiteral("desktop-entry"), file);
    if (!shown.picture.isNull()) {
        const QImage image =
            shown.picture.scaled(kPictureSide, kPictureSide, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                .convertToFormat(QImage::Format_RGB888);
        hints.insert(QStringLiteral("image-data"), QVariant::fromValue(NotificationPicture{image}));
    }
    QDBusMessage notify = call("Notify");
    notify << QGuiApplication::applicationDisplayName() << shown.id << QStringLiteral("kith") << shown.title
           << (m_markup ? shown.text.toHtmlEscaped() : shown.text)
           << QStringList{QStringLiteral("default"), QCoreApplication::translate("DesktopNotifications", "Open")}
           << hints << -1;
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(notify), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, key] {
        watcher->deleteLater();
        const QDBusPendingReply<uint> reply = *watcher;
        const auto at = m_shown.find(key);
        if (at == m_shown.end())
            return;
        at->asking = false;
        if (reply.isError()) {
            const QString title = at->title, text = at->text;
            m_shown.erase(at);
            if (m_fallback)
                m_fallback(key, title, text);
            return;
        }
        at->id = reply.value();
        if (at->closed)
            close(key);
        else if (at->again)
            send(key);
    });
}

void DesktopNotifications::show(const QString &key, const QString &title, const QString &text, const QImage &picture)
{
    if (!m_there) {
        if (m_fallback)
            m_fallback(key, title, text);
        return;
    }
    Shown &shown = m_shown[key];
    shown.title = title;
    shown.text = text;
    shown.picture = picture;
    shown.closed = false;
    shown.again = true;
    if (!m_asked)
        askService(); // sends when it knows how to write
    else if (!shown.asking)
        send(key);
}

void DesktopNotifications::close(const QString &key)
{
    const auto at = m_shown.find(key);
    if (at == m_shown.end())
        return;
    if (at->asking) {
        at->closed = true; // its number is not known yet
        at->again = false;
        return;
    }
    if (at->id != 0)
        QDBusConnection::sessionBus().asyncCall(call("CloseNotification") << at->id);
    m_shown.erase(at);
}

void DesktopNotifications::onAction(uint id, const QString &)
{
    for (auto it = m_shown.begin(); it != m_shown.end(); ++it) {
        if (it->id == id && id != 0) {
            const QString key = it.key();
            return emit activated(key, m_tokens.take(id));
        }
    }
}

void DesktopNotifications::onClosed(uint id, uint)
{
    m_tokens.remove(id);
    m_shown.removeIf([id](QHash<QString, Shown>::iterator it) { return it->id == id && id != 0 && !it->asking; });
}

void DesktopNotifications::onToken(uint id, const QString &token)
{
    for (const Shown &shown : std::as_const(m_shown))
        if (shown.id == id && id != 0)
            m_tokens.insert(id, token);
}

#else

DesktopNotifications::DesktopNotifications(QObject *parent) : QObject(parent), m_there(false) {}

void DesktopNotifications::show(const QString &key, const QString &title, const QString &text, const QImage &)
{
    if (m_fallback)
        m_fallback(key, title, text);
}
void DesktopNotifications::close(const QString &) {}
void DesktopNotifications::onAction(uint, const QString &) {}
void DesktopNotifications::onClosed(uint, uint) {}
void DesktopNotifications::onToken(uint, const QString &) {}

#endif

DesktopNotifications::~DesktopNotifications()
{
    closeAll();
}

void DesktopNotifications::closeAll()
{
    const QStringList keys = m_shown.keys();
    for (const QString &key : keys)
        close(key);
}

void DesktopNotifications::setFallback(std::function<void(const QString &, const QString &, const QString &)> fallback)
{
    m_fallback = std::move(fallback);
}

} // namespace kith::ui
