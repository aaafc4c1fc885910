// SPDX-License-Identifier: GPL-3.0-or-later
// The values that several packets hold: users, devices, messages, heads, members, presence, errors.
#include "core/protocol/packets.h"

#include "core/protocol/field_reader.h"
#include "core/protocol/wire_names.h"

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

json::object encode(const User &v)
{
    return {{"id", v.id.str()},
            {"username", v.username},
            {"display_name", v.displayName},
            {"avatar", v.avatar},
            {"created_at", toUnixMs(v.createdAt)}};
}

json::object encode(const Device &v)
{
    json::object o{{"id", v.id.str()}, {"name", v.name}, {"platform", v.platform}};
    if (v.lastSeen != Timestamp{})
        o["last_seen"] = toUnixMs(v.lastSeen);
    if (!v.address.empty())
        o["address"] = v.address;
    return o;
}

json::object encode(const Message &v)
{
    json::object o{{"seq", v.seq.value()}, {"id", v.id.str()}};
    if (!v.cid.empty())
        o["cid"] = v.cid.str();
    o["sender"] = v.sender.str();
    o["kind"] = detail::view(detail::kindName(v.kind));
    o["body"] = v.body;
    // Every field of the text is there, null where nothing is set: a client may read them without asking.
    o["reply_to"] = v.replyTo ? json::value(v.replyTo->value()) : json::value();
    o["mentions"] = detail::encodeUsers(v.mentions);
    o["file"] = v.file ? json::value(v.file->str()) : json::value();
    o["created_at"] = toUnixMs(v.createdAt);
    o["edited_at"] = v.editedAt ? json::value(toUnixMs(*v.editedAt)) : json::value();
    o["recalled"] = v.recalled;
    o["likes"] = v.likes;
    o["liked"] = v.liked;
    return o;
}

json::object encode(const Head &v)
{
    json::object o{
        {"conversation", v.conversation.str()}, {"type", detail::view(detail::typeName(v.type))}, {"name", v.name}};
    o["avatar"] = v.avatar;
    o["about"] = v.about;
    o["members"] = v.members;
    o["role"] = detail::view(detail::roleName(v.role));
    o["head_seq"] = v.headSeq.value();
    o["head_rev"] = v.headRev.value();
    o["read_seq"] = v.readSeq.value();
    o["unread"] = v.unread;
    o["muted_until"] = toUnixMs(v.mutedUntil);
    o["changed_at"] = toUnixMs(v.changedAt);
    o["last"] = v.last ? json::value(encode(*v.last)) : json::value();
    if (v.peer)
        o["peer"] = json::object{{"user", v.peer->user.str()},
                                 {"delivered_seq", v.peer->deliveredSeq.value()},
                                 {"read_seq", v.peer->readSeq.value()}};
    o["removed"] = v.removed;
    return o;
}

json::object encode(const Member &v)
{
    return {
        {"user", v.user.str()}, {"role", detail::view(detail::roleName(v.role))}, {"joined_at", toUnixMs(v.joinedAt)}};
}

json::object encode(const WireError &v)
{
    json::object o{
        {"code", detail::view(name(v.code))}, {"message", v.message}, {"retry", detail::view(name(v.retry))}};
    if (v.retryAfterMs > 0)
        o["retry_after_ms"] = v.retryAfterMs;
    if (!v.field.empty())
        o["field"] = v.field;
    if (!v.trace.empty())
        o["trace"] = v.trace;
    return o;
}

