// SPDX-License-Identifier: GPL-3.0-or-later
// Every packet and every body, by one table: what is whole decodes and encodes to itself; a field that is missing, of
// another type or unknown is treated as the text says, and the error names it.
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++'s concepts
#include "core/base/limits.h"
#include "core/protocol/http.h"
#include "core/protocol/packets.h"

#include <boost/json.hpp>

#include <functional>
#include <set>
#include <sstream>
#endif

#include <QTest>

using namespace kith;
using namespace kith::protocol;
namespace json = boost::json;

namespace {

struct Row {
    const char *name;
    const char *whole;    // every field set
    const char *required; // keys, blank separated
    std::string prefix;   // of field paths
    std::function<Decoded<json::object>(const json::object &)> roundTrip;
};

template <class T>
Row row(const char *name, const char *whole, const char *required, std::string prefix = "d.")
{
    return {name, whole, required, std::move(prefix), [](const json::object &in) -> Decoded<json::object> {
                auto value = decode<T>(in);
                if (!value)
                    return Unexpected(std::move(value).error());
                auto out = encode(*value);
                const auto again = decode<T>(out);
                if (!again || !(*again == *value))
                    return Unexpected(makeError(ErrorCode::Internal, "another value after the round", "round"));
                return out;
            }};
}

#define UUID "6f1ed002-ab5a-4d3c-9f52-2c5a5c8e0b1a"
#define USER R"({"id":"7","username":"ada","display_name":"Ada 艾达","avatar":"","created_at":1700000000000})"
#define DEVICE R"({"id":")" UUID R"(","name":"desk","platform":"linux","last_seen":1700000000001})"
#define MESSAGE                                                                                                        \
    R"({"seq":3,"id":"99","cid":")" UUID                                                                               \
    R"(","sender":"7","kind":"text","body":"hé 你好","reply_to":1,"mentions":["8"],)"                               \
    R"("file":null,"created_at":1700000000000,"edited_at":1700000000002,"recalled":false,"likes":2,"liked":true})"
#define HEAD                                                                                                           \
    R"({"conversation":"p:7:8","type":"private","name":"Bob","avatar":"","about":"","members":2,"role":"member",)"     \
    R"("head_seq":3,"head_rev":5,"read_seq":2,"unread":1,"muted_until":0,"changed_at":1700000000000,"last":)" MESSAGE  \
    R"(,"peer":{"user":"8","delivered_seq":3,"read_seq":2},"removed":false})"

const std::vector<Row> &table()
{
    static const std::vector<Row> rows{
        row<LoginPacket>("login", R"({"token":"t.t.t","resume":"r"})", "token"),
        row<HelloPacket>("hello",
                         R"({"user":)" USER R"(,"device":)" DEVICE
                         R"(,"epoch":"e","server_time":1,"heartbeat_s":30,"limits":{"frame_bytes":65536,)"
                         R"("body_bytes":16384,"page":200,"group_members":10000},"features":["private","groups"]})",
                         "user device epoch server_time heartbeat_s limits features"),
        row<TokenPacket>("token", R"({"token":"t"})", "token"),
        row<HeartbeatPacket>("heartbeat", R"({"t":5})", ""),
        row<HeartbeatReply>("heartbeat reply", R"({"t":5,"server_time":6})", "server_time"),
        row<SendPacket>("send",
                        R"({"conversation":"g:5","cid":")" UUID
                        R"(","kind":"text","body":"hi","reply_to":1,"mentions":["8","9"]})",
                        "conversation cid kind body"),
        row<AcceptedPacket>("accepted",
                            R"({"conversation":"g:5","seq":1,"rev":1,"id":"9","created_at":5,"duplicate":true})",
                            "conversation seq rev id created_at"),
        row<EditPacket>("edit", R"({"conversation":"g:5","seq":1,"body":"x"})", "conversation seq body"),
        row<RecallPacket>("recall", R"({"conversation":"g:5","seq":1})", "conversation seq"),
        row<LikePacket>("like", R"({"target":{"kind":"message","conversation":"g:5","seq":1}})", "target"),
        row<RevReply>("rev reply", R"({"rev":4,"count":2})", "rev"),
        row<MessagePacket>("message", R"({"conversation":"p:7:8","message":)" MESSAGE R"(,"rev":4})",
                           "conversation message rev"),
        row<ReceiptPacket>("receipt", R"({"conversation":"p:7:8","user":"7","delivered_seq":4,"read_seq":2})",
                           "conversation user delivered_seq read_seq"),
        row<TypingPacket>("typing", R"({"conversation":"p:7:8","user":"7"})", "conversation"),
        row<PresencePacket>("presence", R"({"user":"7","state":"away","last_seen":9})", "user state"),
        row<ConversationPacket>("conversation", R"({"conversation":)" HEAD R"(})", "conversation"),
        row<ReadPacket>("read", R"({"conversation":"p:7:8","seq":4})", "conversation seq"),
        row<SyncPacket>("sync", R"({"since_ms":1,"limit":5,"cursor":"c"})", ""),
        row<SyncReply>("sync reply", R"({"conversations":[)" HEAD R"(],"server_time":5,"more":true,"cursor":"c"})",
                       "conversations server_time more"),
        row<PagePacket>("page", R"({"conversation":"p:7:8","before":7,"limit":50})", "conversation"),
        row<PageReply>("page reply", R"({"messages":[)" MESSAGE R"(],"head_seq":3,"head_rev":5,"floor_seq":1})",
                       "messages head_seq head_rev floor_seq"),
        row<ChangesPacket>("changes", R"({"conversation":"p:7:8","since_rev":0,"limit":9})", "conversation since_rev"),
        row<ChangesReply>("changes reply", R"({"messages":[)" MESSAGE R"(],"next_rev":5,"more":false})",
                          "messages next_rev more"),
        row<ReceiptsPacket>("receipts", R"({"conversation":"g:5","seq":2,"after":"7","limit":9})", "conversation seq"),
        row<ReceiptsReply>(
            "receipts reply",
            R"({"read_by":["7"],"delivered_to":["7","8"],"read_count":1,"delivered_count":2,"more":false})",
            "read_by delivered_to read_count delivered_count more"),
        row<WatchPresencePacket>("watch_presence", R"({"users":["7"]})", "users"),
        row<WatchPresenceReply>("watch_presence reply", R"({"states":[{"user":"7","state":"online","last_seen":9}]})",
                                "states"),
        row<CreateConversationPacket>("conversation.create", R"({"name":"n","members":["8"]})", "name members"),
        row<UpdateConversationPacket>("conversation.update",
                                      R"({"conversation":"g:5","name":"n","about":"a","avatar":"9"})", "conversation"),
        row<ConversationUsersPacket>("conversation.invite", R"({"conversation":"g:5","users":["8"]})",
                                     "conversation users"),
        row<JoinConversationPacket>("conversation.join", R"({"conversation":"g:5","code":"c"})", "conversation"),
        row<ConversationIdPacket>("conversation.leave", R"({"conversation":"g:5"})", "conversation"),
        row<RolePacket>("conversation.role", R"({"conversation":"g:5","user":"8","role":"admin"})",
                        "conversation user role"),
        row<MutePacket>("conversation.mute", R"({"conversation":"g:5","until_ms":7})", "conversation until_ms"),
        row<MembersPacket>("conversation.members", R"({"conversation":"g:5","after":"8","limit":9})", "conversation"),
        row<MembersReply>("conversation.members reply",
                          R"({"members":[{"user":"8","role":"owner","joined_at":7}],"more":true})", "members more"),
        row<UserPacket>("user.block", R"({"user":"8"})", "user"),
        row<RegisterRequest>("register", R"({"username":"ada","password":"12345678","display_name":"Ada"})",
                             "username password display_name", ""),
        row<LoginRequest>("POST login",
                          R"({"username":"ada","password":"1","device":)" DEVICE
                          R"(,"totp":"123456","recovery_code":"r"})",
                          "username password device", ""),
        row<TokenReply>("token reply",
                        R"({"access_token":"a","refresh_token":"r","expires_in":7200,"user":)" USER
                        R"(,"device":)" DEVICE "}",
                        "access_token refresh_token expires_in", ""),
        row<RefreshRequest>("refresh", R"({"refresh_token":"r"})", "refresh_token", ""),
        row<LogoutRequest>("POST logout", R"({"all":true})", "", ""),
        row<PasswordRequest>("password", R"({"old":"1","new":"12345678"})", "old new", ""),
        row<ProfilePatch>("PATCH me", R"({"display_name":"Ada","avatar":"9"})", "", ""),
        row<UserReply>("user", R"({"user":)" USER "}", "user", ""),
        row<UsersReply>("users", R"({"users":[)" USER "]}", "users", ""),
        row<DevicesReply>("devices", R"({"devices":[)" DEVICE "]}", "devices", ""),
    };
    return rows;
}

