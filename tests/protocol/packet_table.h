// SPDX-License-Identifier: GPL-3.0-or-later
// One whole example of every packet and body, with what of it is required, and the walk over all its fields.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++'s concepts
#include "core/base/limits.h"
#include "core/protocol/http.h"
#include "core/protocol/http_files.h"
#include "core/protocol/packets.h"

#include <boost/json.hpp>

#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>
#endif

namespace kith::protocol::test {

namespace json = boost::json;

struct Row {
    const char *name;
    const char *whole;    // every field set
    const char *required; // keys of the outermost object, blank separated
    std::string prefix;   // of field paths
    std::function<Decoded<json::object>(const json::object &)> roundTrip;

    json::object example() const { return json::parse(whole).as_object(); }
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
#define FILE_REQUEST                                                                                                   \
    R"({"name":"a b.png","size":7,"mime":"image/png","chunk":65536,)"                                                  \
    R"("sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"})"
#define USER R"({"id":"7","username":"ada","display_name":"Ada 艾达","avatar":"f1","created_at":1700000000000})"
#define DEVICE                                                                                                         \
    R"({"id":")" UUID R"(","name":"desk","platform":"linux","last_seen":1700000000001,"address":"127.0.0.x"})"
#define MESSAGE                                                                                                        \
    R"({"seq":3,"id":"99","cid":")" UUID                                                                               \
    R"(","sender":"7","kind":"text","body":"hé 你好","reply_to":1,"mentions":["8"],)"                               \
    R"("file":"f2","created_at":1700000000000,"edited_at":1700000000002,"recalled":false,"likes":2,"liked":true})"
#define HEAD                                                                                                              \
    R"({"conversation":"p:7:8","type":"private","name":"Bob","avatar":"f3","about":"a\nb","members":2,)"                  \
    R"("role":"member","head_seq":3,"head_rev":5,"read_seq":2,"unread":1,"muted_until":7,"changed_at":8,"last":)" MESSAGE \
    R"(,"peer":{"user":"8","delivered_seq":3,"read_seq":2},"removed":false})"

inline const std::vector<Row> &table()
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
        row<SendPacket>("send to a conversation",
                        R"({"conversation":"g:5","cid":")" UUID
                        R"(","kind":"text","body":"hi","reply_to":1,"mentions":["8","9"],"file":"f"})",
                        "conversation cid kind body"),
        row<SendPacket>("send to a user", R"({"to":"8","cid":")" UUID R"(","kind":"image","body":"","file":"f"})",
                        "to cid kind body"),
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
        row<PagePacket>("page before", R"({"conversation":"p:7:8","before":7,"limit":50})", "conversation"),
        row<PagePacket>("page after", R"({"conversation":"p:7:8","after":7,"limit":1})", "conversation"),
        row<PagePacket>("page around", R"({"conversation":"p:7:8","around":7,"limit":200})", "conversation"),
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
        row<UpdateConversationPacket>(
            "conversation.update", R"({"conversation":"g:5","name":"n","about":"a\nb","avatar":"9"})", "conversation"),
        row<ConversationUsersPacket>("conversation.invite and remove", R"({"conversation":"g:5","users":["8"]})",
                                     "conversation users"),
        row<JoinConversationPacket>("conversation.join", R"({"conversation":"r:aB3xY9","code":"c"})", "conversation"),
        row<ConversationIdPacket>("conversation.leave", R"({"conversation":"g:5"})", "conversation"),
        row<RolePacket>("conversation.role", R"({"conversation":"g:5","user":"8","role":"admin"})",
                        "conversation user role"),
        row<MutePacket>("conversation.mute", R"({"conversation":"g:5","until_ms":7})", "conversation until_ms"),
        row<MembersPacket>("conversation.members", R"({"conversation":"g:5","after":"8","limit":9})", "conversation"),
        row<MembersReply>("conversation.members reply",
                          R"({"members":[{"user":"8","role":"owner","joined_at":7}],"more":true,"users":[)" USER
                          R"(]})",
                          "members more"),
        row<UserPacket>("user.block and unblock", R"({"user":"8"})", "user"),
        row<BlockedPacket>("user.blocked", R"({"users":["8"]})", "users"),
        row<SharedReply>("user.shared reply", R"({"conversations":["g:5"]})", "conversations"),
        row<WireError>("error",
                       R"({"code":"rate_limited","message":"slowly","retry":"after","retry_after_ms":5,)"
                       R"("field":"d.to","trace":"12ab34cd"})",
                       "code"),
        row<RegisterRequest>("POST register", R"({"username":"ada","password":"12345678","display_name":"Ada"})",
                             "username password display_name", ""),
        row<LoginRequest>("POST login",
                          R"({"username":"ada","password":"1","device":)" DEVICE
                          R"(,"totp":"123456","recovery_code":"r"})",
                          "username password device", ""),
        row<TokenReply>("token reply",
                        R"({"access_token":"a","refresh_token":"r","expires_in":7200,"user":)" USER
                        R"(,"device":)" DEVICE "}",
                        "access_token refresh_token expires_in", ""),
        row<RefreshRequest>("POST token/refresh", R"({"refresh_token":"r"})", "refresh_token", ""),
        row<LogoutRequest>("POST logout", R"({"all":true})", "", ""),
        row<PasswordRequest>("POST me/password", R"({"old":"1","new":"12345678"})", "old new", ""),
        row<ProfilePatch>("PATCH me", R"({"display_name":"Ada","avatar":"9"})", "", ""),
        row<UserReply>("user", R"({"user":)" USER "}", "user", ""),
        row<UsersReply>("users", R"({"users":[)" USER "]}", "users", ""),
        row<MfaReply>("GET mfa", R"({"enabled":true,"bound_at":7,"recovery_codes_left":9})",
                      "enabled recovery_codes_left", ""),
        row<EnrollReply>("POST mfa/enroll",
                         R"({"secret":"MZXW6YTBOI","otpauth_uri":"otpauth://totp/a","qr_png":"iVBO","expires_in":900})",
                         "secret otpauth_uri qr_png expires_in", ""),
        row<BindRequest>("POST mfa/bind", R"({"secret":"MZXW6YTBOI","code":"123456"})", "secret code", ""),
        row<RecoveryCodesReply>("recovery codes", R"({"recovery_codes":["a-b","c-d"]})", "recovery_codes", ""),
        row<FactorRequest>("POST mfa/unbind", R"({"password":"1","code":"123456"})", "password code", ""),
        row<AuditReply>(
            "GET audit",
            R"({"events":[{"id":5,"event":"login","at":7,"device":"d","address":"192.0.2.x"}],"more":true})",
            "events more", ""),
        row<DevicesReply>("devices", R"({"devices":[)" DEVICE "]}", "devices", ""),
        row<FileRequest>("POST files", FILE_REQUEST, "name size mime sha256 chunk", ""),
        row<FileReply>("file", R"({"id":")" UUID R"(","offset":65536})", "id offset", ""),
    };
    return rows;
}

