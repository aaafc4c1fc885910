// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the packet handlers: decode the packet or answer what is wrong with it.
#pragma once

#include "core/protocol/packets.h"
#include "server/logic/socket.h"

#include <optional>

namespace kith::server::packets {

/// Nothing after the error was answered. A field over its limit is no malformed frame and does not count as one.
template <class Packet>
std::optional<Packet> decoded(Socket &socket, const Responder &responder, const protocol::Envelope &envelope)
{
    auto packet = protocol::decode<Packet>(envelope.data);
    if (packet)
        return std::move(*packet);
    if (packet.error().code == protocol::ErrorCode::Malformed)
        socket.malformed(responder, std::move(packet).error());
    else
        responder.fail(std::move(packet).error());
    return std::nullopt;
}

} // namespace kith::server::packets
