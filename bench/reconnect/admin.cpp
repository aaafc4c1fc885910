// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/reconnect/admin.h"

#include <algorithm>
#include <thread>

namespace kith::bench {

using protocol::Op;

namespace {
constexpr int kPatienceMs = 60'000;
constexpr std::size_t kPerFrame = 100;
} // namespace

Admin::Admin(const BenchServer &server, BenchServer::Account account) : m_server(server), m_account(std::move(account))
{
    reconnect();
}

void Admin::reconnect()
{
    m_socket.close();
    m_socket = m_server.socket(m_account);
}

protocol::Envelope Admin::ask(Op op, const boost::json::object &data)
{
    m_socket.sendText(protocol::encodeEnvelope(op, "ask", data));
    for (;;) {
        const auto got = m_socket.receive(kPatienceMs);
        const auto items = protocol::decodeFrame(got.payload, limits::kMaxServerFrameBytes);
        if (got.opcode != 1 || !items)
            give_up("the admin's connection ended");
        for (const auto &item : *items) {
            const auto *envelope = std::get_if<protocol::Envelope>(&item);
            if (envelope && envelope->id == "ask" && envelope->op != Op::Error)
                return *envelope;
            if (!envelope || envelope->op == Op::Error)
                give_up("the admin was refused: " + got.payload.substr(0, 300));
        }
    }
}

ConversationId Admin::makeGroup(const std::string &name, const std::vector<UserId> &members)
{
    const auto part = static_cast<std::ptrdiff_t>(std::min(members.size(), limits::kMaxMembersPerRequest));
    const auto answer =
        ask(Op::ConversationCreate,
            protocol::encode(protocol::CreateConversationPacket{name, {members.begin(), members.begin() + part}}));
    const auto made = protocol::decode<protocol::ConversationPacket>(answer.data);
    if (!made)
        give_up("no group");
    const auto id = made->head.conversation;
    if (part < static_cast<std::ptrdiff_t>(members.size()))
        ask(Op::ConversationInvite,
            protocol::encode(protocol::ConversationUsersPacket{id, {members.begin() + part, members.end()}}));
    return id;
}

ConversationId Admin::with(const std::string &user) const
{
    return privateConversation(UserId(m_account.id), UserId(user));
}

void Admin::write(const ConversationId &to, std::string body)
{
    m_open[uuidOf(++m_numbers)] = {to, std::move(body)};
}

void Admin::deliver(std::size_t least)
{
    const std::size_t left = m_open.size() - std::min(least, m_open.size());
    while (m_open.size() > left)
        std::this_thread::sleep_for(sendUntil(left));
}

std::chrono::milliseconds Admin::sendUntil(std::size_t left)
{
    std::vector<std::string> envelopes;
    for (const auto &[cid, open] : m_open) {
        protocol::SendPacket packet;
        packet.conversation = open.conversation;
        packet.cid = ClientMessageId(cid);
        packet.body = open.body;
        envelopes.push_back(protocol::encodeEnvelope(Op::Send, cid, protocol::encode(packet)));
    }
    std::int64_t waitMs = 0;
    std::size_t sent = 0, answered = 0;
    while (m_open.size() > left && answered < envelopes.size()) {
        while (sent < envelopes.size() && sent < answered + 2 * kPerFrame) {
            const auto to = std::min(envelopes.size(), sent + kPerFrame);
            const std::vector<std::string_view> some(envelopes.begin() + static_cast<std::ptrdiff_t>(sent),
                                                     envelopes.begin() + static_cast<std::ptrdiff_t>(to));
            m_socket.sendText(protocol::joinFrame(some));
            sent = to;
        }
        const auto got = m_socket.receive(kPatienceMs);
        const auto items = protocol::decodeFrame(got.payload, limits::kMaxServerFrameBytes);
        if (got.opcode != 1 || !items)
            give_up("the admin's connection ended");
        for (const auto &item : *items) {
            const auto *envelope = std::get_if<protocol::Envelope>(&item);
            if (!envelope)
                give_up("an answer that is not one of Kith's");
            if (envelope->op == Op::Error) {
                const auto error = protocol::decode<protocol::WireError>(envelope->data);
                if (!error || error->retry != protocol::Retry::After)
                    give_up("the admin was refused: " + got.payload.substr(0, 300));
                waitMs = std::max(waitMs, error->retryAfterMs);
                ++m_putOff;
                ++answered;
            } else if (envelope->op == Op::Accepted) { // else receipts of those who read along
                accepted(*envelope);
                ++answered;
            }
        }
    }
    return std::chrono::milliseconds(waitMs);
}

void Admin::accepted(const protocol::Envelope &envelope)
{
    const auto packet = protocol::decode<protocol::AcceptedPacket>(envelope.data);
    const auto open = m_open.find(envelope.id);
    if (!packet || open == m_open.end())
        give_up("an answer that was not asked for");
    m_duplicates += packet->duplicate;
    const auto [at, fresh] = m_accepted[packet->conversation].try_emplace(packet->seq.value(), open->second.body);
    if (!fresh)
        give_up("one seq for '" + at->second + "' and '" + open->second.body + "'");
    auto &goal = m_goal[packet->conversation];
    goal = std::max(goal, packet->rev);
    m_open.erase(open);
}

} // namespace kith::bench
