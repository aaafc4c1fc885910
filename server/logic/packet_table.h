// SPDX-License-Identifier: GPL-3.0-or-later
// The dispatch table of the socket, keyed by packet code (PROTOCOL §3). Adding a packet is adding a row.
#pragma once

#include "core/protocol/envelope.h"

namespace kith::server {

class Responder;
class Socket;

using PacketHandler = void (*)(Socket &, Responder, protocol::Envelope);

struct PacketRow {
    protocol::Op op;
    PacketHandler handler;
    bool beforeLogin = false; // allowed on a socket that nobody logged in on
    bool whenExpired = false; // allowed when the access token has run out
    bool whenDraining = true; // allowed while the server goes down
};

/// Nothing for an op that a client may not send.
const PacketRow *packetRow(protocol::Op op);

// Handlers, by file.
namespace packets {
void login(Socket &, Responder, protocol::Envelope); // packets_session.cpp
void token(Socket &, Responder, protocol::Envelope);
void heartbeat(Socket &, Responder, protocol::Envelope);
void logout(Socket &, Responder, protocol::Envelope);
void watchPresence(Socket &, Responder, protocol::Envelope);
void block(Socket &, Responder, protocol::Envelope);
void unblock(Socket &, Responder, protocol::Envelope);
void blocked(Socket &, Responder, protocol::Envelope);
void shared(Socket &, Responder, protocol::Envelope);
void send(Socket &, Responder, protocol::Envelope); // packets_message.cpp
void edit(Socket &, Responder, protocol::Envelope);
void recall(Socket &, Responder, protocol::Envelope);
void like(Socket &, Responder, protocol::Envelope);
void unlike(Socket &, Responder, protocol::Envelope);
void typing(Socket &, Responder, protocol::Envelope);
void ack(Socket &, Responder, protocol::Envelope);
void read(Socket &, Responder, protocol::Envelope);
void sync(Socket &, Responder, protocol::Envelope); // packets_sync.cpp
void page(Socket &, Responder, protocol::Envelope);
void changes(Socket &, Responder, protocol::Envelope);
void receipts(Socket &, Responder, protocol::Envelope);
void create(Socket &, Responder, protocol::Envelope); // packets_group.cpp
void update(Socket &, Responder, protocol::Envelope);
void invite(Socket &, Responder, protocol::Envelope);
void join(Socket &, Responder, protocol::Envelope);
void leave(Socket &, Responder, protocol::Envelope);
void remove(Socket &, Responder, protocol::Envelope);
void role(Socket &, Responder, protocol::Envelope);
void mute(Socket &, Responder, protocol::Envelope);
void members(Socket &, Responder, protocol::Envelope);
} // namespace packets

} // namespace kith::server
