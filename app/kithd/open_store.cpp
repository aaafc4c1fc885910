// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kithd/environment.h"

#include "server/store/embedded/embedded_store.h"

namespace kith::server {

Expected<std::unique_ptr<Store>, std::string> openStore(const Config &config, const crypto::Secret &key,
                                                        const Clock &clock)
{
    auto store = EmbeddedStore::open(databasePath(config), key, clock, {});
    if (!store)
        return Unexpected(databasePath(config) + ": " + describeOpenError(store.error()));
    return std::unique_ptr<Store>(std::move(store).value());
}

} // namespace kith::server