std::set<std::string> words(const char *text)
{
    std::set<std::string> all;
    std::istringstream in(text);
    for (std::string word; in >> word;)
        all.insert(word);
    return all;
}

template <class T>
bool accepts(const char *text)
{
    return decode<T>(json::parse(text).as_object()).has_value();
}
template <class T>
ErrorCode refusal(const json::object &object)
{
    const auto value = decode<T>(object);
    return value ? ErrorCode::Internal : value.error().code;
}

json::object sendOf(std::string body)
{
    return {{"to", "8"}, {"cid", UUID}, {"kind", "text"}, {"body", std::move(body)}};
}

} // namespace

class TestPackets final : public QObject {
    Q_OBJECT

    void rows()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < table().size(); ++i)
            QTest::newRow(table()[i].name) << int(i);
    }
    static const Row &current()
    {
        QFETCH(int, index);
        return table()[std::size_t(index)];
    }
    static json::object whole(const Row &one) { return json::parse(one.whole).as_object(); }

private slots:
    void whole_comesBackAsItWas_data() { rows(); }
    void whole_comesBackAsItWas()
    {
        const Row &one = current();
        const auto back = one.roundTrip(whole(one));
        QVERIFY2(back.has_value(), back ? "" : (back.error().field + " " + back.error().message).c_str());
        QVERIFY2(*back == whole(one), json::serialize(*back).c_str()); // whatever the order of keys
    }

    void missingField_isNamedWhereItIsRequired_data() { rows(); }
    void missingField_isNamedWhereItIsRequired()
    {
        const Row &one = current();
        const auto required = words(one.required);
        const auto fields = whole(one);
        for (const auto &field : fields) {
            const std::string key(field.key());
            for (const bool asNull : {false, true}) { // null says "not set", as leaving it out does
                auto without = fields;
                if (asNull)
                    without[key] = nullptr;
                else
                    without.erase(key);
                const auto back = one.roundTrip(without);
                QVERIFY2(back.has_value() != required.contains(key), key.c_str());
                if (!back) {
                    QVERIFY(back.error().code == ErrorCode::Malformed);
                    QCOMPARE(back.error().field, one.prefix + key);
                }
            }
        }
    }

    void wrongType_isNamed_data() { rows(); }
    void wrongType_isNamed()
    {
        const Row &one = current();
        const auto fields = whole(one);
        for (const auto &field : fields) {
            const std::string key(field.key());
            for (const json::value &wrong :
                 {json::value(1.5), json::value(json::array{json::array{}}), json::value(-1)}) {
                if (one.prefix.empty() && key == "all")
                    continue;
                auto bad = fields;
                bad[key] = wrong;
                const auto back = one.roundTrip(bad);
                QVERIFY2(!back.has_value(), (key + " = " + json::serialize(wrong)).c_str());
                QVERIFY2(back.error().field.starts_with(one.prefix + key), back.error().field.c_str());
            }
        }
    }

    void unknownFields_areIgnored_data() { rows(); }
    void unknownFields_areIgnored()
    {
        const Row &one = current();
        auto more = whole(one);
        more["of_version_2"] = json::object{{"deep", json::array{1, 2, 3}}};
        const auto back = one.roundTrip(more);
        QVERIFY(back.has_value());
        QVERIFY2(*back == whole(one), json::serialize(*back).c_str()); // whatever the order of keys
    }

    void integers_keepWhatJsonKeeps()
    {
        const auto seqOf = [](std::int64_t seq) { return json::object{{"conversation", "g:5"}, {"seq", seq}}; };
        QVERIFY(decode<ReadPacket>(seqOf(kMaxWireInteger)).has_value());
        QVERIFY(!decode<ReadPacket>(seqOf(kMaxWireInteger + 1)).has_value());
        QVERIFY(!decode<ReadPacket>(seqOf(-1)).has_value());
        QVERIFY(decode<ReadPacket>(seqOf(0)).has_value());
        QVERIFY(!decode<RecallPacket>(seqOf(0)).has_value());
        QVERIFY(!accepts<ReadPacket>(R"({"conversation":"g:5","seq":1e3})"));
        QVERIFY(!accepts<ReadPacket>(R"({"conversation":"g:5","seq":"3"})"));
    }

    void bodies_haveALimitInBytes()
    {
        QVERIFY(decode<SendPacket>(sendOf(std::string(limits::kMaxBodyBytes, 'x'))).has_value());
        QVERIFY(refusal<SendPacket>(sendOf(std::string(limits::kMaxBodyBytes + 1, 'x'))) == ErrorCode::TooLarge);
        QVERIFY(refusal<SendPacket>(sendOf("  \n ")) == ErrorCode::Malformed);
        QVERIFY(refusal<SendPacket>(sendOf(std::string("a\0b", 3))) == ErrorCode::Malformed);
        QVERIFY(decode<SendPacket>(sendOf("two\nlines\tand a tab")).has_value());
    }

    void send_namesOneTarget()
    {
        auto both = sendOf("x"), none = sendOf("x");
        both["conversation"] = "g:5";
        none.erase("to");
        QVERIFY(refusal<SendPacket>(both) == ErrorCode::Malformed);
        QVERIFY(refusal<SendPacket>(none) == ErrorCode::Malformed);
        auto system = sendOf("x");
        system["kind"] = "system";
        QVERIFY(refusal<SendPacket>(system) == ErrorCode::Malformed);
    }

    void page_takesOneDirection()
    {
        QVERIFY(accepts<PagePacket>(R"({"conversation":"g:5"})"));
        for (const char *one : {"before", "after", "around"})
            QVERIFY(accepts<PagePacket>((std::string(R"({"conversation":"g:5",")") + one + "\":3}").c_str()));
        QVERIFY(!accepts<PagePacket>(R"({"conversation":"g:5","before":3,"after":1})"));
        QVERIFY(accepts<PagePacket>(R"({"conversation":"g:5","limit":200})"));
        QVERIFY(!accepts<PagePacket>(R"({"conversation":"g:5","limit":201})"));
        QVERIFY(!accepts<PagePacket>(R"({"conversation":"g:5","limit":0})"));
    }

    void ids_haveOneSpelling()
    {
        for (const char *bad : {"", "0", "01", "-1", "1 ", "abc", "99999999999999999999"})
            QVERIFY2(refusal<UserPacket>({{"user", bad}}) == ErrorCode::Malformed, bad);
        for (const char *bad : {"p:8:7", "p:7:7", "p:7", "g:", "x:1", "g:0", "p:7:8:9", "r:12345", ""})
            QVERIFY2(refusal<ReadPacket>({{"conversation", bad}, {"seq", 1}}) == ErrorCode::Malformed, bad);
    }

    void ack_isAListOfCursors()
    {
        const auto list =
            json::parse(R"([{"conversation":"g:5","seq":3},{"conversation":"p:7:8","seq":0}])").as_array();
        const auto acks = decodeAck(list);
        QVERIFY(acks.has_value());
        QCOMPARE(acks->size(), size_t(2));
        QCOMPARE(json::serialize(encodeAck(*acks)), json::serialize(list));
        const auto bad =
            decodeAck(json::parse(R"([{"conversation":"g:5","seq":3},{"conversation":"g:5"}])").as_array());
        QVERIFY(!bad.has_value());
        QCOMPARE(bad.error().field, std::string("d.1.seq"));
        QVERIFY(!decodeAck(json::parse("[7]").as_array()).has_value());
    }

    void login_takesWhatRegistrationWouldNot()
    {
        const auto login = [](std::string name, std::string password) {
            return json::object{{"username", std::move(name)},
                                {"password", std::move(password)},
                                {"device", {{"id", UUID}, {"name", "d"}, {"platform", "cli"}}}};
        };
        const auto folded = decode<LoginRequest>(login("Ada", "short"));
        QVERIFY(folded.has_value());
        QCOMPARE(folded->username, std::string("ada"));
        QVERIFY(decode<LoginRequest>(login("x", "")).has_value());
        QVERIFY(decode<LoginRequest>(login("ада@example", "p")).has_value());
        QVERIFY(refusal<LoginRequest>(login(std::string(257, 'a'), "p")) == ErrorCode::TooLarge);
        QVERIFY(refusal<LoginRequest>(login("ada", std::string(513, 'p'))) == ErrorCode::TooLarge);
        QVERIFY(refusal<RegisterRequest>({{"username", "ad"}, {"password", "12345678"}, {"display_name", "A"}}) ==
                ErrorCode::Malformed);
        QVERIFY(refusal<RegisterRequest>({{"username", "ada"}, {"password", "1234567"}, {"display_name", "A"}}) ==
                ErrorCode::Malformed);
        QVERIFY(decode<PasswordRequest>(json::object{{"old", "short"}, {"new", "12345678"}}).has_value());
        QVERIFY(refusal<PasswordRequest>({{"old", "short"}, {"new", "1234567"}}) == ErrorCode::Malformed);
    }

    void errorBody_comesBack()
    {
        WireError error = makeError(ErrorCode::RateLimited, "later", "username");
        error.retry = Retry::After;
        error.retryAfterMs = 1500;
        error.trace = "12ab34cd";
        const auto back = decodeErrorBody(encodeErrorBody(error));
        QVERIFY(back.has_value());
        QVERIFY(back->code == error.code && back->retry == error.retry);
        QCOMPARE(back->retryAfterMs, error.retryAfterMs);
        QCOMPARE(back->field, error.field);
        QCOMPARE(back->trace, error.trace);
        for (const char *bad : {"", "{}", "[]", "{\"error\":7}", "{\"error\":{}}", "<html>"})
            QVERIFY2(!decodeErrorBody(bad).has_value(), bad);
    }
};

QTEST_APPLESS_MAIN(TestPackets)
#include "test_packets.moc"
