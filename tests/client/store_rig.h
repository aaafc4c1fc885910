// SPDX-License-Identifier: GPL-3.0-or-later
// An encrypted store in a folder of its own and a pretended server, for the parts of the client that stand on both.
#pragma once

#include "core/client/history_service.h"
#include "tests/client/fake_rpc.h"

#include <QTemporaryDir>

namespace kith::test {

inline const UserId kMe("1"), kPeer("2");
inline const ConversationId kChat("p:1:2"), kGroup("g:7");

struct StoreRig {
    QTemporaryDir dir;
    client::HistoryService history;
    FakeServer server;

    StoreRig()
    {
        const auto opened =
            wait(history.open(dir.filePath(QStringLiteral("h.db")).toStdString(), crypto::Secret::random(32)));
        if (!opened)
            qFatal("the store cannot be opened: %s", qPrintable(opened.error().detail));
        (void)wait(history.run([](history::HistoryStore &store) -> sql::Result<void> {
            store.setSelf(kMe);
            return {};
        }));
    }
    /// In the destructor of whoever adds parts: as the client does it, what is under way ends while those who wait for
    /// it still live.
    void end()
    {
        server.drop();
        history.shutdown();
    }
};

} // namespace kith::test
