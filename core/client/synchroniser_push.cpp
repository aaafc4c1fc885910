// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/synchroniser.h"

#include "core/base/failpoint.h"
#include "core/crypto/crypto.h"

namespace kith::client {

using protocol::Op;

void Synchroniser::push(const protocol::Envelope &envelope)
{
    switch (envelope.op) {
    case Op::Message:
    case Op::Change:
        if (auto packet = protocol::decode<protocol::MessagePacket>(envelope.data))
            takePush(envelope.op, std::move(*packet));
        return;
    case Op::Receipt:
        if (auto packet = protocol::decode<protocol::ReceiptPacket>(envelope.data))
            applyReceipt(packet->receipt);
        return;
    case Op::Conversation:
        if (auto packet = protocol::decode<protocol::ConversationPacket>(envelope.data))
            applyHead(std::move(packet->head));
        return;
    case Op::Typing:
        if (auto packet = protocol::decode<protocol::TypingPacket>(envelope.data); packet && packet->user)
            emit typingSeen(packet->conversation, *packet->user);
        return;
    case Op::Presence:
        if (auto packet = protocol::decode<protocol::PresencePacket>(envelope.data))
            emit presenceSeen(packet->presence);
        return;
    case Op::Lagging:
        resync();
        return;
    case Op::Error:
        if (auto error = protocol::decode<protocol::WireError>(envelope.data))
            refused(wireError(std::move(*error)));
        return;
    // Requests and answers are no pushes; a server that sends them so is newer than we are.
    case Op::Ok:
    case Op::Login:
    case Op::Hello:
    case Op::Token:
    case Op::Heartbeat:
    case Op::HeartbeatReply:
    case Op::Logout:
    case Op::Send:
    case Op::Accepted:
    case Op::Edit:
    case Op::Recall:
    case Op::Like:
    case Op::Unlike:
    case Op::Ack:
    case Op::Read:
    case Op::Sync:
    case Op::Page:
    case Op::Changes:
    case Op::Receipts:
    case Op::WatchPresence:
    case Op::ConversationCreate:
    case Op::ConversationUpdate:
    case Op::ConversationInvite:
    case Op::ConversationJoin:
    case Op::ConversationLeave:
    case Op::ConversationRemove:
    case Op::ConversationRole:
    case Op::ConversationMute:
    case Op::ConversationMembers:
    case Op::UserBlock:
    case Op::UserUnblock:
    case Op::UserBlocked: // not the history's: Client listens for it
    case Op::UserShared:
        return;
    }
}

void Synchroniser::takePush(Op op, protocol::MessagePacket packet)
{
    if (m_unadopted)
        return;
    KITH_FAILPOINT("push.received");
    m_pushes.emplace_back(op, std::move(packet));
    if (!m_storing)
        storePushes();
}

namespace {

struct StoredPush {
    history::LiveOutcome outcome = history::LiveOutcome::Known;
    bool unknownConversation = false;
};

using Pushes = std::vector<std::pair<Op, protocol::MessagePacket>>;

sql::Result<std::vector<StoredPush>> storeAll(history::HistoryStore &store, const Pushes &pushes)
{
    std::optional<sql::Transaction> together;
    if (pushes.size() > 1) {
        KITH_TRY_VALUE(begun, sql::Transaction::begin(store.database()));
        together.emplace(std::move(begun));
    }
    std::vector<StoredPush> stored;
    for (const auto &[op, packet] : pushes) {
        KITH_TRY_VALUE(head, store.head(packet.conversation));
        if (!head) {
            stored.push_back({history::LiveOutcome::Missed, true});
            continue;
        }
        KITH_TRY_VALUE(outcome, op == Op::Change ? store.applyChange(packet.conversation, packet.message, packet.rev)
                                                 : store.applyLive(packet.conversation, packet.message, packet.rev));
        if (op == Op::Message && outcome == history::LiveOutcome::Known)
            KITH_TRY(store.forgetAck(packet.conversation)); // it comes again because no ack of it has arrived
        stored.push_back({outcome, false});
    }
    if (together)
        KITH_TRY(together->commit());
    return stored;
}

} // namespace

QCoro::Task<> Synchroniser::storePushes()
{
    constexpr std::size_t kAtOnce = 200; // a window's read waits for no more than that
    m_storing = true;
    while (!m_pushes.empty()) {
        const auto end = m_pushes.begin() + static_cast<std::ptrdiff_t>(std::min(m_pushes.size(), kAtOnce));
        const auto batch =
            std::make_shared<const Pushes>(std::make_move_iterator(m_pushes.begin()), std::make_move_iterator(end));
        m_pushes.erase(m_pushes.begin(), end);
        const auto round = m_round;
        auto storedLater = m_history.run([batch](history::HistoryStore &store) { return storeAll(store, *batch); });
        auto stored = co_await storedLater;
        if (!stored) {
            if (round == m_round)
                tryAgain(); // HistoryService tells about the disk; another catch-up finds what is lacking
            continue;
        }
        KITH_FAILPOINT("push.stored");
        std::vector<ConversationId> missed;
        bool unknown = false;
        for (std::size_t i = 0; i < batch->size(); ++i) {
            const auto &[op, packet] = (*batch)[i];
            const StoredPush &one = (*stored)[i];
            seen({packet.message});
            unknown = unknown || one.unknownConversation;
            if (one.unknownConversation)
                continue;
            const bool own = packet.message.sender == m_self && !packet.message.cid.empty();
            if (own && op == Op::Message)
                emit ownMessageStored(packet.conversation, packet.message.cid, packet.message.seq);
            emit messagesStored(packet.conversation, {packet.message.seq});
            if (one.outcome == history::LiveOutcome::Detached)
                emit coverageChanged(packet.conversation);
            emit headTouched(packet.conversation);
            scheduleAck();
            if (one.outcome == history::LiveOutcome::Missed)
                missed.push_back(packet.conversation);
        }
        if (round == m_round && (unknown || !missed.empty()))
            fetchMissed(round, std::move(missed), unknown);
    }
    m_storing = false;
}

QCoro::Task<> Synchroniser::fetchMissed(std::uint64_t round, std::vector<ConversationId> missed, bool unknown)
{
    for (const auto &conversation : missed)
        enqueue(conversation, m_open && *m_open == conversation);
    if (unknown)
        co_await resync();
    else if (!m_syncing) // while heads are read the queue is worked through afterwards; else this is the worker
        co_await work(round);
}

QCoro::Task<> Synchroniser::applyReceipt(Receipt receipt)
{
    if (m_unadopted)
        co_return;
    KITH_FAILPOINT("push.receipt");
    auto appliedLater = m_history.run([receipt](history::HistoryStore &store) { return store.applyReceipt(receipt); });
    auto applied = co_await appliedLater;
    if (!applied) {
        auto &owed = m_owed[{receipt.conversation, receipt.user}]; // heads tell only some of these cursors
        owed = {receipt.conversation, receipt.user, std::max(owed.deliveredSeq, receipt.deliveredSeq),
                std::max(owed.readSeq, receipt.readSeq)};
        co_return tryAgain();
    }
    emit receiptStored(receipt);
    if (receipt.user == m_self)
        emit headTouched(receipt.conversation);
}

QCoro::Task<Result<void>> Synchroniser::applyOwed()
{
    const auto owed = m_owed;
    for (const auto &[key, receipt] : owed) {
        auto appliedLater =
            m_history.run([receipt = receipt](history::HistoryStore &store) { return store.applyReceipt(receipt); });
        auto applied = co_await appliedLater;
        if (!applied)
            co_return applied;
        if (m_owed[key] == receipt) // else another came meanwhile
            m_owed.erase(key);
        emit receiptStored(receipt);
        if (receipt.user == m_self)
            emit headTouched(receipt.conversation);
    }
    co_return Result<void>{};
}

QCoro::Task<> Synchroniser::applyHead(Head head)
{
    if (m_unadopted)
        co_return;
    const auto conversation = head.conversation;
    const auto round = m_round;
    const bool removed = head.removed;
    std::vector<Head> heads;
    heads.push_back(std::move(head));
    auto takenLater = takeHeads(std::move(heads));
    auto taken = co_await takenLater;
    if (!taken && round == m_round)
        tryAgain();
    std::vector<ConversationId> missed(1, conversation);
    if (taken && !removed && round == m_round)
        co_await fetchMissed(round, std::move(missed), false);
}

void Synchroniser::markRead(const ConversationId &conversation, Seq seq)
{
    moveRead(conversation, seq);
}

QCoro::Task<> Synchroniser::moveRead(ConversationId conversation, Seq seq)
{
    auto movedLater =
        m_history.run([conversation, seq](history::HistoryStore &store) { return store.moveRead(conversation, seq); });
    auto moved = co_await movedLater;
    if (!moved || !*moved)
        co_return;
    KITH_FAILPOINT("read.moved");
    emit headTouched(conversation);
    auto doneLater = sendRead(conversation, seq);
    co_await doneLater;
}

QCoro::Task<> Synchroniser::sendRead(ConversationId conversation, Seq seq)
{
    if (!m_rpc.online())
        co_return; // unconfirmedReads() has it
    auto answerLater = callForOk(m_rpc, Op::Read, protocol::ReadPacket{conversation, seq});
    KITH_FAILPOINT("read.posted");
    auto answer = co_await answerLater;
    if (!answer && !isFinalRefusal(answer.error()))
        co_return;
    KITH_FAILPOINT("read.answered");
    auto doneLater = m_history.run(
        [conversation, seq](history::HistoryStore &store) { return store.confirmRead(conversation, seq); });
    co_await doneLater;
}

QCoro::Task<> Synchroniser::resendReads(std::uint64_t round)
{
    auto readsLater = m_history.run([](history::HistoryStore &store) { return store.unconfirmedReads(); });
    auto reads = co_await readsLater;
    if (!reads)
        co_return;
    for (const auto &read : *reads) {
        if (!current(round))
            co_return;
        auto doneLater = sendRead(read.conversation, read.readSeq);
        co_await doneLater;
    }
}

/// An error that names no request is about an envelope that has no id: of those only acks must not get lost.
QCoro::Task<> Synchroniser::refused(ClientError error)
{
    if (isFinalRefusal(error))
        co_return;
    auto forgottenLater = m_history.run([](history::HistoryStore &store) { return store.forgetAcks(); });
    co_await forgottenLater;
    const milliseconds pause(error.wire ? error.wire->retryAfterMs : 0);
    if (m_rpc.online() && !m_ackAgain.isActive())
        m_ackAgain.start(std::max<milliseconds>(m_ackBackoff.next(crypto::randomUnit()), pause));
}

void Synchroniser::scheduleAck()
{
    if (std::exchange(m_ackQueued, true))
        return;
    QMetaObject::invokeMethod(
        this, [this] { acknowledge(); }, Qt::QueuedConnection);
}

QCoro::Task<> Synchroniser::acknowledge()
{
    m_ackQueued = false;
    if (!m_rpc.online())
        co_return;
    struct Stored {
        std::vector<Receipt> unacked;
        std::vector<ConversationId> archives;
    };
    auto storedLater = m_history.run([](history::HistoryStore &store) -> sql::Result<Stored> {
        KITH_TRY_VALUE(unacked, store.unacked());
        return Stored{std::move(unacked), store.takeMoved()};
    });
    auto stored = co_await storedLater;
    if (!stored)
        co_return;
    for (const auto &archive : stored->archives) {
        emit headTouched(archive);
        emit coverageChanged(archivedFrom(archive));
        emit movedToArchive(archive);
    }
    if (stored->unacked.empty() || !m_rpc.online())
        co_return;
    std::vector<protocol::AckItem> items;
    for (const auto &receipt : stored->unacked)
        items.push_back({receipt.conversation, receipt.deliveredSeq});
    KITH_FAILPOINT("ack.due");
    m_rpc.post(protocol::encodeListEnvelope(Op::Ack, protocol::encodeAck(items)));
    KITH_FAILPOINT("ack.posted");
    auto doneLater = m_history.run(
        [acked = std::move(stored->unacked)](history::HistoryStore &store) { return store.markAcked(acked); });
    co_await doneLater;
    KITH_FAILPOINT("ack.marked");
}

} // namespace kith::client
