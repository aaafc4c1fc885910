// SPDX-License-Identifier: GPL-3.0-or-later
// A small HTTP server with the files of PROTOCOL §6, which cuts connections and lies where it is told to; and the calls
// that lead to it over real sockets.
#pragma once

#include "core/client/http_client.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <deque>
#include <map>

namespace kith::test {

class SmallFiles final : public QTcpServer {
public:
    enum class Whim {
        None,
        CutBefore, // the connection goes before anything is taken
        CutAfter,  // what came is taken, and the connection goes instead of an answer
        Conflict,  // 409 with the true offset
        Forget,    // the file is not known any more
        Busy,      // 503
        Lie,       // an offset beyond the file
    };
    struct File {
        QByteArray bytes;
        qint64 size = 0;
        QByteArray sum;
    };

    std::map<QString, File> files;
    bool mute = false;      // a proxy between takes the Upload-Offset out of all answers
    std::deque<Whim> whims; // of the next calls that change something, one each
    QStringList calls;      // "PATCH 262144"
    std::function<void(QTcpSocket &, const QString &id)> onGet;

    SmallFiles()
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (auto *socket = nextPendingConnection())
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(*socket); });
        });
    }
    QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(serverPort())); }
    void answer(QTcpSocket &socket, const char *status, const QByteArray &headers, const QByteArray &body = {},
                bool head = false)
    {
        socket.write(QByteArray("HTTP/1.1 ") + status + "\r\n" + (mute ? QByteArray() : headers) +
                     "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + (head ? QByteArray() : body));
    }
    void refuse(QTcpSocket &socket, const char *status, const char *code, const char *retry,
                const QByteArray &headers = {})
    {
        answer(socket, status, headers,
               QByteArray(R"({"error":{"code":")") + code + R"(","message":"no","retry":")" + retry + R"("}})");
    }

private:
    void read(QTcpSocket &socket)
    {
        QByteArray &have = m_have[&socket];
        have += socket.readAll();
        for (;;) {
            const auto end = have.indexOf("\r\n\r\n");
            if (end < 0)
                return;
            const QByteArray head = have.left(end);
            qint64 length = 0;
            QByteArray offset;
            const auto lines = head.split('\n');
            for (const QByteArray &line : lines) {
                const QByteArray lower = line.trimmed().toLower();
                if (lower.startsWith("content-length:"))
                    length = lower.mid(15).trimmed().toLongLong();
                if (lower.startsWith("upload-offset:"))
                    offset = lower.mid(14).trimmed();
            }
            if (have.size() < end + 4 + length)
                return;
            const QByteArray body = have.mid(end + 4, length);
            have.remove(0, end + 4 + length);
            const auto words = lines.front().split(' ');
            const QPointer<QTcpSocket> alive(&socket);
            serve(socket, words.at(0), QString::fromUtf8(words.at(1)), offset, body);
            if (!alive || alive->state() != QTcpSocket::ConnectedState)
                return;
        }
    }

    void serve(QTcpSocket &socket, const QByteArray &method, const QString &path, const QByteArray &offset,
               const QByteArray &body)
    {
        calls << QString::fromUtf8(method + (offset.isEmpty() ? QByteArray() : " " + offset));
        const QString id = path.section(QLatin1Char('/'), 3, 3);
        if (method == "GET") {
            if (onGet)
                return onGet(socket, id);
            return files.contains(id) ? answer(socket, "200 OK", {}, files[id].bytes)
                                      : refuse(socket, "404 Not Found", "not_found", "no");
        }
        if (method == "HEAD") {
            if (!files.contains(id))
                return answer(socket, "404 Not Found", {}, {}, true);
            return answer(socket, "200 OK", state(files[id]), "the length of a body that does not come", true);
        }
        const Whim whim = whims.empty() ? Whim::None : whims.front();
        if (!whims.empty())
            whims.pop_front();
        if (whim == Whim::CutBefore)
            return socket.abort();
        if (whim == Whim::Busy)
            return refuse(socket, "503 Service Unavailable", "overloaded", "after");
        if (whim == Whim::Forget)
            files.erase(id);
        if (method == "POST") {
            const QJsonObject asked = QJsonDocument::fromJson(body).object();
            const QString made = QStringLiteral("file%1").arg(++m_made);
            files[made] = {{},
                           asked.value(QStringLiteral("size")).toInteger(),
                           asked.value(QStringLiteral("sha256")).toString().toUtf8()};
            if (whim == Whim::CutAfter)
                return socket.abort();
            return answer(socket, "201 Created", {}, QStringLiteral(R"({"id":"%1","offset":0})").arg(made).toUtf8());
        }
        if (!files.contains(id))
            return refuse(socket, "404 Not Found", "not_found", "no");
        File &file = files[id];
        if (whim == Whim::Conflict || offset.toLongLong() != file.bytes.size())
            return refuse(socket, "409 Conflict", "version_conflict", "new", state(file));
        file.bytes += body;
        if (whim == Whim::CutAfter)
            return socket.abort();
        if (whim == Whim::Lie)
            return answer(socket, "204 No Content", "Upload-Offset: 99999999999\r\n");
        answer(socket, "204 No Content", state(file));
    }

    static QByteArray state(const File &file)
    {
        return "Upload-Offset: " + QByteArray::number(file.bytes.size()) +
               "\r\nUpload-Length: " + QByteArray::number(file.size) + "\r\n";
    }

    std::map<QTcpSocket *, QByteArray> m_have;
    int m_made = 0;
};

/// As Account makes them, without an account.
class DirectCalls final : public client::FileCalls {
public:
    explicit DirectCalls(const SmallFiles &server) : m_server(server) {}
    QCoro::Task<client::Result<client::FileAnswer>> transfer(client::FileCall call) override
    {
        auto later = http.transfer(m_server.url(), "token", call);
        co_return co_await later;
    }

    client::HttpClient http;

private:
    const SmallFiles &m_server;
};

} // namespace kith::test
