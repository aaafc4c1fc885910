// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/history_service.h"

namespace kith::client {

HistoryService::HistoryService(QObject *parent) : QObject(parent) {}

HistoryService::~HistoryService()
{
    shutdown();
}

Later<void> HistoryService::open(std::string path, crypto::Secret key)
{
    return perform([this, path = std::move(path), key = std::move(key)] { return openHere(path, key, {}); });
}

Result<void> HistoryService::openHere(const std::string &path, const crypto::Secret &key, const UserId &self)
{
    auto store = history::HistoryStore::open(path, key);
    if (!store)
        return Unexpected(sqlError(std::move(store).error()));
    m_store.emplace(std::move(*store));
    m_store->setSelf(self);
    return {};
}

Later<history::Salvage> HistoryService::repair(std::string path, crypto::Secret key)
{
    return perform([this, path = std::move(path), key = std::move(key)]() -> Result<history::Salvage> {
        const UserId self = m_store ? UserId(m_store->self()) : UserId();
        const bool wasOpen = m_store.has_value();
        m_store.reset();
        auto done = history::salvage(path, key);
        if (!done) {
            if (wasOpen)
                static_cast<void>(openHere(path, key, self));
            return Unexpected(sqlError(std::move(done).error()));
        }
        if (auto opened = openHere(path, key, self); !opened)
            return Unexpected(std::move(opened).error());
        return *done;
    });
}

Later<std::string> HistoryService::startAnew(std::string path, crypto::Secret key)
{
    return perform([this, path = std::move(path), key = std::move(key)]() -> Result<std::string> {
        auto aside = history::startAnew(path, key);
        if (!aside)
            return Unexpected(sqlError(std::move(aside).error()));
        if (auto opened = openHere(path, key, {}); !opened)
            return Unexpected(std::move(opened).error());
        return *aside;
    });
}

Later<void> HistoryService::close()
{
    return perform([this]() -> Result<void> {
        m_store.reset();
        return {};
    });
}

bool HistoryService::enter(HistoryStop &stop)
{
    const std::lock_guard lock(m_stopMutex);
    if (stop.m_stopped)
        return false;
    m_running = &stop;
    return true;
}

bool HistoryService::leave(HistoryStop &stop)
{
    const std::lock_guard lock(m_stopMutex);
    m_running = nullptr;
    return !stop.m_stopped;
}

void HistoryService::stop(HistoryStop &stop)
{
    const std::lock_guard lock(m_stopMutex);
    stop.m_stopped = true;
    // Under the lock the worker cannot have gone on to another task.
    if (m_running == &stop)
        m_store->database().interrupt();
}

void HistoryService::note(const ClientError &error)
{
    if (!error.sql)
        return;
    switch (error.sql->code) {
    case sql::SqlErrorCode::DiskFull:
    case sql::SqlErrorCode::Corrupt:
    case sql::SqlErrorCode::Io:
    case sql::SqlErrorCode::ReadOnly:
        QMetaObject::invokeMethod(
            this, [this, error] { emit failed(error); }, Qt::QueuedConnection);
        break;
    case sql::SqlErrorCode::NotSqlCipher:
    case sql::SqlErrorCode::Plaintext:
    case sql::SqlErrorCode::WrongKey:
    case sql::SqlErrorCode::Truncated:
    case sql::SqlErrorCode::NewerSchema:
    case sql::SqlErrorCode::Busy:
    case sql::SqlErrorCode::CannotOpen:
    case sql::SqlErrorCode::Interrupted:
    case sql::SqlErrorCode::Constraint:
    case sql::SqlErrorCode::Misuse:
        break;
    }
}

void HistoryService::shutdown()
{
    m_background.shutdown([this] { m_store.reset(); });
}

} // namespace kith::client
