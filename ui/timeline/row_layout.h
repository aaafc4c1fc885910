// SPDX-License-Identifier: GPL-3.0-or-later
// One row of the timeline laid out for one width: where everything lies and how the text breaks.
#pragma once

#include "core/models/people.h"
#include "core/models/timeline_row.h"
#include "ui/theme/theme.h"

#include <QRectF>
#include <QTextLayout>

#include <memory>
#include <vector>

namespace kith::ui {

struct Link {
    int start = 0;
    int length = 0;
    QString url;
};

/// Coordinates are pixels from the row's top left corner.
struct RowLayout {
    int height = 0;
    QRectF bubble;
    QRectF avatar;
    QRectF name;
    QString nameText;
    QRectF quote;
    QString quoteName, quoteText;
    std::unique_ptr<QTextLayout> text; // null for rows without own text
    QPointF textAt;
    QRectF time;
    QString timeText;
    QRectF tick;
    QRectF failure;        // the line under a message that was refused
    QRectF retry, discard; // its two actions
    QString failureText, retryText, discardText;
    QRectF chip;   // day, system and hole rows
    QRectF action; // hole: Load
    QString chipText, actionText;
    std::vector<Link> links;
    std::vector<QRectF> blocks; // grounds of fenced code

    QString plain() const { return text ? text->text() : QString(); }
    /// Character position nearest to a point of the row, and whether the point is on the text itself.
    int positionAt(const QPointF &point) const;
    const Link *linkAt(const QPointF &point) const;
};

struct LayoutContext {
    const Theme &theme;
    const models::People &people;
    int width = 0; // of the viewport
    QDate today;
};

RowLayout layoutRow(const models::TimelineRow &row, const LayoutContext &context);

/// Behind code: seen on either bubble, and words on it are as legible as beside it.
QColor codeGround(const Theme &theme, bool own);
/// http and https addresses in a text.
std::vector<Link> findLinks(const QString &text);
/// One to three emoji and nothing else: shown larger.
bool isEmojiOnly(const QString &text);
/// Line height as a factor of the font's, 1.45 where Chinese is written (LOOK.md).
double lineFactor(const QString &text);

namespace timeline {
inline constexpr int kSide = 16, kAvatar = 32, kBubbleMost = 560, kPadX = 12, kPadY = 8, kBarSpace = 14;
inline constexpr double kBubbleShare = 0.72;
inline constexpr int kRadius = 12, kJoined = 4, kGroupGap = 12, kTight = 2;
} // namespace timeline

} // namespace kith::ui
