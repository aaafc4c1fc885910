// SPDX-License-Identifier: GPL-3.0-or-later
// Every limit at its edges: the least and the most are taken, one less and one more are refused by name and code.
#include "tests/protocol/packet_table.h"

#ifndef Q_MOC_RUN
#include "core/protocol/envelope.h"
#endif

#include <QTest>

using namespace kith;
using namespace kith::protocol;
namespace json = boost::json;

namespace {

using Try = std::function<std::optional<WireError>(std::int64_t)>; // the error, or nothing

struct Edge {
    std::string name;
    std::string field;
    std::int64_t least, most;
    ErrorCode over; // what one more than the most is answered with; one less than the least is malformed
    Try attempt;
};

template <class T>
std::optional<WireError> errorOf(const json::object &object)
{
    auto value = decode<T>(object);
    return value ? std::nullopt : std::optional(std::move(value).error());
}

template <class T>
Edge edge(std::string name, const char *base, const char *key, std::int64_t least, std::int64_t most, ErrorCode over,
          std::function<json::value(std::int64_t)> make, const char *prefix = "d.")
{
    return {std::move(name), std::string(prefix) + key, least, most, over, [=](std::int64_t size) {
                auto object = json::parse(base).as_object();
                object[key] = make(size);
                return errorOf<T>(object);
            }};
}

std::string repeated(std::string_view unit, std::int64_t times)
{
    std::string out;
    for (std::int64_t i = 0; i < times; ++i)
        out += unit;
    return out;
}

json::value bytes(std::int64_t size)
{
    return json::string(repeated("a", size));
}
json::value characters(std::int64_t size) // of two bytes each
{
    return json::string(repeated("é", size));
}
json::value number(std::int64_t size)
{
    return size;
}
json::value users(std::int64_t size)
{
    return json::array(std::size_t(size), json::value("8"));
}

template <class T>
Edge textEdge(std::string name, const char *base, const char *key, std::int64_t least, std::int64_t most,
              const char *prefix = "d.")
{
    return edge<T>(std::move(name), base, key, least, most, ErrorCode::TooLarge, bytes, prefix);
}
template <class T>
Edge numberEdge(std::string name, const char *base, const char *key, std::int64_t least,
                std::int64_t most = kMaxWireInteger)
{
    return edge<T>(std::move(name), base, key, least, most, ErrorCode::Malformed, number);
}

#define SEND R"({"to":"8","cid":")" UUID R"(","kind":"text","body":"x"})"
#define IN_GROUP R"({"conversation":"g:5"})"
#define AT_SEQ R"({"conversation":"g:5","seq":1,"body":"x","since_rev":1})"
#define REGISTER R"({"username":"ada","password":"12345678","display_name":"Ada"})"
#define LOGIN R"({"username":"ada","password":"x","device":)" DEVICE "}"

std::vector<Edge> edges()
{
    constexpr auto kTooLarge = ErrorCode::TooLarge, kMalformed = ErrorCode::Malformed;
    const auto device = [](const char *key) {
        return [key](std::int64_t size) {
            auto one = json::parse(DEVICE).as_object();
            one[key] = bytes(size);
            return one;
        };
    };
    std::vector<Edge> all{
        // PROTOCOL §2
        edge<RegisterRequest>("register username", REGISTER, "username", 3, 32, kMalformed, bytes, ""),
        edge<RegisterRequest>("register password", REGISTER, "password", 8, 128, kMalformed, characters, ""),
        edge<RegisterRequest>("register display name", REGISTER, "display_name", 1, 64, kTooLarge, characters, ""),
        textEdge<LoginRequest>("login username", LOGIN, "username", 0, 256, ""),
        textEdge<LoginRequest>("login password", LOGIN, "password", 0, 512, ""),
        textEdge<LoginRequest>("login totp", LOGIN, "totp", 0, 64, ""),
        textEdge<LoginRequest>("login recovery code", LOGIN, "recovery_code", 0, 64, ""),
        textEdge<RefreshRequest>("refresh token", "{}", "refresh_token", 1, 8192, ""),
        textEdge<PasswordRequest>("old password", R"({"old":"x","new":"12345678"})", "old", 0, 512, ""),
        edge<PasswordRequest>("new password", R"({"old":"x","new":"12345678"})", "new", 8, 128, kMalformed, characters,
                              ""),
        edge<ProfilePatch>("patched display name", "{}", "display_name", 1, 64, kTooLarge, characters, ""),
        textEdge<ProfilePatch>("patched avatar", "{}", "avatar", 0, 64, ""),
        edge<FileRequest>("file name", FILE_REQUEST, "name", 1, 255, kTooLarge, characters, ""),
        edge<FileRequest>("file size", FILE_REQUEST, "size", 1, kMaxWireInteger, kMalformed, number, ""),
        edge<FileRequest>("file chunk", FILE_REQUEST, "chunk", 1, 1024 * 1024, kMalformed, number, ""),
        // the session
        textEdge<LoginPacket>("socket token", "{}", "token", 1, 8192),
        textEdge<LoginPacket>("socket resume", R"({"token":"t"})", "resume", 0, 256),
        textEdge<TokenPacket>("renewed token", "{}", "token", 1, 8192),
        numberEdge<HeartbeatPacket>("heartbeat t", "{}", "t", 0),
        edge<WatchPresencePacket>("watched users", "{}", "users", 0, 500, kTooLarge, users),
        // messages
        textEdge<SendPacket>("body", SEND, "body", 1, 16384),
        edge<SendPacket>("mentions", SEND, "mentions", 0, 64, kTooLarge, users),
        textEdge<SendPacket>("file", SEND, "file", 1, 64),
        numberEdge<SendPacket>("reply_to", SEND, "reply_to", 1),
        textEdge<EditPacket>("edited body", AT_SEQ, "body", 1, 16384),
        numberEdge<EditPacket>("edited seq", AT_SEQ, "seq", 1),
        numberEdge<RecallPacket>("recalled seq", AT_SEQ, "seq", 1),
        numberEdge<ReadPacket>("read seq", IN_GROUP, "seq", 0),
        // synchronisation
        numberEdge<SyncPacket>("sync limit", "{}", "limit", 1, 200),
        numberEdge<SyncPacket>("sync since_ms", "{}", "since_ms", 0),
        textEdge<SyncPacket>("sync cursor", "{}", "cursor", 0, 256),
        numberEdge<PagePacket>("page limit", IN_GROUP, "limit", 1, 200),
        numberEdge<PagePacket>("page before", IN_GROUP, "before", 1),
        numberEdge<PagePacket>("page after", IN_GROUP, "after", 0),
        numberEdge<PagePacket>("page around", IN_GROUP, "around", 1),
        numberEdge<ChangesPacket>("changes limit", AT_SEQ, "limit", 1, 200),
        numberEdge<ChangesPacket>("changes since_rev", IN_GROUP, "since_rev", 0),
        numberEdge<ReceiptsPacket>("receipts limit", AT_SEQ, "limit", 1, 200),
        numberEdge<ReceiptsPacket>("receipts seq", IN_GROUP, "seq", 1),
        // groups
        edge<CreateConversationPacket>("group name", R"({"members":[]})", "name", 1, 64, kTooLarge, characters),
        edge<CreateConversationPacket>("first members", R"({"name":"n"})", "members", 0, 500, kTooLarge, users),
        edge<UpdateConversationPacket>("new name", IN_GROUP, "name", 1, 64, kTooLarge, characters),
        edge<UpdateConversationPacket>("about", IN_GROUP, "about", 0, 500, kTooLarge, characters),
        textEdge<UpdateConversationPacket>("avatar", IN_GROUP, "avatar", 0, 64),
        edge<ConversationUsersPacket>("invited or removed", IN_GROUP, "users", 1, 500, kTooLarge, users),
        textEdge<JoinConversationPacket>("join code", IN_GROUP, "code", 0, 64),
        numberEdge<MembersPacket>("members limit", IN_GROUP, "limit", 1, 200),
        numberEdge<MutePacket>("muted until", IN_GROUP, "until_ms", 0),
    };
    for (const auto &[key, most] : {std::pair{"name", 256}, {"platform", 64}}) {
        auto one =
            edge<LoginRequest>(std::string("device ") + key, LOGIN, "device", 0, most, kTooLarge, device(key), "");
        one.field += std::string(".") + key;
        all.push_back(one);
    }
    // Spoken by servers: what a client bears.
    auto hello = numberEdge<HelloPacket>("heartbeat_s",
                                         R"({"user":)" USER R"(,"device":)" DEVICE
                                         R"(,"epoch":"e","server_time":1,"limits":{"frame_bytes":1,"body_bytes":1,)"
                                         R"("page":1,"group_members":1},"features":[]})",
                                         "heartbeat_s", 1, 3600);
    all.push_back(hello);
    return all;
}

std::optional<WireError> frameError(const std::string &text, std::size_t maxBytes = limits::kMaxClientFrameBytes)
{
    auto items = decodeFrame(text, maxBytes);
    if (!items)
        return std::move(items).error();
    for (FrameItem &item : *items)
        if (auto *bad = std::get_if<BadEnvelope>(&item))
            return std::move(bad->error);
    return std::nullopt;
}

std::vector<Edge> frameEdges()
{
    return {
        {"request id", "id", 0, 64, ErrorCode::Malformed,
         [](std::int64_t size) { return frameError(R"({"op":"sync","id":")" + repeated("é", size) + "\"}"); }},
        {"envelopes of a frame", "", 1, 1024, ErrorCode::TooLarge,
         [](std::int64_t size) {
             std::string list;
             for (std::int64_t i = 0; i < size; ++i)
                 list += std::string(i ? "," : "") + R"({"op":"sync"})";
             return frameError("[" + list + "]");
         }},
        // The envelope is the first level, its data the second.
        {"depth", "", 2, 32, ErrorCode::Malformed,
         [](std::int64_t size) {
             const auto inner = size - 2;
             return size < 2 ? std::optional(makeError(ErrorCode::Malformed, "none"))
                             : frameError(R"({"op":"sync","d":{"more":)" +
                                          (inner > 0 ? repeated("[", inner) + repeated("]", inner) : "1") + "}}");
         }},
        {"bytes of a frame", "", 13, 64 * 1024, ErrorCode::TooLarge,
         [](std::int64_t size) {
             const std::string text = R"({"op":"sync"})";
             return frameError(text.substr(0, std::size_t(size)) + repeated(" ", size - std::int64_t(text.size())));
         }},
        {"bytes of an HTTP body", "", 2, 64 * 1024, ErrorCode::TooLarge,
         [](std::int64_t size) -> std::optional<WireError> {
             auto body = parseObject(std::string("{}").substr(0, std::size_t(size)) + repeated(" ", size - 2),
                                     limits::kMaxHttpBodyBytes);
             return body ? std::nullopt : std::optional(std::move(body).error());
         }},
    };
}

