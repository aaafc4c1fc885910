// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/layout_cache.h"

namespace kith::ui {

const RowLayout &LayoutCache::get(const models::TimelineRow &row, const LayoutContext &context)
{
    if (context.width != m_width || context.today != m_today) {
        clear();
        m_width = context.width;
        m_today = context.today;
    }
    if (const auto found = m_index.find(row.key); found != m_index.end()) {
        m_entries.splice(m_entries.begin(), m_entries, *found);
        return m_entries.front().layout;
    }
    m_entries.push_front({row.key, layoutRow(row, context)});
    m_index.insert(row.key, m_entries.begin());
    ++m_made;
    m_mean += (m_entries.front().layout.height - m_mean) * 0.02;
    if (m_entries.size() > m_most) {
        m_index.remove(m_entries.back().key);
        m_entries.pop_back();
    }
    return m_entries.front().layout;
}

void LayoutCache::forget(const QString &key)
{
    if (const auto found = m_index.find(key); found != m_index.end()) {
        m_entries.erase(*found);
        m_index.erase(found);
    }
}

void LayoutCache::clear()
{
    m_entries.clear();
    m_index.clear();
}

} // namespace kith::ui
