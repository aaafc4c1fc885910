// SPDX-License-Identifier: GPL-3.0-or-later
// The real client through real small proxies: calls and link go through them and not past them.
#include "tests/integration/real_server.h"

#include <QProcess>

using namespace kith;
using client::ClientErrorCode;
using client::ProxyKind;
using client::ProxySettings;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

class SmallProxy final {
public:
    SmallProxy(const QString &folder, ProxyKind kind, const QString &user = {}, const QString &password = {})
        : m_log(folder + QStringLiteral("/proxy.log"))
    {
        const QString ready = folder + QStringLiteral("/proxy.port");
        QFile::remove(ready);
        QFile::remove(m_log);
        QStringList words{
            QStringLiteral(SMALL_PROXY), kind == ProxyKind::Http ? QStringLiteral("http") : QStringLiteral("socks5"),
            QStringLiteral("--ready"),   ready,
            QStringLiteral("--log"),     m_log};
        if (!user.isEmpty())
            words << QStringLiteral("--user") << user << QStringLiteral("--password") << password;
        m_process.setProcessChannelMode(QProcess::ForwardedChannels);
        m_process.start(QStringLiteral("python3"), words);
        QFile file(ready);
        if (!QTest::qWaitFor([&] { return file.exists(); }, 20000) || !file.open(QIODevice::ReadOnly))
            return;
        settings.kind = kind;
        settings.host = "127.0.0.1";
        settings.port = file.readAll().toInt();
        settings.user = user.toStdString();
        settings.password = password.toStdString();
    }
    ~SmallProxy() { stop(); }
    void stop()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    QStringList log() const
    {
        QFile file(m_log);
        return file.open(QIODevice::ReadOnly)
                   ? QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts)
                   : QStringList();
    }

    ProxySettings settings;

private:
    QString m_log;
    QProcess m_process;
};

} // namespace

class TestProxy final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    int m_count = 0;

    QString folder()
    {
        const QString path = m_dir.filePath(QStringLiteral("run%1").arg(++m_count));
        QDir().mkpath(path);
        return path;
    }
    QString tunnelToServer() const { return QStringLiteral("tunnel 127.0.0.1:%1").arg(m_server->url().port()); }

    void goesThrough(ProxyKind kind, const QString &user, const QString &password)
    {
        const QString room = folder();
        SmallProxy proxy(room, kind, user, password);
        QVERIFY(proxy.settings.port > 0);
        Person ann(room, "ann" + std::to_string(m_count));
        QVERIFY(ann.open());
        QVERIFY(wait(ann->setProxy(proxy.settings)).has_value());
        QVERIFY(wait(ann->registerAccount(m_server->url(), ann.name, ann.password, "Ann")).has_value());
        const auto calls = proxy.log().size();
        QVERIFY(calls > 0);
        QVERIFY(wait(ann->login(m_server->url(), ann.name, ann.password)).has_value());
        QVERIFY(ann.connect());
        QVERIFY2(proxy.log().size() > calls, "the link did not go through it");
        for (const QString &line : proxy.log())
            QVERIFY2(line == tunnelToServer() || (!user.isEmpty() && line == QLatin1String("refused")),
                     qPrintable(line));
        QVERIFY(proxy.log().contains(tunnelToServer()));
        // The proxy goes: so does the link, and nothing goes past it.
        proxy.stop();
        QTRY_VERIFY(ann->linkStatus().phase != client::LinkPhase::Online);
        const auto found = wait(ann->findUsers("ann"));
        QVERIFY(!found);
        QVERIFY(found.error().code == ClientErrorCode::Proxy || found.error().code == ClientErrorCode::Unreachable);
        // Another way is used at once, and kept.
        ProxySettings none;
        none.kind = ProxyKind::None;
        QVERIFY(wait(ann->setProxy(none)).has_value());
        ann->reconnectNow();
        QTRY_VERIFY_WITH_TIMEOUT(ann->linkStatus().phase == client::LinkPhase::Online, 20000);
        ann.close();
        QVERIFY(ann.open());
        QCOMPARE(ann->proxy(), none);
        ann.close();
    }

