// SPDX-License-Identifier: GPL-3.0-or-later
// A real kithd on a free port with a data folder of its own.
#pragma once

#include "tests/server/gateway/raw_client.h"

#include <QByteArray>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <string>

namespace kith::test {

class ServerProcess final {
public:
    ServerProcess() { m_process.setProcessChannelMode(QProcess::SeparateChannels); }
    ~ServerProcess() { kill(); }

    QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    std::string data() const { return m_folder.filePath(QStringLiteral("data")).toStdString(); }

    void writeFile(const char *name, const QByteArray &bytes)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    /// Settings that keep tests quick: the cheapest Argon2id, no limit that a stream of sends would meet.
    static QByteArray quickSettings()
    {
        return "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\nregistrations_per_minute = 100000\n"
               "[messages]\nsends_per_second = 1000000\n";
    }

    /// True when it serves. `insecure`: plain; else TLS with cert.pem and key.pem of the folder.
    bool start(const QByteArray &toml = quickSettings(), QStringList more = {}, bool insecure = true)
    {
        QFile::remove(path("ready.json"));
        writeFile("kithd.toml", toml);
        QStringList arguments{QStringLiteral("serve"),
                              QStringLiteral("--config"),
                              path("kithd.toml"),
                              QStringLiteral("--data"),
                              path("data"),
                              QStringLiteral("--listen"),
                              QStringLiteral("127.0.0.1:0"),
                              QStringLiteral("--ready-file"),
                              path("ready.json")};
        if (insecure)
            arguments << QStringLiteral("--insecure");
        arguments << more;
        m_process.setProgram(QStringLiteral(KITHD_PATH));
        m_process.setArguments(arguments);
        m_process.start();
        const bool ready = QTest::qWaitFor(
            [this] { return QFile::exists(path("ready.json")) || m_process.state() == QProcess::NotRunning; }, 30'000);
        QFile file(path("ready.json"));
        if (!ready || !file.open(QIODevice::ReadOnly)) {
            qWarning("kithd did not start: %s", m_process.readAllStandardError().constData());
            return false;
        }
        const std::string text = file.readAll().toStdString();
        listen = jsonString(text, "listen");
        ops = jsonString(text, "ops");
        return !listen.empty();
    }

    qint64 pid() const { return m_process.processId(); }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }
    bool waitForExit(int timeoutMs)
    {
        return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(timeoutMs);
    }
    int exitCode() const { return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1; }
    QByteArray errors() { return m_process.readAllStandardError(); }
    bool running() const { return m_process.state() == QProcess::Running; }
    void kill()
    {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }

    /// Runs kithd with these arguments to its end.
    static int run(const QStringList &arguments, QByteArray *errors = nullptr, const QByteArray &input = {})
    {
        QProcess process;
        process.start(QStringLiteral(KITHD_PATH), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(30'000)) {
            process.kill();
            process.waitForFinished();
            return -1;
        }
        if (errors)
            *errors = process.readAllStandardError() + process.readAllStandardOutput();
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }

    /// Registers and logs in; the access token.
    std::string account(const std::string &name, std::string *userId = nullptr, bool tls = false) const
    {
        httpCall(listen, "POST", "/v1/register",
                 "{\"username\":\"" + name + "\",\"password\":\"a long enough passphrase\",\"display_name\":\"" + name +
                     "\"}",
                 {}, tls);
        const HttpAnswer answer = login(name, tls);
        if (userId)
            *userId = jsonString(answer.body.substr(std::min(answer.body.find("\"user\""), answer.body.size())), "id");
        return jsonString(answer.body, "access_token");
    }
    HttpAnswer login(const std::string &name, bool tls = false) const
    {
        return httpCall(listen, "POST", "/v1/login",
                        "{\"username\":\"" + name +
                            "\",\"password\":\"a long enough "
                            "passphrase\",\"device\":{\"id\":\"6f1ed002-ab5a-4d3c-9f52-2c5a5c8e0b1a\","
                            "\"name\":\"test\",\"platform\":\"cli\"}}",
                        {}, tls);
    }
    /// A socket that has said login and had its hello.
    bool logIn(RawClient &client, const std::string &token, bool tls = false) const
    {
        if (!client.connect(listen, tls) || client.upgrade().find("101") == std::string::npos)
            return false;
        client.sendText("{\"op\":\"login\",\"id\":\"l\",\"d\":{\"token\":\"" + token + "\"}}");
        return client.receive().payload.find("hello") != std::string::npos;
    }

    std::string listen;
    std::string ops;

private:
    QTemporaryDir m_folder;
    QProcess m_process;
};

} // namespace kith::test
