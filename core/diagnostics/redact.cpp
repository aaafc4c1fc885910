// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/diagnostics/redact.h"

#include "core/base/ids.h"
#include "core/protocol/errors.h"
#include "core/protocol/op.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace kith::diagnostics {

namespace json = boost::json;

namespace {

enum class Field {
    Plain,        // its texts go; numbers, objects and lists inside it are looked into
    Op,           // a name of the packet table
    RequestId,    // a number of the client's, "login" …
    Conversation, // "p:1:2", "g:7"
    User,         // digits
    Uuid,         // device, cid, message, epoch
    ErrorCode,
    Word, // an enumeration of the protocol
};

struct Known {
    std::string_view name;
    Field field;
};

/// Every field of docs/protocol.md §3. One that is not here loses its name.
constexpr std::array kFields = std::to_array<Known>({
    {"op", Field::Op},
    {"id", Field::Plain}, // by its place: of an envelope, a user, a device, a message
    {"d", Field::Plain},
    {"code", Field::ErrorCode},
    {"conversation", Field::Conversation},
    {"user", Field::User},
    {"to", Field::User},
    {"from", Field::User},
    {"sender", Field::User},
    {"after", Field::User},
    {"users", Field::User},
    {"members", Field::User},
    {"mentions", Field::User},
    {"read_by", Field::User},
    {"delivered_to", Field::User},
    {"cid", Field::Uuid},
    {"epoch", Field::Uuid},
    {"device", Field::Uuid},
    {"kind", Field::Word},
    {"type", Field::Word},
    {"role", Field::Word},
    {"state", Field::Word},
    {"retry", Field::Word},
    {"target", Field::Plain},
});

constexpr std::array kPlain =
    std::to_array<std::string_view>({"about",         "around",        "avatar",      "before",
                                     "body",          "body_bytes",    "changed_at",  "conversations",
                                     "count",         "created_at",    "cursor",      "delivered_count",
                                     "delivered_seq", "display_name",  "duplicate",   "edited_at",
                                     "features",      "field",         "file",        "floor_seq",
                                     "frame_bytes",   "group_members", "head_rev",    "head_seq",
                                     "heartbeat_s",   "joined_at",     "last",        "last_seen",
                                     "liked",         "likes",         "limit",       "limits",
                                     "message",       "messages",      "more",        "muted_until",
                                     "name",          "next_rev",      "page",        "peer",
                                     "platform",      "read_count",    "read_seq",    "recalled",
                                     "removed",       "reply_to",      "resume",      "retry_after_ms",
                                     "rev",           "seq",           "server_time", "since_ms",
                                     "since_rev",     "states",        "t",           "token",
                                     "trace",         "unread",        "until",       "until_ms",
                                     "username",      "address",       "error"});

constexpr std::array kWords = std::to_array<std::string_view>(
    {"text", "image", "file", "system", "gift", "private", "group", "room", "member", "admin", "owner", "online",
     "away", "offline", "message", "no", "same", "new", "after"});

bool isDigits(std::string_view text)
{
    return !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isRequestId(std::string_view text)
{
    return text == "login" || text == "token" || text == "heartbeat" || isDigits(text);
}

bool mayStay(Field field, std::string_view text)
{
    switch (field) {
    case Field::Plain:
        return false;
    case Field::Op:
        return protocol::opFromName(text).has_value();
    case Field::RequestId:
        return isRequestId(text);
    case Field::Conversation:
        return conversationType(archivedFrom(ConversationId(std::string(text)))).has_value();
    case Field::User:
        return isValidUserId(text);
    case Field::Uuid:
        return isValidUuid(text);
    case Field::ErrorCode:
        return protocol::errorCodeFromName(text).has_value();
    case Field::Word:
        return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
    }
    return false;
}

std::string lengthOf(std::string_view text)
{
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
    return '<' + std::to_string(characters) + '>';
}

/// An id by the object that it stands in.
bool idMayStay(std::string_view text, bool envelope)
{
    return envelope ? isRequestId(text) : isValidUserId(text) || isValidUuid(text) || isDigits(text);
}

json::value redacted(const json::value &value, Field field, bool envelope);

json::object redactedObject(const json::object &object, bool envelope)
{
    json::object made;
    int strange = 0;
    for (const auto &[key, member] : object) {
        const std::string_view name(key.data(), key.size());
        const auto known = std::find_if(kFields.begin(), kFields.end(), [&](const Known &k) { return k.name == name; });
        if (known != kFields.end()) {
            if (name == "id" && member.is_string()) {
                const std::string_view id(member.get_string());
                made[name] = idMayStay(id, envelope) ? std::string(id) : lengthOf(id);
            } else {
                made[name] = redacted(member, known->field, false);
            }
        } else if (std::find(kPlain.begin(), kPlain.end(), name) != kPlain.end()) {
            made[name] = redacted(member, Field::Plain, false);
        } else {
            made["field " + std::to_string(++strange) + ' ' + lengthOf(name)] = redacted(member, Field::Plain, false);
        }
    }
    return made;
}

json::value redacted(const json::value &value, Field field, bool envelope)
{
    if (const auto *text = value.if_string()) {
        const std::string_view view(text->data(), text->size());
        return mayStay(field, view) ? json::value(*text) : json::value(lengthOf(view));
    }
    if (const auto *object = value.if_object())
        return redactedObject(*object, envelope);
    if (const auto *array = value.if_array()) {
        json::array made;
        for (const auto &member : *array)
            made.push_back(redacted(member, field, envelope));
        return made;
    }
    return value; // numbers, booleans and null
}

} // namespace

std::string redactFrame(std::string_view bytes)
{
    boost::system::error_code failure;
    const json::value frame = json::parse({bytes.data(), bytes.size()}, failure);
    if (failure)
        return R"({"unreadable":)" + std::to_string(bytes.size()) + '}';
    return json::serialize(redacted(frame, Field::Plain, true));
}

std::string redactHome(std::string text, std::string_view home, std::string_view login)
{
    for (const auto &word : {home, login}) {
        if (word.size() < 2)
            continue;
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
            text.replace(at, word.size(), "~");
    }
    return text;
}

} // namespace kith::diagnostics
