// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/session.h"

#include "core/base/logging.h"
#include "core/client/account.h"
#include "core/client/raw_frame.h"
#include "core/crypto/crypto.h"

#include <QLoggingCategory>
#include <QPointer>

namespace kith::client {

namespace {

Q_LOGGING_CATEGORY(lcSession, kith::logging::kLink, QtWarningMsg)

constexpr auto kAnswer = std::chrono::seconds{20};
constexpr auto kGreeting = std::chrono::seconds{15};
constexpr const char *kLoginId = "login";
constexpr const char *kTokenId = "token";

std::string tokenEnvelope(protocol::Op op, const char *id, const std::string &token)
{
    return op == protocol::Op::Login
               ? protocol::encodeEnvelope(op, id, protocol::encode(protocol::LoginPacket{token, {}}))
               : protocol::encodeEnvelope(op, id, protocol::encode(protocol::TokenPacket{token}));
}

OutgoingEnvelope withToken(protocol::Op op, const char *id, const std::string &token)
{
    return {tokenEnvelope(op, id, token), tokenEnvelope(op, id, "redacted")};
}

ClientError errorOf(const protocol::Envelope &envelope)
{
    auto error = protocol::decode<protocol::WireError>(envelope.data);
    return wireError(error ? *error : protocol::makeError(protocol::ErrorCode::Internal, "unreadable error"));
}

} // namespace

Session::Session(Account &account, std::shared_ptr<const Clock> clock, QObject *parent)
    : QObject(parent), m_account(account), m_clock(clock), m_link(clock)
{
    m_retry.setSingleShot(true);
    m_greeting.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] { handle(event::TimerFired{}); });
    connect(&m_greeting, &QTimer::timeout, this,
            [this] { handle(event::SocketFailed{QStringLiteral("the server did not answer the greeting")}); });
    connect(&m_expiry, &QTimer::timeout, this, &Session::expire);
    connect(&m_link, &Link::opened, this, [this] { handle(event::SocketOpened{}); });
    connect(&m_link, &Link::failed, this,
            [this](ClientErrorCode, const QString &reason) { handle(event::SocketFailed{reason}); });
    connect(&m_link, &Link::closed, this, [this](int code, const QString &reason) {
        handle(event::SocketClosed{code, reason, retryAfterFromReason(reason)});
    });
    connect(&m_link, &Link::resumed, this, [this] { handle(event::Resumed{}); });
    connect(&m_link, &Link::received, this, &Session::receive);
    connect(&m_link, &Link::frame, this, &Session::frame);
    connect(&m_link, &Link::heartbeatDue, this, [this] {
        if (online())
            m_link.send({protocol::encodeEnvelope(protocol::Op::Heartbeat, "heartbeat", {}), {}});
    });
    connect(&m_account, &Account::tokenRenewed, this, [this] { handle(event::TokenRefreshed{}); });
    connect(&m_account, &Account::sessionRefused, this, [this](const ClientError &error) {
        m_endReason = error.detail;
        handle(event::RefreshRefused{});
    });
}

Session::~Session()
{
    shutdown();
}

void Session::handle(ConnectionEvent event)
{
    if (m_closed)
        return;
    const QPointer<Session> guard(this);
    auto step = reduce(std::move(m_state), event, crypto::randomUnit());
    const bool closedByPeer = std::holds_alternative<event::SocketClosed>(event);
    if (closedByPeer)
        m_endReason = std::get<event::SocketClosed>(event).reason;
    m_state = std::move(step.state);
    for (const auto action : step.actions) {
        perform(action);
        if (!guard || m_closed)
            return;
    }
    emit statusChanged();
}

void Session::perform(ConnectionAction action)
{
    switch (action) {
    case ConnectionAction::CloseSocket:
        m_greeting.stop();
        m_link.close();
        break;
    case ConnectionAction::EndRequests: {
        const QPointer<Session> guard(this);
        emit left();
        if (guard)
            endRequests(makeError(ClientErrorCode::Unreachable, QStringLiteral("the connection was lost")));
        break;
    }
    case ConnectionAction::StopTimer:
        m_retry.stop();
        break;
    case ConnectionAction::StartTimer:
        if (const auto *waiting = std::get_if<client::Waiting>(&m_state))
            m_retry.start(waiting->delay);
        break;
    case ConnectionAction::OpenSocket:
        m_greeting.stop();
        m_link.open(m_account.server());
        break;
    case ConnectionAction::SendLogin:
        m_greeting.start(kGreeting);
        m_link.send(withToken(protocol::Op::Login, kLoginId, m_account.accessToken()));
        break;
    case ConnectionAction::RenewToken:
        m_link.send(withToken(protocol::Op::Token, kTokenId, m_account.accessToken()));
        break;
    case ConnectionAction::RefreshToken:
        refreshForSession();
        break;
    case ConnectionAction::StartSync:
        m_greeting.stop();
        break; // `welcomed` carries the hello and is emitted by greet()
    case ConnectionAction::TellLoggedOut:
        emit loggedOut(makeError(ClientErrorCode::NotLoggedIn, m_endReason));
        break;
    }
}

void Session::refreshForSession()
{
    // Success and refusal arrive as the account's signals, which also cover refreshes that others asked for.
    QCoro::connect(m_account.refresh(), this, [this](Result<void> result) {
        if (!result && !endsSession(result.error()))
            handle(event::RefreshFailed{result.error().detail});
    });
}

