// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of messages in seconds, for tests of what reads them.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/ids.h"
#include "core/crypto/crypto.h"
#include <map>
#include <memory>
#include <string>
#endif

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>
#include <QWebSocket>

namespace kith::test {

/// Bodies of what the server accepted, by number.
using Accepted = std::map<ConversationId, std::map<std::int64_t, std::string>>;

/// For a server that allows it; see the limits in RealServer's settings.
inline constexpr const char *kNoSendLimit = "[messages]\nsends_per_second = 100000\n";

/// As a bare socket does: the core sends at the pace of people. What was accepted is what the others must have.
inline bool sendMany(const QUrl &server, const QString &user, const QJsonObject &to, int count, Accepted &into)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(server.toString() + QStringLiteral("/v1/login")));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    const QJsonObject device{{QStringLiteral("id"), QStringLiteral("5eed0000-0000-4000-8000-000000000001")},
                             {QStringLiteral("name"), QStringLiteral("seed")},
                             {QStringLiteral("platform"), QStringLiteral("linux")}};
    const QJsonObject ask{{QStringLiteral("username"), user},
                          {QStringLiteral("password"), QStringLiteral("a long enough pass phrase")},
                          {QStringLiteral("device"), device}};
    const std::unique_ptr<QNetworkReply> reply(network.post(request, QJsonDocument(ask).toJson()));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 10000))
        return false;
    const auto token = QJsonDocument::fromJson(reply->readAll()).object().value(QStringLiteral("access_token"));
    QWebSocket socket;
    int accepted = 0;
    std::map<QString, std::string> bodies; // by the request's id
    const auto packet = [](const QString &op, const QString &id, const QJsonObject &data) {
        return QJsonObject{{QStringLiteral("op"), op}, {QStringLiteral("id"), id}, {QStringLiteral("d"), data}};
    };
    const auto post = [&](const QJsonArray &frame) {
        socket.sendTextMessage(QString::fromUtf8(QJsonDocument(frame).toJson(QJsonDocument::Compact)));
    };
    const auto take = [&](const QJsonObject &one) {
        const auto op = one.value(QStringLiteral("op")).toString();
        const auto data = one.value(QStringLiteral("d")).toObject();
        if (op == QLatin1String("accepted")) {
            const ConversationId id(data.value(QStringLiteral("conversation")).toString().toStdString());
            into[id][data.value(QStringLiteral("seq")).toInteger()] =
                bodies[one.value(QStringLiteral("id")).toString()];
            ++accepted;
        }
        if (op != QLatin1String("hello"))
            return;
        for (int i = 0; i < count;) {
            QJsonArray frame;
            for (; i < count && frame.size() < 50; ++i) {
                const auto id = QString::number(100 + i);
                const auto body = QStringLiteral("%1 says %2, 第 %2 条").arg(user).arg(i);
                bodies[id] = body.toStdString();
                auto message = to;
                message.insert(QStringLiteral("cid"), QString::fromStdString(crypto::makeUuid()));
                message.insert(QStringLiteral("kind"), QStringLiteral("text"));
                message.insert(QStringLiteral("body"), body);
                frame.append(packet(QStringLiteral("send"), id, message));
            }
            post(frame);
        }
    };
    QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket, [&](const QString &text) {
        const auto json = QJsonDocument::fromJson(text.toUtf8());
        if (!json.isArray())
            return take(json.object());
        for (const auto &one : json.array())
            take(one.toObject());
    });
    QObject::connect(&socket, &QWebSocket::connected, &socket, [&] {
        post({packet(QStringLiteral("login"), QStringLiteral("1"), {{QStringLiteral("token"), token}})});
    });
    auto url = server;
    url.setScheme(QStringLiteral("ws"));
    url.setPath(QStringLiteral("/v1/socket"));
    QNetworkRequest upgrade(url);
    upgrade.setRawHeader("Sec-WebSocket-Protocol", "kith.v1");
    socket.open(upgrade);
    return QTest::qWaitFor([&] { return accepted == count; }, 60000);
}

} // namespace kith::test
