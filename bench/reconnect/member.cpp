// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/reconnect/member.h"

#include "core/base/limits.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace kith::bench {

using protocol::Op;

namespace {

// As in core/client/synchroniser.cpp.
constexpr std::int64_t kOverlapMs = 10 * 60 * 1000;
constexpr std::size_t kLanes = 2;
constexpr const char *kSyncRequest = "sync";

} // namespace

std::string Member::login() const
{
    return protocol::encodeEnvelope(Op::Login, "login", protocol::encode(protocol::LoginPacket{m_token, {}}));
}

void Member::left()
{
    m_greeted = false;
    m_asked.clear();
    m_queue.clear();
    m_touched.clear();
}

void Member::fail(std::string why)
{
    ++m_faults;
    if (m_fault.empty())
        m_fault = std::move(why);
}

std::string Member::take(std::string_view frame, SteadyTime now)
{
    const auto items = protocol::decodeFrame(frame, limits::kMaxServerFrameBytes);
    if (!items) {
        fail("a frame that is not one of Kith's");
        return {};
    }
    for (const auto &item : *items) {
        const auto *envelope = std::get_if<protocol::Envelope>(&item);
        if (!envelope)
            fail("a bad envelope");
        else if (envelope->id.empty())
            push(*envelope, now);
        else
            answer(*envelope, now);
    }
    askChanges();
    if (!m_touched.empty()) {
        std::vector<protocol::AckItem> acks;
        for (const auto &id : m_touched) {
            const auto &messages = m_conversations[id].messages;
            if (!messages.empty())
                acks.push_back({id, Seq(messages.rbegin()->first)});
        }
        m_touched.clear();
        m_out.push_back(protocol::encodeListEnvelope(Op::Ack, protocol::encodeAck(acks)));
    }
    if (m_out.empty())
        return {};
    const std::vector<std::string_view> views(m_out.begin(), m_out.end());
    auto joined = protocol::joinFrame(views);
    m_out.clear();
    return joined;
}

void Member::answer(const protocol::Envelope &envelope, SteadyTime now)
{
    if (envelope.op == Op::Error)
        return fail("an error to " + envelope.id + ": " + boost::json::serialize(envelope.data));
    if (envelope.op == Op::Hello) {
        m_greeted = true;
        protocol::SyncPacket ask;
        if (m_since > 0)
            ask.sinceMs = std::max<std::int64_t>(0, m_since - kOverlapMs);
        ask.limit = 100;
        m_out.push_back(protocol::encodeEnvelope(Op::Sync, kSyncRequest, protocol::encode(ask)));
        return;
    }
    if (envelope.id == kSyncRequest) {
        const auto reply = protocol::decode<protocol::SyncReply>(envelope.data);
        if (!reply || reply->more)
            return fail("no sync");
        m_since = toUnixMs(reply->serverTime);
        for (const auto &head : reply->conversations) {
            auto &conversation = m_conversations[head.conversation];
            conversation.head = std::max(conversation.head, head.headRev);
            if (conversation.known < conversation.head)
                want(head.conversation);
        }
        return;
    }
    const auto asked = m_asked.find(envelope.id);
    if (asked == m_asked.end())
        return;
    const ConversationId id = asked->second;
    m_asked.erase(asked);
    const auto reply = protocol::decode<protocol::ChangesReply>(envelope.data);
    if (!reply)
        return fail("no changes");
    auto &conversation = m_conversations[id];
    for (const auto &message : reply->messages)
        keep(id, conversation, message);
    advance(conversation, reply->nextRev, now);
    if (reply->more || conversation.known < conversation.head)
        want(id);
}

void Member::push(const protocol::Envelope &envelope, SteadyTime now)
{
    if (envelope.op == Op::Lagging)
        return fail("lagging");
    if (envelope.op == Op::Conversation) {
        const auto packet = protocol::decode<protocol::ConversationPacket>(envelope.data);
        if (!packet)
            return fail("a bad head");
        auto &conversation = m_conversations[packet->head.conversation];
        conversation.head = std::max(conversation.head, packet->head.headRev);
        if (conversation.known < conversation.head)
            want(packet->head.conversation);
        return;
    }
    if (envelope.op != Op::Message && envelope.op != Op::Change)
        return;
    const auto packet = protocol::decode<protocol::MessagePacket>(envelope.data);
    if (!packet)
        return fail("a bad message");
    auto &conversation = m_conversations[packet->conversation];
    conversation.head = std::max(conversation.head, packet->rev);
    keep(packet->conversation, conversation, packet->message);
    if (packet->rev == conversation.known.next())
        advance(conversation, packet->rev, now);
    else if (packet->rev > conversation.known)
        want(packet->conversation); // something was missed
}

void Member::keep(const ConversationId &id, Conversation &conversation, const Message &message)
{
    m_touched.insert(id);
    const auto [at, fresh] = conversation.messages.try_emplace(message.seq.value(), message.body);
    if (fresh)
        return;
    ++m_repeated;
    if (at->second != message.body)
        fail("two messages with the seq " + std::to_string(message.seq.value()) + " in " + id.str());
}

void Member::advance(Conversation &conversation, Rev rev, SteadyTime now)
{
    if (rev <= conversation.known)
        return;
    conversation.known = rev;
    conversation.head = std::max(conversation.head, rev);
    conversation.advanced = now;
}

void Member::want(const ConversationId &id)
{
    if (std::find(m_queue.begin(), m_queue.end(), id) == m_queue.end())
        m_queue.push_back(id);
}

void Member::askChanges()
{
    while (m_greeted && m_asked.size() < kLanes && !m_queue.empty()) {
        const ConversationId id = m_queue.front();
        m_queue.pop_front();
        const auto &conversation = m_conversations[id];
        const bool busy =
            std::any_of(m_asked.begin(), m_asked.end(), [&](const auto &one) { return one.second == id; });
        if (busy || conversation.known >= conversation.head)
            continue; // its answer looks again
        const auto request = "c" + std::to_string(++m_requests);
        m_asked.emplace(request, id);
        m_out.push_back(protocol::encodeEnvelope(
            Op::Changes, request, protocol::encode(protocol::ChangesPacket{id, conversation.known, limits::kMaxPage})));
    }
}

} // namespace kith::bench
