// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/link.h"

#include "core/base/failpoint.h"
#include "core/base/limits.h"
#include "core/base/logging.h"
#include "core/protocol/envelope.h"

#include <QLoggingCategory>
#include <QMetaMethod>
#include <QNetworkRequest>
#include <QSslError>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

namespace kith::client {

namespace {

Q_LOGGING_CATEGORY(lcLink, kith::logging::kLink, QtWarningMsg)

constexpr auto kTick = std::chrono::seconds{5};
constexpr auto kHandshake = std::chrono::seconds{15};
constexpr auto kSleepSign = std::chrono::seconds{15}; // above any clock adjustment that is not a jump
constexpr auto kLongestRetryAfter = std::chrono::minutes{1};
constexpr const char *kSimulatedOffline = "offline (simulated)";

ClientErrorCode codeOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::SslHandshakeFailedError:
        return ClientErrorCode::Tls;
    case QAbstractSocket::ProxyAuthenticationRequiredError:
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
    case QAbstractSocket::ProxyProtocolError:
        return ClientErrorCode::Proxy;
    default: // Qt's own list, most of which is about other things
        return ClientErrorCode::Unreachable;
    }
}

} // namespace

std::vector<OutgoingEnvelope> packFrames(const std::vector<OutgoingEnvelope> &envelopes, std::size_t maxBytes)
{
    std::vector<OutgoingEnvelope> frames;
    std::vector<std::string_view> wire, shown;
    std::size_t bytes = 2; // the brackets
    const auto finish = [&] {
        if (!wire.empty())
            frames.push_back({protocol::joinFrame(wire), protocol::joinFrame(shown)});
        wire.clear();
        shown.clear();
        bytes = 2;
    };
    for (const auto &envelope : envelopes) {
        const auto size = envelope.wire.size() + 1; // and a comma
        if (bytes + size > maxBytes || wire.size() >= limits::kMaxEnvelopesPerFrame)
            finish();
        wire.push_back(envelope.wire);
        shown.push_back(envelope.shown.empty() ? envelope.wire : envelope.shown);
        bytes += size;
    }
    finish();
    return frames;
}

bool sleptBetween(milliseconds wall, milliseconds steady)
{
    return wall - steady > kSleepSign;
}

milliseconds retryAfterFromReason(const QString &reason)
{
    std::int64_t value = 0;
    bool any = false;
    for (const QChar c : reason) {
        if (c >= QLatin1Char('0') && c <= QLatin1Char('9')) {
            any = true;
            value = std::min<std::int64_t>(value * 10 + c.digitValue(), milliseconds(kLongestRetryAfter).count());
        } else if (any) {
            break;
        }
    }
    return milliseconds(value);
}

QUrl socketUrl(const QUrl &server)
{
    QUrl url = server;
    url.setScheme(server.scheme() == QLatin1String("http") ? QStringLiteral("ws") : QStringLiteral("wss"));
    url.setPath(QStringLiteral("/v1/socket"));
    url.setQuery(QString());
    url.setFragment(QString());
    return url;
}

Link::Link(std::shared_ptr<const Clock> clock, QObject *parent) : QObject(parent), m_clock(std::move(clock))
{
    m_handshake.setSingleShot(true);
    connect(&m_handshake, &QTimer::timeout, this, [this] {
        fail(ClientErrorCode::Unreachable,
             m_simulation.offline ? QString::fromLatin1(kSimulatedOffline) : QStringLiteral("no answer within 15 s"));
    });
    connect(&m_tick, &QTimer::timeout, this, &Link::tick);
    m_tickWall = m_clock->now();
    m_tickSteady = m_clock->steady();
    m_tick.start(kTick);
}

Link::~Link()
{
    drop();
}

void Link::open(const QUrl &server)
{
    drop();
    m_lastError.clear();
    m_lastCode = ClientErrorCode::Unreachable;
    if (m_simulation.offline)
        return m_handshake.start(0); // from the loop, as the network would answer
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setProxy(m_proxy);
    m_socket->setMaxAllowedIncomingFrameSize(limits::kMaxServerFrameBytes);
    m_socket->setMaxAllowedIncomingMessageSize(limits::kMaxServerFrameBytes);
    connect(m_socket, &QWebSocket::connected, this, [this] { m_incoming.pass([this] { onConnected(); }); });
    connect(m_socket, &QWebSocket::disconnected, this, [this] { m_incoming.pass([this] { onDisconnected(); }); });
    connect(m_socket, &QWebSocket::textMessageReceived, this, [this](const QString &text) {
        m_incoming.pass([this, bytes = text.toUtf8()] {
            m_lastHeard = m_clock->steady();
            if (isSignalConnected(QMetaMethod::fromSignal(&Link::frame)))
                emit frame(false, bytes);
            emit received(bytes);
        });
    });
    connect(m_socket, &QWebSocket::binaryMessageReceived, this,
            [this] { fail(ClientErrorCode::NotKith, QStringLiteral("a binary frame")); });
    connect(m_socket, &QWebSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        // Not ignored: the handshake fails after this, and the reason is worth more than its code.
        m_lastCode = ClientErrorCode::Tls;
        m_lastError = errors.isEmpty() ? QStringLiteral("TLS") : errors.first().errorString();
    });
    const auto onError = [this](QAbstractSocket::SocketError error) {
        if (m_lastCode != ClientErrorCode::Tls) {
            m_lastCode = codeOf(error);
            m_lastError = m_socket ? m_socket->errorString() : QString();
        }
        if (!m_open)
            fail(m_lastCode, m_lastError);
    };
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(m_socket, &QWebSocket::errorOccurred, this, onError);
#else
    connect(m_socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this, onError);
