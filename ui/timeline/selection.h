// SPDX-License-Identifier: GPL-3.0-or-later
// Selected text within one message or over several: two ends that stay on their messages while rows come and go.
#pragma once

#include "core/models/timeline_window.h"

#include <QString>

#include <utility>

namespace kith::ui {

class Selection final {
public:
    struct End {
        QString key;
        int at = 0; // character
    };

    void start(End end);
    void extend(End end) { m_head = std::move(end); }
    void set(End from, End to);
    void clear() { m_anchor = m_head = {}; }
    bool isActive() const { return !m_anchor.key.isEmpty(); }

    /// Selected characters of a row of `length` characters; equal ends: none.
    std::pair<int, int> inRow(const models::TimelineWindow &model, int row, int length) const;
    bool isEmpty(const models::TimelineWindow &model) const;
    /// One message: the words; several: each behind its time and its sender's name, a line apart.
    QString text(const models::TimelineWindow &model) const;

private:
    struct Span {
        int first = -1, from = 0, last = -1, to = 0;
    };
    Span span(const models::TimelineWindow &model) const;

    End m_anchor, m_head;
};

} // namespace kith::ui
