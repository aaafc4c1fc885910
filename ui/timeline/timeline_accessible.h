// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the rows of the timeline to screen readers: who, what, when, and how far it came.
#pragma once

#include <QString>

namespace kith::ui {

class TimelineView;

/// Once per process; later calls do nothing.
void installTimelineAccessibility();
/// What is read out for a row.
QString spokenRow(const TimelineView &view, int row);

} // namespace kith::ui
