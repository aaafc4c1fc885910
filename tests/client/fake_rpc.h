// SPDX-License-Identifier: GPL-3.0-or-later
// A narrow link for tests: a conversation on a pretended server, answers given at once, held back or refused.
#pragma once

#include "core/base/limits.h"
#include "core/client/rpc.h"
#include "core/crypto/crypto.h"

#include <QTest>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <vector>

namespace kith::test {

/// Keeps every message with the rev of its last change, like the server's log.
class FakeServer final : public client::Rpc {
public:
    struct Entry {
        Message message;
        Rev rev;
    };
    struct Log {
        Head head;
        std::map<Seq, Entry> entries;
        Seq floor{1};
    };
    struct Asked {
        protocol::Op op;
        boost::json::object data;
    };

    bool up = true;
    std::int64_t firstId = 1000; // ids of messages; another number, another data set
    std::map<ConversationId, Log> logs;
    std::vector<Asked> asked;
    std::vector<protocol::AckItem> acks;
    bool unchanged = false; // no head is newer than the client's last list of them
    /// Decides over sends; empty: accepted.
    std::function<std::optional<protocol::WireError>(const protocol::SendPacket &)> refuse;
    std::function<std::optional<protocol::WireError>(const PageQuery &)> refusePage;
    /// The same over edits, recalls and likes.
    std::function<std::optional<protocol::WireError>(protocol::Op)> refuseChange;
    std::map<protocol::Op, int> unanswered; // so many of these get none: the time for it is over, the link lives
    bool hold = false;                      // answers wait for release()
    bool early = false;                     // what is held back tells how it was when it was asked for
    std::function<void(protocol::Op)> onRequest;

    Message write(const ConversationId &id, const UserId &sender, const std::string &body, const std::string &cid = {})
    {
        auto &log = logs[id];
        log.head.conversation = id;
        log.head.type = conversationType(id).value_or(ConversationType::Group);
        log.head.headSeq = log.head.headSeq.next();
        log.head.headRev = log.head.headRev.next();
        Message message;
        message.seq = log.head.headSeq;
        message.id = MessageId(std::to_string(firstId + message.seq.value()));
        message.cid = ClientMessageId(cid);
        message.sender = sender;
        message.body = body;
        message.createdAt = fromUnixMs(1'700'000'000'000 + message.seq.value());
        log.head.changedAt = message.createdAt;
        log.head.last = message;
        log.entries[message.seq] = {message, log.head.headRev};
        return message;
    }
    Message edit(const ConversationId &id, Seq seq, const std::string &body)
    {
        auto &log = logs[id];
        log.head.headRev = log.head.headRev.next();
        auto &entry = log.entries[seq];
        entry.message.body = body;
        entry.message.editedAt = fromUnixMs(1'700'000'100'000);
        entry.rev = log.head.headRev;
        return entry.message;
    }
    protocol::Envelope push(protocol::Op op, const ConversationId &id, const Message &message, Rev rev) const
    {
        return {op, {}, protocol::encode(protocol::MessagePacket{id, message, rev}), {}};
    }
    std::size_t count(protocol::Op op) const
    {
        return static_cast<std::size_t>(
            std::count_if(asked.begin(), asked.end(), [&](const Asked &one) { return one.op == op; }));
    }
    void release()
    {
        hold = false;
        for (auto held = std::exchange(m_held, {}); auto &answer : held)
            answer();
    }
    void drop()
    {
        up = false;
        for (auto held = std::exchange(m_lost, {}); auto &lose : held)
            lose();
        m_held.clear();
    }

