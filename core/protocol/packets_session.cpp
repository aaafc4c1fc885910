// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/packets.h"

#include "core/protocol/field_reader.h"
#include "core/protocol/wire_names.h"

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

namespace {
constexpr std::size_t kTokenBytes = 8192;  // a JWT is a few hundred bytes
constexpr std::size_t kFeatureBytes = 256; // a word
} // namespace

json::object encode(const LoginPacket &v)
{
    json::object o{{"token", v.token}};
    if (v.resume)
        o["resume"] = *v.resume;
    return o;
}
template <>
Decoded<LoginPacket> decode<LoginPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        LoginPacket p{r.text("token", kTokenBytes), r.optional("resume", [&] { return r.text("resume", 256); })};
        if (p.token.empty())
            r.fail("token", "must not be empty");
        return p;
    });
}

json::object encode(const HelloPacket &v)
{
    json::array features;
    for (const auto &feature : v.features)
        features.emplace_back(feature);
    return {{"user", encode(v.user)},
            {"device", encode(v.device)},
            {"epoch", v.epoch},
            {"server_time", toUnixMs(v.serverTime)},
            {"heartbeat_s", v.heartbeatSeconds},
            {"limits", json::object{{"frame_bytes", v.limits.frameBytes},
                                    {"body_bytes", v.limits.bodyBytes},
                                    {"page", v.limits.page},
                                    {"group_members", v.limits.groupMembers}}},
            {"features", std::move(features)}};
}
template <>
Decoded<HelloPacket> decode<HelloPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        HelloPacket p;
        p.user = r.nested("user", detail::readUser);
        p.device = r.nested("device", detail::readDevice);
        p.epoch = r.text("epoch", 256);
        if (p.epoch.empty())
            r.fail("epoch", "must not be empty");
        p.serverTime = r.time("server_time");
        p.heartbeatSeconds = r.integer("heartbeat_s", 1, 3600);
        p.limits = r.nested("limits", [](FieldReader &l) {
            return HelloLimits{l.integer("frame_bytes"), l.integer("body_bytes"), l.integer("page"),
                               l.integer("group_members")};
        });
        p.features = r.texts("features", 256, kFeatureBytes, true);
        return p;
    });
}

json::object encode(const TokenPacket &v)
{
    return {{"token", v.token}};
}
template <>
Decoded<TokenPacket> decode<TokenPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        TokenPacket p{r.text("token", kTokenBytes)};
        if (p.token.empty())
            r.fail("token", "must not be empty");
        return p;
    });
}

json::object encode(const HeartbeatPacket &v)
{
    json::object o;
    if (v.t)
        o["t"] = *v.t;
    return o;
}
template <>
Decoded<HeartbeatPacket> decode<HeartbeatPacket>(const json::object &d)
{
    return detail::decodeWith(
        d, "d", [](FieldReader &r) { return HeartbeatPacket{r.optional("t", [&] { return r.integer("t"); })}; });
}

json::object encode(const HeartbeatReply &v)
{
    json::object o;
    if (v.t)
        o["t"] = *v.t;
    o["server_time"] = toUnixMs(v.serverTime);
    return o;
}
template <>
Decoded<HeartbeatReply> decode<HeartbeatReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return HeartbeatReply{r.optional("t", [&] { return r.integer("t"); }), r.time("server_time")};
    });
}

json::object encode(const WatchPresencePacket &v)
{
    return {{"users", detail::encodeUsers(v.users)}};
}
template <>
Decoded<WatchPresencePacket> decode<WatchPresencePacket>(const json::object &d)
{
    return detail::decodeWith(
        d, "d", [](FieldReader &r) { return WatchPresencePacket{r.users("users", 0, limits::kMaxMembersPerRequest)}; });
}

json::object encode(const WatchPresenceReply &v)
{
    json::array states;
    for (const Presence &state : v.states)
        states.push_back(detail::encodePresence(state));
    return {{"states", std::move(states)}};
}
template <>
Decoded<WatchPresenceReply> decode<WatchPresenceReply>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) {
        return WatchPresenceReply{r.list("states", limits::kMaxMembersPerRequest, detail::readPresence)};
    });
}

json::object encode(const PresencePacket &v)
{
    return detail::encodePresence(v.presence);
}
template <>
Decoded<PresencePacket> decode<PresencePacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) { return PresencePacket{detail::readPresence(r)}; });
}

json::object encode(const UserPacket &v)
{
    return {{"user", v.user.str()}};
}
template <>
Decoded<UserPacket> decode<UserPacket>(const json::object &d)
{
    return detail::decodeWith(d, "d", [](FieldReader &r) { return UserPacket{r.user("user")}; });
}

} // namespace kith::protocol
