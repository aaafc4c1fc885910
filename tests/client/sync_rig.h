// SPDX-License-Identifier: GPL-3.0-or-later
// Synchroniser and outbox over a StoreRig.
#pragma once

#include "core/client/outbox.h"
#include "core/client/synchroniser.h"
#include "tests/client/store_rig.h"

namespace kith::test {

inline protocol::HelloPacket hello(const std::string &epoch = "e1")
{
    protocol::HelloPacket packet;
    packet.user.id = kMe;
    packet.epoch = epoch;
    return packet;
}

struct SyncRig : StoreRig {
    client::Synchroniser sync{history, server};
    client::Outbox outbox{history, server, std::make_shared<SystemClock>()};

    SyncRig()
    {
        sync.setSelf(kMe);
        outbox.setSelf(kMe);
    }
    ~SyncRig() { end(); }
    bool catchUp()
    {
        sync.start(hello());
        return QTest::qWaitFor([this] { return sync.caughtUp(); }, 10000);
    }
    history::LocalPage newest(const ConversationId &id, int limit = 200)
    {
        PageQuery query;
        query.conversation = id;
        query.limit = limit;
        auto page = wait(history.run([query](history::HistoryStore &store) { return store.page(query); }));
        return page ? *page : history::LocalPage{};
    }
    Rev known(const ConversationId &id)
    {
        auto head = wait(history.run([id](history::HistoryStore &store) { return store.head(id); }));
        return head && *head ? (*head)->knownRev : Rev();
    }
    bool nothingUnacked()
    {
        const auto left = wait(history.run([](history::HistoryStore &store) { return store.unacked(); }));
        return left && left->empty();
    }
    ClientMessageId queue(const ConversationId &id, const std::string &text)
    {
        const ClientMessageId cid(crypto::makeUuid());
        auto stored = wait(history.run([=](history::HistoryStore &store) {
            return store.enqueue(id, MessageKind::Text, text, {}, {}, cid, fromUnixMs(1'700'000'000'000));
        }));
        return stored ? cid : ClientMessageId();
    }
    std::vector<std::string> sentBodies() const
    {
        std::vector<std::string> bodies;
        for (const auto &one : server.asked)
            if (one.op == protocol::Op::Send)
                bodies.push_back(protocol::decode<protocol::SendPacket>(one.data)->body);
        return bodies;
    }
};

} // namespace kith::test
