// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kithd/admin.h"

#include "app/kithd/environment.h"
#include "core/crypto/crypto.h"
#include "core/protocol/http.h"
#include "core/sql/sql.h"
#include "server/ops/demo.h"
#include "server/store/embedded/backup.h"

#include <boost/json/serialize.hpp>

#include <filesystem>
#include <iostream>
#include <utility>

namespace kith::server {
namespace {

int failed(const std::string &what)
{
    std::cerr << "kithd: " << what << '\n';
    return kFailed;
}

/// Calls `body(key)`. Where there is no key file, one is made only if it may.
template <class Body>
int withKey(const Config &config, bool mayMake, Body body)
{
    hardenProcess();
    auto key = loadKey(config, mayMake);
    return key ? body(*key) : failed(key.error());
}

/// Opens key and store, runs `body(store)`, closes.
template <class Body>
int withStore(const Config &config, Body body)
{
    return withKey(config, true, [&](const crypto::Secret &key) {
        const SystemClock clock;
        auto store = openStore(config, key, clock);
        if (!store)
            return failed(store.error());
        const int status = body(**store);
        (*store)->close();
        return status;
    });
}

int fail(const StoreError error)
{
    return failed(describe(error));
}

/// The name as accounts carry it and the password, both checked by the rules of POST /v1/register.
Expected<protocol::RegisterRequest, std::string> checkedAccount(const std::string &username,
                                                                const std::string &displayName)
{
    KITH_TRY_VALUE(password, readPassword("Password"));
    const boost::json::object body{
        {"username", username}, {"password", password}, {"display_name", displayName.empty() ? username : displayName}};
    auto request = protocol::decode<protocol::RegisterRequest>(body);
    if (!request)
        return Unexpected(request.error().field + ": " + request.error().message);
    return std::move(request).value();
}

std::string copyPath(const std::string &folder)
{
    return (std::filesystem::path(folder) / "kithd.db").string();
}

/// Argon2id at the configured cost, of a password that is wiped afterwards.
Expected<std::string, std::string> hashOf(std::string &password, const Config &config)
{
    crypto::PasswordCost cost;
    cost.operations = static_cast<unsigned long long>(config.passwordOperations);
    cost.memoryBytes = static_cast<std::size_t>(config.passwordMemoryKib) * 1024;
    const auto secret = crypto::Secret::take(std::move(password));
    auto hash = crypto::hashPassword(secret.view(), cost);
    if (!hash)
        return Unexpected(std::string("the password cannot be hashed: too little memory"));
    return std::move(hash).value();
}

int usage(const std::string &what)
{
    std::cerr << "kithd: " << what << '\n';
    return kUsage;
}

/// Finds the account and calls `body(user id)`.
template <class Body>
int withUser(Store &store, const std::string &username, Body body)
{
    std::string folded = username;
    for (char &c : folded)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto found =
        await<Credentials>([&](Reply<Credentials> reply) { store.credentials(folded, std::move(reply)); });
    if (!found)
        return fail(found.error());
    return body(found->user.id);
}

int closeAllSessions(Store &store, const UserId &user)
{
    using Closed = std::vector<DeviceId>;
    const auto closed =
        await<Closed>([&](Reply<Closed> reply) { store.closeSessions(user, std::nullopt, std::move(reply)); });
    return closed ? int(kDone) : fail(closed.error());
}

} // namespace

int addUser(const Config &config, const std::string &username, const std::string &displayName)
{
    auto account = checkedAccount(username, displayName);
    if (!account)
        return usage(account.error());
    auto hash = hashOf(account->password, config);
    if (!hash)
        return usage(hash.error());
    return withStore(config, [&](Store &store) {
        const NewUser user{account->username, *hash, account->displayName};
        const auto made = await<User>([&](Reply<User> reply) { store.createUser(user, std::move(reply)); });
        if (!made)
            return fail(made.error());
        std::cout << boost::json::serialize(protocol::encode(*made)) << '\n';
        return int(kDone);
    });
}

int changePassword(const Config &config, const std::string &username)
{
    auto account = checkedAccount(username, {});
    if (!account)
        return usage(account.error());
    auto hash = hashOf(account->password, config);
    if (!hash)
        return usage(hash.error());
    return withStore(config, [&](Store &store) {
        return withUser(store, username, [&](const UserId &user) {
            using Ended = std::vector<DeviceId>;
            const auto done = await<Ended>([&](Reply<Ended> reply) {
                store.changePassword(user, *hash, std::nullopt, std::nullopt, std::move(reply));
            });
            return done ? int(kDone) : fail(done.error());
        });
    });
}

int setUserDisabled(const Config &config, const std::string &username, bool disabled)
{
    return withStore(config, [&](Store &store) {
        return withUser(store, username, [&](const UserId &user) {
            const auto done =
                await<void>([&](Reply<void> reply) { store.setDisabled(user, disabled, std::move(reply)); });
            if (!done)
                return fail(done.error());
            return disabled ? closeAllSessions(store, user) : int(kDone);
        });
    });
}

int turnOffSecondFactor(const Config &config, const std::string &username)
{
    return withStore(config, [&](Store &store) {
        return withUser(store, username, [&](const UserId &user) {
            const auto done =
                await<void>([&](Reply<void> reply) { store.unbindTotp(user, std::nullopt, std::move(reply)); });
            if (!done)
                return fail(done.error());
            store.audit({0, user, {}, "mfa_unbound", "operator", {}});
            return closeAllSessions(store, user);
        });
    });
}

int auditUser(const Config &config, const std::string &username)
{
    return withStore(config, [&](Store &store) {
        return withUser(store, username, [&](const UserId &user) {
            using Events = std::vector<AuditEvent>;
            constexpr int kAtATime = 200;
            std::optional<std::int64_t> before;
            for (;;) {
                const auto events = await<Events>(
                    [&](Reply<Events> reply) { store.auditLog(user, before, kAtATime, std::move(reply)); });
                if (!events)
                    return fail(events.error());
                for (const AuditEvent &event : *events)
                    std::cout << boost::json::serialize(boost::json::object{{"id", event.id},
                                                                            {"event", event.event},
                                                                            {"at", toUnixMs(event.at)},
                                                                            {"device", event.device},
                                                                            {"address", event.addressMasked}})
                              << '\n';
                if (events->size() < std::size_t(kAtATime))
                    return int(kDone);
                before = events->back().id;
            }
        });
    });
}

int listUsers(const Config &config)
{
    return withStore(config, [&](Store &store) {
        using Users = std::vector<User>;
        constexpr int kAtATime = 200;
        std::optional<UserId> after;
        for (;;) {
            const auto users =
                await<Users>([&](Reply<Users> reply) { store.findUsers({}, after, kAtATime, std::move(reply)); });
            if (!users)
                return fail(users.error());
            for (const User &user : *users)
                std::cout << boost::json::serialize(protocol::encode(user)) << '\n';
            if (users->size() < std::size_t(kAtATime))
                return int(kDone);
            after = users->back().id;
        }
    });
}

int checkDatabase(const Config &config)
{
    if (!databaseExists(config))
        return usage(databasePath(config) + " is not there");
    return withKey(config, true, [&](const crypto::Secret &key) {
        sql::OpenOptions options;
        options.create = false;
        options.exclusive = true;
        auto database = sql::Database::open(databasePath(config), key, options);
        if (!database)
            return failed(describeOpenError(database.error()));
        if (const auto sound = database->integrityCheck(); !sound)
            return failed(describeOpenError(sound.error()));
        std::cout << databasePath(config) << " is sound\n";
        return int(kDone);
    });
}

int backUpTo(const Config &config, const std::string &folder)
{
    if (!databaseExists(config))
        return usage(databasePath(config) + " is not there");
    return withKey(config, true, [&](const crypto::Secret &key) {
        std::error_code refused;
        std::filesystem::create_directories(folder, refused);
        if (refused)
            return usage(folder + ": " + refused.message());
        const std::string to = copyPath(folder);
        if (std::filesystem::exists(to))
            return usage(to + " is there already");
        if (const auto done = backUp(databasePath(config), key, to); !done)
            return failed(describeOpenError(done.error()));
        std::cout << to << " is a sound copy; the key is not in it\n";
        return int(kDone);
    });
}

int restoreFrom(const Config &config, const std::string &folder)
{
    const std::string from = copyPath(folder);
    if (!std::filesystem::exists(from))
        return usage(from + " is not there");
    // The key that the copy was made with: another is of no use.
    return withKey(config, false, [&](const crypto::Secret &key) {
        const SystemClock clock;
        const auto aside = restore(from, key, databasePath(config), clock);
        if (!aside)
            return failed(describeOpenError(aside.error()));
        std::cout << databasePath(config) << " is restored";
        if (!aside->empty())
            std::cout << "; what was there is kept as " << *aside;
        std::cout << '\n';
        return int(kDone);
    });
}

int makeDemo(const Config &config)
{
    return withStore(config, [&](Store &store) {
        // A demo's password is public: it is printed here and written in the README.
        std::string password = "kith-demo-password";
        auto hash = hashOf(password, config);
        if (!hash)
            return failed(hash.error());
        const SystemClock clock;
        const auto world = makeDemoWorld(store, clock, *hash);
        if (!world)
            return fail(world.error());
        if (world->existed) {
            std::cout << "the demo world is there already\n";
            return static_cast<int>(kDone);
        }
        for (const auto &person : world->people)
            std::cout << person.username << '\t' << person.displayName << '\n';
        std::cout << world->messages << " messages; everybody's password is kith-demo-password\n";
        return static_cast<int>(kDone);
    });
}

} // namespace kith::server
