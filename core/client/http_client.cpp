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

struct HttpClient::Sending {
    QByteArray method;
    QUrl server;
    QString path;
    std::string bearer;
    QByteArray type, bytes; // of the body; no type: no body
    std::optional<qint64> offset{};
    qint64 most = kMaxAnswerBytes;
};

std::optional<ClientError> HttpClient::refusal(const QUrl &server, const QByteArray &method, const QString &path)
{
    if (m_closed)
        return cancelledError();
    if (auto checked = checkedServer(server); !checked)
        return checked.error();
    if (!m_simulation.offline)
        return std::nullopt;
    emit called(method, path, 0, milliseconds{0}, 0);
    return simulatedOffline();
}

void HttpClient::send(const Sending &sending, Done done)
{
    const QUrl url = checkedServer(sending.server).value().resolved(QUrl(sending.path));
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setRawHeader("Accept", "application/json, */*;q=0.5");
    if (!sending.bearer.empty())
        request.setRawHeader("Authorization", QByteArray("Bearer ") + QByteArray::fromStdString(sending.bearer));
    if (!sending.type.isEmpty())
        request.setHeader(QNetworkRequest::ContentTypeHeader, sending.type);
    if (sending.offset)
        request.setRawHeader("Upload-Offset", QByteArray::number(*sending.offset));
    // Not as a custom verb: Qt would wait for the body that the length speaks of.
    auto *reply = sending.method == "HEAD" ? m_network.head(request)
                                           : m_network.sendCustomRequest(request, sending.method, sending.bytes);
    const bool tls = url.scheme() == QLatin1String("https");
    connect(reply, &QNetworkReply::sslErrors, reply, [reply](const QList<QSslError> &errors) {
        if (!errors.isEmpty())
            reply->setProperty("kithTls", errors.first().errorString());
    });
    connect(reply, &QNetworkReply::downloadProgress, reply,
            [reply, most = sending.most](qint64 received, qint64 total) {
                if (received <= most && total <= most)
                    return;
                reply->setProperty("kithTooLarge", true);
                reply->abort();
            });
    const auto started = std::chrono::steady_clock::now();
    const auto answer = [this, reply, tls, started, done = std::move(done), method = sending.method,
                         path = sending.path] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        emit called(method, path, status,
                    std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started),
                    reply->bytesAvailable());
        done(*reply, tls);
    };
    connect(reply, &QNetworkReply::finished, this, [this, reply, answer] {
        if (m_simulation.latency.count() == 0 || m_simulation.offline)
            answer();
        else
            QTimer::singleShot(2 * m_simulation.latency, reply, answer);
    });
}

Later<boost::json::object> HttpClient::call(const Call &call)
{
    Promise<boost::json::object> promise;
    if (auto refused = refusal(call.server, call.method, call.path)) {
        promise.finish(Unexpected(std::move(*refused)));
        return promise.later();
    }
    Sending sending{call.method, call.server, call.path, call.bearer, {}, {}};
    if (call.body) {
        sending.type = QByteArrayLiteral("application/json");
        sending.bytes = QByteArray::fromStdString(boost::json::serialize(*call.body));
    }
    const auto id = m_owed.add(promise);
    send(sending, [this, promise, id](QNetworkReply &reply, bool tls) {
        auto result =
            m_simulation.offline ? Result<boost::json::object>(Unexpected(simulatedOffline())) : read(reply, tls);
        if (m_owed.settle(id))
            promise.finish(std::move(result));
    });
    return promise.later();
}

Later<FileAnswer> HttpClient::transfer(const QUrl &server, const std::string &bearer, const FileCall &call)
{
    Promise<FileAnswer> promise;
    if (auto refused = refusal(server, call.method, call.path)) {
        promise.finish(Unexpected(std::move(*refused)));
        return promise.later();
    }
    Sending sending{call.method, server, call.path, bearer, {}, {}};
    sending.most = call.most;
    if (call.body) {
        sending.type = QByteArrayLiteral("application/json");
        sending.bytes = QByteArray::fromStdString(boost::json::serialize(*call.body));
    } else if (call.offset) {
        sending.type = QByteArrayLiteral("application/octet-stream");
        sending.bytes = call.bytes;
        sending.offset = call.offset;
    }
    const auto id = m_owed.add(promise);
    send(sending, [this, promise, id, most = call.most](QNetworkReply &reply, bool tls) {
        auto result =
            m_simulation.offline ? Result<FileAnswer>(Unexpected(simulatedOffline())) : readFile(reply, tls, most);
        if (m_owed.settle(id))
            promise.finish(std::move(result));
    });
    return promise.later();
}

