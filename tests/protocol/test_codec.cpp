// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/limits.h"
#include "core/protocol/envelope.h"
#include "core/protocol/http.h"

#include <QtTest>

using namespace kith;
using namespace kith::protocol;

class TestCodec final : public QObject {
    Q_OBJECT
private slots:
    void send_roundTripsThroughAFrame()
    {
        SendPacket packet;
        packet.to = UserId("42");
        packet.cid = ClientMessageId("0f0e0d0c-0b0a-4908-8706-050403020100");
        packet.body = "你好\n";
        packet.mentions = {UserId("7")};
        const auto items = decodeFrame(encodeEnvelope(Op::Send, "r\"1", encode(packet)), limits::kMaxClientFrameBytes);
        QVERIFY(items.has_value() && items->size() == 1);
        const auto &envelope = std::get<Envelope>(items->front());
        QVERIFY(envelope.op == Op::Send);
        QCOMPARE(envelope.id, std::string("r\"1"));
        const auto back = decode<SendPacket>(envelope.data);
        QVERIFY(back.has_value() && *back == packet);
    }
    void headWithLastAndPeer_roundTrips()
    {
        Head head;
        head.conversation = ConversationId("p:1:2");
        head.name = "B";
        Message last;
        last.seq = Seq(3);
        last.id = MessageId("9");
        last.sender = UserId("2");
        last.body = "x";
        head.last = last;
        head.peer = PeerCursors{UserId("2"), Seq(2), Seq(1)};
        const auto back = decode<ConversationPacket>(encode(ConversationPacket{head}));
        QVERIFY(back.has_value() && back->head == head);
    }
    void wrongNestedField_isNamed()
    {
        const auto bad = decode<LikePacket>({{"target", {{"kind", "message"}, {"conversation", "g:5"}, {"seq", 1.5}}}});
        QVERIFY(!bad.has_value());
        QCOMPARE(bad.error().field, std::string("d.target.seq"));
    }
    void badEnvelopeInArray_keepsItsIdAndTheOthersCount()
    {
        const auto items = decodeFrame(R"([{"op":"nope","id":"a"},{"code":1010,"id":"b","d":{}}])", 1000);
        QVERIFY(items.has_value() && items->size() == 2);
        QCOMPARE(std::get<BadEnvelope>(items->at(0)).id, std::string("a"));
        QVERIFY(std::get<BadEnvelope>(items->at(0)).error.code == ErrorCode::UnsupportedOp);
        QVERIFY(std::get<Envelope>(items->at(1)).op == Op::Heartbeat);
    }
    void brokenFrames_areRefused()
    {
        for (const std::string &text : {std::string(), std::string("[]"), std::string("7"), std::string("{"),
                                        std::string("\"\xff\""), std::string(40, '[') + std::string(40, ']')})
            QVERIFY(!decodeFrame(text, 1000).has_value());
        QVERIFY(decodeFrame(std::string(1001, ' '), 1000).error().code == ErrorCode::TooLarge);
    }
    void username_isFolded()
    {
        const auto r =
            decode<RegisterRequest>({{"username", "Ann"}, {"password", "12345678"}, {"display_name", " A "}});
        QVERIFY(r.has_value());
        QCOMPARE(r->username, std::string("ann"));
        QCOMPARE(r->displayName, std::string("A"));
    }
};
QTEST_APPLESS_MAIN(TestCodec)
#include "test_codec.moc"
