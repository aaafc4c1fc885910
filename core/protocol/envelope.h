// SPDX-License-Identifier: GPL-3.0-or-later
// Frames and envelopes: {"op"|"code", "id"?, "d"} alone or in an array (PROTOCOL §3).
#pragma once

#include "core/protocol/errors.h"
#include "core/protocol/op.h"

#include <boost/json/object.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::protocol {

struct Envelope {
    Op op = Op::Error;
    std::string id; // empty: a push, or a request that wants no answer
    boost::json::object data;
    boost::json::array list; // `ack` alone carries an array in "d"; empty otherwise

    bool operator==(const Envelope &) const = default;
};

/// One item of a frame: an envelope, or what is wrong with it together with the id that the answer must carry.
struct BadEnvelope {
    std::string id;
    WireError error;
};
using FrameItem = std::variant<Envelope, BadEnvelope>;

/// Decodes a text frame of at most `maxBytes`. The frame as a whole fails (not JSON, too large, too deep, empty array,
/// neither object nor array, too many envelopes) or gives one item per envelope. Total: any bytes give an answer.
Decoded<std::vector<FrameItem>> decodeFrame(std::string_view bytes, std::size_t maxBytes);

/// {"op":…,"id":…,"d":…}; no "id" when empty, always "op", never "code".
std::string encodeEnvelope(Op op, std::string_view id, const boost::json::object &data);
std::string encodeErrorEnvelope(std::string_view id, const WireError &error);
/// `ack`, whose "d" is an array.
std::string encodeListEnvelope(Op op, const boost::json::array &list);

/// Joins envelopes that are already encoded into one frame: alone, or as an array.
std::string joinFrame(std::span<const std::string_view> envelopes);

} // namespace kith::protocol
