// SPDX-License-Identifier: GPL-3.0-or-later
// What passed the wire and how the link fared, from the start and in bounded memory: a report can show what happened
// before somebody looked.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/clock.h"
#include "core/client/types.h"
#include <deque>
#include <memory>
#endif

#include <QByteArray>
#include <QObject>
#include <QString>

namespace kith::client {

/// One frame, or one HTTPS call: of a call neither bodies nor headers nor query, they carry secrets.
struct WireEntry {
    enum class Kind { Sent, Received, Http };
    std::uint64_t number = 0; // 1, 2, 3 … since the start
    Kind kind = Kind::Sent;
    Timestamp at{};
    QByteArray json;  // of a frame, tokens redacted
    qint64 bytes = 0; // of the frame, or of the call's answer
    QByteArray method;
    QString path;
    int status = 0; // of HTTP, 0 where none came
    milliseconds took{0};
};

struct LinkChange {
    Timestamp at{};
    LinkStatus status;
};

/// On the client's thread.
class Recorder final : public QObject {
    Q_OBJECT
public:
    // A day of a busy account, or one download in full swing; what is older goes.
    static constexpr std::size_t kMostEntries = 10'000;
    static constexpr std::size_t kMostBytes = 16 * 1024 * 1024;
    static constexpr std::size_t kMostChanges = 200;

    explicit Recorder(std::shared_ptr<const Clock> clock, QObject *parent = nullptr);

    void frame(bool outgoing, const QByteArray &json);
    void call(const QByteArray &method, const QString &path, int status, milliseconds took, qint64 bytes);
    /// Kept where it differs from the last one.
    void link(const LinkStatus &status);
    /// The frames hold messages: at lock and log-out they go. The link's changes stay.
    void forgetWire();

    const std::deque<WireEntry> &wire() const { return m_wire; }
    const std::deque<LinkChange> &changes() const { return m_changes; }
    std::size_t bytes() const { return m_bytes; }
    std::uint64_t lastNumber() const { return m_last; }

signals:
    void recorded();
    void linkChanged();
    void wireForgotten();

private:
    void keep(WireEntry entry);

    std::shared_ptr<const Clock> m_clock;
    std::deque<WireEntry> m_wire;
    std::deque<LinkChange> m_changes;
    std::size_t m_bytes = 0;
    std::uint64_t m_last = 0;
};

} // namespace kith::client