const std::vector<Edge> &allEdges()
{
    static const auto all = [] {
        auto one = edges();
        for (auto &more : frameEdges())
            one.push_back(std::move(more));
        return one;
    }();
    return all;
}

} // namespace

class TestLimits final : public QObject {
    Q_OBJECT
private slots:
    void edge_isTakenAndBeyondItRefused_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < allEdges().size(); ++i)
            QTest::newRow(allEdges()[i].name.c_str()) << int(i);
    }
    void edge_isTakenAndBeyondItRefused()
    {
        QFETCH(int, index);
        const Edge &one = allEdges()[std::size_t(index)];
        for (const auto size : {one.least, one.most}) {
            const auto error = one.attempt(size);
            QVERIFY2(!error, (std::to_string(size) + ": " + (error ? error->message : "")).c_str());
        }
        const auto over = one.attempt(one.most + 1);
        QVERIFY2(over && over->code == one.over, over ? over->message.c_str() : "one more was taken");
        QCOMPARE(over->field, one.field);
        if (one.least > 0) {
            const auto under = one.attempt(one.least - 1);
            QVERIFY2(under && under->code == ErrorCode::Malformed, under ? under->message.c_str() : "less was taken");
            QCOMPARE(under->field, one.field);
        }
    }

    void limits_areThoseOfTheText()
    {
        using namespace std::chrono_literals;
        static_assert(limits::kMaxClientFrameBytes == 65536 && limits::kMaxJsonDepth == 32); // §3
        static_assert(limits::kMaxRequestIdChars == 64 && limits::kMaxPage == 200);          // §3
        static_assert(limits::kMinUsername == 3 && limits::kMaxUsername == 32);              // §2
        static_assert(limits::kMinPassword == 8 && limits::kMaxPassword == 128);             // §2
        static_assert(limits::kMaxUserResults == 20);                                        // §2
        static_assert(limits::kHeartbeat == 30s && limits::kSilence == 75s && limits::kLoginDeadline == 10s);
        static_assert(limits::kAccessToken == 7200s && limits::kRefreshGrace == 30s);
        static_assert(limits::kTypingInterval == 3s && limits::kEditWindow == 48h && limits::kRecallWindow == 2min);
        static_assert(limits::kMalformedPerMinute == 10 && limits::kSmallGroup == 100);
        static_assert(limits::kReconnectFirst == 1s && limits::kReconnectCeiling == 20s);
        // A server's largest page fits what a client takes. A body grows by escapes, but not above the frame in which
        // it came to the server.
        QVERIFY(std::size_t{limits::kMaxPage} * limits::kMaxClientFrameBytes <= limits::kMaxServerFrameBytes);
        // A body of the greatest length fits a frame even where every byte of it needs an escape of two.
        QVERIFY(limits::kMaxBodyBytes * 2 + 1024 <= limits::kMaxClientFrameBytes);
    }

    void numbers_areThoseThatJsonReadersKeep()
    {
        for (const char *good : {"0", "1", "9007199254740991", "-0"})
            QVERIFY2(!errorOf<ReadPacket>(
                         json::parse(R"({"conversation":"g:5","seq":)" + std::string(good) + "}").as_object()),
                     good);
        for (const char *bad : {"9007199254740992", "9223372036854775807", "9223372036854775808",
                                "18446744073709551616", "-1", "-9223372036854775809", "1e3", "1.0", "1e999", "\"1\""}) {
            const auto items = decodeFrame(R"({"op":"read","d":{"conversation":"g:5","seq":)" + std::string(bad) + "}}",
                                           limits::kMaxClientFrameBytes);
            if (!items)
                continue; // no number of JSON that this parser holds: refused as a frame
            const auto error = errorOf<ReadPacket>(std::get<Envelope>(items->front()).data);
            QVERIFY2(error && error->code == ErrorCode::Malformed && error->field == "d.seq", bad);
        }
    }

    void send_namesOneTarget()
    {
        for (const char *bad : {R"({"cid":")" UUID R"(","kind":"text","body":"x"})",
                                R"({"to":"8","conversation":"g:5","cid":")" UUID R"(","kind":"text","body":"x"})"}) {
            const auto error = errorOf<SendPacket>(json::parse(bad).as_object());
            QVERIFY2(error && error->code == ErrorCode::Malformed && error->field == "d.conversation", bad);
        }
        auto blank = json::parse(SEND).as_object();
        blank["body"] = " \n\t ";
        QCOMPARE(errorOf<SendPacket>(blank)->field, std::string("d.body"));
    }

    void page_takesOneDirection()
    {
        for (const char *two : {R"("before":3,"after":1)", R"("before":3,"around":1)", R"("after":3,"around":1)",
                                R"("before":3,"after":1,"around":2)"}) {
            const auto error =
                errorOf<PagePacket>(json::parse(R"({"conversation":"g:5",)" + std::string(two) + "}").as_object());
            QVERIFY2(error && error->code == ErrorCode::Malformed, two);
        }
        const auto newest = decode<PagePacket>(json::parse(IN_GROUP).as_object());
        QVERIFY(newest && !newest->query.before && !newest->query.after && !newest->query.around);
        QCOMPARE(newest->query.limit, limits::kDefaultPage);
    }

    void names_areTrimmedBeforeTheyAreMeasured()
    {
        const auto named = [](const std::string &name) {
            return decode<CreateConversationPacket>({{"name", name}, {"members", json::array()}});
        };
        QCOMPARE(named("  " + repeated("é", 64) + "  ")->name, repeated("é", 64));
        for (const char *bad : {"   ", "\t", "a\nb", "a\n"})
            QVERIFY2(!named(bad) && named(bad).error().field == "d.name", bad);
    }

    void username_isFoldedAndOfItsAlphabet()
    {
        const auto as = [](const std::string &name) {
            return decode<RegisterRequest>({{"username", name}, {"password", "12345678"}, {"display_name", " A "}});
        };
        QCOMPARE(as("Ann.B_c-9")->username, std::string("ann.b_c-9"));
        QCOMPARE(as("ann")->displayName, std::string("A"));
        for (const char *bad : {"a b", "ann@x", "анна", "ann/", " ann", "ann "})
            QVERIFY2(!as(bad) && as(bad).error().field == "username", bad);
    }
};

QTEST_APPLESS_MAIN(TestLimits)
#include "test_limits.moc"