    bool online() const override { return up; }
    client::Later<protocol::Envelope> request(protocol::Op op, boost::json::object data) override
    {
        client::Promise<protocol::Envelope> promise;
        if (!up) {
            promise.finish(Unexpected(client::makeError(client::ClientErrorCode::Unreachable, {})));
            return promise.later();
        }
        asked.push_back({op, data});
        if (onRequest)
            onRequest(op);
        if (unanswered[op] > 0) {
            --unanswered[op];
            promise.finish(Unexpected(client::makeError(client::ClientErrorCode::Unreachable, {})));
            return promise.later();
        }
        std::function<void()> answer = [this, promise, op, data] { promise.finish(reply(op, data)); };
        if (hold && early)
            answer = [promise, then = reply(op, data)] { promise.finish(then); };
        m_lost.push_back(
            [promise] { promise.finish(Unexpected(client::makeError(client::ClientErrorCode::Unreachable, {}))); });
        if (hold)
            m_held.push_back(answer);
        else
            answer();
        return promise.later();
    }
    void post(std::string envelope) override
    {
        const auto frame = protocol::decodeFrame(envelope, limits::kMaxClientFrameBytes);
        if (!frame)
            return;
        if (const auto *one = std::get_if<protocol::Envelope>(&frame->front()); one && one->op == protocol::Op::Ack)
            if (const auto items = protocol::decodeAck(one->list))
                acks.insert(acks.end(), items->begin(), items->end());
    }

private:
    client::Result<protocol::Envelope> reply(protocol::Op op, const boost::json::object &data)
    {
        using protocol::Op;
        const auto answer = [&](boost::json::object body) { return protocol::Envelope{op, "1", std::move(body), {}}; };
        const auto missing = [] {
            return Unexpected(client::wireError(protocol::makeError(protocol::ErrorCode::NotFound, "none")));
        };
        if (op == Op::Sync) {
            protocol::SyncReply sync;
            for (const auto &[id, log] : logs)
                if (!unchanged)
                    sync.conversations.push_back(log.head);
            sync.serverTime = fromUnixMs(1'700'000'200'000);
            return answer(protocol::encode(sync));
        }
        if (op == Op::Page) {
            const auto ask = protocol::decode<protocol::PagePacket>(data);
            if (!ask || !logs.contains(ask->query.conversation))
                return missing();
            if (refusePage)
                if (auto error = refusePage(ask->query))
                    return Unexpected(client::wireError(*error));
            const auto &log = logs[ask->query.conversation];
            Page page;
            page.headSeq = log.head.headSeq;
            page.headRev = log.head.headRev;
            page.floorSeq = log.floor;
            for (auto it = log.entries.rbegin(); it != log.entries.rend(); ++it)
                if ((!ask->query.before || it->first < *ask->query.before) &&
                    static_cast<int>(page.messages.size()) < ask->query.limit)
                    page.messages.push_back(it->second.message);
            return answer(protocol::encode(protocol::PageReply{page}));
        }
        if (op == Op::Changes) {
            const auto ask = protocol::decode<protocol::ChangesPacket>(data);
            if (!ask || !logs.contains(ask->conversation))
                return missing();
            std::map<Rev, Message> changed;
            for (const auto &[seq, entry] : logs[ask->conversation].entries)
                if (entry.rev > ask->sinceRev)
                    changed.emplace(entry.rev, entry.message);
            protocol::ChangesReply changes;
            changes.nextRev = logs[ask->conversation].head.headRev;
            for (const auto &[rev, message] : changed) {
                if (static_cast<int>(changes.messages.size()) == ask->limit) {
                    changes.more = true;
                    break;
                }
                changes.messages.push_back(message);
                changes.nextRev = rev;
            }
            if (!changes.more)
                changes.nextRev = logs[ask->conversation].head.headRev;
            return answer(protocol::encode(changes));
        }
        if (op == Op::Send) {
            const auto send = protocol::decode<protocol::SendPacket>(data);
            if (!send)
                return missing();
            if (refuse)
                if (auto error = refuse(*send))
                    return Unexpected(client::wireError(*error));
            const auto id = send->conversation ? *send->conversation : privateConversation(UserId("1"), *send->to);
            for (const auto &[seq, entry] : logs[id].entries)
                if (entry.message.cid == send->cid)
                    return answer(protocol::encode(
                        protocol::AcceptedPacket{id, seq, entry.rev, entry.message.id, entry.message.createdAt, true}));
            const auto message = write(id, UserId("1"), send->body, send->cid.str());
            return answer(protocol::encode(protocol::AcceptedPacket{id, message.seq, logs[id].head.headRev, message.id,
                                                                    message.createdAt, false}));
        }
        if (refuseChange)
            if (auto error = refuseChange(op))
                return Unexpected(client::wireError(*error));
        return answer({});
    }

    std::vector<std::function<void()>> m_held, m_lost;
};

/// Spins the event loop until the task is done.
template <class T>
client::Result<T> wait(QCoro::Task<client::Result<T>> &&task)
{
    std::optional<client::Result<T>> result;
    auto done = task.then([&](client::Result<T> value) { result.emplace(std::move(value)); });
    [[maybe_unused]] const bool inTime = QTest::qWaitFor([&] { return result.has_value(); }, 30000);
    if (!result)
        return Unexpected(client::makeError(client::ClientErrorCode::Cancelled, QStringLiteral("not done in 30 s")));
    return std::move(*result);
}
template <class T>
QCoro::Task<client::Result<T>> asTask(client::Later<T> later)
{
    co_return co_await later;
}
template <class T>
client::Result<T> wait(client::Later<T> later)
{
    return wait(asTask(std::move(later)));
}

} // namespace kith::test
