// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/packets.h"

#include "core/protocol/field_reader.h"
#include "core/protocol/wire_names.h"

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

json::object encode(const ConversationPacket &v)
{
    return {{"conversation", encode(v.head)}};
}
template <>
Decoded<ConversationPacket> decode<ConversationPacket>(const json::object &d)
{
    return detail::decodeWith(
        d, "d", [](FieldReader &r) { return ConversationPacket{r.nested("conversation", detail::readHead)}; });
}

json::object encode(const CreateConversationPacket &v)
{
    return {{"name", v.name}, {"members", detail::encodeUsers(v.members)}};
}
template <>
Decoded<CreateConversationPacket> decode<CreateConversationPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return CreateConversationPacket{r.label("name", limits::kMaxNameChars),
                                        r.users("members", 0, limits::kMaxMembersPerRequest)};
    });
}

json::object encode(const UpdateConversationPacket &v)
{
    json::object o{{"conversation", v.conversation.str()}};
    if (v.name)
        o["name"] = *v.name;
    if (v.about)
        o["about"] = *v.about;
    if (v.avatar)
        o["avatar"] = *v.avatar;
    return o;
}
template <>
Decoded<UpdateConversationPacket> decode<UpdateConversationPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        UpdateConversationPacket p;
        p.conversation = r.conversation("conversation");
        p.name = r.optional("name", [&] { return r.label("name", limits::kMaxNameChars); });
        p.about = r.optional("about", [&] { return r.text("about", 4096, true); });
        if (p.about && detail::codePoints(*p.about) > limits::kMaxAboutChars)
            r.fail("about", "is too long", ErrorCode::TooLarge);
        p.avatar = r.optional("avatar", [&] { return r.text("avatar", 64); });
        return p;
    });
}

json::object encode(const ConversationUsersPacket &v)
{
    return {{"conversation", v.conversation.str()}, {"users", detail::encodeUsers(v.users)}};
}
template <>
Decoded<ConversationUsersPacket> decode<ConversationUsersPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return ConversationUsersPacket{r.conversation("conversation"),
                                       r.users("users", 1, limits::kMaxMembersPerRequest)};
    });
}

json::object encode(const JoinConversationPacket &v)
{
    json::object o{{"conversation", v.conversation.str()}};
    if (v.code)
        o["code"] = *v.code;
    return o;
}
template <>
Decoded<JoinConversationPacket> decode<JoinConversationPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return JoinConversationPacket{r.conversation("conversation"),
                                      r.optional("code", [&] { return r.text("code", 64); })};
    });
}

json::object encode(const ConversationIdPacket &v)
{
    return {{"conversation", v.conversation.str()}};
}
template <>
Decoded<ConversationIdPacket> decode<ConversationIdPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d",
                              [](FieldReader &r) { return ConversationIdPacket{r.conversation("conversation")}; });
}

json::object encode(const RolePacket &v)
{
    return {{"conversation", v.conversation.str()},
            {"user", v.user.str()},
            {"role", detail::view(detail::roleName(v.role))}};
}
template <>
Decoded<RolePacket> decode<RolePacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return RolePacket{r.conversation("conversation"), r.user("user"),
                          detail::readName(r, "role", detail::roleFromName)};
    });
}

json::object encode(const MutePacket &v)
{
    return {{"conversation", v.conversation.str()}, {"until_ms", toUnixMs(v.until)}};
}
template <>
Decoded<MutePacket> decode<MutePacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return MutePacket{r.conversation("conversation"), r.time("until_ms")};
    });
}

json::object encode(const MembersPacket &v)
{
    json::object o{{"conversation", v.conversation.str()}, {"limit", v.limit}};
    if (v.after)
        o["after"] = v.after->str();
    return o;
}
template <>
Decoded<MembersPacket> decode<MembersPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return MembersPacket{r.conversation("conversation"), r.optional("after", [&] { return r.user("after"); }),
                             r.limit(100)};
    });
}

json::object encode(const MembersReply &v)
{
    json::object o{{"members", detail::encodeAll(v.members)}, {"more", v.more}};
    if (!v.users.empty())
        o["users"] = detail::encodeAll(v.users);
    return o;
}
template <>
Decoded<MembersReply> decode<MembersReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        MembersReply p{r.list("members", 1024, detail::readMember), r.boolean("more"), {}};
        p.users =
            r.optional("users", [&] { return r.list("users", 1024, detail::readUser); }).value_or(std::vector<User>());
        return p;
    });
}

json::object encode(const BlockedPacket &v)
{
    return {{"users", detail::encodeUsers(v.users)}};
}
template <>
Decoded<BlockedPacket> decode<BlockedPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) { return BlockedPacket{r.users("users", 0, kMaxBlocked)}; });
}

json::object encode(const SharedReply &v)
{
    json::array conversations;
    for (const ConversationId &id : v.conversations)
        conversations.emplace_back(id.str());
    return {{"conversations", std::move(conversations)}};
}
template <>
Decoded<SharedReply> decode<SharedReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        SharedReply p;
        for (std::string &id : r.texts("conversations", limits::kMaxPage, 64)) {
            ConversationId conversation(std::move(id));
            if (conversationType(conversation) == ConversationType::Group)
                p.conversations.push_back(std::move(conversation));
        }
        return p;
    });
}

} // namespace kith::protocol
