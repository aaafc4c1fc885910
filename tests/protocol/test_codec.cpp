// SPDX-License-Identifier: GPL-3.0-or-later
// Frames, envelopes, error objects and the tables of ops and codes; and docs/protocol.md against those tables.
#include "core/base/limits.h"
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++'s concepts
#include "core/protocol/envelope.h"
#include "core/protocol/http.h"

#include <boost/json.hpp>

#include <map>
#include <set>
#endif

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace kith;
using namespace kith::protocol;
namespace json = boost::json;

namespace {

Decoded<std::vector<FrameItem>> frame(std::string_view text)
{
    return decodeFrame(text, limits::kMaxClientFrameBytes);
}

std::vector<ErrorCode> errorCodes()
{
    std::vector<ErrorCode> all;
    for (int i = 0; i <= int(ErrorCode::Internal); ++i)
        all.push_back(ErrorCode(i));
    return all;
}

QString documentation()
{
    QFile file(QStringLiteral(KITH_TEST_DATA "/../../docs/protocol.md"));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestCodec final : public QObject {
    Q_OBJECT
private slots:
    void envelope_comesBackFromItsFrame()
    {
        for (const std::string id : {"", "r\"1", "一二三", "a b\\"}) {
            const auto items = frame(encodeEnvelope(Op::Send, id, {{"body", "你好\n\"\\"}, {"n", 5}}));
            QVERIFY(items.has_value() && items->size() == 1);
            const auto &envelope = std::get<Envelope>(items->front());
            QVERIFY(envelope.op == Op::Send && envelope.list.empty());
            QCOMPARE(envelope.id, id);
            QVERIFY(envelope.data == (json::object{{"body", "你好\n\"\\"}, {"n", 5}}));
        }
        const auto acks = frame(encodeListEnvelope(Op::Ack, {json::object{{"seq", 1}}}));
        QCOMPARE(std::get<Envelope>(acks->front()).list.size(), size_t(1));
        const auto error = frame(encodeErrorEnvelope("e", makeError(ErrorCode::Blocked, "no")));
        QVERIFY(std::get<Envelope>(error->front()).op == Op::Error);
        QVERIFY(std::get<Envelope>(error->front()).data.at("code") == "blocked");
    }

    void joinedFrame_givesEveryEnvelopeInOrder()
    {
        std::vector<std::string> envelopes;
        for (int i = 0; i < 5; ++i)
            envelopes.push_back(encodeEnvelope(Op::Sync, std::to_string(i), {}));
        std::vector<std::string_view> views;
        for (std::size_t count = 1; count <= envelopes.size(); ++count) {
            views.emplace_back(envelopes[count - 1]);
            const std::string joined = joinFrame(views);
            QCOMPARE(joined.front(), count == 1 ? '{' : '[');
            const auto items = frame(joined);
            QCOMPARE(items->size(), count);
            for (std::size_t i = 0; i < count; ++i)
                QCOMPARE(std::get<Envelope>(items->at(i)).id, std::to_string(i));
        }
    }

    void badEnvelopeInArray_keepsItsIdAndTheOthersCount()
    {
        const auto items =
            frame(R"([{"op":"nope","id":"a"},{"code":1010,"id":"b","d":{}},7,{"op":"sync","id":"c","d":[]}])");
        QVERIFY(items.has_value() && items->size() == 4);
        QCOMPARE(std::get<BadEnvelope>(items->at(0)).id, std::string("a"));
        QVERIFY(std::get<BadEnvelope>(items->at(0)).error.code == ErrorCode::UnsupportedOp);
        QVERIFY(std::get<Envelope>(items->at(1)).op == Op::Heartbeat);
        QVERIFY(std::get<BadEnvelope>(items->at(2)).error.code == ErrorCode::Malformed);
        QCOMPARE(std::get<BadEnvelope>(items->at(3)).id, std::string("c"));
    }

    void wrongEnvelope_namesItsField_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("field");
        const auto add = [](const char *text, const char *id, const char *code, const char *field) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(id) << QByteArray(code) << QByteArray(field);
        };
        add(R"({})", "", "malformed", "op");
        add(R"({"id":"a"})", "a", "malformed", "op");
        add(R"({"id":"a","op":null})", "a", "malformed", "op");
        add(R"({"id":"a","op":7})", "a", "malformed", "op");
        add(R"({"id":"a","op":["sync"]})", "a", "malformed", "op");
        add(R"({"id":"a","op":""})", "a", "unsupported_op", "op");
        add(R"({"id":"a","op":"Sync"})", "a", "unsupported_op", "op");
        add(R"({"id":"a","op":"sync "})", "a", "unsupported_op", "op");
        add(R"({"id":"a","code":"5001"})", "a", "malformed", "code");
        add(R"({"id":"a","code":5001.0})", "a", "malformed", "code");
        add(R"({"id":"a","code":4711})", "a", "unsupported_op", "code");
        add(R"({"id":"a","code":-1})", "a", "unsupported_op", "code");
        add(R"({"id":"a","code":4294968297})", "a", "unsupported_op", "code"); // 2^32 + 1001
        add(R"({"id":"a","op":"sync","code":5002})", "a", "malformed", "code");
        add(R"({"id":7,"op":"sync"})", "", "malformed", "id");
        add(R"({"id":null,"op":"sync"})", "", "malformed", "id");
        add(R"({"id":"a\u0000","op":"sync"})", "", "malformed", "id");
        add(R"({"id":"a\n","op":"sync"})", "", "malformed", "id");
        add(R"({"id":"a","op":"sync","d":[]})", "a", "malformed", "d");
        add(R"({"id":"a","op":"sync","d":"x"})", "a", "malformed", "d");
        add(R"({"id":"a","op":"sync","d":null})", "a", "malformed", "d");
        add(R"({"id":"a","op":"ack","d":{}})", "a", "malformed", "d");
    }
    void wrongEnvelope_namesItsField()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, field);
        const auto items = frame(text.toStdString());
        QVERIFY(items.has_value() && items->size() == 1);
        QVERIFY(std::holds_alternative<BadEnvelope>(items->front()));
        const auto &bad = std::get<BadEnvelope>(items->front());
        QCOMPARE(bad.id, id.toStdString());
        QCOMPARE(std::string(name(bad.error.code)), code.toStdString());
        QCOMPARE(bad.error.field, field.toStdString());
    }

    void rightEnvelope_needsLittle()
    {
        for (const char *good : {R"({"op":"sync"})", R"({"code":5001})", R"({"op":"sync","code":5001,"id":"","d":{}})",
                                 R"({"op":"heartbeat","code":1011})", R"({"op":"sync","future":[{"a":1}],"v":2})",
                                 " \r\n\t{\"op\":\"sync\"}\n", R"([{"op":"ack","d":[]}])"})
            QVERIFY2(std::holds_alternative<Envelope>(frame(good)->front()), good);
    }

    void brokenFrames_areRefusedWhole_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto add = [](const char *why, QByteArray text) { QTest::newRow(why) << std::move(text); };
        add("nothing", "");
        add("blank", "  \n");
        add("empty array", "[]");
        add("number", "7");
        add("string", "\"sync\"");
        add("null", "null");
        add("open", "{");
        add("two values", "{}{}");
        add("comma at the end", R"([{"op":"sync"},])");
        add("comment", R"({"op":"sync"/**/})");
        add("single quotes", "{'op':'sync'}");
        add("NUL behind", QByteArray("{\"op\":\"sync\"}\0", 14));
        add("byte order mark", "\xEF\xBB\xBF{\"op\":\"sync\"}");
        add("UTF-8: lone lead", "{\"op\":\"\xC3\"}");
        add("UTF-8: lone continuation", "{\"op\":\"\x80\"}");
        add("UTF-8: ff", "{\"op\":\"\xFF\"}");
        add("UTF-8: overlong", "{\"op\":\"\xC0\xAF\"}");
        add("UTF-8: surrogate", "{\"op\":\"\xED\xA0\x80\"}");
        add("UTF-8: above 10ffff", "{\"op\":\"\xF4\x90\x80\x80\"}");
        add("UTF-8 in a key", "{\"\xFF\":1,\"op\":\"sync\"}");
        add("escape: half a pair", R"({"op":"\ud800"})");
        add("escape: unknown", R"({"op":"\x41"})");
        add("control in a string", QByteArray("{\"op\":\"a\nb\"}"));
        add("too deep", QByteArray(33, '[') + QByteArray(33, ']'));
        add("endless depth", QByteArray(60000, '['));
    }
    void brokenFrames_areRefusedWhole()
    {
        QFETCH(QByteArray, text);
        const auto items = frame({text.constData(), std::size_t(text.size())});
        QVERIFY(!items.has_value());
        QVERIFY(items.error().code == ErrorCode::Malformed);
        QVERIFY(!parseObject({text.constData(), std::size_t(text.size())}, limits::kMaxHttpBodyBytes).has_value());
    }

    void everyPrefixOfAFrame_isAnErrorAndNoCrash()
    {
        const std::string text = encodeEnvelope(Op::Send, "é", {{"body", "你好"}, {"list", json::array{1, 2}}});
        for (std::size_t size = 0; size < text.size(); ++size)
            QVERIFY(!frame(std::string_view(text).substr(0, size)).has_value());
        QVERIFY(frame(text).has_value());
    }

    void body_isOneObject()
    {
        QVERIFY(parseObject("{}", 10).has_value());
        for (const char *bad : {"", "[]", "7", "null", "\"{}\""})
            QVERIFY2(parseObject(bad, 10).error().code == ErrorCode::Malformed, bad);
        QVERIFY(parseObject("{}         ", 10).error().code == ErrorCode::TooLarge);
    }

    void errorCodes_haveNamesStatusAndRetry()
    {
        const std::set<int> statuses{400, 401, 403, 404, 409, 413, 415, 422, 429, 503};
        std::set<std::string> names;
        for (const ErrorCode code : errorCodes()) {
            names.emplace(name(code));
            QVERIFY(errorCodeFromName(name(code)) == code);
            QVERIFY(statuses.contains(httpStatus(code)));
            // Sent again as it was, a request must be one that nothing was done with.
            if (defaultRetry(code) == Retry::Same)
                QCOMPARE(httpStatus(code), 503);
        }
        QCOMPARE(names.size(), errorCodes().size());
        QVERIFY(!errorCodeFromName("Malformed") && !errorCodeFromName("") && !errorCodeFromName("teapot"));
    }

    void errorBody_comesBack()
    {
        for (const ErrorCode code : errorCodes()) {
            WireError error = makeError(code, "a sentence", "d.field");
            error.retryAfterMs = 1500;
            error.trace = "12ab34cd";
            const auto back = decodeErrorBody(encodeErrorBody(error));
            QVERIFY(back && *back == error);
        }
        for (const Retry retry : {Retry::No, Retry::Same, Retry::New, Retry::After}) {
            WireError error = makeError(ErrorCode::Internal, "");
            error.retry = retry;
            QVERIFY(decodeErrorBody(encodeErrorBody(error))->retry == retry);
        }
        for (const char *bad :
             {"", "{}", "[]", "{\"error\":7}", "{\"error\":{}}", "{\"error\":{\"code\":7}}", "<html>"})
            QVERIFY2(!decodeErrorBody(bad).has_value(), bad);
    }

    void errorOfANewerServer_isStillAnError()
    {
        const auto unknown = decodeErrorBody(R"({"error":{"code":"username_taken","retry":"new","field":"username"}})");
        QVERIFY(unknown.has_value());
        QVERIFY(unknown->code == ErrorCode::Internal && unknown->retry == Retry::New);
        QCOMPARE(unknown->field, std::string("username"));
        QVERIFY(decodeErrorBody(R"({"error":{"code":"blocked","retry":"sometimes"}})")->retry ==
                defaultRetry(ErrorCode::Blocked));
    }

    void ops_areThoseOfTheDocumentedTable()
    {
        std::map<std::int64_t, std::string> written;
        // | 2012 | `like` · 2013 `unlike` | …   | 6103 · 6106 | `a` · `b` | …   … → 1002 `hello`
        static const QRegularExpression row(QStringLiteral("^\\| (\\d{4})(?: · (\\d{4}))? \\| ([^|]*)\\|([^\\n]*)$"),
                                            QRegularExpression::MultilineOption);
        static const QRegularExpression word(QStringLiteral("(?:(\\d{4}) )?`([a-z_.]+)`"));
        static const QRegularExpression reply(QStringLiteral("→ (\\d{4}) `([a-z_.]+)`"));
        for (auto rows = row.globalMatch(documentation()); rows.hasNext();) {
            const auto one = rows.next();
            std::vector<std::int64_t> codes{one.captured(1).toLongLong()};
            if (!one.captured(2).isEmpty())
                codes.push_back(one.captured(2).toLongLong());
            std::size_t next = 0;
            for (auto names = word.globalMatch(one.captured(3)); names.hasNext();) {
                const auto found = names.next();
                const auto code = found.captured(1).isEmpty() ? codes.at(next++) : found.captured(1).toLongLong();
                written[code] = found.captured(2).toStdString();
            }
            for (auto replies = reply.globalMatch(one.captured(4)); replies.hasNext();) {
                const auto found = replies.next();
                written[found.captured(1).toLongLong()] = found.captured(2).toStdString();
            }
        }
        std::map<std::int64_t, std::string> known;
        for (std::int64_t code = 1000; code < 10000; ++code)
            if (const auto op = opFromCode(code))
                known[code] = name(*op);
        QVERIFY(known.size() > 30);
        for (const auto &[code, op] : known)
            QVERIFY2(written.contains(code) && written[code] == op, (op + " is not in docs/protocol.md").c_str());
        for (const auto &[code, op] : written)
            QVERIFY2(known.contains(code) && known[code] == op, (op + " is not in the table").c_str());
        for (const auto &[code, op] : known)
            QVERIFY(name(*opFromName(op)) == op);
        QVERIFY(!opFromCode(0) && !opFromName("").has_value());
    }

    void errorCodes_areThoseOfTheDocumentedList()
    {
        const QString text = documentation();
        const auto from = text.indexOf(QStringLiteral("## 5."));
        QVERIFY(from > 0);
        const auto list = text.mid(text.indexOf(QLatin1Char('`'), from) + 1).section(QLatin1Char('`'), 0, 0);
        std::set<std::string> written, known;
        for (const QString &code : list.split(QRegularExpression(QStringLiteral("[,\\s]+")), Qt::SkipEmptyParts))
            written.insert(code.toStdString());
        for (const ErrorCode code : errorCodes())
            known.emplace(name(code));
        QVERIFY(written == known);
        for (const auto code :
             {CloseCode::LogInAgain, CloseCode::SilentTooLong, CloseCode::SlowReader, CloseCode::Draining,
              CloseCode::Rate, CloseCode::Protocol, CloseCode::Revoked, CloseCode::TooManyDevices})
            QVERIFY(text.mid(from).contains(QString::number(int(code))));
    }
};

QTEST_APPLESS_MAIN(TestCodec)
#include "test_codec.moc"
