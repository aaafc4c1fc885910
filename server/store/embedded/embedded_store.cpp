// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/embedded_store.h"

#include "core/crypto/crypto.h"
#include "server/store/embedded/store_impl.h"
#include "server/store/embedded/store_migrations.h"

#include <algorithm>
#include <future>

namespace kith::server {

using namespace embedded;

EmbeddedStore::EmbeddedStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

EmbeddedStore::~EmbeddedStore()
{
    close();
}

namespace {

sql::Result<std::string> readEpoch(sql::Database &database)
{
    KITH_TRY_VALUE(insert,
                   database.prepare("INSERT INTO meta (name, value) VALUES ('epoch', ?1) ON CONFLICT DO NOTHING"));
    const std::string fresh = crypto::makeUuid();
    insert.bind(1, std::string_view(fresh));
    KITH_TRY(insert.run());
    KITH_TRY_VALUE(select, database.prepare("SELECT value FROM meta WHERE name = 'epoch'"));
    KITH_TRY_VALUE(there, select.step());
    return there ? select.text(0) : fresh;
}

sql::Result<sql::Database> openWriter(const std::string &path, const crypto::Secret &key,
                                      const EmbeddedOptions &options)
{
    sql::OpenOptions open;
    open.cacheKib = options.cacheKib;
    open.registerTokenizer = false;
    KITH_TRY_VALUE(database, sql::Database::open(path, key, open));
    KITH_TRY(sql::migrate(database, migrations()));
    // What is recalled is overwritten; the log is moved by the checkpointer and not by whoever commits.
    KITH_TRY(database.execute("PRAGMA secure_delete = ON"));
    KITH_TRY(database.execute("PRAGMA wal_autocheckpoint = 0"));
    if (options.maxPages > 0)
        KITH_TRY(database.execute("PRAGMA max_page_count = " + std::to_string(options.maxPages)));
    return database;
}

} // namespace

Expected<std::unique_ptr<EmbeddedStore>, StoreOpenError>
EmbeddedStore::open(const std::string &path, const crypto::Secret &key, const Clock &clock, EmbeddedOptions options)
{
    KITH_TRY_VALUE(lock, sql::FileLock::take(path + ".serving"));
    KITH_TRY_VALUE(writing, openWriter(path, key, options));
    KITH_TRY_VALUE(epoch, readEpoch(writing));
    auto writer = Writer::make(Engine(std::move(writing), options.onEngineError), clock,
                               WriterRules{options.refreshGrace, options.node});
    if (!writer)
        return Unexpected(sql::SqlError{sql::SqlErrorCode::Corrupt, path});

    sql::OpenOptions beside;
    beside.create = false;
    beside.registerTokenizer = false;
    beside.cacheKib = 1024;
    KITH_TRY_VALUE(moving, sql::Database::open(path, key, beside));
    beside.readOnly = true;
    beside.cacheKib = options.cacheKib / 4;
    std::vector<std::unique_ptr<Reader>> readers;
    for (int i = 0; i < std::max(options.readers, 1); ++i) {
        KITH_TRY_VALUE(reading, sql::Database::open(path, key, beside));
        readers.push_back(std::make_unique<Reader>(Engine(std::move(reading), options.onEngineError), clock));
    }

    WriteQueueRules rules{
        options.groupCommitWindow, options.maxBatch,       std::max<std::size_t>(options.maxTransaction, 1),
        options.maxQueuedWrites,   options.maxQueuedBytes, options.onCommit};
    auto impl = std::unique_ptr<Impl>(new Impl{std::move(lock), std::move(epoch), {}, {}, {}});
    impl->writes = std::make_unique<WriteQueue>(std::move(*writer), std::move(rules));
    impl->reads = std::make_unique<ReadPool>(std::move(readers), options.maxQueuedReads);
    impl->checkpointer = std::make_unique<Checkpointer>(Engine(std::move(moving), options.onEngineError), *impl->writes,
                                                        options.checkpointInterval);
    return std::unique_ptr<EmbeddedStore>(new EmbeddedStore(std::move(impl)));
}

void EmbeddedStore::close()
{
    m_impl->checkpointer.reset();
    m_impl->reads->close();
    m_impl->writes->close(); // last: closing the last connection moves the whole log into the file
}

std::string EmbeddedStore::epoch() const
{
    return m_impl->epoch;
}

StoreResult<std::string> EmbeddedStore::renewEpoch()
{
    auto done = std::make_shared<std::promise<StoreResult<std::string>>>();
    auto answer = done->get_future();
    m_impl->write<std::string>([done](StoreResult<std::string> result) { done->set_value(std::move(result)); },
                               [epoch = crypto::makeUuid()](Writer &w) -> StoreResult<std::string> {
                                   KITH_TRY(w.setMeta("epoch", epoch));
                                   return epoch;
                               });
    return answer.get();
}

} // namespace kith::server
