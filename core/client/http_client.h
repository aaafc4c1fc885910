// SPDX-License-Identifier: GPL-3.0-or-later
// HTTPS calls to the server: JSON in, JSON out, every failure as a typed cause.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/file_calls.h"
#include "core/client/later.h"
#include "core/client/simulation.h"
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#endif

#include <QNetworkAccessManager>
#include <QObject>
#include <QUrl>

namespace kith::client {

/// Scheme, host and port of what a person typed ("chat.example.org" means https). Plain http only to loopback.
Result<QUrl> checkedServer(const QUrl &typed);

class HttpClient final : public QObject {
    Q_OBJECT
public:
    explicit HttpClient(QObject *parent = nullptr);
    ~HttpClient() override;

    struct Call {
        QByteArray method;
        QUrl server;
        QString path; // with its query, encoded
        std::optional<boost::json::object> body;
        std::string bearer; // empty: none
    };
    /// The body of a 2xx answer; an empty object for one without a body.
    Later<boost::json::object> call(const Call &call);
    /// Bytes in either direction.
    Later<FileAnswer> transfer(const QUrl &server, const std::string &bearer, const FileCall &call);
    /// Ends what is under way with Cancelled and closes connections: requests carry tokens and passwords.
    void drop();
    void shutdown();
    /// Offline: every call fails, those under way too. Latency: added each way.
    void simulate(const Simulation &simulation);
    /// Of every later call.
    void setProxy(const QNetworkProxy &proxy);

signals:
    /// Each call at its end. No bodies, no headers: they carry passwords and tokens.
    void called(const QByteArray &method, const QString &path, int status, std::chrono::milliseconds took,
                qint64 bytes);

private:
    struct Sending; // http_client.cpp
    using Done = std::function<void(class QNetworkReply &, bool tls)>;
    /// Why it cannot even begin.
    std::optional<ClientError> refusal(const QUrl &server, const QByteArray &method, const QString &path);
    void send(const Sending &sending, Done done);
    Result<boost::json::object> read(QNetworkReply &reply, bool tls);
    Result<FileAnswer> readFile(QNetworkReply &reply, bool tls, qint64 most);

    Simulation m_simulation;
    QNetworkAccessManager m_network;
    Owed m_owed;
    bool m_closed = false;
};

} // namespace kith::client
