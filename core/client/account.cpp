// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/account.h"

#include "core/base/limits.h"
#include "core/client/errors.h"
#include "core/crypto/crypto.h"
#include "core/protocol/http.h"

#include <QSysInfo>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace kith::client {

namespace {

constexpr const char *kAccountSetting = "account"; // one value, so that server, user and tokens always fit together
constexpr const char *kDeviceSetting = "device.id";
constexpr const char *kOwnerSetting = "history.owner"; // whose history this is; outlives logout
constexpr double kRenewAt = 0.8;                       // of the access token's life
constexpr auto kRetryFirst = std::chrono::seconds{2};  // well inside the 30 s in which a lost answer is repeated
constexpr auto kRetryMost = std::chrono::seconds{30};

std::string platformName()
{
#if defined(Q_OS_WIN)
    return "windows";
#elif defined(Q_OS_MACOS)
    return "macos";
#else
    return "linux";
#endif
}

std::string textAt(const boost::json::object &object, std::string_view key)
{
    const auto *value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t numberAt(const boost::json::object &object, std::string_view key)
{
    const auto *value = object.if_contains(key);
    return value && value->is_int64() ? value->get_int64() : 0;
}

} // namespace

Account::Account(HistoryService &history, std::shared_ptr<const Clock> clock, QString deviceName, QObject *parent)
    : QObject(parent), m_history(history), m_clock(std::move(clock)), m_deviceName(std::move(deviceName))
{
    if (m_deviceName.isEmpty())
        m_deviceName = QSysInfo::machineHostName();
    m_renewal.setSingleShot(true);
    m_saving.setSingleShot(true);
    connect(&m_renewal, &QTimer::timeout, this, [this] { refresh(); });
    connect(&m_saving, &QTimer::timeout, this, [this] { saveRenewed(); });
    connect(&m_http, &HttpClient::called, this, &Account::called);
}

QCoro::Task<Result<void>> Account::load()
{
    struct Stored {
        std::optional<std::string> account, device;
    };
    auto storedLater = m_history.run([](history::HistoryStore &store) -> sql::Result<Stored> {
        KITH_TRY_VALUE(account, store.setting(kAccountSetting));
        KITH_TRY_VALUE(device, store.setting(kDeviceSetting));
        return Stored{std::move(account), std::move(device)};
    });
    auto stored = co_await storedLater;
    if (!stored)
        co_return Unexpected(std::move(stored).error());
    m_deviceId = stored->device.value_or(std::string());
    if (!stored->account)
        co_return Result<void>{};
    auto parsed = protocol::parseObject(*stored->account, limits::kMaxHttpBodyBytes);
    if (!parsed)
        co_return Result<void>{};
    const auto *user = parsed->if_contains("user");
    auto self = protocol::decode<User>(user && user->is_object() ? user->get_object() : boost::json::object{});
    if (m_server.isEmpty())
        m_server = QUrl(QString::fromStdString(textAt(*parsed, "server")));
    if (!self)
        co_return Result<void>{};
    m_self = *self;
    m_accessToken = textAt(*parsed, "access");
    m_refreshToken = textAt(*parsed, "refresh");
    m_issued = fromUnixMs(numberAt(*parsed, "issued"));
    m_expires = fromUnixMs(numberAt(*parsed, "expires"));
    auto ownedLater = m_history.run([self = m_self](history::HistoryStore &store) -> sql::Result<void> {
        store.setSelf(self.id);
        return {};
    });
    auto owned = co_await ownedLater;
    schedule();
    co_return owned;
}

QCoro::Task<Result<void>> Account::save()
{
    boost::json::object json{{"server", m_server.toString().toStdString()},
                             {"user", protocol::encode(m_self)},
                             {"access", m_accessToken},
                             {"refresh", m_refreshToken},
                             {"issued", toUnixMs(m_issued)},
                             {"expires", toUnixMs(m_expires)}};
    auto text = boost::json::serialize(json);
    auto answerLater = m_history.run(
        [text = std::move(text)](history::HistoryStore &store) { return store.setSetting(kAccountSetting, text); });
    co_return co_await answerLater;
}

/// The server takes the pair on the disk no more, so this is tried until it holds the new one.
QCoro::Task<Result<void>> Account::saveRenewed()
{
    m_saving.stop();
    if (!isLoggedIn())
        co_return Result<void>{};
    auto kept = co_await save();
    if (kept)
        m_unsaved = 0;
    else if (kept.error().code != ClientErrorCode::Cancelled)
        m_saving.start(std::min<milliseconds>(kRetryFirst * (1 << std::min(m_unsaved++, 4)), kRetryMost));
    co_return kept;
}

QCoro::Task<Result<User>> Account::registerAccount(QUrl server, std::string username, std::string password,
                                                   std::string displayName)
{
    HttpClient::Call call{"POST", server, QStringLiteral("/v1/register"), {}, {}};
    call.body = protocol::encode(protocol::RegisterRequest{username, password, displayName});
    auto answerLater = m_http.call(call);
    auto answer = co_await answerLater;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    auto reply = protocol::decode<protocol::UserReply>(*answer);
    if (!reply)
        co_return Unexpected(makeError(ClientErrorCode::NotKith, QString::fromStdString(reply.error().message)));
    co_return reply->user;
}

QCoro::Task<Result<void>> Account::login(QUrl server, std::string username, std::string password,
                                         std::optional<SecondFactorCode> code)
{
    const auto drops = m_drops;
    if (m_deviceId.empty()) {
        m_deviceId = crypto::makeUuid();
        auto keptLater = m_history.run(
            [id = m_deviceId](history::HistoryStore &store) { return store.setSetting(kDeviceSetting, id); });
        auto kept = co_await keptLater;
        if (!kept)
            co_return Unexpected(std::move(kept).error());
    }
    auto checked = checkedServer(server);
    if (!checked)
        co_return Unexpected(std::move(checked).error());
    protocol::LoginRequest request;
    request.username = username;
    request.password = password;
    if (code)
        (code->kind == SecondFactorCode::Kind::Totp ? request.totp : request.recoveryCode) = code->text;
    request.device = Device{DeviceId(m_deviceId), m_deviceName.left(64).toStdString(), platformName(), {}};
    HttpClient::Call call{"POST", *checked, QStringLiteral("/v1/login"), {}, {}};
    call.body = protocol::encode(request);
    auto answerLater = m_http.call(call);
    auto answer = co_await answerLater;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    auto reply = protocol::decode<protocol::TokenReply>(*answer);
    if (!reply || !reply->user)
        co_return Unexpected(makeError(ClientErrorCode::NotKith, QStringLiteral("the login answer cannot be read")));
    const User user = *reply->user;
    // A history belongs to one person: another account's messages are never mixed into it.
    const std::string owner = user.id.str() + " " + user.username;
    auto mineLater = m_history.run([owner, id = user.id](history::HistoryStore &store) -> sql::Result<bool> {
        KITH_TRY_VALUE(before, store.setting(kOwnerSetting));
        if (before && *before != owner)
            return false;
        KITH_TRY(store.setSetting(kOwnerSetting, owner));
        store.setSelf(id);
        return true;
    });
    auto mine = co_await mineLater;
    if (!mine)
        co_return Unexpected(std::move(mine).error());
    if (!*mine)
        co_return Unexpected(makeError(ClientErrorCode::ProfileInUse,
                                       QStringLiteral("this profile holds the history of another account")));
    if (drops != m_drops)
        co_return Unexpected(cancelledError());
    m_server = *checked;
    m_self = user;
    auto taken = take(*answer, true);
    if (!taken)
        co_return Unexpected(std::move(taken).error());
    co_return co_await save();
}

Result<void> Account::take(const boost::json::object &answer, bool wantsUser)
{
    auto reply = protocol::decode<protocol::TokenReply>(answer);
    if (!reply || (wantsUser && !reply->user) || reply->accessToken.empty() || reply->refreshToken.empty())
        return Unexpected(makeError(ClientErrorCode::NotKith, QStringLiteral("the answer carries no tokens")));
    m_accessToken = reply->accessToken;
    m_refreshToken = reply->refreshToken;
    m_issued = m_clock->now();
    m_expires = m_issued + std::chrono::seconds(reply->expiresInSeconds);
    m_failures = 0;
    schedule();
    return {};
}

void Account::schedule()
{
    if (!isLoggedIn())
        return m_renewal.stop();
    const auto life = m_expires - m_issued;
    const auto due = m_issued + std::chrono::duration_cast<milliseconds>(life * kRenewAt);
    // A timer counts to 24 days; a token that lives longer is renewed earlier.
    const auto in = std::clamp<milliseconds>(std::chrono::duration_cast<milliseconds>(due - m_clock->now()),
                                             milliseconds{100}, std::chrono::hours{24});
    m_renewal.start(in);
}

QCoro::Task<Result<void>> Account::refresh()
{
    Promise<void> promise;
    m_refreshWaiters.push_back(promise);
    if (!std::exchange(m_refreshing, true))
        runRefresh();
    co_return co_await promise.later();
}

QCoro::Task<> Account::runRefresh()
{
    const auto used = m_refreshToken;
    HttpClient::Call call{"POST", m_server, QStringLiteral("/v1/token/refresh"), {}, {}};
    call.body = protocol::encode(protocol::RefreshRequest{used});
    auto answerLater = m_http.call(call);
    auto answer = co_await answerLater;
    Result<void> result;
    if (!answer) {
        result = Unexpected(answer.error());
    } else if (m_refreshToken == used) {
        result = take(*answer, false);
        if (result) {
            // Before anybody uses it: a crash now must find the new pair, the old one dies 30 s from here.
            // Where the disk fails HistoryService tells, and the pair works on in memory until there is room.
            auto kept = co_await saveRenewed();
            if (!kept && kept.error().code == ClientErrorCode::Cancelled)
                result = Unexpected(std::move(kept).error());
        }
    }
    m_refreshing = false;
    auto waiters = std::exchange(m_refreshWaiters, {});
    if (!result && result.error().code == ClientErrorCode::Cancelled) {
        for (const auto &waiter : waiters)
            waiter.finish(result);
        co_return;
    }
    const bool over = !result && endsSession(result.error());
    if (!result && !over && isLoggedIn()) {
        const auto pause = std::min<milliseconds>(kRetryFirst * (1 << std::min(m_failures++, 4)), kRetryMost);
        m_renewal.start(pause);
    }
    if (result)
        emit tokenRenewed();
    else if (over)
        emit sessionRefused(result.error());
    for (const auto &waiter : waiters)
        waiter.finish(result);
}

QCoro::Task<Result<void>> Account::logout(bool everywhere)
{
    m_renewal.stop();
    Result<boost::json::object> answer = boost::json::object{};
    if (isLoggedIn()) {
        HttpClient::Call call{"POST", m_server, QStringLiteral("/v1/logout"), {}, m_accessToken};
        call.body = protocol::encode(protocol::LogoutRequest{everywhere});
        answer = co_await m_http.call(call);
        // Elsewhere is only over if the server says so; here it is over in any case.
        if (!answer && (everywhere || answer.error().code == ClientErrorCode::Cancelled)) {
            schedule();
            co_return Unexpected(std::move(answer).error());
        }
    }
    co_return co_await forget();
}

void Account::clearTokens()
{
    m_renewal.stop();
    m_saving.stop();
    crypto::wipe(m_accessToken);
    crypto::wipe(m_refreshToken);
    m_expires = m_issued = {};
}

QCoro::Task<Result<void>> Account::forget()
{
    clearTokens();
    // The server's address and the user stay: they are what the login window fills in, and the history is still theirs.
    auto task = save();
    co_return co_await task;
}

QCoro::Task<> Account::drop()
{
    m_renewal.stop();
    if (m_refreshing) {
        // The server may have made the old token void already: the new pair must reach the disk.
        Promise<void> promise;
        m_refreshWaiters.push_back(promise);
        (void)co_await promise.later();
    }
    if (m_saving.isActive())
        (void)co_await saveRenewed();
    clearTokens();
    ++m_drops;
    m_http.drop();
    m_self = {};
}

QCoro::Task<Result<boost::json::object>> Account::call(QByteArray method, QString path,
                                                       std::optional<boost::json::object> body)
{
    if (!isLoggedIn())
        co_return Unexpected(makeError(ClientErrorCode::NotLoggedIn, {}));
    HttpClient::Call call{method, m_server, path, std::move(body), m_accessToken};
    auto answerLater = m_http.call(call);
    auto answer = co_await answerLater;
    if (answer || !wantsRefresh(answer.error()))
        co_return answer;
    auto refreshed = co_await refresh();
    if (!refreshed)
        co_return Unexpected(std::move(refreshed).error());
    call.bearer = m_accessToken;
    auto againLater = m_http.call(call);
    auto again = co_await againLater;
    co_return again;
}

QCoro::Task<Result<std::vector<User>>> Account::findUsers(std::string query)
{
    const auto path = QStringLiteral("/v1/users?query=") +
                      QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(query)));
    auto answerLater = call("GET", path);
    auto answer = co_await answerLater;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    auto reply = fromDecoded(protocol::decode<protocol::UsersReply>(*answer));
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    co_return std::move(reply->users);
}

