// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/socket.h"

#include "core/base/limits.h"
#include "core/base/logging.h"
#include "server/logic/errors.h"
#include "server/logic/packet_table.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

namespace kith::server {

using protocol::CloseCode;
using protocol::ErrorCode;
using protocol::makeError;
using protocol::Op;

namespace {

/// After the access token has run out: time for `token` before the socket closes.
constexpr std::chrono::seconds kExpiryGrace{60};
constexpr std::size_t kHeldPackets = 64; // behind a login that is not done
/// While those are handled. Who was greeted may send all that waited for it: a frame's worth of small packets is no
/// overload, and refusing a part of an outbox would turn its order round.
constexpr std::size_t kHeldWhenGreeted = 4096;
constexpr std::size_t kTypedKept = 64; // conversations in which a connection typed of late

const std::vector<std::string> kFeatures{"private", "groups", "receipts", "typing", "presence", "likes",
                                         "edit",    "recall", "block",    "mute",   "batch",    "avatars"};

protocol::WireError tokenError(TokenError error)
{
    switch (error) {
    case TokenError::Invalid:
        return makeError(ErrorCode::Unauthenticated, "the token is not valid", "d.token");
    case TokenError::Expired:
        return makeError(ErrorCode::TokenExpired, "refresh the token", "d.token");
    }
    return makeError(ErrorCode::Unauthenticated, "the token is not valid", "d.token");
}

} // namespace

Socket::Socket(CorePtr core, std::weak_ptr<Peer> peer, std::string address)
    : m_core(std::move(core)), m_peer(std::move(peer)), m_address(maskAddress(address)),
      m_sends(m_core->settings.sendsPerSecond, 2.0 * m_core->settings.sendsPerSecond)
{
}

void Socket::receive(std::string_view frame)
{
    if (m_phase == Phase::Closed)
        return;
    auto items = protocol::decodeFrame(frame, limits::kMaxClientFrameBytes);
    if (!items)
        return malformed(Responder(m_core, m_peer, Op::Error, {}), std::move(items).error());
    for (protocol::FrameItem &item : *items) {
        if (m_holding && hold(item))
            continue;
        take(std::move(item));
    }
}

void Socket::take(protocol::FrameItem item)
{
    if (m_phase == Phase::Closed)
        return;
    if (auto *bad = std::get_if<protocol::BadEnvelope>(&item))
        malformed(Responder(m_core, m_peer, Op::Error, bad->id), std::move(bad->error));
    else
        handle(std::get<protocol::Envelope>(std::move(item)));
}

bool Socket::hold(protocol::FrameItem &item)
{
    {
        const std::lock_guard lock(m_holdMutex);
        if (!m_holding)
            return false;
        if (m_waiting.size() < (m_phase == Phase::In ? kHeldWhenGreeted : kHeldPackets)) {
            m_waiting.push_back(std::move(item));
            return true;
        }
    }
    if (const auto *envelope = std::get_if<protocol::Envelope>(&item))
        Responder(m_core, m_peer, envelope->op, envelope->id).fail(StoreError::Overloaded);
    return true;
}

void Socket::release(std::uint64_t turn)
{
    for (;;) {
        std::optional<protocol::FrameItem> item;
        {
            const std::lock_guard lock(m_holdMutex);
            if (turn != m_turn || m_phase == Phase::LoggingIn)
                return; // the login that was among them goes on from here
            if (m_waiting.empty()) {
                m_holding = false;
                return;
            }
            item.emplace(std::move(m_waiting.front()));
            m_waiting.pop_front();
        }
        take(std::move(*item));
    }
}

std::uint64_t Socket::turn()
{
    const std::lock_guard lock(m_holdMutex);
    return m_turn;
}

void Socket::frameTooLarge()
{
    if (m_phase != Phase::Closed)
        malformed(Responder(m_core, m_peer, Op::Error, {}), makeError(ErrorCode::TooLarge, "the frame is too large"));
}

void Socket::frameBinary()
{
    if (m_phase != Phase::Closed)
        malformed(Responder(m_core, m_peer, Op::Error, {}),
                  makeError(ErrorCode::Malformed, "binary frames are not spoken here: send text"));
}

void Socket::handle(protocol::Envelope envelope)
{
    const PacketRow *row = packetRow(envelope.op);
    Responder responder(m_core, m_peer, envelope.op, envelope.id);
    if (!row)
        return malformed(responder, makeError(ErrorCode::UnsupportedOp, "not an op that a client sends", "op"));
    m_core->metrics.packetReceived(protocol::name(envelope.op));
    if (!row->whenDraining && m_core->draining)
        return responder.fail(draining());
    if (!row->beforeLogin && m_phase != Phase::In)
        return responder.fail(makeError(ErrorCode::Unauthenticated, "log in first"));
    if (!checkAuthorised(*row, responder))
        return;
    row->handler(*this, std::move(responder), std::move(envelope));
}

bool Socket::checkAuthorised(const PacketRow &row, const Responder &responder)
{
    if (m_phase != Phase::In)
        return true;
    const auto over = m_core->clock.now() - fromUnixMs(m_expiresMs);
    if (over < milliseconds{0})
        return true;
    if (over >= kExpiryGrace && row.op != Op::Token) {
        close(CloseCode::LogInAgain, "the access token has run out");
        return false;
    }
    if (row.whenExpired)
        return true;
    responder.fail(makeError(ErrorCode::TokenExpired, "renew the token"));
    return false;
}

void Socket::malformed(const Responder &responder, protocol::WireError error)
{
    const Time time = now();
    std::erase_if(m_mistakes, [&](Time mistake) { return time - mistake >= std::chrono::minutes{1}; });
    m_mistakes.push_back(time);
    responder.fail(std::move(error));
    if (m_mistakes.size() >= static_cast<std::size_t>(limits::kMalformedPerMinute)) {
        log(LogLevel::Info, logging::kLogic, "socket closed after malformed frames", {{"address", m_address}});
        close(CloseCode::Protocol, "too many malformed frames");
    }
}

void Socket::close(CloseCode code, std::string reason)
{
    if (const auto peer = m_peer.lock())
        peer->close(code, std::move(reason));
    closed();
}

void Socket::closed()
{
    ConnectionPtr connection;
    {
        const std::lock_guard lock(m_mutex);
        if (m_phase.exchange(Phase::Closed) == Phase::In)
            connection = m_connection;
    }
    if (!connection)
        return;
    const auto time = m_core->clock.now();
    m_core->store.touchSession(connection->user(), connection->device(), time);
    if (m_core->registry.remove(connection))
        m_core->presences.announce(connection->user(), time);
    m_core->presences.forget(connection); // after the registry: see Presences::watch
}

void Socket::refuseLogin(const Responder &responder, protocol::WireError error)
{
    const auto turn = this->turn();
    {
        const std::lock_guard lock(m_mutex);
        if (m_phase != Phase::LoggingIn)
            return;
        m_phase = Phase::New;
    }
    responder.fail(std::move(error));
    release(turn);
}

void Socket::login(const Responder &responder, std::string token)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_phase != Phase::New) {
            // Not a mistake that counts: a client that retries at the wrong moment.
            return responder.fail(makeError(ErrorCode::Forbidden, "this socket has logged in already"));
        }
        m_phase = Phase::LoggingIn;
    }
    {
        const std::lock_guard lock(m_holdMutex);
        m_holding = true;
        ++m_turn;
    }
    auto claims = m_core->tokens.verify(token);
    if (!claims)
        return refuseLogin(responder, tokenError(claims.error()));
    const auto revocations = m_core->revocations.load();
    m_core->store.session(
        claims->user, claims->device,
        [self = shared_from_this(), responder, claims = *claims, revocations](StoreResult<Session> session) {
            if (!session && session.error() != StoreError::NotFound)
                return self->refuseLogin(responder, wireError(session.error()));
            if (!session || session->family != claims.family)
                return self->refuseLogin(responder, tokenError(TokenError::Invalid));
            self->m_core->store.user(
                claims.user, [self, responder, claims, revocations, device = session->device](StoreResult<User> user) {
                    if (!user)
                        return self->refuseLogin(responder, wireError(user.error()));
                    self->finishLogin(responder, claims, device, std::move(*user), revocations);
                });
        });
}

