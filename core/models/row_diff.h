// SPDX-License-Identifier: GPL-3.0-or-later
// Turns one list of rows into another by the fewest ranges: rows are the same where their keys are.
#pragma once

#include "core/models/timeline_row.h"

#include <functional>
#include <vector>

namespace kith::models {

struct RowEdits {
    std::function<void(int from, int count)> remove;
    std::function<void(int at, const TimelineRow *first, int count)> insert;
    std::function<void(int at, const TimelineRow &row)> change;
};

/// `current` is the list that the edits change; each edit refers to its state at that moment.
void applyRowDiff(const std::vector<TimelineRow> &current, const std::vector<TimelineRow> &wanted,
                  const RowEdits &edits);

} // namespace kith::models
