// SPDX-License-Identifier: GPL-3.0-or-later
// Who is logged in where, and the tokens: login, refresh before expiry, logout. Tokens rest in the encrypted history.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/clock.h"
#include "core/base/domain.h"
#include "core/client/history_service.h"
#include "core/client/http_client.h"
#include "core/protocol/http.h"
#include <QCoroTask>
#include <optional>
#include <string>
#include <vector>
#endif

#include <QObject>
#include <QTimer>
#include <QUrl>

namespace kith::client {

class Account final : public QObject, public FileCalls {
    Q_OBJECT
public:
    Account(HistoryService &history, std::shared_ptr<const Clock> clock, QString deviceName, QObject *parent = nullptr);

    /// Reads what the history remembers.
    QCoro::Task<Result<void>> load();

    bool isLoggedIn() const { return !m_refreshToken.empty(); }
    /// Who is logged in, or was last while the history is kept. Empty id: nobody's history.
    const User &self() const { return m_self; }
    /// After the history was wiped.
    void disown() { m_self = {}; }
    QUrl server() const { return m_server; }
    void setServer(const QUrl &server) { m_server = server; }
    const std::string &deviceId() const { return m_deviceId; }
    const std::string &accessToken() const { return m_accessToken; }

    QCoro::Task<Result<User>> registerAccount(QUrl server, std::string username, std::string password,
                                              std::string displayName);
    QCoro::Task<Result<void>> login(QUrl server, std::string username, std::string password,
                                    std::optional<SecondFactorCode> code);
    /// Ends the session on the server where it can be reached, and here in any case.
    QCoro::Task<Result<void>> logout(bool everywhere = false);
    /// Forgets the tokens: the server has ended the session.
    QCoro::Task<Result<void>> forget();
    /// However often it is asked, one refresh runs at a time and all get its answer.
    QCoro::Task<Result<void>> refresh();
    QCoro::Task<Result<std::vector<User>>> findUsers(std::string query);
    QCoro::Task<Result<User>> fetchUser(UserId id);
    /// What is not set stays as it is.
    QCoro::Task<Result<User>> patchProfile(protocol::ProfilePatch patch);
    /// The server says who this is: another device may have changed it.
    QCoro::Task<> noteSelf(User self);
    /// A call as whoever is logged in; a token that has run out is renewed on the way.
    QCoro::Task<Result<boost::json::object>> call(QByteArray method, QString path,
                                                  std::optional<boost::json::object> body = std::nullopt);
    QCoro::Task<Result<FileAnswer>> transfer(FileCall call) override;
    /// After a refresh that is under way: tokens and names leave the memory, what the history holds stays.
    QCoro::Task<> drop();
    void shutdown();
    void simulate(const Simulation &simulation) { m_http.simulate(simulation); }
    void setProxy(const QNetworkProxy &proxy) { m_http.setProxy(proxy); }

signals:
    /// See HttpClient::called.
    void called(const QByteArray &method, const QString &path, int status, std::chrono::milliseconds took,
                qint64 bytes);
    void tokenRenewed();
    /// The server refused to renew the session. A network failure never leads here.
    void sessionRefused(const kith::client::ClientError &reason);

private:
    QCoro::Task<> runRefresh();
    QCoro::Task<Result<void>> save();
    QCoro::Task<Result<void>> saveRenewed();
    Result<void> take(const boost::json::object &answer, bool wantsUser);
    void schedule();
    void clearTokens();

    HistoryService &m_history;
    std::shared_ptr<const Clock> m_clock;
    QString m_deviceName;
    HttpClient m_http;
    QTimer m_renewal, m_saving;
    QUrl m_server;
    User m_self;
    std::string m_deviceId;
    std::string m_accessToken, m_refreshToken;
    Timestamp m_issued{}, m_expires{};
    bool m_refreshing = false;
    std::uint64_t m_drops = 0; // a login that was under way when everything was dropped must not bring tokens back
    int m_failures = 0;        // of refreshes in a row
    int m_unsaved = 0;         // renewed pairs, or attempts at one, that the disk did not take
    std::vector<Promise<void>> m_refreshWaiters;
};

} // namespace kith::client
