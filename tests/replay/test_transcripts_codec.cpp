// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever real client and server said decodes into its packet and encodes to the same JSON.
#include "tests/replay/transcript.h"

#ifndef Q_MOC_RUN
#include "core/protocol/http.h"
#include "core/protocol/packets.h"

#include <functional>
#include <map>
#endif

#include <QTest>

using namespace kith;
using namespace kith::protocol;
using kith::test::TranscriptLine;
namespace json = boost::json;

namespace {

using Again = std::function<std::optional<json::object>(const json::object &)>;

template <class T>
std::optional<json::object> again(const json::object &in)
{
    const auto value = decode<T>(in);
    return value ? std::optional(encode(*value)) : std::nullopt;
}

/// By op: what clients send, and what servers send.
const std::map<std::string, Again> kOut{
    {"login", again<LoginPacket>},
    {"heartbeat", again<HeartbeatPacket>},
    {"send", again<SendPacket>},
    {"edit", again<EditPacket>},
    {"recall", again<RecallPacket>},
    {"like", again<LikePacket>},
    {"read", again<ReadPacket>},
    {"typing", again<TypingPacket>},
    {"receipts", again<ReceiptsPacket>},
    {"page", again<PagePacket>},
    {"changes", again<ChangesPacket>},
    {"sync", again<SyncPacket>},
    {"conversation.create", again<CreateConversationPacket>},
    {"conversation.invite", again<ConversationUsersPacket>},
    {"conversation.members", again<MembersPacket>},
    {"conversation.role", again<RolePacket>},
    {"conversation.mute", again<MutePacket>},
    {"conversation.leave", again<ConversationIdPacket>},
    {"user.block", again<UserPacket>},
    {"user.unblock", again<UserPacket>},
    {"user.blocked", [](const json::object &in) { return std::optional(in); }}, // without data
    {"user.shared", again<UserPacket>},
};
const std::map<std::string, Again> kIn{
    {"hello", again<HelloPacket>},
    {"heartbeat", again<HeartbeatReply>},
    {"accepted", again<AcceptedPacket>},
    {"message", again<MessagePacket>},
    {"change", again<MessagePacket>},
    {"receipt", again<ReceiptPacket>},
    {"typing", again<TypingPacket>},
    {"conversation", again<ConversationPacket>},
    {"receipts", again<ReceiptsReply>},
    {"page", again<PageReply>},
    {"changes", again<ChangesReply>},
    {"sync", again<SyncReply>},
    {"conversation.members", again<MembersReply>},
    {"user.blocked", again<BlockedPacket>},
    {"user.shared", again<SharedReply>},
};

/// What a request leaves to its default comes back written out: every field of the recording must be there unchanged.
bool holds(const json::value &back, const json::value &recorded)
{
    if (!recorded.is_object())
        return back == recorded;
    for (const auto &field : recorded.as_object()) {
        const auto *found = back.is_object() ? back.as_object().if_contains(field.key()) : nullptr;
        if (!found || !holds(*found, field.value()))
            return false;
    }
    return true;
}

} // namespace

class TestTranscriptsCodec final : public QObject {
    Q_OBJECT
private slots:
    void everyEnvelope_comesBackAsItWas_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto &path : test::transcripts())
            QTest::newRow(path.stem().c_str()) << QString::fromStdString(path.string());
    }
    void everyEnvelope_comesBackAsItWas()
    {
        QFETCH(QString, path);
        int checked = 0, number = 0;
        for (const TranscriptLine &one : test::readTranscript(path.toStdString())) {
            ++number;
            if (!one.incoming() && !one.outgoing())
                continue;
            const auto where = [&] {
                return "line " + std::to_string(number) + ": " + json::serialize(one.envelope());
            };
            const Envelope envelope = test::envelopeOf(one.envelope());
            QVERIFY2(envelope.id != "undecodable", where().c_str());
            const std::string op(one.envelope().as_object().at("op").as_string());
            if (envelope.op == Op::Ack) {
                const auto acks = decodeAck(envelope.list);
                QVERIFY2(acks && encodeAck(*acks) == envelope.list, where().c_str());
            } else if (op == "ok") {
                const bool bare = envelope.data.empty();
                QVERIFY2(bare || again<RevReply>(envelope.data) == envelope.data, where().c_str());
            } else if (op == "error") {
                const auto error = decodeErrorBody(json::serialize(json::object{{"error", envelope.data}}));
                QVERIFY2(error && encode(*error) == envelope.data, where().c_str());
            } else if (op == "conversation.create" && one.incoming()) {
                QVERIFY2(again<ConversationPacket>(envelope.data) == envelope.data, where().c_str());
            } else {
                const auto &rows = one.incoming() ? kIn : kOut;
                const auto row = rows.find(op);
                QVERIFY2(row != rows.end(), ("no row for " + where()).c_str());
                const auto back = row->second(envelope.data);
                // A send that must be refused stands in the transcripts too.
                if (!back && one.outgoing() && path.endsWith(QLatin1String("errors.jsonl")))
                    continue;
                QVERIFY2(back && (one.incoming() ? *back == envelope.data : holds(*back, envelope.data)),
                         where().c_str());
            }
            ++checked;
        }
        QVERIFY(checked >= 2);
    }
};

QTEST_APPLESS_MAIN(TestTranscriptsCodec)
#include "test_transcripts_codec.moc"
