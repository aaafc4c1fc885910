// SPDX-License-Identifier: GPL-3.0-or-later
// One WebSocket to the server: frames in and out, batching per event-loop turn, silence and sleep noticed.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/clock.h"
#include "core/client/simulation.h"
#include "core/client/types.h"
#include <memory>
#include <string>
#include <vector>
#endif

#include <QNetworkProxy>
#include <QObject>
#include <QTimer>
#include <QUrl>

class QWebSocket;

namespace kith::client {

/// An encoded envelope; `shown` is what may be logged and traced, where it differs (tokens).
struct OutgoingEnvelope {
    std::string wire;
    std::string shown;
};

/// Joins envelopes, in order, into as few frames as `maxBytes` and the envelope limit allow. An envelope that is too
/// long alone gets a frame of its own: the server's answer names it.
std::vector<OutgoingEnvelope> packFrames(const std::vector<OutgoingEnvelope> &envelopes, std::size_t maxBytes);

/// Whether the computer slept between two ticks: the wall clock went much further than the monotone one, which stands
/// still during sleep.
bool sleptBetween(milliseconds wall, milliseconds steady);

/// First run of digits in a close reason ("… retry_after_ms=1500 …"), 0 where there is none, at most a minute.
milliseconds retryAfterFromReason(const QString &reason);

/// ws(s)://host/v1/socket of an http(s) server address.
QUrl socketUrl(const QUrl &server);

class Link final : public QObject {
    Q_OBJECT
public:
    explicit Link(std::shared_ptr<const Clock> clock, QObject *parent = nullptr);
    ~Link() override;

    void open(const QUrl &server);
    /// No further signal comes from the socket that was open.
    void close();
    /// Written at the end of this event-loop turn, together with what else is sent in it.
    void send(OutgoingEnvelope envelope);
    /// Between here and the socket. Offline breaks the one that is open and every later one.
    void simulate(const Simulation &simulation);
    /// Of every later open().
    void setProxy(const QNetworkProxy &proxy) { m_proxy = proxy; }
    const Simulation &simulation() const { return m_simulation; }
    /// As if the cable were cut: no close frame goes out.
    void cut(const QString &reason);

signals:
    void opened();
    void failed(kith::client::ClientErrorCode code, const QString &reason);
    void closed(int code, const QString &reason);
    void received(const QByteArray &frame);
    void resumed();
    void heartbeatDue();
    void frame(bool outgoing, const QByteArray &json);

private:
    void flush();
    void tick();
    void onConnected();
    void onDisconnected();
    void fail(ClientErrorCode code, const QString &reason);
    void drop();

    std::shared_ptr<const Clock> m_clock;
    QWebSocket *m_socket = nullptr;
    bool m_open = false;
    bool m_flushQueued = false;
    QString m_lastError;
    ClientErrorCode m_lastCode = ClientErrorCode::Unreachable;
    std::vector<OutgoingEnvelope> m_out;
    Simulation m_simulation;
    QNetworkProxy m_proxy{QNetworkProxy::NoProxy};
    DelayLine m_outgoing, m_incoming;
    QTimer m_tick;
    QTimer m_handshake;
    Timestamp m_tickWall{};
    std::chrono::steady_clock::time_point m_tickSteady{}, m_lastHeard{}, m_lastBeat{};
};

} // namespace kith::client
