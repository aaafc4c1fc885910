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
    const qint64 passed = std::max(m_quiet.elapsed(), QDateTime::currentMSecsSinceEpoch() - m_wallMs);
    const auto left = m_idle - std::chrono::milliseconds(passed);
    if (left.count() > 0)
        return m_timer.start(left);
    emit due();
    m_timer.start(m_idle); // it may be unlocked meanwhile
}

bool AutoLock::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
        m_quiet.restart();
        m_wallMs = QDateTime::currentMSecsSinceEpoch();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace kith::ui
