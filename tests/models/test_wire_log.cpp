// SPDX-License-Identifier: GPL-3.0-or-later
// Frames at a glance and over lines; the model filters, pauses, forgets and follows a bounded recording.
#include "core/models/link_log.h"
#include "core/models/wire_log.h"

#include <QAbstractItemModelTester>
#include <QJsonDocument>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

using namespace kith;
using namespace kith::models;
using client::Recorder;

class TestWireLog final : public QObject {
    Q_OBJECT

    std::shared_ptr<ManualClock> m_clock = std::make_shared<ManualClock>(fromUnixMs(1'700'000'000'000));

    static QString cell(const WireLogModel &model, int row, int column)
    {
        return model.index(row, column).data().toString();
    }

private slots:
    void summary_namesEveryEnvelope()
    {
        const auto one = summarise("{\"op\":\"send\",\"id\":\"17\",\"d\":{\"op\":\"not this\",\"id\":\"nor "
                                   "this\",\"body\":\"\\\"op\\\":\\\"x\\\"\"}}");
        QCOMPARE(one.ops, QStringList{QStringLiteral("send")});
        QCOMPARE(one.ids, QStringList{QStringLiteral("17")});
        const auto many = summarise(R"( [ {"d":{"a":[{"op":"no"}]} , "op" : "message"},{"id":"2","op":"ok"} , {}] )");
        QCOMPARE(many.ops, (QStringList{QStringLiteral("message"), QStringLiteral("ok"), QString()}));
        QCOMPARE(many.ids, (QStringList{QString(), QStringLiteral("2"), QString()}));
    }

    void summary_takesAnyBytes()
    {
        for (const char *bytes : {"", "[", "{", "\"", "{\"op", "{\"op\"", "{\"op\":", "{\"op\":\"", "{\"op\":\"\\",
                                  "]]}}", "{\"op\":5,\"id\":[\"op\",\"x\"]}", "hello", "[[[[", "{\"\\"})
            summarise(bytes);
        QCOMPARE(summarise("{\"op\":5,\"id\":[\"op\",\"x\"]}").ops, QStringList{QString()});
    }

    void pretty_isTheSameJsonOverLines()
    {
        const QByteArray json = "{\"op\":\"send\",\"d\":{\"body\":\"a, b: {c} "
                                "\\\"d\\\"\\\\\",\"list\":[1,2,{\"x\":null}],\"none\":[],\"no\":{ }},\"z\":-1.5e3}";
        const QString pretty = prettyJson(json, json.size());
        QCOMPARE(QJsonDocument::fromJson(pretty.toUtf8()), QJsonDocument::fromJson(json));
        QVERIFY(pretty.startsWith(QStringLiteral("{\n  \"op\": \"send\",\n  \"d\": {\n    \"body\": ")));
        QVERIFY(pretty.contains(QStringLiteral("\"none\": [],\n")));
        QVERIFY(pretty.indexOf(QStringLiteral("\"op\"")) < pretty.indexOf(QStringLiteral("\"d\""))); // as it came
        for (qsizetype cut = 0; cut <= json.size(); ++cut)
            prettyJson(json.first(cut), cut); // whatever is missing
        QVERIFY(prettyJson(json, 10).size() < 30);
        QCOMPARE(prettyJson("hello", 100), QStringLiteral("hello"));
    }

