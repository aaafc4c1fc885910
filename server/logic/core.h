// SPDX-License-Identifier: GPL-3.0-or-later
// What the logic is made of, shared by all its flows; Services owns it, and answers of the store keep it alive.
#pragma once

#include "server/delivery/delivery.h"
#include "server/delivery/presence.h"
#include "server/delivery/registry.h"
#include "server/delivery/retransmitter.h"
#include "server/delivery/sequencer.h"
#include "server/logic/file_sweeper.h"
#include "server/logic/passwords.h"
#include "server/logic/second_factor.h"
#include "server/logic/services.h"
#include "server/logic/throttle.h"
#include "server/logic/tokens.h"
#include "server/logic/transfer_gate.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace kith::server {

struct Core final {
    Core(LogicSettings logicSettings, Store &storeToUse, IoThreads &io, const Clock &theClock, Metrics &theMetrics,
         const crypto::Secret &key);
    ~Core();
    /// Ends all threads of the logic; pushes and hashes are refused from then on.
    void stop();

    const LogicSettings settings;
    Store &store;
    const Clock &clock;
    Metrics &metrics;
    Tokens tokens;
    SecondFactors factors;
    Throttle logins, codes; // passwords, and what is shown beside them
    RateLimit registrations;
    RateLimit avatarChanges; // keys: avatarKey()
    Registry registry;
    Presences presences{registry};
    Retransmitter retransmitter{clock};
    Sequencer sequencer;
    std::atomic<bool> draining{false};
    /// Counts ended sessions: a login that met one half-way looks again (see Socket::finishLogin).
    std::atomic<std::uint64_t> revocations{0};
    const std::shared_ptr<TransferGate> uploads = std::make_shared<TransferGate>(kUploadBounds);
    const std::shared_ptr<TransferGate> downloads = std::make_shared<TransferGate>(kDownloadBounds);
    // The last three have threads that use what is above.
    Delivery delivery;
    PasswordPool passwords;

private:
    void tickEverySecond();
    FileSweeper m_sweeper;
    std::mutex m_mutex; // guards m_stopping
    std::condition_variable m_wake;
    bool m_stopping = false;
    std::thread m_ticker;
};
using CorePtr = std::shared_ptr<Core>;

/// Keys of Core::avatarChanges.
inline std::string avatarKey(const UserId &user)
{
    return "user " + user.str();
}
inline std::string avatarKey(const ConversationId &conversation)
{
    return "conversation " + conversation.str();
}

struct Services::Impl {
    CorePtr core;
};

} // namespace kith::server