inline std::set<std::string> words(const std::string &text)
{
    std::set<std::string> all;
    std::istringstream in(text);
    for (std::string word; in >> word;)
        all.insert(word);
    return all;
}

/// What an object that stands under this key must have.
inline std::set<std::string> requiredUnder(const std::string &key)
{
    const std::string user = "id username display_name created_at", device = "id name platform",
                      message = "seq id sender kind body created_at",
                      head = "conversation type name members role head_seq head_rev read_seq unread";
    static const std::map<std::string, std::string> all{
        {"user", user},
        {"users", user},
        {"device", device},
        {"devices", device},
        {"message", message},
        {"messages", message},
        {"last", message},
        {"conversation", head},
        {"conversations", head},
        {"members", "user role joined_at"},
        {"states", "user state"},
        {"events", "id event at device address"},
        {"limits", "frame_bytes body_bytes page group_members"},
        {"target", "kind conversation seq"},
        {"peer", "user delivered_seq read_seq"},
    };
    return words(all.at(key));
}

struct Field {
    std::string path;    // "message.mentions.0"
    std::string pointer; // "/message/mentions/0"
    std::string key;     // the nearest key: "mentions"
    bool inObject = false;
    bool isRequired = false;
};

/// Every value inside, containers before what they hold.
inline std::vector<Field> fieldsOf(const Row &one)
{
    std::vector<Field> all;
    const std::function<void(const json::value &, const Field &)> walk = [&](const json::value &value,
                                                                             const Field &at) {
        const auto below = [&at](const std::string &step) {
            Field field = at;
            field.path += (at.path.empty() ? "" : ".") + step;
            field.pointer += '/' + step;
            return field;
        };
        if (const auto *object = value.if_object()) {
            const auto required = at.path.empty() ? words(one.required) : requiredUnder(at.key);
            for (const auto &entry : *object) {
                Field field = below(std::string(entry.key()));
                field.key = std::string(entry.key());
                field.inObject = true;
                field.isRequired = required.contains(field.key);
                all.push_back(field);
                walk(entry.value(), field);
            }
        } else if (const auto *array = value.if_array()) {
            for (std::size_t i = 0; i < array->size(); ++i) {
                Field field = below(std::to_string(i));
                field.inObject = false;
                all.push_back(field);
                walk((*array)[i], field);
            }
        }
    };
    walk(one.example(), {});
    return all;
}

/// The example with another value at that place.
inline json::object with(const Row &one, const Field &field, json::value value)
{
    json::value root = one.example();
    root.at_pointer(field.pointer) = std::move(value);
    return root.as_object();
}

inline json::object without(const Row &one, const Field &field)
{
    json::value root = one.example();
    const auto parent = field.pointer.substr(0, field.pointer.rfind('/'));
    (parent.empty() ? root : root.at_pointer(parent)).as_object().erase(field.key);
    return root.as_object();
}

} // namespace kith::protocol::test
