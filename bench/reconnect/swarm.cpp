// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/reconnect/swarm.h"

#include "bench/socket/bench_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kith::bench {

using std::chrono::milliseconds;
using test::RawClient;

namespace {

constexpr auto kHandshake = std::chrono::seconds(15); // core/client/link.cpp
constexpr auto kCountEvery = milliseconds(20);
constexpr const char *kUpgrade = "GET /v1/socket HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                 "Sec-WebSocket-Protocol: kith.v1\r\n\r\n";

sockaddr_in addressOf(const std::string &endpoint)
{
    const auto colon = endpoint.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(endpoint.c_str() + colon + 1)));
    ::inet_pton(AF_INET, endpoint.substr(0, colon).c_str(), &address.sin_addr);
    return address;
}

} // namespace

Swarm::Swarm(std::string endpoint, const std::vector<std::string> &tokens,
             std::vector<std::vector<ConversationId>> conversations)
    : m_endpoint(std::move(endpoint)), m_epoll(::epoll_create1(EPOLL_CLOEXEC)), m_buffer(256 * 1024, '\0')
{
    m_peers.reserve(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i)
        m_peers.emplace_back(tokens[i], std::move(conversations[i]));
}

Swarm::~Swarm()
{
    for (const auto &peer : m_peers)
        if (peer.descriptor >= 0)
            ::close(peer.descriptor);
    ::close(m_epoll);
}

void Swarm::begin(Rule rule)
{
    m_jitter = rule == Rule::FullJitter;
    m_forget = true;
}

Swarm::Tally Swarm::tally()
{
    const std::lock_guard lock(m_guard);
    return m_told;
}

void Swarm::aim(Goal goal)
{
    const std::lock_guard lock(m_guard);
    m_newGoal = std::make_shared<const Goal>(std::move(goal));
    m_done = 0;
}

std::vector<SteadyTime> Swarm::greetings() const
{
    std::vector<SteadyTime> times;
    for (const auto &peer : m_peers)
        times.push_back(peer.greetedAt);
    return times;
}

std::vector<SteadyTime> Swarm::arrivals() const
{
    std::vector<SteadyTime> times;
    for (const auto &peer : m_peers)
        times.push_back(peer.arrivedAt);
    return times;
}

void Swarm::run()
{
    for (std::size_t i = 0; i < m_peers.size(); ++i)
        alarm(i, m_peers[i].backoff.next(std::uniform_real_distribution<>(0, 1)(m_random)));
    std::vector<epoll_event> events(1024);
    while (!m_stop) {
        auto now = SteadyClock::now();
        while (!m_alarms.empty() && m_alarms.top().when <= now) {
            const Alarm due = m_alarms.top();
            m_alarms.pop();
            ring(due);
        }
        int timeout = 20;
        if (!m_alarms.empty()) {
            const auto left = std::chrono::ceil<milliseconds>(m_alarms.top().when - SteadyClock::now()).count();
            timeout = static_cast<int>(std::clamp<long long>(left, 0, timeout));
        }
        const int count = ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), timeout);
        for (int i = 0; i < count; ++i) {
            const auto &event = events[static_cast<std::size_t>(i)];
            ready(event.data.u64, event.events);
        }
        now = SteadyClock::now();
        if (now - m_counted >= kCountEvery) {
            m_counted = now;
            this->count();
        }
    }
}

void Swarm::count()
{
    if (m_forget.exchange(false))
        m_tally = {};
    {
        const std::lock_guard lock(m_guard);
        m_told = m_tally;
        if (m_newGoal) {
            m_goal = std::exchange(m_newGoal, nullptr);
            for (auto &peer : m_peers)
                peer.arrived = false;
        }
    }
    int online = 0, done = 0;
    for (auto &peer : m_peers) {
        online += peer.phase == Phase::Online;
        if (!peer.arrived && m_goal) {
            const auto &known = peer.member.conversations();
            SteadyTime last{};
            peer.arrived = std::all_of(peer.conversations.begin(), peer.conversations.end(), [&](const auto &id) {
                const auto mine = known.find(id);
                const auto goal = m_goal->find(id);
                if (mine == known.end() || goal == m_goal->end() || mine->second.known < goal->second)
                    return false;
                last = std::max(last, mine->second.advanced);
                return true;
            });
            peer.arrivedAt = last;
        }
        done += peer.arrived;
    }
    m_greeted = online;
    const std::lock_guard lock(m_guard);
    if (m_goal && !m_newGoal)
        m_done = done;
}

void Swarm::alarm(std::size_t number, milliseconds after)
{
    m_alarms.push({SteadyClock::now() + after, number, ++m_peers[number].turn});
}

void Swarm::ring(const Alarm &alarm)
{
    Peer &peer = m_peers[alarm.peer];
    if (peer.turn != alarm.turn)
        return;
    switch (peer.phase) {
    case Phase::Waiting:
        return connect(alarm.peer);
    case Phase::Connecting:
    case Phase::Upgrading:
    case Phase::Greeting:
        return ended(alarm.peer, false); // no greeting in time
    case Phase::Online:
        send(alarm.peer, RawClient::frame(1, protocol::encodeEnvelope(protocol::Op::Heartbeat, "beat", {}), true));
        if (peer.phase == Phase::Online)
            this->alarm(alarm.peer, limits::kHeartbeat);
        return;
    }
}