QCoro::Task<Result<User>> Account::fetchUser(UserId id)
{
    const auto path =
        QStringLiteral("/v1/users/") + QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(id.str())));
    auto answerLater = call("GET", path);
    auto answer = co_await answerLater;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    auto reply = fromDecoded(protocol::decode<protocol::UserReply>(*answer));
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    co_return std::move(reply->user);
}

QCoro::Task<Result<FileAnswer>> Account::transfer(FileCall call)
{
    if (!isLoggedIn())
        co_return Unexpected(makeError(ClientErrorCode::NotLoggedIn, {}));
    auto answerLater = m_http.transfer(m_server, m_accessToken, call);
    auto answer = co_await answerLater;
    // A HEAD is refused without words.
    if (!answer || !answer->refused || (answer->status != 401 && !wantsRefresh(*answer->refused)))
        co_return answer;
    auto refreshed = co_await refresh();
    if (!refreshed)
        co_return Unexpected(std::move(refreshed).error());
    auto againLater = m_http.transfer(m_server, m_accessToken, call);
    auto again = co_await againLater;
    co_return again;
}

QCoro::Task<> Account::noteSelf(User self)
{
    if (self.id != m_self.id || self == m_self || !isLoggedIn())
        co_return;
    m_self = std::move(self);
    co_await save();
}

QCoro::Task<Result<User>> Account::patchProfile(protocol::ProfilePatch patch)
{
    auto answerLater = call("PATCH", QStringLiteral("/v1/me"), protocol::encode(patch));
    auto answer = co_await answerLater;
    if (!answer)
        co_return Unexpected(std::move(answer).error());
    auto reply = fromDecoded(protocol::decode<protocol::UserReply>(*answer));
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    if (m_self.id == reply->user.id) {
        m_self = reply->user;
        auto kept = co_await save();
        if (!kept && kept.error().code == ClientErrorCode::Cancelled)
            co_return Unexpected(std::move(kept).error());
    }
    co_return std::move(reply->user);
}

void Account::shutdown()
{
    m_renewal.stop();
    if (m_saving.isActive())
        saveRenewed(); // there may be room by now; the history runs what is queued
    m_http.shutdown();
    for (const auto &waiter : std::exchange(m_refreshWaiters, {}))
        waiter.finish(Unexpected(cancelledError()));
}

} // namespace kith::client
