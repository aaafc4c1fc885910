// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/logic/world.h"

#include "core/base/limits.h"
#include "core/crypto/crypto.h"

#include <QElapsedTimer>
#include <QThread>

#include <cstdio>

namespace kith::server::test {

using protocol::Envelope;
using protocol::Op;

void FakePeer::push(Encoded envelope, Weight weight)
{
    auto items = protocol::decodeFrame(*envelope, limits::kMaxServerFrameBytes);
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed || !items)
            return;
        m_got.push_back(std::get<Envelope>(items->front()));
        m_weights.push_back(weight);
    }
    if (const auto react = std::exchange(afterPush, nullptr))
        react();
}

void FakePeer::close(protocol::CloseCode code, std::string)
{
    const std::lock_guard lock(m_mutex);
    if (!m_closed)
        m_closed = code;
}

std::vector<Envelope> FakePeer::take()
{
    const std::lock_guard lock(m_mutex);
    m_weights.clear();
    return std::exchange(m_got, {});
}

std::optional<protocol::CloseCode> FakePeer::closed() const
{
    const std::lock_guard lock(m_mutex);
    return m_closed;
}

std::vector<Weight> FakePeer::weights() const
{
    const std::lock_guard lock(m_mutex);
    return m_weights;
}

World::World(LogicSettings settings)
{
    services = std::make_unique<Services>(settings, store, io, clock, metrics, crypto::Secret::random(32));
}

LogicSettings World::quickSettings()
{
    LogicSettings settings;
    settings.passwordCost = crypto::PasswordCost::cheapest();
    return settings;
}

void World::settle()
{
    store.pump();
}

HttpResponse World::call(std::string method, std::string path, boost::json::object body, std::string bearer,
                         std::string address, std::map<std::string, std::string> query)
{
    struct Slot {
        std::mutex mutex;
        std::optional<HttpResponse> response;
    };
    auto slot = std::make_shared<Slot>();
    HttpRequest request{std::move(method), std::move(path), std::move(query), std::move(bearer), {},
                        std::move(address)};
    if (!body.empty())
        request.body = boost::json::serialize(body);
    handleHttp(*services, std::move(request), [slot](HttpResponse response) {
        const std::lock_guard lock(slot->mutex);
        slot->response = std::move(response);
    });
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 10'000) {
        settle();
        {
            const std::lock_guard lock(slot->mutex);
            if (slot->response)
                return *slot->response;
        }
        QThread::yieldCurrentThread();
    }
    return {0, "no answer", {}};
}

UserId World::userOf(const std::string &username)
{
    UserId id;
    store.credentials(username, [&](StoreResult<Credentials> found) { id = found ? found->user.id : UserId(); });
    settle();
    if (id.empty()) {
        store.createUser({username, "hash", "Name of " + username}, [&](StoreResult<User> made) { id = made->id; });
        settle();
    }
    return id;
}

Client::Client(World &world, std::string username, int number)
    : user(world.userOf(username)), device(deviceOf(number)), family("family-" + std::to_string(number)), m_world(world)
{
    NewSession session_{user, Device{device, "test", "linux", {}}, "192.0.2.x", family, "hash-" + username, {}};
    world.store.openSession(session_, [](StoreResult<void>) {});
    world.settle();
    token = world.core().tokens.issue(user, device, family);
    peer = std::make_shared<FakePeer>();
    session = SocketSession::create(*world.services, peer, "192.0.2.7");
}

void Client::post(Op op, boost::json::object data, std::string id)
{
    session->receive(protocol::encodeEnvelope(op, id, data));
}

Envelope Client::ask(Op op, boost::json::object data)
{
    const std::string id = "q" + std::to_string(m_nextId++);
    post(op, std::move(data), id);
    m_world.settle();
    Envelope answer;
    int answers = 0;
    for (Envelope &envelope : peer->take()) {
        if (envelope.id == id) {
            answer = std::move(envelope);
            ++answers;
        } else {
            m_kept.push_back(std::move(envelope));
        }
    }
    if (answers != 1) {
        answer = {};
        answer.id = "answers: " + std::to_string(answers);
    }
    return answer;
}

protocol::ErrorCode Client::askForError(Op op, boost::json::object data)
{
    const Envelope answer = ask(op, std::move(data));
    const auto error = protocol::decode<protocol::WireError>(answer.data);
    return answer.op == Op::Error && error ? error->code : protocol::ErrorCode::Internal;
}

std::vector<Envelope> Client::pushes()
{
    m_world.settle();
    for (Envelope &envelope : peer->take())
        m_kept.push_back(std::move(envelope));
    return std::exchange(m_kept, {});
}

std::string Client::names()
{
    std::string out;
    for (const Envelope &envelope : pushes())
        out += (out.empty() ? "" : " ") + std::string(protocol::name(envelope.op));
    return out;
}

bool Client::logIn()
{
    return ask(Op::Login, {{"token", token}}).op == Op::Hello && session->loggedIn();
}

ConversationId Client::sendTo(const UserId &to, const std::string &body, int cid)
{
    const auto answer = ask(
        Op::Send, {{"to", to.str()}, {"cid", cid ? cidOf(cid) : crypto::makeUuid()}, {"kind", "text"}, {"body", body}});
    return ConversationId(text(answer.data, "conversation"));
}

Envelope Client::sendIn(const ConversationId &conversation, const std::string &body, int cid)
{
    return ask(Op::Send, {{"conversation", conversation.str()},
                          {"cid", cid ? cidOf(cid) : crypto::makeUuid()},
                          {"kind", "text"},
                          {"body", body}});
}

void Client::disconnect()
{
    session->closed();
    session.reset();
    peer.reset();
}

std::string cidOf(int number)
{
    char out[40];
    std::snprintf(out, sizeof out, "00000000-0000-4000-8000-%012d", number);
    return out;
}

DeviceId deviceOf(int number)
{
    char out[40];
    std::snprintf(out, sizeof out, "00000000-0000-4000-9000-%012d", number);
    return DeviceId(out);
}

boost::json::object parse(const std::string &body)
{
    auto object = protocol::parseObject(body, 1 << 20);
    return object ? *object : boost::json::object{};
}

std::string text(const boost::json::object &object, std::string_view key)
{
    const auto *value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

} // namespace kith::server::test