bool Session::online() const
{
    return !m_closed && std::holds_alternative<Online>(m_state);
}

LinkStatus Session::status() const
{
    return linkStatus(m_state);
}

Later<protocol::Envelope> Session::request(protocol::Op op, boost::json::object data)
{
    Promise<protocol::Envelope> promise;
    if (m_closed) {
        promise.finish(Unexpected(cancelledError()));
    } else if (!online()) {
        promise.finish(Unexpected(makeError(ClientErrorCode::Unreachable, QStringLiteral("not connected"))));
    } else {
        auto id = std::to_string(++m_lastId);
        m_link.send({protocol::encodeEnvelope(op, id, data), {}});
        m_waiting.emplace(std::move(id), Waiting{promise, m_clock->steady() + kAnswer});
        if (!m_expiry.isActive())
            m_expiry.start(std::chrono::seconds{1});
    }
    return promise.later();
}

void Session::post(std::string envelope)
{
    if (online())
        m_link.send({std::move(envelope), {}});
}

void Session::simulate(const Simulation &simulation)
{
    const bool back = m_link.simulation().offline && !simulation.offline;
    m_link.simulate(simulation);
    if (back)
        handle(event::Resumed{});
}

void Session::cut()
{
    m_link.cut(QStringLiteral("cut (simulated)"));
}

Result<std::vector<std::string>> Session::sendRaw(std::string_view json)
{
    auto raw = rawFrame(json);
    if (!raw)
        return Unexpected(std::move(raw).error());
    if (!online())
        return Unexpected(makeError(ClientErrorCode::Unreachable, QStringLiteral("not connected")));
    for (auto &envelope : raw->envelopes)
        m_link.send(std::move(envelope));
    return std::move(raw->ids);
}

void Session::expire()
{
    const QPointer<Session> guard(this);
    const auto now = m_clock->steady();
    for (auto it = m_waiting.begin(); it != m_waiting.end();) {
        if (it->second.deadline > now) {
            ++it;
            continue;
        }
        const auto promise = it->second.promise;
        m_waiting.erase(it);
        promise.finish(Unexpected(makeError(ClientErrorCode::Unreachable, QStringLiteral("no answer within 20 s"))));
        if (!guard)
            return;
        it = m_waiting.begin(); // whoever was told may have asked again
    }
    if (m_waiting.empty())
        m_expiry.stop();
}

void Session::receive(const QByteArray &bytes)
{
    const QPointer<Session> guard(this);
    auto items = protocol::decodeFrame(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())),
                                       limits::kMaxServerFrameBytes);
    if (!items) {
        qCWarning(lcSession) << "a frame that is not ours was skipped:" << items.error().message.c_str();
        return;
    }
    for (auto &item : *items) {
        if (auto *envelope = std::get_if<protocol::Envelope>(&item))
            dispatch(std::move(*envelope));
        if (!guard || m_closed)
            return;
    }
}

void Session::dispatch(protocol::Envelope envelope)
{
    if (std::holds_alternative<Greeting>(m_state))
        return greet(std::move(envelope));
    if (envelope.id.empty()) {
        if (envelope.op == protocol::Op::Error && wantsRefresh(errorOf(envelope)))
            refreshForSession(); // what was refused had no id: an ack
        emit pushed(envelope);
        return;
    }
    if (envelope.id == kTokenId && envelope.op == protocol::Op::Error) {
        // The new token was refused on the spot: come back with a fresh one.
        return handle(event::SocketClosed{static_cast<int>(protocol::CloseCode::LogInAgain), {}, {}});
    }
    const auto found = m_waiting.find(envelope.id);
    if (found == m_waiting.end())
        return; // an answer that came too late, or a heartbeat's
    const auto promise = found->second.promise;
    m_waiting.erase(found);
    if (envelope.op != protocol::Op::Error)
        return promise.finish(std::move(envelope));
    auto mapped = errorOf(envelope);
    if (wantsRefresh(mapped))
        refreshForSession();
    promise.finish(Unexpected(std::move(mapped)));
}

void Session::greet(protocol::Envelope envelope)
{
    if (envelope.id != kLoginId && !(envelope.id.empty() && envelope.op == protocol::Op::Error))
        return;
    if (envelope.op == protocol::Op::Error) {
        auto error = protocol::decode<protocol::WireError>(envelope.data);
        return handle(event::LoginRefused{error ? *error : protocol::WireError{}});
    }
    auto hello = protocol::decode<protocol::HelloPacket>(envelope.data);
    if (envelope.op != protocol::Op::Hello || !hello)
        return handle(event::SocketFailed{QStringLiteral("the server's hello cannot be read")});
    const QPointer<Session> guard(this);
    handle(event::Welcomed{});
    if (guard && online())
        emit welcomed(*hello);
}

void Session::endRequests(const ClientError &error)
{
    auto waiting = std::exchange(m_waiting, {});
    for (auto &[id, one] : waiting)
        one.promise.finish(Unexpected(error));
}

void Session::shutdown()
{
    if (std::exchange(m_closed, true))
        return;
    m_retry.stop();
    m_greeting.stop();
    m_expiry.stop();
    m_link.close();
    endRequests(cancelledError());
}

} // namespace kith::client
