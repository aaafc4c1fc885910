// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/envelope.h"

#include "core/base/ids.h"
#include "core/base/limits.h"
#include "core/protocol/field_reader.h"
#include "core/protocol/packets.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace kith::protocol {
namespace {

namespace json = boost::json;

FrameItem bad(std::string id, ErrorCode code, std::string message, std::string field)
{
    return BadEnvelope{std::move(id), makeError(code, std::move(message), std::move(field))};
}

FrameItem decodeItem(json::value &item)
{
    json::object *object = item.if_object();
    if (!object)
        return bad({}, ErrorCode::Malformed, "an envelope is an object", {});

    Envelope envelope;
    if (const json::value *id = object->if_contains("id")) {
        const json::string *text = id->if_string();
        const auto chars = text ? detail::codePoints({text->data(), text->size()}) : 0;
        if (!text || chars > limits::kMaxRequestIdChars || detail::hasControl({text->data(), text->size()}, false))
            return bad({}, ErrorCode::Malformed, "id is a string of at most 64 characters", "id");
        envelope.id.assign(text->data(), text->size());
    }

    const json::value *opField = object->if_contains("op");
    const json::value *codeField = object->if_contains("code");
    std::optional<Op> op;
    if (opField) {
        const json::string *text = opField->if_string();
        if (!text)
            return bad(envelope.id, ErrorCode::Malformed, "op is a string", "op");
        op = opFromName({text->data(), text->size()});
        if (!op)
            return bad(envelope.id, ErrorCode::UnsupportedOp, "no such op", "op");
    }
    if (codeField) {
        const std::int64_t *code = codeField->if_int64();
        if (!code)
            return bad(envelope.id, ErrorCode::Malformed, "code is an integer", "code");
        const auto byCode = opFromCode(*code);
        if (!byCode)
            return bad(envelope.id, ErrorCode::UnsupportedOp, "no such packet code", "code");
        if (op && name(*op) != name(*byCode))
            return bad(envelope.id, ErrorCode::Malformed, "op and code disagree", "code");
        op = byCode;
    }
    if (!op)
        return bad(envelope.id, ErrorCode::Malformed, "an envelope has an op or a code", "op");
    envelope.op = *op;

    if (json::value *data = object->if_contains("d")) {
        if (*op == Op::Ack && data->is_array())
            envelope.list = std::move(data->get_array());
        else if (*op != Op::Ack && data->is_object())
            envelope.data = std::move(data->get_object());
        else
            return bad(envelope.id, ErrorCode::Malformed, *op == Op::Ack ? "d is an array" : "d is an object", "d");
    }
    return envelope;
}

void appendHead(std::string &out, Op op, std::string_view id)
{
    out += R"({"op":")";
    out += name(op);
    out += '"';
    if (!id.empty()) {
        out += R"(,"id":)";
        out += json::serialize(json::string_view(id.data(), id.size()));
    }
    out += R"(,"d":)";
}

} // namespace

Decoded<std::vector<FrameItem>> decodeFrame(std::string_view bytes, std::size_t maxBytes)
{
    KITH_TRY_VALUE(root, detail::parseJson(bytes, maxBytes));
    std::vector<FrameItem> items;
    if (root.is_object()) {
        items.push_back(decodeItem(root));
        return items;
    }
    json::array *list = root.if_array();
    if (!list || list->empty())
        return Unexpected(makeError(ErrorCode::Malformed, "a frame is an envelope or a non-empty array of them"));
    if (list->size() > limits::kMaxEnvelopesPerFrame)
        return Unexpected(makeError(ErrorCode::TooLarge, "too many envelopes in a frame"));
    items.reserve(list->size());
    for (json::value &item : *list)
        items.push_back(decodeItem(item));
    return items;
}

std::string encodeEnvelope(Op op, std::string_view id, const json::object &data)
{
    std::string out;
    appendHead(out, op, id);
    out += json::serialize(data);
    out += '}';
    return out;
}

std::string encodeErrorEnvelope(std::string_view id, const WireError &error)
{
    return encodeEnvelope(Op::Error, id, encode(error));
}

std::string encodeListEnvelope(Op op, const json::array &list)
{
    std::string out;
    appendHead(out, op, {});
    out += json::serialize(list);
    out += '}';
    return out;
}

std::string joinFrame(std::span<const std::string_view> envelopes)
{
    if (envelopes.size() == 1)
        return std::string(envelopes.front());
    std::size_t size = 2 + envelopes.size();
    for (const auto envelope : envelopes)
        size += envelope.size();
    std::string out;
    out.reserve(size);
    out += '[';
    for (const auto envelope : envelopes) {
        if (out.size() > 1)
            out += ',';
        out += envelope;
    }
    out += ']';
    return out;
}

} // namespace kith::protocol
