// SPDX-License-Identifier: GPL-3.0-or-later
// Second factor, devices, password, and the key of the history.
#include "core/client/client_impl.h"

namespace kith::client {

namespace {

template <class Reply>
QCoro::Task<Result<Reply>> ask(Account &account, QByteArray method, QString path,
                               std::optional<boost::json::object> body = std::nullopt)
{
    auto task = account.call(std::move(method), std::move(path), std::move(body));
    auto answer = co_await task;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    co_return fromDecoded(protocol::decode<Reply>(*answer));
}

QCoro::Task<Result<void>> tell(Account &account, QByteArray method, QString path,
                               std::optional<boost::json::object> body = std::nullopt)
{
    auto task = account.call(std::move(method), std::move(path), std::move(body));
    auto answer = co_await task;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    co_return Result<void>{};
}

QCoro::Task<Result<std::vector<std::string>>> askForCodes(Account &account, QString path, boost::json::object body)
{
    auto task = ask<protocol::RecoveryCodesReply>(account, "POST", std::move(path), std::move(body));
    auto reply = co_await task;
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    co_return std::move(reply->recoveryCodes);
}

ClientError notOpen()
{
    return makeError(ClientErrorCode::Storage, QStringLiteral("the profile is not open"));
}

} // namespace

QCoro::Task<Result<protocol::MfaReply>> Client::mfa()
{
    return ask<protocol::MfaReply>(m_impl->account, "GET", QStringLiteral("/v1/mfa"));
}

QCoro::Task<Result<protocol::EnrollReply>> Client::enrollMfa()
{
    return ask<protocol::EnrollReply>(m_impl->account, "POST", QStringLiteral("/v1/mfa/enroll"), boost::json::object{});
}

QCoro::Task<Result<std::vector<std::string>>> Client::bindMfa(std::string secret, std::string code)
{
    return askForCodes(m_impl->account, QStringLiteral("/v1/mfa/bind"),
                       protocol::encode(protocol::BindRequest{std::move(secret), std::move(code)}));
}

QCoro::Task<Result<void>> Client::unbindMfa(std::string password, std::string code)
{
    return tell(m_impl->account, "POST", QStringLiteral("/v1/mfa/unbind"),
                protocol::encode(protocol::FactorRequest{std::move(password), std::move(code)}));
}

QCoro::Task<Result<std::vector<std::string>>> Client::renewRecoveryCodes(std::string password, std::string code)
{
    return askForCodes(m_impl->account, QStringLiteral("/v1/mfa/recovery-codes"),
                       protocol::encode(protocol::FactorRequest{std::move(password), std::move(code)}));
}

QCoro::Task<Result<std::vector<Device>>> Client::devices()
{
    auto task = ask<protocol::DevicesReply>(m_impl->account, "GET", QStringLiteral("/v1/devices"));
    auto reply = co_await task;
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    co_return std::move(reply->devices);
}

QCoro::Task<Result<void>> Client::revokeDevice(DeviceId device)
{
    return tell(m_impl->account, "DELETE", QStringLiteral("/v1/devices/") + QString::fromStdString(device.str()));
}

QCoro::Task<Result<void>> Client::changePassword(std::string before, std::string after)
{
    return tell(m_impl->account, "POST", QStringLiteral("/v1/me/password"),
                protocol::encode(protocol::PasswordRequest{std::move(before), std::move(after)}));
}

QCoro::Task<Result<std::vector<protocol::AccountEvent>>> Client::accountEvents(int limit)
{
    auto task = ask<protocol::AuditReply>(m_impl->account, "GET", QStringLiteral("/v1/audit?limit=%1").arg(limit));
    auto reply = co_await task;
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    co_return std::move(reply->events);
}

QCoro::Task<Result<void>> Client::logoutEverywhere()
{
    auto *impl = m_impl.get();
    auto task = impl->account.logout(true);
    auto done = co_await task;
    if (done)
        impl->session.handle(event::SessionEnded{});
    co_return done;
}

QCoro::Task<Result<KeyWays>> Client::keyWays()
{
    return m_impl->credentials.ways();
}

QCoro::Task<Result<void>> Client::setPassphrase(crypto::Secret passphrase)
{
    if (m_impl->key.empty())
        co_return Unexpected(notOpen());
    auto task = m_impl->credentials.setPassphrase(m_impl->key, std::move(passphrase));
    co_return co_await task;
}

QCoro::Task<Result<void>> Client::removePassphrase()
{
    if (m_impl->key.empty())
        co_return Unexpected(notOpen());
    auto task = m_impl->credentials.removePassphrase(m_impl->key);
    co_return co_await task;
}

QCoro::Task<Result<std::string>> Client::renewRecoveryKey()
{
    if (m_impl->key.empty())
        co_return Unexpected(notOpen());
    auto task = m_impl->credentials.renewRecoveryKey(m_impl->key);
    co_return co_await task;
}

QCoro::Task<Result<void>> Client::addKeyring()
{
    if (m_impl->key.empty())
        co_return Unexpected(notOpen());
    auto task = m_impl->credentials.addKeyring(m_impl->key);
    co_return co_await task;
}

QCoro::Task<Result<void>> Client::removeKeyring()
{
    if (m_impl->key.empty())
        co_return Unexpected(notOpen());
    auto task = m_impl->credentials.removeKeyring();
    co_return co_await task;
}

QCoro::Task<Result<void>> Client::lock()
{
    return m_impl->lock();
}

QCoro::Task<Result<void>> Client::Impl::lock()
{
    if (!opened)
        co_return Result<void>{};
    opened = false;
    // First of all, so that neither a crash nor a new start undoes it.
    auto markingTask = credentials.lock();
    auto marked = co_await markingTask;
    session.handle(event::SessionEnded{});
    sync.stop();
    outbox.stop();
    changes.stop();
    downloader.close();
    forgetter.close();
    avatars.close();
    transfer.close();
    cancelExports();
    key = {};
    knownUsers.clear();
    wantedUsers.clear();
    watched.clear();
    presences.clear();
    blocks.forget();
    typed.clear();
    touchedHeads.clear();
    touchedMessages.clear();
    recorder.forgetWire();
    // A renewal that is under way still writes its tokens: only then the history closes.
    auto dropping = account.drop();
    co_await dropping;
    recorder.forgetWire(); // what came meanwhile
    auto closing = history.close();
    auto closedStore = co_await closing;
    crypto::wipeTraces();
    co_return closedStore ? std::move(marked) : std::move(closedStore);
}

} // namespace kith::client
