// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/packets.h"

#include "core/protocol/field_reader.h"
#include "core/protocol/wire_names.h"

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

namespace {
constexpr std::size_t kMaxReplyItems = 1024; // far above kMaxPage, so that a server may raise it
}

json::object encode(const SyncPacket &v)
{
    json::object o;
    if (v.sinceMs)
        o["since_ms"] = *v.sinceMs;
    if (v.limit)
        o["limit"] = *v.limit;
    if (v.cursor)
        o["cursor"] = *v.cursor;
    return o;
}
template <>
Decoded<SyncPacket> decode<SyncPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return SyncPacket{r.optional("since_ms", [&] { return r.integer("since_ms"); }),
                          r.optional("limit", [&] { return r.limit(limits::kMaxPage); }),
                          r.optional("cursor", [&] { return r.text("cursor", 256); })};
    });
}

json::object encode(const SyncReply &v)
{
    json::object o{{"conversations", detail::encodeAll(v.conversations)},
                   {"server_time", toUnixMs(v.serverTime)},
                   {"more", v.more}};
    if (v.cursor)
        o["cursor"] = *v.cursor;
    return o;
}
template <>
Decoded<SyncReply> decode<SyncReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return SyncReply{r.list("conversations", kMaxReplyItems, detail::readHead), r.time("server_time"),
                         r.boolean("more"), r.optional("cursor", [&] { return r.text("cursor", 256); })};
    });
}

json::object encode(const PagePacket &v)
{
    json::object o{{"conversation", v.query.conversation.str()}};
    if (v.query.before)
        o["before"] = v.query.before->value();
    if (v.query.after)
        o["after"] = v.query.after->value();
    if (v.query.around)
        o["around"] = v.query.around->value();
    o["limit"] = v.query.limit;
    return o;
}
template <>
Decoded<PagePacket> decode<PagePacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        PageQuery q;
        q.conversation = r.conversation("conversation");
        if (int{r.has("before")} + int{r.has("after")} + int{r.has("around")} > 1)
            r.fail("before", "after and around exclude each other");
        q.before = r.optional("before", [&] { return r.seq("before", 1); });
        q.after = r.optional("after", [&] { return r.seq("after"); });
        q.around = r.optional("around", [&] { return r.seq("around", 1); });
        q.limit = r.limit(limits::kDefaultPage);
        return PagePacket{std::move(q)};
    });
}

json::object encode(const PageReply &v)
{
    return {{"messages", detail::encodeAll(v.page.messages)},
            {"head_seq", v.page.headSeq.value()},
            {"head_rev", v.page.headRev.value()},
            {"floor_seq", v.page.floorSeq.value()}};
}
template <>
Decoded<PageReply> decode<PageReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return PageReply{Page{r.list("messages", kMaxReplyItems, detail::readMessage), r.seq("head_seq"),
                              r.rev("head_rev"), r.seq("floor_seq")}};
    });
}

json::object encode(const ChangesPacket &v)
{
    return {{"conversation", v.conversation.str()}, {"since_rev", v.sinceRev.value()}, {"limit", v.limit}};
}
template <>
Decoded<ChangesPacket> decode<ChangesPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return ChangesPacket{r.conversation("conversation"), r.rev("since_rev"), r.limit(limits::kMaxPage)};
    });
}

json::object encode(const ChangesReply &v)
{
    return {{"messages", detail::encodeAll(v.messages)}, {"next_rev", v.nextRev.value()}, {"more", v.more}};
}
template <>
Decoded<ChangesReply> decode<ChangesReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return ChangesReply{r.list("messages", kMaxReplyItems, detail::readMessage), r.rev("next_rev"),
                            r.boolean("more")};
    });
}

json::object encode(const ReceiptsPacket &v)
{
    json::object o{{"conversation", v.conversation.str()}, {"seq", v.seq.value()}, {"limit", v.limit}};
    if (v.after)
        o["after"] = v.after->str();
    return o;
}
template <>
Decoded<ReceiptsPacket> decode<ReceiptsPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return ReceiptsPacket{r.conversation("conversation"), r.seq("seq", 1),
                              r.optional("after", [&] { return r.user("after"); }), r.limit(100)};
    });
}

json::object encode(const ReceiptsReply &v)
{
    return {{"read_by", detail::encodeUsers(v.readBy)},
            {"delivered_to", detail::encodeUsers(v.deliveredTo)},
            {"read_count", v.readCount},
            {"delivered_count", v.deliveredCount},
            {"more", v.more}};
}
template <>
Decoded<ReceiptsReply> decode<ReceiptsReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return ReceiptsReply{r.users("read_by", 0, kMaxReplyItems), r.users("delivered_to", 0, kMaxReplyItems),
                             r.integer("read_count"), r.integer("delivered_count"), r.boolean("more")};
    });
}

} // namespace kith::protocol
