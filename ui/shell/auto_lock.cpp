// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/auto_lock.h"

#include <QCoreApplication>
#include <QEvent>

#include <algorithm>

namespace kith::ui {

AutoLock::AutoLock(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &AutoLock::check);
    connect(&m_suspend, &client::SuspendMonitor::aboutToSuspend, this, [this] {
        if (m_atSuspend)
            emit due();
    });
}

void AutoLock::configure(std::chrono::milliseconds idle, bool atSuspend)
{
    m_atSuspend = atSuspend;
    m_suspend.setDelaying(atSuspend);
    m_idle = idle;
    m_timer.stop();
    qApp->removeEventFilter(this);
    if (idle.count() <= 0)
        return;
    qApp->installEventFilter(this);
    m_quiet.start();
    m_wallMs = QDateTime::currentMSecsSinceEpoch();
    m_timer.start(idle);
}

void AutoLock::check()
{
    if (m_idle.count() <= 0)
        return;
    if (const auto left = m_idle - quiet(); left.count() > 0)
        return m_timer.start(left);
    m_quiet.restart();
    m_wallMs = QDateTime::currentMSecsSinceEpoch();
    m_timer.start(m_idle); // it may be unlocked meanwhile
    emit due();
}

std::chrono::milliseconds AutoLock::quiet() const
{
    return std::chrono::milliseconds(std::max(m_quiet.elapsed(), QDateTime::currentMSecsSinceEpoch() - m_wallMs));
}

bool AutoLock::isOver() const
{
    return m_idle.count() > 0 && quiet() >= m_idle;
}

bool AutoLock::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
        // Timers stand still while the computer sleeps: the first touch after it must not wipe out how long it was.
        if (isOver()) {
            QMetaObject::invokeMethod(this, &AutoLock::check, Qt::QueuedConnection);
            return true;
        }
        m_quiet.restart();
        m_wallMs = QDateTime::currentMSecsSinceEpoch();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace kith::ui
