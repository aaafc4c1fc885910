// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/log_ring.h"

#include <QLoggingCategory>

#include <atomic>
#include <cstring>

namespace kith::client {

namespace {

// Qt's handler is a plain function: this is the one place it can find the ring at.
std::atomic<LogRing *> g_ring = nullptr;

bool isOurs(const char *category)
{
    return std::strncmp(category, "kith", 4) == 0;
}

} // namespace

LogRing::LogRing() : m_printInfo(qEnvironmentVariableIsSet("QT_LOGGING_RULES"))
{
    g_ring = this;
    m_before = qInstallMessageHandler(&LogRing::handle);
    // What the rooms tell of their work is kept too, though not printed. The environment's rules come after these.
    QLoggingCategory::setFilterRules(QStringLiteral("kith.*.info=true"));
}

LogRing::~LogRing()
{
    qInstallMessageHandler(m_before);
    g_ring = nullptr;
}

void LogRing::handle(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    LogRing *ring = g_ring;
    if (!ring)
        return;
    const char *category = context.category ? context.category : "default";
    const bool ours = isOurs(category);
    {
        const std::lock_guard lock(ring->m_mutex);
        ring->m_lines.push_back({std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()), type,
                                 category, ours ? text : QStringLiteral("(%1 characters)").arg(text.size())});
        if (ring->m_lines.size() > kMostLines)
            ring->m_lines.pop_front();
    }
    if (ring->m_before && (!ours || type != QtInfoMsg || ring->m_printInfo))
        ring->m_before(type, context, text);
}

std::vector<LogLine> LogRing::lines() const
{
    const std::lock_guard lock(m_mutex);
    return {m_lines.begin(), m_lines.end()};
}

} // namespace kith::client
