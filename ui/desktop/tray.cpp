// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/tray.h"

#include "ui/theme/icons.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>

#include <cmath>

namespace kith::ui {

namespace {

QPixmap badged(int size, qint64 unread, const Theme &theme)
{
    const QIcon own = QGuiApplication::windowIcon();
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    {
        QPainter p(&pixmap);
        (own.isNull() ? QIcon(QStringLiteral(":/icons/app.svg")) : own).paint(&p, pixmap.rect());
    }
    if (unread <= 0)
        return pixmap;
    QPainter p(&pixmap);
    p.setRenderHint(QPainter::Antialiasing);
    // At 16 and 22 pixels no more than two signs can be read.
    const QString text = unread > 99 ? QStringLiteral("99+") : QString::number(unread);
    const double height = std::round(size * 0.56);
    QFont font = theme.nameFont();
    font.setPixelSize(std::max(7, static_cast<int>(height * (text.size() > 2 ? 0.62 : 0.78))));
    const double width =
        std::min<double>(size, std::max(height, QFontMetricsF(font).horizontalAdvance(text) + height * 0.4));
    const QRectF badge(size - width, size - height, width, height);
    p.setPen(Qt::NoPen);
    p.setBrush(theme[Token::Accent]);
    p.drawRoundedRect(badge, height / 2, height / 2);
    p.setFont(font);
    p.setPen(theme[Token::OnAccent]);
    p.drawText(badge, Qt::AlignCenter, text);
    return pixmap;
}

} // namespace

QIcon badgedIcon(qint64 unread, const Theme &theme)
{
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48, 64})
        icon.addPixmap(badged(size, unread, theme));
    return icon;
}

Tray::Tray(const Theme &theme, QObject *parent) : QObject(parent), m_theme(theme)
{
    m_open = m_menu.addAction(QString(), this, &Tray::openRequested);
    m_lock = m_menu.addAction(QString(), this, &Tray::lockRequested);
    m_menu.addSeparator();
    m_quit = m_menu.addAction(QString(), this, &Tray::quitRequested);
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason != QSystemTrayIcon::Context)
            emit openRequested();
    });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::tellingClicked);
    connect(&theme, &Theme::changed, this, [this] { setUnread(m_unread); });
    m_menu.installEventFilter(this); // told of another language
    retranslate();
    setUnread(0);
}

void Tray::setShown(bool shown)
{
    // Under X11 it appears when a tray comes later: panels may start after us.
    m_icon.setVisible(shown && (isAvailable() || QGuiApplication::platformName() == QLatin1String("xcb")));
}

void Tray::setUnread(qint64 unread)
{
    m_unread = unread;
    m_icon.setIcon(badgedIcon(unread, m_theme));
    m_icon.setToolTip(unread > 0 ? tr("Kith: %n unread message(s)", nullptr, static_cast<int>(unread))
                                 : QStringLiteral("Kith"));
}

void Tray::tell(const QString &title, const QString &text)
{
    if (m_icon.isVisible())
        m_icon.showMessage(title, text, badgedIcon(0, m_theme));
}

void Tray::retranslate()
{
    m_open->setText(tr("Open Kith"));
    m_lock->setText(tr("Lock"));
    m_quit->setText(tr("Quit"));
}

bool Tray::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == &m_menu && event->type() == QEvent::LanguageChange) {
        retranslate();
        setUnread(m_unread);
    }
    return QObject::eventFilter(watched, event);
}

} // namespace kith::ui
