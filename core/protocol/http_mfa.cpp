// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of the calls about second factors and the account's own log.
#include "core/protocol/field_reader.h"
#include "core/protocol/http.h"

namespace kith::protocol {

namespace json = boost::json;
using detail::FieldReader;

namespace {

constexpr std::size_t kCodeBytes = 64;    // six digits, or a recovery code, with the spaces that people paste
constexpr std::size_t kSecretBytes = 256; // 32 characters, with spaces
constexpr std::size_t kUriBytes = 2048;
constexpr std::size_t kPngBytes = 64 * 1024;
constexpr std::size_t kPasswordBytes = limits::kMaxPassword * 4;
constexpr std::size_t kMaxCodes = 64;
constexpr std::size_t kMaxEvents = 1024;

json::object encode(const AccountEvent &v)
{
    return {{"id", v.id}, {"event", v.event}, {"at", toUnixMs(v.at)}, {"device", v.device}, {"address", v.address}};
}

} // namespace

json::object encode(const MfaReply &v)
{
    return {{"enabled", v.enabled},
            {"bound_at", v.enabled ? json::value(toUnixMs(v.boundAt)) : json::value()},
            {"recovery_codes_left", v.recoveryCodesLeft}};
}
template <>
Decoded<MfaReply> decode<MfaReply>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return MfaReply{r.boolean("enabled"), r.timeOr("bound_at"),
                        static_cast<int>(r.integer("recovery_codes_left", 0, 1'000'000))};
    });
}

json::object encode(const EnrollReply &v)
{
    return {
        {"secret", v.secret}, {"otpauth_uri", v.otpauthUri}, {"qr_png", v.qrPng}, {"expires_in", v.expiresInSeconds}};
}
template <>
Decoded<EnrollReply> decode<EnrollReply>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return EnrollReply{r.text("secret", kSecretBytes), r.text("otpauth_uri", kUriBytes),
                           r.text("qr_png", kPngBytes), r.integer("expires_in")};
    });
}

json::object encode(const BindRequest &v)
{
    return {{"secret", v.secret}, {"code", v.code}};
}
template <>
Decoded<BindRequest> decode<BindRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return BindRequest{r.anyText("secret", kSecretBytes), r.anyText("code", kCodeBytes)};
    });
}

json::object encode(const RecoveryCodesReply &v)
{
    return {{"recovery_codes", json::array(v.recoveryCodes.begin(), v.recoveryCodes.end())}};
}
template <>
Decoded<RecoveryCodesReply> decode<RecoveryCodesReply>(const json::object &d)
{
    return detail::decodeWith(
        d, "", [](FieldReader &r) { return RecoveryCodesReply{r.texts("recovery_codes", kMaxCodes, kCodeBytes)}; });
}

json::object encode(const FactorRequest &v)
{
    return {{"password", v.password}, {"code", v.code}};
}
template <>
Decoded<FactorRequest> decode<FactorRequest>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return FactorRequest{r.anyText("password", kPasswordBytes), r.anyText("code", kCodeBytes)};
    });
}

json::object encode(const AuditReply &v)
{
    json::array events;
    for (const AccountEvent &event : v.events)
        events.push_back(encode(event));
    return {{"events", std::move(events)}, {"more", v.more}};
}
template <>
Decoded<AuditReply> decode<AuditReply>(const json::object &d)
{
    return detail::decodeWith(d, "", [](FieldReader &r) {
        return AuditReply{r.list("events", kMaxEvents,
                                 [](FieldReader &e) {
                                     return AccountEvent{e.integer("id"), e.text("event", 64), e.time("at"),
                                                         e.text("device", 64), e.text("address", 64)};
                                 }),
                          r.boolean("more")};
    });
}

} // namespace kith::protocol
