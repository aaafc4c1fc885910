// SPDX-License-Identifier: GPL-3.0-or-later
// sync, page, changes, receipts.
#include "core/base/limits.h"
#include "server/logic/decoded.h"
#include "server/logic/packet_table.h"

namespace kith::server::packets {

namespace {
constexpr int kDefaultHeads = 100;
}

void sync(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto packet = decoded<protocol::SyncPacket>(socket, responder, envelope);
    if (!packet)
        return;
    // Subscribe first: what is committed from here on is pushed, what was before is in the heads.
    socket.resumePushes();
    HeadsQuery query{socket.user(), {}, std::move(packet->cursor), packet->limit.value_or(kDefaultHeads)};
    if (packet->sinceMs)
        query.since = fromUnixMs(*packet->sinceMs);
    const auto asked = socket.core()->clock.now();
    socket.core()->store.heads(std::move(query), [responder, asked](StoreResult<HeadsResult> heads) {
        if (!heads)
            return responder.fail(heads.error());
        const bool more = heads->cursor.has_value();
        responder.reply(
            protocol::encode(protocol::SyncReply{std::move(heads->heads), asked, more, std::move(heads->cursor)}));
    });
}

void page(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (auto packet = decoded<protocol::PagePacket>(socket, responder, envelope))
        socket.core()->store.page(socket.user(), std::move(packet->query), [responder](StoreResult<Page> page) {
            if (!page)
                return responder.fail(page.error());
            responder.reply(protocol::encode(protocol::PageReply{std::move(*page)}));
        });
}

void changes(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (const auto packet = decoded<protocol::ChangesPacket>(socket, responder, envelope))
        socket.core()->store.changes(socket.user(), packet->conversation, packet->sinceRev, packet->limit,
                                     [responder](StoreResult<ChangesResult> changes) {
                                         if (!changes)
                                             return responder.fail(changes.error());
                                         responder.reply(protocol::encode(protocol::ChangesReply{
                                             std::move(changes->messages), changes->nextRev, changes->more}));
                                     });
}

void receipts(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (const auto packet = decoded<protocol::ReceiptsPacket>(socket, responder, envelope))
        socket.core()->store.receipts(socket.user(), packet->conversation, packet->seq, packet->after, packet->limit,
                                      [responder](StoreResult<ReceiptsResult> found) {
                                          if (!found)
                                              return responder.fail(found.error());
                                          // Who has read it has received it too (PROTOCOL §4).
                                          auto received = std::move(found->deliveredTo);
                                          received.insert(received.end(), found->readBy.begin(), found->readBy.end());
                                          responder.reply(protocol::encode(protocol::ReceiptsReply{
                                              std::move(found->readBy), std::move(received), found->readCount,
                                              found->deliveredCount + found->readCount, found->more}));
                                      });
}

} // namespace kith::server::packets
