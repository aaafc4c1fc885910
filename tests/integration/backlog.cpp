// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/backlog.h"

#include "core/base/limits.h"
#include "core/protocol/envelope.h"
#include "core/protocol/packets.h"

#include <algorithm>
#include <cstdio>

namespace kith::test {

namespace {

constexpr int kPatienceMs = 30'000;
constexpr std::size_t kPerFrame = 100; // envelopes; far below 64 KiB

std::string uuid(int kind, int number)
{
    char text[40];
    std::snprintf(text, sizeof text, "%08d-0000-4000-8000-%012d", kind, number);
    return text;
}

/// Reads until `count` answers have come; what came instead where one is an error or the connection ends.
Expected<std::vector<protocol::Envelope>, std::string> answers(RawClient &socket, std::size_t count)
{
    std::vector<protocol::Envelope> found;
    while (found.size() < count) {
        const auto got = socket.receive(kPatienceMs);
        const auto items = protocol::decodeFrame(got.payload, limits::kMaxServerFrameBytes);
        if (got.opcode != 1 || !items)
            return Unexpected("opcode " + std::to_string(got.opcode) + ": " + got.payload.substr(0, 300));
        for (const auto &item : *items) {
            const auto *envelope = std::get_if<protocol::Envelope>(&item);
            if (!envelope || envelope->op == protocol::Op::Error)
                return Unexpected(got.payload.substr(0, 300));
            if (!envelope->id.empty()) // else a push
                found.push_back(*envelope);
        }
    }
    return found;
}

} // namespace

Backlog::Backlog(std::string endpoint, std::string reader, std::string password)
    : m_endpoint(std::move(endpoint)), m_readerName(std::move(reader)), m_password(std::move(password))
{
}

bool Backlog::failed(std::string why)
{
    m_failure = std::move(why);
    return false;
}

Backlog::Account Backlog::account(const std::string &name, bool make)
{
    const std::string names = R"({"username":")" + name + R"(","password":")" + m_password + "\",";
    if (make)
        httpCall(m_endpoint, "POST", "/v1/register", names + R"("display_name":")" + name + "\"}");
    const auto answer =
        httpCall(m_endpoint, "POST", "/v1/login",
                 names + R"("device":{"id":")" + uuid(1, 1) + R"(","name":"backlog","platform":"cli"}})");
    const auto user = std::min(answer.body.find("\"user\""), answer.body.size());
    return {jsonString(std::string_view(answer.body).substr(user), "id"), jsonString(answer.body, "access_token")};
}

RawClient Backlog::socket(const Account &account)
{
    RawClient client;
    if (!client.connect(m_endpoint) || client.upgrade().find(" 101") == std::string::npos)
        return client;
    client.sendText(protocol::encodeEnvelope(protocol::Op::Login, "l",
                                             protocol::encode(protocol::LoginPacket{account.token, std::nullopt})));
    if (client.receive(kPatienceMs).payload.find("\"hello\"") == std::string::npos)
        client.close();
    return client;
}

std::size_t Backlog::writerOf(int number)
{
    return number < kGroups ? 0 : static_cast<std::size_t>(number - kGroups);
}

std::string Backlog::conversation(int number) const
{
    if (number < kGroups)
        return m_groups[static_cast<std::size_t>(number)];
    const auto &peer = m_writers[static_cast<std::size_t>(number - kGroups)];
    return privateConversation(UserId(peer.id), UserId(m_reader.id)).str();
}

int Backlog::share(int number)
{
    // Three above 500, where the client takes the newest page before the changes; the smallest stay within one page.
    constexpr int kLarge[] = {900, 700, 520, 400, 300, 250, 200, 180, 150, 120};
    constexpr int kLargeSum = 3720, kSmall = kConversations - 10;
    if (number < 5)
        return kLarge[2 * number];
    if (number >= kGroups && number < kGroups + 5)
        return kLarge[2 * (number - kGroups) + 1];
    const int small = number < kGroups ? number - 5 : number - 10; // 0 … 29
    constexpr int kSmallSum = kMessages - kLargeSum;
    constexpr int kRest = kSmallSum - (kSmall * 13 + kSmall * (kSmall - 1));
    return 13 + 2 * small + (small == kSmall - 1 ? kRest : 0);
}

