// SPDX-License-Identifier: GPL-3.0-or-later
// How many large bodies are on their way at a time: of requests, which are in memory, and of answers, which read the
// disk.
#pragma once

#include "core/base/ids.h"

#include <memory>
#include <mutex>
#include <unordered_map>

namespace kith::server {

struct TransferBounds {
    int most = 0;
    int mostOfUser = 0; // slow ones of one account cannot keep all others out
};
inline constexpr TransferBounds kUploadBounds{64, 4};    // of kMaxFileChunk each: 64 MiB
inline constexpr TransferBounds kDownloadBounds{256, 8}; // a client fetches a few pictures at once

/// Thread-safe.
class TransferGate final : public std::enable_shared_from_this<TransferGate> {
public:
    explicit TransferGate(TransferBounds bounds) : m_bounds(bounds) {}

    enum class Answer { Entered, TooManyOfUser, Full };
    Answer enter(const UserId &user);
    void leave(const UserId &user);
    /// Leaves when the last copy goes. Whoever holds it may outlive the services: the gate goes with the last of them.
    std::shared_ptr<void> pass(const UserId &user);

private:
    const TransferBounds m_bounds;
    std::mutex m_mutex; // guards the two below
    int m_inside = 0;
    std::unordered_map<UserId, int> m_ofUser;
};

} // namespace kith::server
