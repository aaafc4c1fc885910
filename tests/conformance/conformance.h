// SPDX-License-Identifier: GPL-3.0-or-later
// What every implementation of server::Store must do. A new one writes a factory and calls runConformance().
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/clock.h"
#include "server/store/store.h"
#include "tests/conformance/sync_store.h"
#endif

#include <QObject>
#include <QtTest>

#ifndef Q_MOC_RUN
#include <functional>
#include <memory>
#endif

namespace kith::server::test {

class StoreFactory {
public:
    virtual ~StoreFactory() = default;
    /// Begins a new, empty data set.
    virtual void wipe() = 0;
    /// Opens the data set, after the last store on it is gone. The grace of refresh tokens is limits::kRefreshGrace.
    virtual std::unique_ptr<Store> open(const Clock &clock) = 0;
};

/// Runs all suites; returns the number of failures, for main().
int runConformance(StoreFactory &factory, int argc, char **argv);

/// Base of the suites: an empty store with an own clock for each test.
class StoreSuite : public QObject {
    Q_OBJECT

public:
    explicit StoreSuite(StoreFactory &factory) : m_factory(factory) {}

protected:
    static constexpr Timestamp kStart = fromUnixMs(1'760'000'000'000);

    UserId makeUser(const std::string &name);
    /// With a fresh cid unless one is given.
    AppendMessage text(const UserId &sender, const ConversationId &conversation, const std::string &body);
    AppendMessage textTo(const UserId &sender, const UserId &to, const std::string &body);
    /// Appends and expects success.
    Appended say(const UserId &sender, const ConversationId &conversation, const std::string &body);
    /// A group with a "created" notice as seq 1.
    ConversationId makeGroup(const UserId &owner, const std::vector<UserId> &members,
                             const std::string &name = "Group");
    FileId uploadFile(const UserId &owner, const std::string &bytes, const std::string &mime = "text/plain");
    /// A complete PNG: the same colour, the same bytes.
    FileId makePicture(const UserId &owner, std::uint8_t colour = 0);
    std::vector<std::int64_t> seqs(const std::vector<Message> &messages) const;
    std::vector<std::int64_t> pageSeqs(const UserId &reader, const PageQuery &query);
    void reopen();
    SyncStore &store() { return *m_sync; }

    ManualClock clock{kStart};

private slots:
    void init();
    void cleanup();

private:
    StoreFactory &m_factory;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<SyncStore> m_sync;
};

template <class T>
std::string why(const StoreResult<T> &result)
{
    return result ? std::string() : "store error " + std::to_string(static_cast<int>(result.error()));
}

/// The value of a StoreResult that must be there. In a macro so that a failure names the line of the test.
#define MUST(name, expression)                                                                                         \
    auto name##Result = (expression);                                                                                  \
    QVERIFY2(name##Result.has_value(), why(name##Result).c_str());                                                     \
    auto name = std::move(name##Result).value()
#define MUST_DO(expression) QVERIFY((expression).has_value())
#define MUST_FAIL(expression, expected)                                                                                \
    do {                                                                                                               \
        auto failing = (expression);                                                                                   \
        QVERIFY2(!failing.has_value(), "it went through");                                                             \
        QCOMPARE(static_cast<int>(failing.error()), static_cast<int>(expected));                                       \
    } while (false)

} // namespace kith::server::test
