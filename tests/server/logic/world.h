// SPDX-License-Identifier: GPL-3.0-or-later
// A server's logic with fakes around it: peers that keep what they get, threads that run at once, a clock that stands.
#pragma once

#include "core/base/clock.h"
#include "core/protocol/envelope.h"
#include "core/protocol/http.h"
#include "core/protocol/packets.h"
#include "server/logic/core.h"
#include "server/logic/http_api.h"
#include "server/logic/socket_session.h"
#include "server/ops/metrics.h"
#include "tests/server/logic/memory_store.h"

#include <boost/json.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kith::server::test {

/// Keeps what was pushed, decoded. Thread-safe like a real one.
class FakePeer final : public Peer {
public:
    void push(Encoded envelope, Weight weight) override;
    void close(protocol::CloseCode code, std::string reason) override;
    std::size_t thread() const override { return 0; }
    void resume() override { resumed = true; }

    /// Takes everything out.
    std::vector<protocol::Envelope> take();
    std::optional<protocol::CloseCode> closed() const;
    std::vector<Weight> weights() const;
    std::atomic<bool> resumed{false};
    /// Runs after each push, on the pushing thread: what a quick client might do.
    std::function<void()> afterPush;

private:
    mutable std::mutex m_mutex;
    std::vector<protocol::Envelope> m_got;
    std::vector<Weight> m_weights;
    std::optional<protocol::CloseCode> m_closed;
};

/// A ManualClock that the logic's own threads may read meanwhile.
class SharedClock final : public Clock {
public:
    Timestamp now() const override { return fromUnixMs(kStart + m_passed.load()); }
    std::chrono::steady_clock::time_point steady() const override
    {
        return std::chrono::steady_clock::time_point{} + milliseconds(m_passed.load());
    }
    void advance(milliseconds by) { m_passed += by.count(); }

private:
    static constexpr std::int64_t kStart = 1'800'000'000'000;
    std::atomic<std::int64_t> m_passed{0};
};

struct InlineThreads final : IoThreads {
    std::size_t count() const override { return 2; }
    void post(std::size_t, std::function<void()> task) override { task(); }
};

class World;

/// One device's socket.
class Client final {
public:
    Client(World &world, std::string username, int device = 1);
    Client(const Client &) = delete;

    /// Sends a packet with an id of its own, lets the store answer, and returns the answer.
    protocol::Envelope ask(protocol::Op op, boost::json::object data = {});
    protocol::ErrorCode askForError(protocol::Op op, boost::json::object data = {});
    /// Sends and does not wait.
    void post(protocol::Op op, boost::json::object data = {}, std::string id = {});
    void raw(std::string_view frame) { session->receive(frame); }
    /// Everything that was pushed without being asked for, since the last look.
    std::vector<protocol::Envelope> pushes();
    /// Their names, in order: "conversation message receipt".
    std::string names();
    bool logIn();
    /// conversation of a text to that user; the answer is in `last`.
    ConversationId sendTo(const UserId &user, const std::string &body, int cid = 0);
    protocol::Envelope sendIn(const ConversationId &conversation, const std::string &body, int cid = 0);
    void disconnect();

    UserId user;
    DeviceId device;
    std::string token, family;
    std::shared_ptr<FakePeer> peer;
    std::shared_ptr<SocketSession> session;

private:
    World &m_world;
    std::vector<protocol::Envelope> m_kept;
    int m_nextId = 1;
};

class World final {
public:
    explicit World(LogicSettings settings = quickSettings());
    static LogicSettings quickSettings();

    Core &core() { return *services->impl().core; }
    /// Answers of the store until none is left.
    void settle();
    /// Waits for an answer that needs the password pool.
    HttpResponse call(std::string method, std::string path, boost::json::object body = {}, std::string bearer = {},
                      std::string address = "192.0.2.7", std::map<std::string, std::string> query = {});
    UserId userOf(const std::string &username);

    SharedClock clock;
    MemoryStore store{clock};
    InlineThreads io;
    Metrics metrics;
    std::unique_ptr<Services> services; // last: uses all above
};

std::string cidOf(int number);
DeviceId deviceOf(int number);
boost::json::object parse(const std::string &text);
std::string text(const boost::json::object &object, std::string_view key);

} // namespace kith::server::test