namespace detail {
namespace {

constexpr std::size_t kServerText = 4096; // names that a server sends: generous, so that limits may grow

MessageId messageId(FieldReader &r, std::string_view key)
{
    return MessageId(r.user(key).str());
}

} // namespace

json::object encodePresence(const Presence &v)
{
    json::object o{{"user", v.user.str()}, {"state", view(presenceName(v.state))}};
    if (v.lastSeen != Timestamp{})
        o["last_seen"] = toUnixMs(v.lastSeen);
    return o;
}

User readUser(FieldReader &r)
{
    return {r.user("id"), r.text("username", kServerText), r.text("display_name", kServerText), r.textOr("avatar", 64),
            r.time("created_at")};
}

Device readDevice(FieldReader &r)
{
    return {DeviceId(r.uuid("id")), r.text("name", 256), r.text("platform", 64), r.timeOr("last_seen"),
            r.textOr("address", 64)};
}

Message readMessage(FieldReader &r)
{
    Message m;
    m.seq = r.seq("seq", 1);
    m.id = messageId(r, "id");
    if (r.has("cid"))
        m.cid = ClientMessageId(r.uuid("cid"));
    m.sender = r.user("sender");
    m.kind = readName(r, "kind", kindFromName);
    m.body = r.body("body");
    m.replyTo = r.optional("reply_to", [&] { return r.seq("reply_to", 1); });
    if (r.has("mentions"))
        m.mentions = r.users("mentions", 0, limits::kMaxMentions);
    m.file = r.optional("file", [&] { return FileId(r.file("file")); });
    m.createdAt = r.time("created_at");
    m.editedAt = r.optional("edited_at", [&] { return r.time("edited_at"); });
    m.recalled = r.booleanOr("recalled", false);
    m.likes = r.integerOr("likes", 0);
    m.liked = r.booleanOr("liked", false);
    return m;
}

Head readHead(FieldReader &r)
{
    Head h;
    h.conversation = r.conversation("conversation");
    h.type = readName(r, "type", typeFromName);
    if (const auto type = conversationType(h.conversation); type && *type != h.type)
        r.fail("type", "disagrees with the conversation's id");
    h.name = r.text("name", kServerText);
    h.avatar = r.textOr("avatar", 64);
    h.about = r.textOr("about", kServerText, true);
    h.members = r.integer("members");
    h.role = readName(r, "role", roleFromName);
    h.headSeq = r.seq("head_seq");
    h.headRev = r.rev("head_rev");
    h.readSeq = r.seq("read_seq");
    h.unread = r.integer("unread");
    h.mutedUntil = r.timeOr("muted_until");
    h.changedAt = r.timeOr("changed_at");
    h.last = r.optional("last", [&] { return r.nested("last", readMessage); });
    h.peer = r.optional("peer", [&] {
        return r.nested("peer", [](FieldReader &p) {
            return PeerCursors{p.user("user"), p.seq("delivered_seq"), p.seq("read_seq")};
        });
    });
    h.removed = r.booleanOr("removed", false);
    return h;
}

Member readMember(FieldReader &r)
{
    return {r.user("user"), readName(r, "role", roleFromName), r.time("joined_at")};
}

Presence readPresence(FieldReader &r)
{
    return {r.user("user"), readName(r, "state", presenceFromName), r.timeOr("last_seen")};
}

} // namespace detail

template <>
Decoded<User> decode<User>(const json::object &d)
{
    return detail::decodeWith(d, "d", detail::readUser);
}
template <>
Decoded<Device> decode<Device>(const json::object &d)
{
    return detail::decodeWith(d, "d", detail::readDevice);
}
template <>
Decoded<Message> decode<Message>(const json::object &d)
{
    return detail::decodeWith(d, "d", detail::readMessage);
}
template <>
Decoded<Head> decode<Head>(const json::object &d)
{
    return detail::decodeWith(d, "d", detail::readHead);
}
template <>
Decoded<Member> decode<Member>(const json::object &d)
{
    return detail::decodeWith(d, "d", detail::readMember);
}
template <>
Decoded<WireError> decode<WireError>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        WireError e;
        // A code of a newer server is still an error: it reads as `internal`, with the retry hint that came with it.
        e.code = errorCodeFromName(r.text("code", 64)).value_or(ErrorCode::Internal);
        e.message = r.textOr("message", 4096, true);
        e.retry = defaultRetry(e.code);
        const std::string hint = r.textOr("retry", 16);
        for (const Retry retry : {Retry::No, Retry::Same, Retry::New, Retry::After})
            if (hint == name(retry))
                e.retry = retry;
        e.retryAfterMs = r.integerOr("retry_after_ms", 0);
        e.field = r.textOr("field", 256);
        e.trace = r.textOr("trace", 256);
        return e;
    });
}

} // namespace kith::protocol
