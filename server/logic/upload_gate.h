// SPDX-License-Identifier: GPL-3.0-or-later
// How many large request bodies are in memory at a time.
#pragma once

#include "core/base/ids.h"

#include <mutex>
#include <unordered_map>

namespace kith::server {

/// Thread-safe.
class UploadGate final {
public:
    static constexpr int kMost = 64;      // of kMaxFileChunk each: 64 MiB
    static constexpr int kMostOfUser = 4; // slow senders of one account cannot keep all others out

    enum class Answer { Entered, TooManyOfUser, Full };
    Answer enter(const UserId &user);
    void leave(const UserId &user);

private:
    std::mutex m_mutex;
    int m_inside = 0;
    std::unordered_map<UserId, int> m_ofUser;
};

} // namespace kith::server
