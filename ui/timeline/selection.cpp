// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/selection.h"

#include "ui/words/words.h"

#include <QStringList>

#include <algorithm>

namespace kith::ui {

void Selection::start(End end)
{
    m_anchor = end;
    m_head = std::move(end);
}

void Selection::set(End from, End to)
{
    m_anchor = std::move(from);
    m_head = std::move(to);
}

Selection::Span Selection::span(const models::TimelineWindow &model) const
{
    const int a = model.indexOfKey(m_anchor.key), b = model.indexOfKey(m_head.key);
    if (a < 0 || b < 0)
        return {};
    if (std::pair(a, m_anchor.at) <= std::pair(b, m_head.at))
        return {a, m_anchor.at, b, m_head.at};
    return {b, m_head.at, a, m_anchor.at};
}

std::pair<int, int> Selection::inRow(const models::TimelineWindow &model, int row, int length) const
{
    if (!isActive())
        return {0, 0};
    const Span s = span(model);
    if (s.first < 0 || row < s.first || row > s.last)
        return {0, 0};
    const int from = row == s.first ? std::min(s.from, length) : 0;
    const int to = row == s.last ? std::min(s.to, length) : length;
    return {from, std::max(from, to)};
}

bool Selection::isEmpty(const models::TimelineWindow &model) const
{
    const Span s = span(model);
    return s.first < 0 || (s.first == s.last && s.from == s.to);
}

QString Selection::text(const models::TimelineWindow &model) const
{
    const Span s = span(model);
    if (s.first < 0)
        return {};
    struct Part {
        const models::TimelineRow &row;
        QString words;
    };
    std::vector<Part> parts;
    for (int i = s.first; i <= s.last; ++i) {
        const models::TimelineRow &row = model.row(i);
        if (row.kind != models::RowKind::Message || row.stored.message.recalled)
            continue;
        const QString &words = row.words.text;
        const auto [from, to] = inRow(model, i, static_cast<int>(words.size()));
        if (to > from)
            parts.push_back({row, words.mid(from, to - from)});
    }
    if (parts.size() == 1)
        return parts.front().words;
    QStringList lines;
    for (const Part &part : parts)
        lines << QStringLiteral("[%1] %2: %3")
                     .arg(toLocal(part.row.stored.message.createdAt).toString(QStringLiteral("yyyy-MM-dd HH:mm")),
                          Words::name(part.row.sender), part.words);
    return lines.join(QLatin1Char('\n'));
}

} // namespace kith::ui
