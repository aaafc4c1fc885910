// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/row_diff.h"

#include <QHash>

namespace kith::models {

void applyRowDiff(const std::vector<TimelineRow> &current, const std::vector<TimelineRow> &wanted,
                  const RowEdits &edits)
{
    QHash<QString, int> place;
    place.reserve(static_cast<qsizetype>(wanted.size()));
    for (int i = 0; i < static_cast<int>(wanted.size()); ++i)
        place.insert(wanted[static_cast<std::size_t>(i)].key, i);

    // Rows that are gone, or that would have to move backwards: those are taken out and put in again.
    std::vector<bool> drop(current.size());
    int reached = -1;
    for (std::size_t i = 0; i < current.size(); ++i) {
        const int at = place.value(current[i].key, -1);
        drop[i] = at <= reached;
        reached = drop[i] ? reached : at;
    }
    for (int i = static_cast<int>(drop.size()) - 1; i >= 0; --i) {
        if (!drop[static_cast<std::size_t>(i)])
            continue;
        int from = i;
        while (from > 0 && drop[static_cast<std::size_t>(from - 1)])
            --from;
        edits.remove(from, i - from + 1);
        i = from;
    }

    for (int i = 0; i < static_cast<int>(wanted.size()); ++i) {
        const TimelineRow &row = wanted[static_cast<std::size_t>(i)];
        if (i < static_cast<int>(current.size()) && current[static_cast<std::size_t>(i)].key == row.key) {
            if (!(current[static_cast<std::size_t>(i)] == row))
                edits.change(i, row);
            continue;
        }
        int end = i + 1;
        const QString next =
            i < static_cast<int>(current.size()) ? current[static_cast<std::size_t>(i)].key : QString();
        while (end < static_cast<int>(wanted.size()) &&
               (next.isNull() || wanted[static_cast<std::size_t>(end)].key != next))
            ++end;
        edits.insert(i, &row, end - i);
        i = end - 1;
    }
}

} // namespace kith::models