bool Backlog::prepare(int each)
{
    m_reader = account(m_readerName, true);
    for (int i = 0; i < kPrivate; ++i)
        m_writers.push_back(account("writer" + std::to_string(i), true));
    RawClient owner = socket(m_writers.front());
    if (m_reader.id.empty() || !owner.connected())
        return failed("no accounts");
    for (int i = 0; i < kGroups; ++i) {
        const protocol::CreateConversationPacket create{"Group " + std::to_string(i), {UserId(m_reader.id)}};
        owner.sendText(
            protocol::encodeEnvelope(protocol::Op::ConversationCreate, std::to_string(i), protocol::encode(create)));
        const auto made = answers(owner, 1);
        const auto packet = made ? protocol::decode<protocol::ConversationPacket>(made->front().data)
                                 : protocol::Decoded<protocol::ConversationPacket>(Unexpected(protocol::WireError{}));
        if (!packet)
            return failed("a group was refused");
        m_groups.push_back(packet->head.conversation.str());
    }
    std::vector<Job> jobs;
    for (int i = 0; i < kConversations; ++i)
        for (int n = 0; n < each; ++n)
            jobs.push_back({writerOf(i), conversation(i), "before " + std::to_string(n)});
    return write(jobs);
}

bool Backlog::fill()
{
    std::vector<Job> jobs;
    std::vector<int> left;
    for (int i = 0; i < kConversations; ++i)
        left.push_back(share(i));
    // In turns, as people write: the newest messages of all conversations lie close together in time.
    while (jobs.size() < kMessages) {
        for (int i = 0; i < kConversations; ++i) {
            auto &more = left[static_cast<std::size_t>(i)];
            if (more <= 0)
                continue;
            --more;
            jobs.push_back({writerOf(i), conversation(i),
                            "backlog 补课 " + std::to_string(jobs.size()) +
                                ", a line of the length that people write when they are in no hurry"});
        }
    }
    return write(jobs);
}

bool Backlog::write(int number, const std::string &body)
{
    return write({Job{writerOf(number), conversation(number), body}});
}

bool Backlog::write(const std::vector<Job> &jobs)
{
    for (std::size_t writer = 0; writer < m_writers.size(); ++writer) {
        std::vector<std::string> envelopes;
        for (const auto &job : jobs) {
            if (job.writer != writer)
                continue;
            protocol::SendPacket packet;
            packet.conversation = ConversationId(job.conversation);
            packet.cid = ClientMessageId(uuid(2, m_written++));
            packet.body = job.body;
            envelopes.push_back(protocol::encodeEnvelope(protocol::Op::Send, "s", protocol::encode(packet)));
        }
        if (envelopes.empty())
            continue;
        RawClient client = socket(m_writers[writer]);
        if (!client.connected())
            return failed("a writer cannot log in");
        for (std::size_t from = 0; from < envelopes.size(); from += kPerFrame) {
            const std::size_t count = std::min(kPerFrame, envelopes.size() - from);
            const std::vector<std::string_view> some(envelopes.begin() + static_cast<std::ptrdiff_t>(from),
                                                     envelopes.begin() + static_cast<std::ptrdiff_t>(from + count));
            client.sendText(protocol::joinFrame(some));
            if (const auto accepted = answers(client, count); !accepted)
                return failed("a message was refused: " + accepted.error());
        }
    }
    return true;
}

std::map<ConversationId, Head> Backlog::heads()
{
    std::map<ConversationId, Head> found;
    RawClient client = socket(m_reader);
    client.sendText(protocol::encodeEnvelope(protocol::Op::Sync, "h", protocol::encode(protocol::SyncPacket{})));
    const auto answer = answers(client, 1);
    if (!answer)
        return found;
    const auto reply = protocol::decode<protocol::SyncReply>(answer->front().data);
    for (const auto &head : reply ? reply->conversations : std::vector<Head>())
        found[head.conversation] = head;
    return found;
}

} // namespace kith::test
