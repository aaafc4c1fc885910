// SPDX-License-Identifier: GPL-3.0-or-later
// kith-cli as a process: its JSON lines, its words on standard error and its exit status.
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QUrl>

namespace kith::test {

struct Ran {
    int exit = -1;
    QList<QJsonObject> lines;
    QByteArray error;
};

/// For a profile and a key file of that name in `folder`.
inline QStringList cliGlobals(const QString &folder, const QString &who, const QUrl &server)
{
    const QString profile = folder + u'/' + who;
    return {QStringLiteral("--profile"),  profile,
            QStringLiteral("--server"),   server.toString(),
            QStringLiteral("--key-file"), profile + QStringLiteral(".key"),
            QStringLiteral("--json")};
}

inline Ran runCli(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(QStringLiteral(KITH_CLI), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60000))
        process.kill();
    Ran ran;
    ran.exit = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    ran.error = process.readAllStandardError();
    for (const auto &line : process.readAllStandardOutput().split('\n'))
        if (!line.isEmpty())
            ran.lines << QJsonDocument::fromJson(line).object();
    return ran;
}

} // namespace kith::test
