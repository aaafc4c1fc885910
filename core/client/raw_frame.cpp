// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/raw_frame.h"

#include "core/base/limits.h"
#include "core/client/errors.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kith::client {

namespace json = boost::json;

namespace {

constexpr std::string_view kPrefix = "raw-";
constexpr const char *kRedacted = "redacted";

ClientError malformed(std::string what)
{
    return wireError(protocol::makeError(protocol::ErrorCode::Malformed, std::move(what)));
}

/// Tokens of `login` and `token`, the resume token, the code of an invitation: wherever they stand.
void redact(json::value &value)
{
    if (auto *object = value.if_object()) {
        for (auto &[key, member] : *object) {
            const bool secret = key == "token" || key == "resume" || key == "access" || key == "refresh" ||
                                key == "access_token" || key == "refresh_token" || key == "password" ||
                                (key == "code" && member.is_string());
            if (secret && !member.is_object() && !member.is_array())
                member = kRedacted;
            else
                redact(member);
        }
    } else if (auto *array = value.if_array()) {
        for (auto &member : *array)
            redact(member);
    }
}

} // namespace

Result<RawFrame> rawFrame(std::string_view text)
{
    if (text.size() > limits::kMaxClientFrameBytes)
        return Unexpected(malformed("a frame of a client is at most 64 KiB"));
    boost::system::error_code failure;
    json::value frame = json::parse({text.data(), text.size()}, failure);
    if (failure)
        return Unexpected(malformed("the frame is not JSON: " + failure.message()));
    if (frame.is_object())
        frame = json::array{std::move(frame)};
    if (!frame.is_array() || frame.get_array().empty())
        return Unexpected(malformed("a frame is an envelope or an array of them"));
    RawFrame made;
    for (auto &envelope : frame.get_array()) {
        if (!envelope.is_object())
            return Unexpected(malformed("an envelope is an object"));
        if (auto *id = envelope.get_object().if_contains("id"); id && id->is_string()) {
            const std::string own = std::string(kPrefix) + std::string(id->get_string());
            *id = own;
            made.ids.push_back(own);
        }
        OutgoingEnvelope one{json::serialize(envelope), {}};
        redact(envelope);
        one.shown = json::serialize(envelope);
        made.envelopes.push_back(std::move(one));
    }
    return made;
}

} // namespace kith::client
