// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of people and groups: from the encrypted history, else from the server, once for all who show them.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/backoff.h"
#include "core/base/clock.h"
#include "core/base/file_limits.h"
#include "core/client/file_transfer.h"
#include "core/client/history_service.h"
#include <map>
#include <set>
#include <string>
#include <vector>
#endif

#include <QObject>
#include <QTimer>

namespace kith::client {

using limits::kMaxAvatarBytes;
inline constexpr std::string_view kAvatarFeature = "avatars";

/// "image/png" or "image/jpeg" by the first bytes; empty for everything else.
std::string pictureType(const QByteArray &bytes);

/// Nothing here is ever written anywhere but into the history. What the server does not have (any more) is not asked
/// for again for kAbsentFor; what could not be fetched is tried again while the program runs, less and less often, and
/// at once when the link is back.
class Avatars final : public QObject {
    Q_OBJECT
public:
    struct Limits {
        std::int64_t bytes = 64 * 1024 * 1024; // of all that are kept
        std::chrono::milliseconds firstRetry = std::chrono::seconds{5};
    };
    static constexpr auto kAbsentFor = std::chrono::hours{1};

    Avatars(HistoryService &history, FileTransfer &transfer, std::shared_ptr<const Clock> clock, Limits limits,
            QObject *parent = nullptr);
    Avatars(HistoryService &history, FileTransfer &transfer, std::shared_ptr<const Clock> clock)
        : Avatars(history, transfer, std::move(clock), Limits())
    {
    }

    void open();   // the history is open
    void close();  // nothing is read or fetched any more
    void forget(); // what is known of the account's pictures, in memory
    void setOnline(bool online);

    /// arrived() answers, sooner or later.
    void want(const std::string &id);
    /// Unreachable where it is not here and there is no link. The history has it then, or is about to.
    QCoro::Task<Result<QByteArray>> get(std::string id);
    /// Its bytes are known: the server need not be asked.
    void keep(const std::string &id, const QByteArray &bytes);

signals:
    void arrived(const std::string &id, const QByteArray &bytes);

private:
    void ask(const std::string &id);
    QCoro::Task<> read(std::uint64_t round);
    void fetchMore();
    QCoro::Task<> fetch(std::string id, std::uint64_t round);
    void take(const std::string &id, const QByteArray &bytes);
    void failed(const std::string &id, const ClientError &error);
    void answer(const std::string &id, const Result<QByteArray> &result);
    bool isAbsent(const std::string &id) const;

    HistoryService &m_history;
    FileTransfer &m_transfer;
    std::shared_ptr<const Clock> m_clock;
    Limits m_limits;
    bool m_open = false, m_online = false;
    std::uint64_t m_round = 0; // of open histories: an answer of an older one is dropped
    int m_fetching = 0;
    std::set<std::string> m_asked; // in one of the three below, or being fetched
    std::vector<std::string> m_toRead, m_toFetch, m_toRetry;
    std::map<std::string, std::chrono::steady_clock::time_point> m_absent; // until when
    std::multimap<std::string, Promise<QByteArray>> m_waiting;
    Backoff m_backoff;
    QTimer m_retry;
};

} // namespace kith::client
