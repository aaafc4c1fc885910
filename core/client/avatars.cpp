// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/avatars.h"

#include "core/client/errors.h"
#include "core/crypto/crypto.h"

#include <utility>

namespace kith::client {

namespace {

constexpr int kMostAtOnce = 4;             // requests
constexpr std::size_t kPerTask = 16;       // read from the history: a window's page waits for no more
constexpr std::size_t kMostAbsent = 10000; // remembered; more would be somebody's mischief
constexpr auto kRetryCeiling = std::chrono::minutes{10};

history::Avatar stored(const std::string &id, const QByteArray &bytes)
{
    return {id, bytes.toStdString()};
}

} // namespace

std::string pictureType(const QByteArray &bytes)
{
    if (bytes.startsWith(QByteArrayLiteral("\x89PNG\r\n\x1a\n")))
        return "image/png";
    return bytes.startsWith(QByteArrayLiteral("\xff\xd8\xff")) ? "image/jpeg" : std::string();
}

Avatars::Avatars(HistoryService &history, FileTransfer &transfer, std::shared_ptr<const Clock> clock, Limits limits,
                 QObject *parent)
    : QObject(parent), m_history(history), m_transfer(transfer), m_clock(std::move(clock)), m_limits(limits),
      m_backoff(limits.firstRetry, kRetryCeiling)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] {
        for (std::string &id : std::exchange(m_toRetry, {}))
            m_toFetch.push_back(std::move(id));
        fetchMore();
    });
}

void Avatars::open()
{
    m_open = true;
}

void Avatars::close()
{
    m_open = m_online = false;
    forget();
}

void Avatars::forget()
{
    ++m_round;
    m_fetching = 0;
    m_asked.clear();
    m_toRead.clear();
    m_toFetch.clear();
    m_toRetry.clear();
    m_absent.clear();
    m_retry.stop();
    m_backoff.reset();
    for (auto waiting = std::exchange(m_waiting, {}); const auto &[id, promise] : waiting)
        promise.finish(Unexpected(cancelledError()));
}

void Avatars::setOnline(bool online)
{
    m_online = online;
    if (!online)
        return;
    m_retry.stop();
    m_backoff.reset();
    for (std::string &id : std::exchange(m_toRetry, {}))
        m_toFetch.push_back(std::move(id));
    fetchMore();
}

bool Avatars::isAbsent(const std::string &id) const
{
    const auto known = m_absent.find(id);
    return known != m_absent.end() && known->second > m_clock->steady();
}

void Avatars::want(const std::string &id)
{
    if (m_open && !id.empty() && !isAbsent(id))
        ask(id);
}

QCoro::Task<Result<QByteArray>> Avatars::get(std::string id)
{
    if (!m_open)
        co_return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("the history is not open")));
    Promise<QByteArray> promise;
    m_waiting.emplace(id, promise);
    ask(id);
    auto later = promise.later();
    co_return co_await later;
}

void Avatars::ask(const std::string &id)
{
    if (!m_asked.insert(id).second) {
        // Somebody waits for what is tried only now and then.
        if (m_waiting.contains(id) && std::erase(m_toRetry, id) > 0) {
            m_toFetch.push_back(id);
            fetchMore();
        }
        return;
    }
    m_toRead.push_back(id);
    if (m_toRead.size() == 1) // all that one turn of the loop asks for is read together
        QMetaObject::invokeMethod(
            this, [this, round = m_round] { read(round); }, Qt::QueuedConnection);
}

QCoro::Task<> Avatars::read(std::uint64_t round)
{
    while (round == m_round && !m_toRead.empty()) {
        const std::size_t count = std::min(m_toRead.size(), kPerTask);
        const std::vector<std::string> ids(m_toRead.begin(), m_toRead.begin() + static_cast<std::ptrdiff_t>(count));
        auto later = m_history.run(
            [ids, now = m_clock->now()](history::HistoryStore &store) { return store.avatars(ids, now); });
        auto found = co_await later;
        if (round != m_round)
            co_return;
        m_toRead.erase(m_toRead.begin(), m_toRead.begin() + static_cast<std::ptrdiff_t>(count));
        std::set<std::string> here;
        if (found) {
            for (const history::Avatar &one : *found) {
                here.insert(one.id);
                m_asked.erase(one.id);
                const auto bytes = QByteArray::fromStdString(one.bytes);
                emit arrived(one.id, bytes);
                answer(one.id, bytes);
                if (round != m_round)
                    co_return;
            }
        }
        for (const std::string &id : ids)
            if (!here.contains(id))
                m_toFetch.push_back(id);
    }
    if (round == m_round)
        fetchMore();
}

void Avatars::fetchMore()
{
    if (!m_online) { // who shows one is told when the link is back; who waits, now
        for (const std::string &id : std::vector<std::string>(m_toFetch))
            if (m_waiting.contains(id))
                answer(id, Unexpected(makeError(ClientErrorCode::Unreachable, QStringLiteral("not connected"))));
        return;
    }
    while (m_fetching < kMostAtOnce && !m_toFetch.empty()) {
        std::string id = std::move(m_toFetch.back()); // what was scrolled past can wait
        m_toFetch.pop_back();
        ++m_fetching;
        fetch(std::move(id), m_round);
    }
}

QCoro::Task<> Avatars::fetch(std::string id, std::uint64_t round)
{
    auto task = m_transfer.download(id, kMaxAvatarBytes);
    auto bytes = co_await task;
    if (round != m_round)
        co_return;
    --m_fetching;
    if (!bytes)
        failed(id, bytes.error());
    else if (pictureType(*bytes).empty())
        failed(id, wireError(protocol::makeError(protocol::ErrorCode::NotFound, "not a picture")));
    else
        take(id, *bytes);
    if (round == m_round)
        fetchMore();
}

void Avatars::keep(const std::string &id, const QByteArray &bytes)
{
    m_absent.erase(id);
    if (m_open && !m_asked.contains(id))
        take(id, bytes);
}

void Avatars::take(const std::string &id, const QByteArray &bytes)
{
    m_backoff.reset();
    m_asked.erase(id);
    m_absent.erase(id);
    auto kept = m_history.run([avatar = stored(id, bytes), now = m_clock->now(), most = m_limits.bytes](
                                  history::HistoryStore &store) { return store.putAvatar(avatar, now, most); });
    emit arrived(id, bytes);
    answer(id, bytes);
}

void Avatars::failed(const std::string &id, const ClientError &error)
{
    if (error.code == ClientErrorCode::Cancelled) {
        m_asked.erase(id);
    } else if (isFinalRefusal(error)) {
        m_asked.erase(id);
        if (m_absent.size() >= kMostAbsent)
            m_absent.clear();
        m_absent[id] = m_clock->steady() + kAbsentFor;
    } else {
        m_toRetry.push_back(id);
        if (!m_retry.isActive())
            m_retry.start(m_backoff.next(crypto::randomUnit()));
    }
    answer(id, Unexpected(error));
}

/// Last of all that is done: whoever waited may do anything.
void Avatars::answer(const std::string &id, const Result<QByteArray> &result)
{
    const auto [from, to] = m_waiting.equal_range(id);
    std::vector<Promise<QByteArray>> waiting;
    for (auto it = from; it != to; ++it)
        waiting.push_back(it->second);
    m_waiting.erase(from, to);
    for (const auto &promise : waiting)
        promise.finish(result);
}

} // namespace kith::client