void Socket::finishLogin(const Responder &responder, const Claims &claims, Device device, User user,
                         std::uint64_t revocations)
{
    const auto time = m_core->clock.now();
    const auto peer = m_peer.lock();
    if (!peer)
        return;
    auto added = Registry::Added::TooMany;
    const auto turn = this->turn();
    {
        const std::lock_guard lock(m_mutex);
        if (m_phase != Phase::LoggingIn)
            return;
        m_expiresMs = toUnixMs(claims.expires);
        m_connection = std::make_shared<Connection>(claims.user, claims.device, claims.family, m_peer, peer->thread());
        device.lastSeen = time;
        const protocol::HelloPacket hello{std::move(user),
                                          std::move(device),
                                          m_core->store.epoch(),
                                          time,
                                          std::chrono::duration_cast<std::chrono::seconds>(limits::kHeartbeat).count(),
                                          {static_cast<std::int64_t>(limits::kMaxClientFrameBytes),
                                           static_cast<std::int64_t>(limits::kMaxBodyBytes), limits::kMaxPage,
                                           static_cast<std::int64_t>(limits::kMaxGroupMembers)},
                                          kFeatures};
        // Before the greeting: the next packet may come on the I/O thread as soon as `hello` is out.
        m_phase = Phase::In;
        added = m_core->registry.add(m_connection, [&] { responder.reply(Op::Hello, protocol::encode(hello)); });
        if (added == Registry::Added::TooMany)
            m_phase = Phase::Closed;
    }
    if (added == Registry::Added::TooMany) {
        peer->close(CloseCode::TooManyDevices, "too many sockets of this user");
        return;
    }
    m_core->store.touchSession(claims.user, claims.device, time);
    if (added == Registry::Added::First)
        m_core->presences.announce(claims.user, time);
    // A session that ended after we asked for it, and before we could be found to be closed.
    if (m_core->revocations.load() != revocations)
        recheckSession();
    release(turn);
}

