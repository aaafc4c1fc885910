// SPDX-License-Identifier: GPL-3.0-or-later
// What the history takes on this computer, and how far a forgetting is.
#pragma once

#include "core/history/types.h"

namespace kith::client {

struct ConversationStorage {
    ConversationId conversation;
    history::Coverage coverage;
    std::optional<Timestamp> oldest; // message here
    /// Its part of the file, an estimate: pages and the search index are shared. The parts and the
    /// pictures sum up to what is used.
    std::int64_t bytes = 0;
};

struct StorageReport {
    std::int64_t fileBytes = 0;    // of the history with its log, as it is on disk
    std::int64_t emptyBytes = 0;   // of them, free for what comes
    std::int64_t pictureBytes = 0; // of people and groups
    std::vector<ConversationStorage> conversations;
};

struct ForgetProgress {
    history::ForgetPhase phase = history::ForgetPhase::None;
    std::int64_t removed = 0, total = 0; // messages

    bool operator==(const ForgetProgress &) const = default;
};

struct Forgotten {
    history::ForgetSurvey what;
    std::int64_t freedBytes = 0; // by which the file became smaller
};

} // namespace kith::client
