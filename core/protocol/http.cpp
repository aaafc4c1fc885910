// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/http.h"

#include "core/protocol/field_reader.h"

#include <boost/json/serialize.hpp>

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

namespace {

constexpr std::size_t kTokenBytes = 8192; // a JWT is a few hundred bytes

constexpr std::size_t kClaimedNameBytes = 256; // far above any real one
constexpr std::size_t kClaimedCodeBytes = 64;  // of either second factor, with what people paste around it
constexpr std::size_t kClaimedPasswordBytes = limits::kMaxPassword * 4; // the longest that can be registered

/// As somebody claims it at login: whether it could exist is for the credentials to say, in the same words. Any text
/// will do, control characters too; it is compared and hashed, never shown.
std::string claimedUsername(FieldReader &r)
{
    std::string out = r.anyText("username", kClaimedNameBytes);
    for (char &c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string claimedPassword(FieldReader &r, std::string_view key)
{
    return r.anyText(key, kClaimedPasswordBytes);
}

std::string username(FieldReader &r)
{
    std::string out = claimedUsername(r);
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    if (out.size() < limits::kMinUsername || out.size() > limits::kMaxUsername ||
        out.find_first_not_of(kAllowed) != std::string::npos)
        r.fail("username", "must be 3 to 32 of a-z 0-9 _ . -");
    return out;
}

std::string password(FieldReader &r, std::string_view key)
{
    std::string out = r.text(key, kClaimedPasswordBytes);
    const auto chars = detail::codePoints(out);
    if (chars < limits::kMinPassword || chars > limits::kMaxPassword)
        r.fail(key, "must have 8 to 128 characters");
    return out;
}

} // namespace

json::object encode(const RegisterRequest &v)
{
    return {{"username", v.username}, {"password", v.password}, {"display_name", v.displayName}};
}
template <>
Decoded<RegisterRequest> decode<RegisterRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return RegisterRequest{username(r), password(r, "password"), r.label("display_name", limits::kMaxNameChars)};
    });
}

json::object encode(const LoginRequest &v)
{
    json::object o{{"username", v.username}, {"password", v.password}, {"device", encode(v.device)}};
    if (v.totp)
        o["totp"] = *v.totp;
    if (v.recoveryCode)
        o["recovery_code"] = *v.recoveryCode;
    return o;
}
template <>
Decoded<LoginRequest> decode<LoginRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return LoginRequest{claimedUsername(r), claimedPassword(r, "password"), r.nested("device", detail::readDevice),
                            r.optional("totp", [&] { return r.anyText("totp", kClaimedCodeBytes); }),
                            r.optional("recovery_code", [&] { return r.anyText("recovery_code", kClaimedCodeBytes); })};
    });
}

json::object encode(const TokenReply &v)
{
    json::object o{
        {"access_token", v.accessToken}, {"refresh_token", v.refreshToken}, {"expires_in", v.expiresInSeconds}};
    if (v.user)
        o["user"] = encode(*v.user);
    if (v.device)
        o["device"] = encode(*v.device);
    return o;
}
template <>
Decoded<TokenReply> decode<TokenReply>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return TokenReply{r.text("access_token", kTokenBytes), r.text("refresh_token", kTokenBytes),
                          r.integer("expires_in"),
                          r.optional("user", [&] { return r.nested("user", detail::readUser); }),
                          r.optional("device", [&] { return r.nested("device", detail::readDevice); })};
    });
}

json::object encode(const RefreshRequest &v)
{
    return {{"refresh_token", v.refreshToken}};
}
template <>
Decoded<RefreshRequest> decode<RefreshRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        RefreshRequest p{r.text("refresh_token", kTokenBytes)};
        if (p.refreshToken.empty())
            r.fail("refresh_token", "must not be empty");
        return p;
    });
}

json::object encode(const LogoutRequest &v)
{
    json::object o;
    if (v.all)
        o["all"] = true;
    return o;
}
template <>
Decoded<LogoutRequest> decode<LogoutRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) { return LogoutRequest{r.booleanOr("all", false)}; });
}

json::object encode(const PasswordRequest &v)
{
    return {{"old", v.oldPassword}, {"new", v.newPassword}};
}
template <>
Decoded<PasswordRequest> decode<PasswordRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return PasswordRequest{claimedPassword(r, "old"), password(r, "new")};
    });
}

json::object encode(const ProfilePatch &v)
{
    json::object o;
    if (v.displayName)
        o["display_name"] = *v.displayName;
    if (v.avatar)
        o["avatar"] = *v.avatar;
    return o;
}
template <>
Decoded<ProfilePatch> decode<ProfilePatch>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return ProfilePatch{r.optional("display_name", [&] { return r.label("display_name", limits::kMaxNameChars); }),
                            r.optional("avatar", [&] { return r.text("avatar", 64); })};
    });
}

json::object encode(const UserReply &v)
{
    return {{"user", encode(v.user)}};
}
template <>
Decoded<UserReply> decode<UserReply>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) { return UserReply{r.nested("user", detail::readUser)}; });
}

json::object encode(const UsersReply &v)
{
    return {{"users", detail::encodeAll(v.users)}};
}
template <>
Decoded<UsersReply> decode<UsersReply>(const json::object &d)
{
    return detail::decodeWith(d, "",
                              [](FieldReader &r) { return UsersReply{r.list("users", 1024, detail::readUser)}; });
}

json::object encode(const DevicesReply &v)
{
    return {{"devices", detail::encodeAll(v.devices)}};
}
template <>
Decoded<DevicesReply> decode<DevicesReply>(const json::object &d)
{
    return detail::decodeWith(d, "",
                              [](FieldReader &r) { return DevicesReply{r.list("devices", 1024, detail::readDevice)}; });
}

Decoded<json::object> parseObject(std::string_view bytes, std::size_t maxBytes)
{
    KITH_TRY_VALUE(root, detail::parseJson(bytes, maxBytes));
    if (!root.is_object())
        return Unexpected(makeError(ErrorCode::Malformed, "the body must be an object"));
    return Decoded<json::object>(std::move(root.get_object()));
}

std::string encodeErrorBody(const WireError &error)
{
    return json::serialize(json::object{{"error", encode(error)}});
}

std::optional<WireError> decodeErrorBody(std::string_view bytes)
{
    auto body = parseObject(bytes, limits::kMaxHttpBodyBytes);
    if (!body)
        return std::nullopt;
    const json::value *error = body->if_contains("error");
    if (!error || !error->is_object())
        return std::nullopt;
    auto decoded = decode<WireError>(error->get_object());
    if (!decoded)
        return std::nullopt;
    return std::move(*decoded);
}

} // namespace kith::protocol
