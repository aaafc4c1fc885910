// SPDX-License-Identifier: GPL-3.0-or-later
// What every command of kithd needs before it can work: folder, key, store, and the terminal.
#pragma once

#include "core/base/clock.h"
#include "core/base/expected.h"
#include "core/crypto/secret.h"
#include "core/sql/sql.h"
#include "server/ops/config.h"
#include "server/store/store.h"

#include <functional>
#include <future>
#include <memory>
#include <string>

namespace kith::server {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2 };

/// No core dumps (they would hold keys and messages), no SIGPIPE, as many descriptors as the system allows.
void hardenProcess();

/// The key file or KITHD_KEY, which is taken out of the environment. Says once on the log when a key was made.
/// None is made where a database exists or `mayMake` is false.
Expected<crypto::Secret, std::string> loadKey(const Config &config, bool mayMake = true);

std::string databasePath(const Config &config);
bool databaseExists(const Config &config);

/// Makes the folder (0700) and opens the store that the configuration names.
Expected<std::unique_ptr<Store>, std::string> openStore(const Config &config, const crypto::Secret &key,
                                                        const Clock &clock);

/// One line of standard input without echo; with a prompt on the terminal if it is one.
Expected<std::string, std::string> readPassword(const char *prompt);

/// Words for an operator.
const char *describe(StoreError error);
std::string describeOpenError(const sql::SqlError &error);

/// Calls an asynchronous function of the store and waits for its answer.
template <class T>
StoreResult<T> await(const std::function<void(Reply<T>)> &call)
{
    auto promise = std::make_shared<std::promise<StoreResult<T>>>();
    auto future = promise->get_future();
    call([promise](StoreResult<T> result) { promise->set_value(std::move(result)); });
    return future.get();
}

} // namespace kith::server
