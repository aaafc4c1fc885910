// SPDX-License-Identifier: GPL-3.0-or-later
// The real kithd in a folder of its own, and client cores that talk to it.
#pragma once

#include "core/client/client.h"
#include "tests/client/fake_rpc.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

#include <signal.h>

#include <memory>

namespace kith::test {

class RealServer final {
public:
    explicit RealServer(const QString &folder, const QByteArray &settings = {}) : m_folder(folder)
    {
        QDir().mkpath(folder);
        if (settings.isEmpty())
            return;
        m_config = QDir(folder).filePath(QStringLiteral("kithd.toml"));
        QFile file(m_config);
        if (file.open(QIODevice::WriteOnly))
            file.write(settings);
    }
    ~RealServer() { kill(); }

    /// The second start takes the port of the first: profiles remember the address.
    bool start()
    {
        const auto ready = QDir(m_folder).filePath(QStringLiteral("ready.json"));
        QFile::remove(ready);
        QStringList arguments{QStringLiteral("serve"),
                              QStringLiteral("--data"),
                              QDir(m_folder).filePath(QStringLiteral("data")),
                              QStringLiteral("--listen"),
                              QStringLiteral("127.0.0.1:%1").arg(m_port),
                              QStringLiteral("--ops-listen"),
                              QStringLiteral("127.0.0.1:0"),
                              QStringLiteral("--insecure"),
                              QStringLiteral("--ready-file"),
                              ready};
        if (!m_config.isEmpty())
            arguments << QStringLiteral("--config") << m_config;
        m_process = std::make_unique<QProcess>();
        m_process->setStandardErrorFile(QDir(m_folder).filePath(QStringLiteral("kithd.log")), QIODevice::Append);
        m_process->setStandardOutputFile(QDir(m_folder).filePath(QStringLiteral("kithd.log")), QIODevice::Append);
        m_process->start(QStringLiteral(KITHD), arguments);
        const bool up =
            QTest::qWaitFor([&] { return QFile::exists(ready) || m_process->state() == QProcess::NotRunning; }, 30000);
        QFile file(ready);
        if (!up || !file.open(QIODevice::ReadOnly)) {
            QFile log(QDir(m_folder).filePath(QStringLiteral("kithd.log")));
            if (log.open(QIODevice::ReadOnly))
                qWarning("kithd did not start: %s", log.readAll().constData());
            return false;
        }
        const auto listen = QJsonDocument::fromJson(file.readAll()).object().value(QStringLiteral("listen")).toString();
        m_port = listen.mid(listen.lastIndexOf(QLatin1Char(':')) + 1).toInt();
        return m_port > 0;
    }
    /// SIGKILL: no goodbye.
    void kill()
    {
        if (!m_process)
            return;
        m_process->kill();
        m_process->waitForFinished();
        m_process.reset();
    }
    int terminate()
    {
        m_process->terminate();
        m_process->waitForFinished(40000);
        const int code = m_process->exitStatus() == QProcess::NormalExit ? m_process->exitCode() : -1;
        m_process.reset();
        return code;
    }
    QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port)); }
    QString data() const { return QDir(m_folder).filePath(QStringLiteral("data")); }

private:
    QString m_folder, m_config;
    int m_port = 0;
    std::unique_ptr<QProcess> m_process;
};

/// A person at a computer: a profile folder and the client core over it.
class Person final {
public:
    Person(const QString &folder, std::string username)
        : name(std::move(username)), m_profile(QDir(folder).filePath(QString::fromStdString(name)))
    {
    }

    QString profile() const { return m_profile; }
    QString keyFile() const { return m_profile + QStringLiteral(".key"); }
    client::Client &operator*() { return *m_client; }
    client::Client *operator->() { return m_client.get(); }

    bool open()
    {
        client::ClientOptions options;
        options.profileDir = m_profile;
        options.keyFile = keyFile();
        options.deviceName = QStringLiteral("test");
        m_client = std::make_unique<client::Client>(options);
        const auto opened = wait(m_client->open());
        if (!opened)
            qWarning("%s cannot open: %s", name.c_str(), qPrintable(opened.error().detail));
        return opened.has_value();
    }
    void close() { m_client.reset(); }
    bool enter(const QUrl &server)
    {
        if (!open())
            return false;
        const auto made = wait(m_client->registerAccount(server, name, password, name + " (shown)"));
        if (!made) {
            qWarning("%s cannot register: %s", name.c_str(), qPrintable(made.error().detail));
            return false;
        }
        const auto in = wait(m_client->login(server, name, password));
        if (!in) {
            qWarning("%s cannot log in: %s", name.c_str(), qPrintable(in.error().detail));
            return false;
        }
        return connect();
    }
    bool connect()
    {
        m_client->connectToServer();
        const auto caught = wait(m_client->waitCaughtUp(std::chrono::seconds{20}));
        if (!caught)
            qWarning("%s did not catch up: %s", name.c_str(), qPrintable(caught.error().detail));
        return caught.has_value();
    }
    UserId id() const { return m_client->self().id; }
    std::vector<history::StoredMessage> messages(const ConversationId &conversation, int limit = 200)
    {
        PageQuery query;
        query.conversation = conversation;
        query.limit = limit;
        auto page = wait(m_client->page(query));
        if (!page)
            qWarning("%s cannot read: %s", name.c_str(), qPrintable(page.error().detail));
        return page ? page->messages : std::vector<history::StoredMessage>();
    }
    /// Bodies, oldest first, without the server's own notices.
    std::vector<std::string> bodies(const ConversationId &conversation)
    {
        std::vector<std::string> found;
        const auto all = messages(conversation);
        for (auto it = all.rbegin(); it != all.rend(); ++it)
            if (it->message.kind == MessageKind::Text)
                found.push_back(it->message.body);
        return found;
    }
    Receipt cursorOf(const ConversationId &conversation, const UserId &user)
    {
        auto receipts = wait(m_client->receipts(conversation));
        if (receipts)
            for (const auto &one : *receipts)
                if (one.user == user)
                    return one;
        return {};
    }

    std::string name;
    std::string password = "a long enough pass phrase";

private:
    QString m_profile;
    std::unique_ptr<client::Client> m_client;
};

/// Files below the folders whose bytes hold `text` in UTF-8 or UTF-16.
inline QStringList filesWith(const QStringList &folders, const QString &text)
{
    QStringList found;
    const auto utf8 = text.toUtf8();
    const QByteArray utf16(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
    for (const auto &folder : folders) {
        QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const auto bytes = file.readAll();
            if (bytes.contains(utf8) || bytes.contains(utf16))
                found << file.fileName();
        }
    }
    return found;
}

} // namespace kith::test