namespace {

/// Why there is no answer at all.
std::optional<ClientError> failureOf(const QNetworkReply &reply, bool tls)
{
    const auto tlsReason = reply.property("kithTls").toString();
    if (!tlsReason.isEmpty() || reply.error() == QNetworkReply::SslHandshakeFailedError)
        return makeError(ClientErrorCode::Tls, tlsReason.isEmpty() ? reply.errorString() : tlsReason);
    if (reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 0)
        return std::nullopt;
    switch (reply.error()) {
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return makeError(ClientErrorCode::Proxy, reply.errorString());
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
    case QNetworkReply::ProtocolFailure:
        return makeError(ClientErrorCode::NotKith, reply.errorString());
    case QNetworkReply::RemoteHostClosedError:
        // A TLS server hangs up on plain HTTP and the other way round: something is there.
        return makeError(tls ? ClientErrorCode::Tls : ClientErrorCode::NotKith, reply.errorString());
    default:
        return makeError(ClientErrorCode::Unreachable, reply.errorString());
    }
}

ClientError refusalOf(int status, std::string_view body)
{
    if (auto error = protocol::decodeErrorBody(body))
        return wireError(std::move(*error));
    return makeError(ClientErrorCode::NotKith, QStringLiteral("HTTP status %1").arg(status));
}

} // namespace

Result<boost::json::object> HttpClient::read(QNetworkReply &reply, bool tls)
{
    if (auto failed = failureOf(reply, tls))
        return Unexpected(std::move(*failed));
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QByteArray bytes = reply.read(kMaxAnswerBytes);
    const std::string_view body(bytes.data(), static_cast<std::size_t>(bytes.size()));
    if (status < 200 || status >= 300)
        return Unexpected(refusalOf(status, body));
    if (reply.error() != QNetworkReply::NoError)
        return Unexpected(makeError(ClientErrorCode::Unreachable, reply.errorString()));
    if (body.empty())
        return boost::json::object{};
    return fromDecoded(protocol::parseObject(body, static_cast<std::size_t>(kMaxAnswerBytes)));
}

Result<FileAnswer> HttpClient::readFile(QNetworkReply &reply, bool tls, qint64 most)
{
    FileAnswer answer;
    if (reply.property("kithTooLarge").toBool()) {
        answer.refused = wireError(protocol::makeError(protocol::ErrorCode::TooLarge, "the file is too large"));
        return answer;
    }
    if (auto failed = failureOf(reply, tls)) {
        // A connection that stood in the middle of an upload and is cut says nothing of who is there.
        if (reply.error() == QNetworkReply::RemoteHostClosedError)
            failed->code = ClientErrorCode::Unreachable;
        return Unexpected(std::move(*failed));
    }
    answer.status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    answer.bytes = reply.read(most);
    const auto header = [&reply](const char *name) -> std::optional<qint64> {
        bool good = false;
        const qint64 value = reply.rawHeader(name).toLongLong(&good);
        return good && value >= 0 ? std::optional(value) : std::nullopt;
    };
    answer.offset = header("Upload-Offset");
    answer.length = header("Upload-Length");
    if (answer.status < 200 || answer.status >= 300)
        answer.refused = refusalOf(answer.status, {answer.bytes.data(), static_cast<std::size_t>(answer.bytes.size())});
    else if (reply.error() != QNetworkReply::NoError) // cut in the middle: what came is not the file
        return Unexpected(makeError(ClientErrorCode::Unreachable, reply.errorString()));
    return answer;
}

} // namespace kith::client
