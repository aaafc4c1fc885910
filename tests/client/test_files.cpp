// SPDX-License-Identifier: GPL-3.0-or-later
// Small files to a server and back over real sockets, which break.
#include "core/client/file_transfer.h"
#include "tests/client/fake_rpc.h"
#include "tests/client/small_files.h"

using namespace kith;
using client::FileTransfer;
using test::SmallFiles;
using test::wait;
using Whim = test::SmallFiles::Whim;

namespace {

QByteArray noise(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 12345;
    for (char &byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

struct Rig {
    SmallFiles server;
    test::DirectCalls calls{server};
    FileTransfer transfer{calls, std::chrono::milliseconds{1}};
    QByteArray bytes = noise(700 * 1024);

    client::Result<std::string> upload(std::shared_ptr<client::UploadControl> control = nullptr)
    {
        return wait(transfer.upload(bytes, "picture.png", "image/png", std::move(control)));
    }
};

} // namespace

class FilesTest final : public QObject {
    Q_OBJECT

private slots:
    void upload_goesInPieces()
    {
        Rig rig;
        std::vector<qint64> told;
        auto control = std::make_shared<client::UploadControl>();
        control->progressed = [&](qint64 sent, qint64 size) {
            QCOMPARE(size, rig.bytes.size());
            told.push_back(sent);
        };
        const auto id = rig.upload(control);
        QVERIFY2(id, id ? "" : qPrintable(id.error().detail));
        const auto &file = rig.server.files.at(QString::fromStdString(*id));
        QCOMPARE(file.bytes, rig.bytes);
        QCOMPARE(file.sum, QCryptographicHash::hash(rig.bytes, QCryptographicHash::Sha256).toHex());
        QCOMPARE(rig.server.calls, (QStringList{QStringLiteral("POST"), QStringLiteral("PATCH 0"),
                                                QStringLiteral("PATCH 262144"), QStringLiteral("PATCH 524288")}));
        QCOMPARE(told, (std::vector<qint64>{0, 262144, 524288, rig.bytes.size()}));
    }

    void cut_data()
    {
        QTest::addColumn<QList<int>>("whims");
        QTest::addColumn<QString>("after"); // what follows the cut
        const auto row = [](const char *name, std::initializer_list<Whim> whims, const char *after) {
            QList<int> list;
            for (const Whim whim : whims)
                list << static_cast<int>(whim);
            QTest::newRow(name) << list << QString::fromLatin1(after);
        };
        // Qt asks again by itself where a connection that had served before is cut: how often is its business.
        row("before a piece is taken", {Whim::None, Whim::None, Whim::CutBefore}, "");
        row("after a piece is taken", {Whim::None, Whim::None, Whim::CutAfter}, "");
        row("with the last answer", {Whim::None, Whim::None, Whim::None, Whim::CutAfter}, "");
        row("again and again", {Whim::None, Whim::None, Whim::CutBefore, Whim::CutAfter, Whim::CutBefore}, "");
        row("with the first answer", {Whim::CutAfter}, "POST,PATCH 0,PATCH 262144,PATCH 524288");
        row("a wrong offset", {Whim::None, Whim::Conflict}, "PATCH 0,PATCH 262144,PATCH 524288");
        row("a server without time", {Whim::None, Whim::Busy}, "PATCH 0,PATCH 262144,PATCH 524288");
        row("a file that is forgotten", {Whim::None, Whim::None, Whim::Forget},
            "POST,PATCH 0,PATCH 262144,PATCH 524288");
    }
    void cut()
    {
        QFETCH(QList<int>, whims);
        QFETCH(QString, after);
        Rig rig;
        for (const int whim : whims)
            rig.server.whims.push_back(static_cast<Whim>(whim));
        const auto id = rig.upload();
        QVERIFY2(id, id ? "" : qPrintable(id.error().detail));
        QCOMPARE(rig.server.files.at(QString::fromStdString(*id)).bytes, rig.bytes);
        const QStringList rest = rig.server.calls.mid(whims.size());
        QVERIFY2(rest.size() < 8, qPrintable(rest.join(QLatin1Char(','))));
        if (!after.isEmpty())
            QCOMPARE(rest.join(QLatin1Char(',')), after);
    }

    void cutForLonger_theServerIsAskedWhereItStands()
    {
        Rig rig;
        rig.server.whims.assign(2, Whim::None);
        rig.server.whims.insert(rig.server.whims.end(), 5, Whim::CutBefore);
        const auto id = rig.upload();
        QVERIFY2(id, id ? "" : qPrintable(id.error().detail));
        QCOMPARE(rig.server.files.at(QString::fromStdString(*id)).bytes, rig.bytes);
        QVERIFY(rig.server.calls.contains(QStringLiteral("HEAD")));
        QCOMPARE(rig.server.calls.count(QStringLiteral("POST")), 1);
        QCOMPARE(rig.server.calls.count(QStringLiteral("PATCH 0")), 1);
    }

    void proxyThatTakesTheOffsetsOut_endsAfterSomeAttempts()
    {
        Rig rig;
        rig.server.mute = true;
        const auto id = rig.upload();
        QVERIFY(!id);
        QVERIFY2(rig.server.calls.size() < 20, qPrintable(QString::number(rig.server.calls.size())));
    }

    void serverThatNeverAnswers_endsAfterSomeAttempts()
    {
        Rig rig;
        rig.server.whims.assign(100, Whim::CutBefore);
        const auto id = rig.upload();
        QVERIFY(!id);
        QCOMPARE(id.error().code, client::ClientErrorCode::Unreachable);
        QVERIFY2(rig.server.calls.size() < 20, qPrintable(QString::number(rig.server.calls.size())));
    }

    void conflictThatNeverEnds_ends()
    {
        Rig rig;
        rig.server.whims.assign(100, Whim::Conflict);
        rig.server.whims.push_front(Whim::None);
        const auto id = rig.upload();
        QVERIFY(!id);
        QVERIFY(id.error().wire.has_value());
        QCOMPARE(id.error().wire->code, protocol::ErrorCode::VersionConflict);
        QVERIFY(rig.server.calls.size() < 20);
    }

    void offsetBeyondTheFile_isRefused()
    {
        Rig rig;
        rig.server.whims = {Whim::None, Whim::Lie};
        const auto id = rig.upload();
        QVERIFY(!id);
        QCOMPARE(id.error().code, client::ClientErrorCode::NotKith);
    }

    void cancelled_endsAfterThePiece()
    {
        Rig rig;
        auto control = std::make_shared<client::UploadControl>();
        control->progressed = [control = control.get()](qint64 sent, qint64) {
            if (sent > 0)
                control->cancel();
        };
        const auto id = rig.upload(control);
        QVERIFY(!id);
        QCOMPARE(id.error().code, client::ClientErrorCode::Cancelled);
        QCOMPARE(rig.server.calls.size(), 2);
    }

    void simulatedOffline_isUnreachable()
    {
        Rig rig;
        client::Simulation offline;
        offline.offline = true;
        rig.calls.http.simulate(offline);
        const auto id = rig.upload();
        QVERIFY(!id);
        QCOMPARE(id.error().code, client::ClientErrorCode::Unreachable);
        QVERIFY(rig.server.calls.isEmpty());
    }

    void download_bringsTheBytes()
    {
        Rig rig;
        rig.server.files[QStringLiteral("a")].bytes = rig.bytes;
        const auto bytes = wait(rig.transfer.download("a", rig.bytes.size()));
        QVERIFY(bytes);
        QCOMPARE(*bytes, rig.bytes);
    }

    void downloadOfTooMuch_isRefused()
    {
        Rig rig;
        rig.server.files[QStringLiteral("a")].bytes = rig.bytes;
        const auto bytes = wait(rig.transfer.download("a", 100 * 1024));
        QVERIFY(!bytes);
        QVERIFY(bytes.error().wire.has_value());
        QCOMPARE(bytes.error().wire->code, protocol::ErrorCode::TooLarge);
        // Nor is a length believed that is not told.
        rig.server.onGet = [&](QTcpSocket &socket, const QString &) {
            socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + rig.bytes);
            socket.disconnectFromHost();
        };
        const auto more = wait(rig.transfer.download("a", 100 * 1024));
        QVERIFY(!more);
        QVERIFY(more.error().wire.has_value());
    }

    void downloadThatIsCut_isNotTheFile()
    {
        Rig rig;
        rig.server.onGet = [&](QTcpSocket &socket, const QString &) {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it");
            socket.disconnectFromHost();
        };
        const auto bytes = wait(rig.transfer.download("a", 1024));
        QVERIFY(!bytes);
        QCOMPARE(bytes.error().code, client::ClientErrorCode::Unreachable);
    }

    void recorder_isToldOfNoBytes()
    {
        Rig rig;
        QStringList told;
        connect(&rig.calls.http, &client::HttpClient::called, this,
                [&](const QByteArray &method, const QString &path, int status) {
                    told << QString::fromUtf8(method) + QLatin1Char(' ') + path + QLatin1Char(' ') +
                                QString::number(status);
                });
        rig.bytes = noise(10);
        QVERIFY(rig.upload());
        QCOMPARE(told,
                 (QStringList{QStringLiteral("POST /v1/files 201"), QStringLiteral("PATCH /v1/files/file1 204")}));
    }
};

QTEST_GUILESS_MAIN(FilesTest)
#include "test_files.moc"
