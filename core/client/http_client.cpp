// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/http_client.h"

#include "core/client/errors.h"
#include "core/protocol/http.h"

#include <QHostAddress>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPointer>
#include <QSslError>
#include <QTimer>

#include <boost/json/serialize.hpp>

namespace kith::client {

namespace {

constexpr int kTimeoutMs = 15000;
constexpr qint64 kMaxAnswerBytes = 1024 * 1024; // the largest account answer is a list of 20 users

bool isLoopback(const QString &host)
{
    return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0 || QHostAddress(host).isLoopback();
}

ClientError simulatedOffline()
{
    return makeError(ClientErrorCode::Unreachable, QStringLiteral("offline (simulated)"));
}

} // namespace

Result<QUrl> checkedServer(const QUrl &typed)
{
    QUrl url = typed;
    if (url.scheme().isEmpty() || (url.host().isEmpty() && !url.path().isEmpty()))
        url = QUrl(QStringLiteral("https://") + typed.toString());
    if (!url.isValid() || url.host().isEmpty() ||
        (url.scheme() != QLatin1String("https") && url.scheme() != QLatin1String("http")))
        return Unexpected(makeError(ClientErrorCode::Unreachable, QStringLiteral("not the address of a server")));
    if (url.scheme() == QLatin1String("http") && !isLoopback(url.host()))
        return Unexpected(
            makeError(ClientErrorCode::InsecureRefused, QStringLiteral("http:// is allowed to this computer only")));
    QUrl origin;
    origin.setScheme(url.scheme());
    origin.setHost(url.host());
    origin.setPort(url.port());
    return origin;
}

HttpClient::HttpClient(QObject *parent) : QObject(parent)
{
    m_network.setTransferTimeout(kTimeoutMs);
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

HttpClient::~HttpClient()
{
    shutdown();
}

void HttpClient::drop()
{
    m_owed.cancelAll();
    for (auto *reply : m_network.findChildren<QNetworkReply *>()) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater(); // not at once: we may be inside its own signal
    }
    m_network.clearAccessCache();
    m_network.clearConnectionCache();
}

void HttpClient::simulate(const Simulation &simulation)
{
    m_simulation = simulation;
    if (!simulation.offline)
        return;
    QList<QPointer<QNetworkReply>> replies;
    for (auto *reply : m_network.findChildren<QNetworkReply *>())
        replies << reply;
    const QPointer<HttpClient> alive(this);
    for (const auto &reply : replies) {
        if (reply && !reply->isFinished())
            reply->abort(); // whoever waits for it goes on from here
        if (!alive)
            return;
    }
}

void HttpClient::setProxy(const QNetworkProxy &proxy)
{
    m_network.setProxy(proxy);
    m_network.clearConnectionCache(); // with connections that went another way
}

void HttpClient::shutdown()
{
    m_closed = true;
    m_owed.cancelAll();
}

Later<boost::json::object> HttpClient::call(const Call &call)
{
    Promise<boost::json::object> promise;
    auto server = checkedServer(call.server);
    if (m_closed || !server) {
        promise.finish(Unexpected(m_closed ? cancelledError() : server.error()));
        return promise.later();
    }
    if (m_simulation.offline) {
        emit called(call.method, call.path, 0, milliseconds{0}, 0);
        promise.finish(Unexpected(simulatedOffline()));
        return promise.later();
    }
    QUrl url = server->resolved(QUrl(call.path));
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setRawHeader("Accept", "application/json");
    if (!call.bearer.empty())
        request.setRawHeader("Authorization", QByteArray("Bearer ") + QByteArray::fromStdString(call.bearer));
    QByteArray body;
    if (call.body) {
        request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
        body = QByteArray::fromStdString(boost::json::serialize(*call.body));
    }
    auto *reply = m_network.sendCustomRequest(request, call.method, body);
    const bool tls = url.scheme() == QLatin1String("https");
    const auto id = m_owed.add(promise);
    connect(reply, &QNetworkReply::sslErrors, reply, [reply](const QList<QSslError> &errors) {
        if (!errors.isEmpty())
            reply->setProperty("kithTls", errors.first().errorString());
    });
    connect(reply, &QNetworkReply::downloadProgress, reply, [reply](qint64 received, qint64) {
        if (received > kMaxAnswerBytes)
            reply->abort();
    });
    const auto started = std::chrono::steady_clock::now();
    const auto answer = [this, reply, promise, id, tls, started, method = call.method, path = call.path] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const qint64 bytes = reply->bytesAvailable();
        auto result =
            m_simulation.offline ? Result<boost::json::object>(Unexpected(simulatedOffline())) : read(*reply, tls);
        emit called(method, path, status,
                    std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started), bytes);
        if (m_owed.settle(id))
            promise.finish(std::move(result));
    };
    connect(reply, &QNetworkReply::finished, this, [this, reply, answer] {
        if (m_simulation.latency.count() == 0 || m_simulation.offline)
            answer();
        else
            QTimer::singleShot(2 * m_simulation.latency, reply, answer);
    });
    return promise.later();
}

Result<boost::json::object> HttpClient::read(QNetworkReply &reply, bool tls)
{
    const auto tlsReason = reply.property("kithTls").toString();
    if (!tlsReason.isEmpty() || reply.error() == QNetworkReply::SslHandshakeFailedError)
        return Unexpected(makeError(ClientErrorCode::Tls, tlsReason.isEmpty() ? reply.errorString() : tlsReason));
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0) {
        switch (reply.error()) {
        case QNetworkReply::ProxyConnectionRefusedError:
        case QNetworkReply::ProxyConnectionClosedError:
        case QNetworkReply::ProxyNotFoundError:
        case QNetworkReply::ProxyTimeoutError:
        case QNetworkReply::ProxyAuthenticationRequiredError:
        case QNetworkReply::UnknownProxyError:
            return Unexpected(makeError(ClientErrorCode::Proxy, reply.errorString()));
        case QNetworkReply::ProtocolUnknownError:
        case QNetworkReply::ProtocolInvalidOperationError:
        case QNetworkReply::ProtocolFailure:
            return Unexpected(makeError(ClientErrorCode::NotKith, reply.errorString()));
        case QNetworkReply::RemoteHostClosedError:
            // A TLS server hangs up on plain HTTP and the other way round: something is there.
            return Unexpected(makeError(tls ? ClientErrorCode::Tls : ClientErrorCode::NotKith, reply.errorString()));
        default:
            return Unexpected(makeError(ClientErrorCode::Unreachable, reply.errorString()));
        }
    }
    const QByteArray bytes = reply.read(kMaxAnswerBytes);
    const std::string_view body(bytes.data(), static_cast<std::size_t>(bytes.size()));
    if (status >= 200 && status < 300) {
        if (reply.error() != QNetworkReply::NoError)
            return Unexpected(makeError(ClientErrorCode::Unreachable, reply.errorString()));
        if (body.empty())
            return boost::json::object{};
        return fromDecoded(protocol::parseObject(body, static_cast<std::size_t>(kMaxAnswerBytes)));
    }
    if (auto error = protocol::decodeErrorBody(body))
        return Unexpected(wireError(std::move(*error)));
    return Unexpected(makeError(ClientErrorCode::NotKith, QStringLiteral("HTTP status %1").arg(status)));
}

} // namespace kith::client
