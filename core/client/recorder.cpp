// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/recorder.h"

#include <utility>

namespace kith::client {

namespace {

std::size_t weightOf(const WireEntry &entry)
{
    return sizeof(WireEntry) + static_cast<std::size_t>(entry.json.size() + entry.method.size()) +
           sizeof(QChar) * static_cast<std::size_t>(entry.path.size());
}

} // namespace

Recorder::Recorder(std::shared_ptr<const Clock> clock, QObject *parent) : QObject(parent), m_clock(std::move(clock)) {}

void Recorder::frame(bool outgoing, const QByteArray &json)
{
    WireEntry entry;
    entry.kind = outgoing ? WireEntry::Kind::Sent : WireEntry::Kind::Received;
    // A QByteArray that QString::toUtf8() made has room for three times its bytes: not kept for hours.
    entry.json = json.capacity() > json.size() + json.size() / 4 ? QByteArray(json.constData(), json.size()) : json;
    entry.bytes = json.size();
    keep(std::move(entry));
}

void Recorder::call(const QByteArray &method, const QString &path, int status, milliseconds took, qint64 bytes)
{
    WireEntry entry;
    entry.kind = WireEntry::Kind::Http;
    entry.method = method;
    entry.path = path.section(QLatin1Char('?'), 0, 0); // what was searched for is nobody's business
    entry.status = status;
    entry.took = took;
    entry.bytes = bytes;
    keep(std::move(entry));
}

void Recorder::keep(WireEntry entry)
{
    entry.number = ++m_last;
    entry.at = m_clock->now();
    m_bytes += weightOf(entry);
    m_wire.push_back(std::move(entry));
    while (m_wire.size() > kMostEntries || (m_bytes > kMostBytes && m_wire.size() > 1)) {
        m_bytes -= weightOf(m_wire.front());
        m_wire.pop_front();
    }
    emit recorded();
}

void Recorder::link(const LinkStatus &status)
{
    if (!m_changes.empty() && m_changes.back().status == status)
        return;
    m_changes.push_back({m_clock->now(), status});
    if (m_changes.size() > kMostChanges)
        m_changes.pop_front();
    emit linkChanged();
}

void Recorder::forgetWire()
{
    m_wire.clear();
    m_wire.shrink_to_fit();
    m_bytes = 0;
    emit wireForgotten();
}

} // namespace kith::client
