// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>

namespace kith::ui {

namespace {

constexpr int kPatienceMs = 1000;
constexpr qint64 kMostBytes = 4096; // of a request; a conversation's id and a token are far shorter

/// Short: a socket's path has some hundred bytes. In the runtime folder, which is the user's own, where there is one.
QString nameFor(const QString &profileDir)
{
    const QByteArray digest =
        QCryptographicHash::hash(QDir(profileDir).absolutePath().toUtf8(), QCryptographicHash::Sha256);
    const QString name = QStringLiteral("kith-") + QString::fromLatin1(digest.toHex().left(24));
#ifdef Q_OS_UNIX
    if (const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR"); !runtime.isEmpty() && runtime.size() < 60)
        return runtime + QLatin1Char('/') + name;
#endif
    return name;
}

} // namespace

SingleInstance::SingleInstance(const QString &profileDir, QObject *parent)
    : QObject(parent), m_name(nameFor(profileDir))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::accept);
}

bool SingleInstance::handOver(const QString &conversation, const QString &activationToken)
{
    // Before there is a window: nothing is kept waiting but this start.
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(kPatienceMs))
        return false;
    const QJsonObject request{{QStringLiteral("open"), conversation}, {QStringLiteral("token"), activationToken}};
    socket.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
    return socket.waitForBytesWritten(kPatienceMs) && socket.waitForReadyRead(kPatienceMs);
}

bool SingleInstance::listen()
{
    if (m_server.listen(m_name))
        return true;
    // Left by one that was killed: nobody answers there, or handOver() would have succeeded.
    QLocalServer::removeServer(m_name);
    return m_server.listen(m_name);
}

void SingleInstance::accept()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() > kMostBytes)
                    socket->abort();
                return;
            }
            const QJsonObject request = QJsonDocument::fromJson(socket->readLine(kMostBytes)).object();
            socket->write("ok\n");
            socket->flush();
            emit openRequested(request.value(QStringLiteral("open")).toString(),
                               request.value(QStringLiteral("token")).toString());
        });
    }
}

} // namespace kith::ui