void Swarm::connect(std::size_t number)
{
    Peer &peer = m_peers[number];
    ++m_tally.attempts;
    peer.phase = Phase::Connecting;
    peer.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer.descriptor < 0)
        give_up("no descriptor for a client");
    const int on = 1;
    ::setsockopt(peer.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto address = addressOf(m_endpoint);
    if (::connect(peer.descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 &&
        errno != EINPROGRESS)
        return ended(number, true);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.u64 = number;
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, peer.descriptor, &event);
    alarm(number, kHandshake);
}

void Swarm::ended(std::size_t number, bool refused)
{
    Peer &peer = m_peers[number];
    if (peer.descriptor >= 0)
        ::close(std::exchange(peer.descriptor, -1));
    if (peer.phase == Phase::Online) {
        ++m_tally.closed;
        peer.backoff.reset(); // a connection that was greeted begins anew (core/client/connection.cpp)
    } else if (refused) {
        ++m_tally.refused;
    } else {
        ++m_tally.broken;
    }
    peer.phase = Phase::Waiting;
    peer.in.clear();
    peer.out.clear();
    peer.member.left();
    alarm(number, peer.backoff.next(m_jitter ? std::uniform_real_distribution<>(0, 1)(m_random) : 1.0));
}

void Swarm::ready(std::size_t number, std::uint32_t events)
{
    Peer &peer = m_peers[number];
    if (peer.descriptor < 0)
        return;
    if (peer.phase == Phase::Connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(peer.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0)
            return ended(number, error == ECONNREFUSED);
        if (!(events & EPOLLOUT))
            return;
        const auto now = SteadyClock::now();
        m_recent.push_back(now);
        while (now - m_recent.front() > milliseconds(100))
            m_recent.pop_front();
        m_tally.mostPer100ms = std::max(m_tally.mostPer100ms, static_cast<int>(m_recent.size()));
        peer.phase = Phase::Upgrading;
        send(number, kUpgrade);
    } else if (events & EPOLLOUT) {
        flush(number);
    }
    if (peer.descriptor >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && (!read(number) || !frames(number)))
        ended(number, false);
}

bool Swarm::read(std::size_t number)
{
    Peer &peer = m_peers[number];
    const ssize_t count = ::recv(peer.descriptor, m_buffer.data(), m_buffer.size(), 0);
    if (count < 0)
        return errno == EAGAIN;
    peer.in.append(m_buffer, 0, static_cast<std::size_t>(count));
    return count > 0;
}

/// Takes the whole frames from what has come; false where the connection is of no more use.
bool Swarm::frames(std::size_t number)
{
    Peer &peer = m_peers[number];
    if (peer.phase == Phase::Upgrading) {
        const auto end = peer.in.find("\r\n\r\n");
        if (end == std::string::npos)
            return true;
        if (peer.in.find(" 101") > end)
            return false;
        peer.in.erase(0, end + 4);
        peer.phase = Phase::Greeting;
        send(number, RawClient::frame(1, peer.member.login(), true));
    }
    std::size_t at = 0;
    while (peer.descriptor >= 0 && peer.in.size() - at >= 2) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(peer.in[at + i]); };
        std::uint64_t size = byte(1) & 0x7f;
        const std::size_t extra = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (peer.in.size() - at < 2 + extra)
            break;
        if (extra > 0)
            size = 0;
        for (std::size_t i = 0; i < extra; ++i)
            size = size * 256 + byte(2 + i);
        if (peer.in.size() - at < 2 + extra + size)
            break;
        const int opcode = byte(0) & 15;
        const bool whole = (byte(0) & 0x80) != 0;
        const std::string payload = peer.in.substr(at + 2 + extra, size);
        at += 2 + extra + size;
        if (opcode == 8 || (opcode < 8 && (opcode != 1 || !whole)))
            return false; // closed; or cut in pieces, which kithd does not do
        if (opcode == 9)
            send(number, RawClient::frame(10, payload, true));
        else if (opcode == 1)
            text(number, payload);
    }
    if (peer.descriptor >= 0)
        peer.in.erase(0, at);
    return true;
}

void Swarm::text(std::size_t number, std::string_view payload)
{
    Peer &peer = m_peers[number];
    const auto now = SteadyClock::now();
    const auto answer = peer.member.take(payload, now);
    if (peer.phase == Phase::Greeting && peer.member.greeted()) {
        peer.phase = Phase::Online;
        peer.greetedAt = now;
        alarm(number, limits::kHeartbeat);
    }
    if (!answer.empty())
        send(number, RawClient::frame(1, answer, true));
}

void Swarm::send(std::size_t number, std::string_view bytes)
{
    Peer &peer = m_peers[number];
    const bool waiting = !peer.out.empty();
    peer.out += bytes;
    if (!waiting)
        flush(number);
}

void Swarm::flush(std::size_t number)
{
    Peer &peer = m_peers[number];
    if (peer.descriptor < 0)
        return;
    if (!peer.out.empty()) {
        const ssize_t count = ::send(peer.descriptor, peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
        if (count > 0)
            peer.out.erase(0, static_cast<std::size_t>(count));
        // What failed for good is told by the next read.
    }
    epoll_event event{};
    event.events = EPOLLIN | (peer.out.empty() ? 0U : static_cast<std::uint32_t>(EPOLLOUT));
    event.data.u64 = number;
    ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, peer.descriptor, &event);
}

} // namespace kith::bench
