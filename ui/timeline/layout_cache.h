// SPDX-License-Identifier: GPL-3.0-or-later
// The most recently used row layouts of one width. Counts the layouts that it makes: a test holds it to few.
#pragma once

#include "ui/timeline/row_layout.h"

#include <QHash>

#include <list>

namespace kith::ui {

class LayoutCache final {
public:
    /// Some screens' worth: scrolling back and forth makes no layout twice.
    explicit LayoutCache(std::size_t most = 400) : m_most(most) {}

    const RowLayout &get(const models::TimelineRow &row, const LayoutContext &context);
    void forget(const QString &key);
    void clear();
    std::int64_t made() const { return m_made; }
    /// Mean height of what was laid out last, for the scroll bar.
    double meanHeight() const { return m_mean; }

private:
    struct Entry {
        QString key;
        RowLayout layout;
    };
    std::size_t m_most;
    int m_width = -1;
    QDate m_today;
    std::list<Entry> m_entries; // most recently used first
    QHash<QString, std::list<Entry>::iterator> m_index;
    std::int64_t m_made = 0;
    double m_mean = 56;
};

} // namespace kith::ui
