// SPDX-License-Identifier: GPL-3.0-or-later
// Where a timeline reads its pages from: the client's local history, or a fake one in tests.
#pragma once

#include "core/client/types.h"
#include "core/history/types.h"

#include <QCoroTask>

namespace kith::models {

class TimelineSource {
public:
    virtual ~TimelineSource() = default;
    virtual QCoro::Task<client::Result<history::LocalPage>> page(PageQuery query) = 0;
    virtual QCoro::Task<client::Result<std::vector<history::StoredMessage>>> unsent(ConversationId conversation) = 0;
    virtual QCoro::Task<client::Result<std::vector<Receipt>>> receipts(ConversationId conversation) = 0;
    /// Asks the network for the hole; what came is told to the window by coverageChanged.
    virtual QCoro::Task<client::Result<void>> fillHole(ConversationId conversation, history::Hole hole, Seq near) = 0;
};

} // namespace kith::models
