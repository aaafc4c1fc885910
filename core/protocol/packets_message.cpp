// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/packets.h"

#include "core/protocol/field_reader.h"
#include "core/protocol/wire_names.h"

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

json::object encode(const SendPacket &v)
{
    json::object o;
    if (v.conversation)
        o["conversation"] = v.conversation->str();
    if (v.to)
        o["to"] = v.to->str();
    o["cid"] = v.cid.str();
    o["kind"] = detail::view(detail::kindName(v.kind));
    o["body"] = v.body;
    if (v.replyTo)
        o["reply_to"] = v.replyTo->value();
    if (!v.mentions.empty())
        o["mentions"] = detail::encodeUsers(v.mentions);
    if (v.file)
        o["file"] = v.file->str();
    return o;
}
template <>
Decoded<SendPacket> decode<SendPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        SendPacket p;
        if (r.has("conversation") == r.has("to"))
            r.fail("conversation", "or to: exactly one of them");
        p.conversation = r.optional("conversation", [&] { return r.conversation("conversation"); });
        p.to = r.optional("to", [&] { return r.user("to"); });
        p.cid = ClientMessageId(r.uuid("cid"));
        p.kind = detail::readName(r, "kind", detail::kindFromName);
        if (p.kind == MessageKind::System)
            r.fail("kind", "system is the server's own");
        p.body = r.body("body");
        if (p.kind == MessageKind::Text && detail::trimmed(p.body).empty())
            r.fail("body", "must not be empty");
        p.replyTo = r.optional("reply_to", [&] { return r.seq("reply_to", 1); });
        if (r.has("mentions"))
            p.mentions = r.users("mentions", 0, limits::kMaxMentions);
        p.file = r.optional("file", [&] { return FileId(r.file("file")); });
        return p;
    });
}

json::object encode(const AcceptedPacket &v)
{
    return {
        {"conversation", v.conversation.str()}, {"seq", v.seq.value()},    {"rev", v.rev.value()}, {"id", v.id.str()},
        {"created_at", toUnixMs(v.createdAt)},  {"duplicate", v.duplicate}};
}
template <>
Decoded<AcceptedPacket> decode<AcceptedPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return AcceptedPacket{r.conversation("conversation"), r.seq("seq", 1),      r.rev("rev"),
                              MessageId(r.user("id").str()),  r.time("created_at"), r.booleanOr("duplicate", false)};
    });
}

json::object encode(const EditPacket &v)
{
    return {{"conversation", v.conversation.str()}, {"seq", v.seq.value()}, {"body", v.body}};
}
template <>
Decoded<EditPacket> decode<EditPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        EditPacket p{r.conversation("conversation"), r.seq("seq", 1), r.body("body")};
        if (detail::trimmed(p.body).empty())
            r.fail("body", "must not be empty");
        return p;
    });
}

json::object encode(const RecallPacket &v)
{
    return {{"conversation", v.conversation.str()}, {"seq", v.seq.value()}};
}
template <>
Decoded<RecallPacket> decode<RecallPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return RecallPacket{r.conversation("conversation"), r.seq("seq", 1)};
    });
}

json::object encode(const LikePacket &v)
{
    return {
        {"target", json::object{{"kind", "message"}, {"conversation", v.conversation.str()}, {"seq", v.seq.value()}}}};
}
template <>
Decoded<LikePacket> decode<LikePacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return r.nested("target", [](FieldReader &t) {
            if (t.text("kind", 64) != "message")
                t.fail("kind", "must be message");
            return LikePacket{t.conversation("conversation"), t.seq("seq", 1)};
        });
    });
}

json::object encode(const RevReply &v)
{
    json::object o{{"rev", v.rev.value()}};
    if (v.count)
        o["count"] = *v.count;
    return o;
}
template <>
Decoded<RevReply> decode<RevReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return RevReply{r.rev("rev"), r.optional("count", [&] { return r.integer("count"); })};
    });
}

json::object encode(const MessagePacket &v)
{
    return {{"conversation", v.conversation.str()}, {"message", encode(v.message)}, {"rev", v.rev.value()}};
}
template <>
Decoded<MessagePacket> decode<MessagePacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return MessagePacket{r.conversation("conversation"), r.nested("message", detail::readMessage), r.rev("rev")};
    });
}

json::object encode(const ReceiptPacket &v)
{
    return {{"conversation", v.receipt.conversation.str()},
            {"user", v.receipt.user.str()},
            {"delivered_seq", v.receipt.deliveredSeq.value()},
            {"read_seq", v.receipt.readSeq.value()}};
}
template <>
Decoded<ReceiptPacket> decode<ReceiptPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return ReceiptPacket{
            Receipt{r.conversation("conversation"), r.user("user"), r.seq("delivered_seq"), r.seq("read_seq")}};
    });
}

json::object encode(const TypingPacket &v)
{
    json::object o{{"conversation", v.conversation.str()}};
    if (v.user)
        o["user"] = v.user->str();
    return o;
}
template <>
Decoded<TypingPacket> decode<TypingPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return TypingPacket{r.conversation("conversation"), r.optional("user", [&] { return r.user("user"); })};
    });
}

json::object encode(const ReadPacket &v)
{
    return {{"conversation", v.conversation.str()}, {"seq", v.seq.value()}};
}
template <>
Decoded<ReadPacket> decode<ReadPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return ReadPacket{r.conversation("conversation"), r.seq("seq", 0)};
    });
}

json::array encodeAck(const std::vector<AckItem> &items)
{
    json::array out;
    out.reserve(items.size());
    for (const AckItem &item : items)
        out.push_back(json::object{{"conversation", item.conversation.str()}, {"seq", item.seq.value()}});
    return out;
}

Decoded<std::vector<AckItem>> decodeAck(const json::array &list)
{
    detail::Failure failure;
    std::vector<AckItem> items;
    items.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string place = "d." + std::to_string(i);
        const json::object *object = list[i].if_object();
        if (!object)
            return Unexpected(makeError(ErrorCode::Malformed, place + " must be an object", place));
        FieldReader r(*object, place, failure);
        AckItem item{r.conversation("conversation"), r.seq("seq")};
        if (failure)
            return Unexpected(std::move(*failure));
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace kith::protocol