void Socket::recheckSession()
{
    m_core->store.session(user(), m_connection->device(), [self = shared_from_this()](StoreResult<Session> session) {
        const bool ended =
            session ? session->family != self->m_connection->family() : session.error() == StoreError::NotFound;
        if (ended)
            self->close(CloseCode::Revoked, "the session has ended");
    });
}

void Socket::renew(const Responder &responder, std::string token)
{
    auto claims = m_core->tokens.verify(token);
    if (!claims)
        return responder.fail(tokenError(claims.error()));
    if (claims->user != user() || claims->device != m_connection->device())
        return responder.fail(makeError(ErrorCode::Forbidden, "the token is another device's", "d.token"));
    m_core->store.session(claims->user, claims->device,
                          [self = shared_from_this(), responder, claims = *claims](StoreResult<Session> session) {
                              if (!session && session.error() != StoreError::NotFound)
                                  return responder.fail(session.error());
                              if (!session || session->family != claims.family)
                                  return responder.fail(tokenError(TokenError::Invalid));
                              self->m_expiresMs = toUnixMs(claims.expires);
                              responder.ok();
                          });
}

void Socket::logout(const Responder &responder)
{
    responder.ok();
    close(CloseCode::LogInAgain, "logged out");
}

void Socket::resumePushes()
{
    if (const auto peer = m_peer.lock())
        peer->resume();
}

bool Socket::takeTyping(const ConversationId &conversation)
{
    const Time time = now();
    if (m_typed.size() >= kTypedKept)
        std::erase_if(m_typed, [&](const auto &typed) { return time - typed.second >= limits::kTypingInterval; });
    const auto found = m_typed.find(conversation);
    if (found != m_typed.end() ? time - found->second < limits::kTypingInterval : m_typed.size() >= kTypedKept)
        return false;
    m_typed[conversation] = time;
    return true;
}

} // namespace kith::server