    void commandLine_comesThroughARealShell()
    {
        const QByteArray frame = "{\"op\":\"send\",\"d\":{\"body\":\"it's $HOME `date` \\\"x\\\" \\\\ 你好 !\"}}";
        const QString line = commandLine(frame);
        const QString prefix = QStringLiteral("kith-cli wire --send ");
        QVERIFY(line.startsWith(prefix));
        QProcess shell;
        shell.start(QStringLiteral("sh"),
                    {QStringLiteral("-c"), QStringLiteral("printf %s ") + line.mid(prefix.size())});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput(), frame);
    }

    void rows_followTheRecording()
    {
        Recorder recorder(m_clock);
        recorder.frame(true, R"({"op":"login","id":"login","d":{"token":"redacted"}})"); // before anybody looked
        WireLogModel model(recorder);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 1);
        recorder.frame(false, R"([{"op":"hello","id":"login"},{"op":"message"},{"op":"message"},{"op":"change"}])");
        recorder.call("GET", QStringLiteral("/v1/users/5"), 404, milliseconds{3}, 40);
        QTRY_COMPARE(model.rowCount(), 3);
        QCOMPARE(cell(model, 0, WireLogModel::Op), QStringLiteral("login"));
        QCOMPARE(cell(model, 0, WireLogModel::Direction), QStringLiteral("→"));
        QCOMPARE(cell(model, 1, WireLogModel::Direction), QStringLiteral("←"));
        QCOMPARE(cell(model, 1, WireLogModel::Op), QStringLiteral("hello, message, message +1"));
        QCOMPARE(cell(model, 1, WireLogModel::Id), QStringLiteral("login"));
        QCOMPARE(cell(model, 2, WireLogModel::Op), QStringLiteral("GET /v1/users/5"));
        QVERIFY(cell(model, 2, WireLogModel::Id).startsWith(QStringLiteral("404")));
        QVERIFY(cell(model, 0, WireLogModel::Time).contains(QLatin1Char('.'))); // with milliseconds
        QCOMPARE(model.ops(), (QStringList{QStringLiteral("HTTP"), QStringLiteral("change"), QStringLiteral("hello"),
                                           QStringLiteral("login"), QStringLiteral("message")}));
    }

    void filter_byTextAndOp()
    {
        Recorder recorder(m_clock);
        WireLogModel model(recorder);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        recorder.frame(true, R"({"op":"send","d":{"body":"Apples"}})");
        recorder.frame(true, R"({"op":"send","d":{"body":"pears"}})");
        recorder.frame(false, R"({"op":"message","d":{"body":"apples"}})");
        QTRY_COMPARE(model.rowCount(), 3);
        model.setFilter(QStringLiteral("APPLES"), {});
        QCOMPARE(model.rowCount(), 2);
        model.setFilter(QStringLiteral("apples"), QStringLiteral("send"));
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.entry(0).number, std::uint64_t(1));
        recorder.frame(true, R"({"op":"send","d":{"body":"more apples"}})");
        recorder.frame(true, R"({"op":"read","d":{"body":"apples"}})");
        QTRY_COMPARE(model.total(), 5);
        QCOMPARE(model.rowCount(), 2);
        model.setFilter({}, {});
        QCOMPARE(model.rowCount(), 5);
    }

    void pause_holdsAndGoesOn_clearForgets()
    {
        Recorder recorder(m_clock);
        WireLogModel model(recorder);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        recorder.frame(true, "{\"op\":\"a\"}");
        QTRY_COMPARE(model.rowCount(), 1);
        model.setPaused(true);
        for (std::size_t i = 0; i < Recorder::kMostEntries + 5; ++i)
            recorder.frame(false, "{\"op\":\"b\"}");
        QCOMPARE(model.rowCount(), 1);
        model.setPaused(false);
        QCOMPARE(model.rowCount(), static_cast<int>(Recorder::kMostEntries));
        QCOMPARE(model.entry(0).number, recorder.wire().front().number);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(recorder.wire().empty());
        recorder.frame(false, "{\"op\":\"c\"}");
        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(cell(model, 0, WireLogModel::Op), QStringLiteral("c"));
    }

    void boundedRecording_boundsTheRows()
    {
        Recorder recorder(m_clock);
        WireLogModel model(recorder);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFilter({}, QStringLiteral("odd"));
        for (int round = 0; round < 4; ++round) {
            for (int i = 0; i < 4000; ++i)
                recorder.frame(true, i % 2 ? "{\"op\":\"odd\"}" : "{\"op\":\"even\"}");
            const int expected = static_cast<int>(recorder.wire().size());
            QTRY_VERIFY(model.rowCount() > 0 && model.entry(model.rowCount() - 1).number == recorder.lastNumber());
            QCOMPARE(model.total(), expected);
            QCOMPARE(model.rowCount(), expected / 2);
        }
        QCOMPARE(model.total(), static_cast<int>(Recorder::kMostEntries));
    }

    void recorderGoesFirst_rowsStay()
    {
        auto recorder = std::make_unique<Recorder>(m_clock);
        WireLogModel model(*recorder);
        recorder->frame(true, "{\"op\":\"a\"}");
        QTRY_COMPARE(model.rowCount(), 1);
        recorder.reset();
        QCOMPARE(cell(model, 0, WireLogModel::Op), QStringLiteral("a"));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void link_rowsAreNewestFirstWithReasonCodeAndTime()
    {
        Recorder recorder(m_clock);
        client::LinkStatus status;
        status.phase = client::LinkPhase::Online;
        recorder.link(status);
        LinkLogModel model(recorder);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        m_clock->advance(milliseconds{1500});
        status = {client::LinkPhase::Waiting, milliseconds{2300}, QStringLiteral("draining"),
                  protocol::CloseCode::Draining, false};
        recorder.link(status);
        QCOMPARE(model.rowCount(), 2);
        const QString why = model.index(0, LinkLogModel::Why).data().toString();
        QVERIFY2(why.contains(QStringLiteral("4012")) && why.contains(QStringLiteral("draining")) &&
                     why.contains(QStringLiteral("2.3")),
                 qPrintable(why));
        QCOMPARE(model.index(1, LinkLogModel::Lasted).data().toString(), QStringLiteral("1.5 s"));
        for (int i = 0; i < 300; ++i) {
            status.retryIn = milliseconds{i};
            recorder.link(status);
        }
        QCOMPARE(model.rowCount(), static_cast<int>(Recorder::kMostChanges));
    }
};

QTEST_GUILESS_MAIN(TestWireLog)
#include "test_wire_log.moc"