#endif
    m_handshake.start(kHandshake);
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({QStringLiteral("kith.v1")});
    m_socket->open(QNetworkRequest(socketUrl(server)), options);
}

void Link::close()
{
    drop();
}

void Link::drop()
{
    m_handshake.stop();
    m_out.clear();
    m_outgoing.clear();
    m_incoming.clear();
    m_open = false;
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    // abort() would cut what is still in the buffers, a logout for example; close() sends the frame and lets it drain.
    if (m_socket->state() == QAbstractSocket::ConnectedState)
        m_socket->close();
    else
        m_socket->abort();
    m_socket->deleteLater();
    m_socket = nullptr;
}

void Link::simulate(const Simulation &simulation)
{
    m_simulation = simulation;
    m_outgoing.setDelay(simulation.latency);
    m_incoming.setDelay(simulation.latency);
    if (simulation.offline)
        cut(QString::fromLatin1(kSimulatedOffline));
}

void Link::cut(const QString &reason)
{
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    fail(ClientErrorCode::Unreachable, reason);
}

void Link::fail(ClientErrorCode code, const QString &reason)
{
    qCInfo(lcLink) << "link failed:" << reason;
    drop();
    emit failed(code, reason);
}

void Link::onConnected()
{
    m_handshake.stop();
    if (m_socket->subprotocol() != QLatin1String("kith.v1"))
        return fail(ClientErrorCode::NotKith, QStringLiteral("the server does not speak kith.v1"));
    // QWebSocket leaves Nagle's algorithm on and does not show its socket, which is its child all the same.
    if (auto *tcp = m_socket->findChild<QAbstractSocket *>())
        tcp->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_open = true;
    m_lastHeard = m_lastBeat = m_clock->steady();
    emit opened();
}

void Link::onDisconnected()
{
    const int code = m_socket->closeCode();
    const QString reason = m_socket->closeReason();
    const bool wasOpen = m_open;
    const QString error = m_lastError.isEmpty() ? m_socket->errorString() : m_lastError;
    drop();
    if (wasOpen)
        emit closed(code, reason.isEmpty() ? error : reason);
    else
        emit failed(m_lastCode, error);
}

void Link::send(OutgoingEnvelope envelope)
{
    if (!m_open)
        return;
    m_out.push_back(std::move(envelope));
    if (std::exchange(m_flushQueued, true))
        return;
    QMetaObject::invokeMethod(this, &Link::flush, Qt::QueuedConnection);
}

void Link::flush()
{
    m_flushQueued = false;
    if (!m_open)
        return;
    const auto frames = packFrames(std::exchange(m_out, {}), limits::kMaxClientFrameBytes);
    const bool watched = isSignalConnected(QMetaMethod::fromSignal(&Link::frame));
    for (const auto &one : frames) {
        if (!m_open)
            return;
        KITH_FAILPOINT("link.flushing");
        m_outgoing.pass([this, text = QString::fromUtf8(one.wire.data(), static_cast<qsizetype>(one.wire.size()))] {
            m_socket->sendTextMessage(text);
        });
        if (watched)
            emit frame(true, QByteArray::fromStdString(one.shown));
        KITH_FAILPOINT("link.flushed");
    }
}

void Link::tick()
{
    const auto wall = m_clock->now();
    const auto steady = m_clock->steady();
    const bool slept = sleptBetween(wall - m_tickWall, std::chrono::duration_cast<milliseconds>(steady - m_tickSteady));
    m_tickWall = wall;
    m_tickSteady = steady;
    if (slept) {
        qCInfo(lcLink) << "woke up from sleep";
        emit resumed();
        return;
    }
    if (!m_open)
        return;
    if (steady - m_lastHeard > limits::kSilence)
        return fail(ClientErrorCode::Unreachable, QStringLiteral("nothing heard for 75 s"));
    // One tick early rather than one late.
    if (steady - m_lastBeat + kTick > limits::kHeartbeat) {
        m_lastBeat = steady;
        emit heartbeatDue();
    }
}

} // namespace kith::client
