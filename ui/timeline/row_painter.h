// SPDX-License-Identifier: GPL-3.0-or-later
// Draws one laid out row.
#pragma once

#include "ui/timeline/row_layout.h"

class QPainter;

namespace kith::ui {

/// Characters that were looked for.
struct FoundMark {
    int start = 0;
    int length = 0;

    bool operator==(const FoundMark &) const = default;
};

struct RowPaint {
    const models::TimelineRow &row;
    const RowLayout &layout;
    const Theme &theme;
    int selectFrom = 0, selectTo = 0; // characters, empty where equal
    bool flash = false;               // jumped to
    std::vector<FoundMark> found{};
};

void paintRow(QPainter &painter, const QPointF &at, const RowPaint &paint);

} // namespace kith::ui