private slots:
    void initTestCase()
    {
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
    }

    void http_callsAndLinkGoThroughIt() { goesThrough(ProxyKind::Http, {}, {}); }
    void httpWithPassword_callsAndLinkGoThroughIt()
    {
        goesThrough(ProxyKind::Http, QStringLiteral("walker"), QStringLiteral("open sesame"));
    }
    void socks5_callsAndLinkGoThroughIt() { goesThrough(ProxyKind::Socks5, {}, {}); }
    void socks5WithPassword_callsAndLinkGoThroughIt()
    {
        goesThrough(ProxyKind::Socks5, QStringLiteral("walker"), QStringLiteral("open sesame"));
    }

    void wrongPassword_isTheProxysRefusal()
    {
        for (const ProxyKind kind : {ProxyKind::Http, ProxyKind::Socks5}) {
            const QString room = folder();
            SmallProxy proxy(room, kind, QStringLiteral("walker"), QStringLiteral("open sesame"));
            Person bob(room, "bob");
            QVERIFY(bob.open());
            ProxySettings wrong = proxy.settings;
            wrong.password = "another";
            QVERIFY(wait(bob->setProxy(wrong)).has_value());
            const auto made = wait(bob->registerAccount(m_server->url(), bob.name, bob.password, "Bob"));
            QVERIFY(!made);
            QCOMPARE(made.error().code, ClientErrorCode::Proxy);
            QVERIFY(!proxy.log().contains(tunnelToServer()));
            bob.close();
        }
    }

    void password_isOnDiskEncryptedOnly_andSurvivesARestartAndALogout()
    {
        const QString room = folder();
        SmallProxy proxy(room, ProxyKind::Socks5, QStringLiteral("walker"), QStringLiteral("sesame-seed-cake"));
        Person cam(room, "cam");
        QVERIFY(cam.open());
        QVERIFY(wait(cam->setProxy(proxy.settings)).has_value());
        QVERIFY(wait(cam->registerAccount(m_server->url(), cam.name, cam.password, "Cam")).has_value());
        QVERIFY(wait(cam->login(m_server->url(), cam.name, cam.password)).has_value());
        QVERIFY(wait(cam->logout(true)).has_value());
        cam.close();
        QVERIFY(cam.open());
        QCOMPARE(cam->proxy(), proxy.settings);
        cam.close();
        QCOMPARE(test::filesWith({cam.profile()}, QStringLiteral("sesame-seed-cake")), QStringList());
    }

    void commandLine_takesItForOneCommand()
    {
        const QString room = folder();
        SmallProxy proxy(room, ProxyKind::Http, QStringLiteral("walker"), QStringLiteral("open sesame"));
        const QString key = room + QStringLiteral("/cli.key");
        QFile file(key);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(QByteArray(64, 'b'));
        file.close();
        const auto run = [&](const QStringList &words, const QByteArray &input) {
            QProcess process;
            process.setProcessChannelMode(QProcess::MergedChannels);
            process.start(QStringLiteral(KITH_CLI),
                          QStringList{QStringLiteral("--profile"), room + QStringLiteral("/cli"),
                                      QStringLiteral("--key-file"), key, QStringLiteral("--server"),
                                      m_server->url().toString()} +
                              words);
            process.write(input);
            process.closeWriteChannel();
            process.waitForFinished(60000);
            return std::pair(process.exitCode(), process.readAll());
        };
        const QString address = QStringLiteral("http://walker@127.0.0.1:%1").arg(proxy.settings.port);
        const auto made = run({QStringLiteral("--proxy"), address, QStringLiteral("register"), QStringLiteral("dora")},
                              "open sesame\na long enough pass phrase\n");
        QVERIFY2(made.first == 0, made.second.constData());
        QVERIFY(proxy.log().contains(tunnelToServer()));
        const auto lines = proxy.log().size();
        const auto in = run({QStringLiteral("login"), QStringLiteral("dora")}, "a long enough pass phrase\n");
        QVERIFY2(in.first == 0, in.second.constData());
        QCOMPARE(proxy.log().size(), lines); // not kept
        const auto wrong = run({QStringLiteral("--proxy"), address, QStringLiteral("conversations")}, "another\n");
        QCOMPARE(wrong.first, 3);
        const auto bad = run({QStringLiteral("--proxy"), QStringLiteral("http://walker:secret@127.0.0.1"),
                              QStringLiteral("conversations")},
                             {});
        QCOMPARE(bad.first, 2);
    }

    void addresses_areReadAndWritten()
    {
        for (const char *good : {"system", "none", "http://proxy.example:8080", "socks5://walker@10.0.0.1:1080"}) {
            const auto parsed = client::parseProxy(QString::fromLatin1(good));
            QVERIFY2(parsed, good);
            QCOMPARE(client::proxyName(*parsed), QString::fromLatin1(good));
            QCOMPARE(client::decodeProxy(client::encodeProxy(*parsed)), *parsed);
        }
        for (const char *bad :
             {"", "ftp://proxy", "http://", "http://user:word@proxy", "proxy:3128", "socks5://proxy/path"})
            QVERIFY2(!client::parseProxy(QString::fromLatin1(bad)), bad);
        QCOMPARE(client::decodeProxy("not json"), ProxySettings{});
        QVERIFY(client::isLocalServer(QUrl(QStringLiteral("http://127.0.0.1:7443"))));
        QVERIFY(!client::isLocalServer(QUrl(QStringLiteral("https://chat.example.org"))));
    }
};

QTEST_GUILESS_MAIN(TestProxy)
#include "test_proxy.moc"
