// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/wire_log.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace kith::models {

using client::WireEntry;

namespace {
constexpr auto kBetween = std::chrono::milliseconds{50}; // a download brings hundreds of frames a second
constexpr int kNamed = 3;                                // ops that are written out of a frame with many

QString named(const QStringList &words)
{
    QStringList some;
    for (const auto &word : words)
        if (!word.isEmpty() && some.size() < kNamed)
            some << word;
    const auto rest = words.size() - words.count(QString()) - some.size();
    return some.join(QLatin1String(", ")) + (rest > 0 ? QStringLiteral(" +%1").arg(rest) : QString());
}
} // namespace

WireLogModel::WireLogModel(client::Recorder &recorder, QObject *parent)
    : QAbstractTableModel(parent), m_recorder(&recorder)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kBetween);
    connect(&m_soon, &QTimer::timeout, this, &WireLogModel::take);
    connect(&recorder, &client::Recorder::recorded, this, [this] {
        if (!m_paused && !m_soon.isActive())
            m_soon.start();
    });
    connect(&recorder, &client::Recorder::wireForgotten, this, &WireLogModel::reset);
    take();
}

int WireLogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int WireLogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant WireLogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Line &one = line(index.row());
    const WireEntry &entry = one.entry;
    const bool http = entry.kind == WireEntry::Kind::Http;
    switch (role) {
    case KindRole:
        return static_cast<int>(entry.kind);
    case TextRole:
        return entry.json;
    case Qt::TextAlignmentRole:
        return index.column() == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                      : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case Time:
        return QDateTime::fromMSecsSinceEpoch(toUnixMs(entry.at)).toString(QStringLiteral("HH:mm:ss.zzz"));
    case Direction:
        return http                                  ? QStringLiteral("HTTP")
               : entry.kind == WireEntry::Kind::Sent ? QStringLiteral("→")
                                                     : QStringLiteral("←");
    case Op:
        return one.op;
    case Id:
        return one.id;
    case Size:
        return QLocale().toString(entry.bytes);
    default:
        return {};
    }
}

QVariant WireLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                               : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Direction:
        return tr("Way");
    case Op:
        return tr("Op");
    case Id:
        return tr("Id");
    case Size:
        return tr("Bytes");
    default:
        return {};
    }
}

WireLogModel::Line WireLogModel::read(const WireEntry &entry)
{
    Line made;
    made.entry = entry;
    if (entry.kind == WireEntry::Kind::Http) {
        made.op = QString::fromLatin1(entry.method) + QLatin1Char(' ') + entry.path;
        made.id = entry.status > 0 ? QStringLiteral("%1 · %2 ms").arg(entry.status).arg(entry.took.count())
                                   : QStringLiteral("– · %1 ms").arg(entry.took.count());
        made.all = {QStringLiteral("HTTP")};
        return made;
    }
    const auto summary = summarise(entry.json);
    made.op = named(summary.ops);
    made.id = named(summary.ids);
    made.all = summary.ops;
    made.all.removeDuplicates();
    made.all.removeAll(QString());
    return made;
}

bool WireLogModel::matches(const Line &one) const
{
    if (!m_op.isEmpty() && !one.all.contains(m_op))
        return false;
    if (m_text.isEmpty() || one.op.contains(m_text, Qt::CaseInsensitive))
        return true;
    return QString::fromUtf8(one.entry.json).contains(m_text, Qt::CaseInsensitive);
}

void WireLogModel::setFilter(const QString &text, const QString &op)
{
    if (text == m_text && op == m_op)
        return;
    m_text = text;
    m_op = op;
    beginResetModel();
    m_shown.clear();
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        if (matches(m_lines[i]))
            m_shown.push_back(m_first + i);
    endResetModel();
    emit countsChanged();
}

void WireLogModel::setPaused(bool paused)
{
    m_paused = paused;
    if (!paused)
        take();
}

void WireLogModel::clear()
{
    if (m_recorder)
        m_recorder->forgetWire();
    else
        reset();
}

void WireLogModel::reset()
{
    beginResetModel();
    m_lines.clear();
    m_lines.shrink_to_fit();
    m_shown.clear();
    m_first = 0;
    if (m_recorder)
        m_taken = m_recorder->lastNumber();
    endResetModel();
    emit countsChanged();
}

void WireLogModel::take()
{
    if (m_paused || !m_recorder || m_recorder->lastNumber() == m_taken)
        return;
    const auto &wire = m_recorder->wire();
    std::vector<Line> news;
    for (auto it = wire.rbegin(); it != wire.rend() && it->number > m_taken; ++it)
        news.push_back(read(*it));
    std::reverse(news.begin(), news.end());
    m_taken = m_recorder->lastNumber();
    std::vector<std::uint64_t> fitting;
    const auto opsBefore = m_ops.size();
    for (std::size_t i = 0; i < news.size(); ++i) {
        if (matches(news[i]))
            fitting.push_back(m_first + m_lines.size() + i);
        for (const auto &op : news[i].all)
            if (const auto place = std::lower_bound(m_ops.begin(), m_ops.end(), op);
                place == m_ops.end() || *place != op)
                m_ops.insert(place, op);
    }
    if (!fitting.empty())
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(fitting.size()) - 1);
    for (auto &one : news)
        m_lines.push_back(std::move(one));
    m_shown.insert(m_shown.end(), fitting.begin(), fitting.end());
    if (!fitting.empty())
        endInsertRows();
    // What the recorder has let go goes here too: the memory is bounded once, not twice.
    const auto oldest = wire.empty() ? m_taken + 1 : wire.front().number;
    std::size_t gone = 0;
    while (gone < m_lines.size() && m_lines[gone].entry.number < oldest)
        ++gone;
    drop(gone);
    if (m_ops.size() != opsBefore)
        emit opsChanged();
    emit countsChanged();
}

void WireLogModel::drop(std::size_t count)
{
    if (count == 0)
        return;
    const auto first = m_first + count;
    const auto rows = std::lower_bound(m_shown.begin(), m_shown.end(), first) - m_shown.begin();
    if (rows > 0)
        beginRemoveRows({}, 0, static_cast<int>(rows) - 1);
    m_shown.erase(m_shown.begin(), m_shown.begin() + rows);
    m_lines.erase(m_lines.begin(), m_lines.begin() + static_cast<std::ptrdiff_t>(count));
    m_first = first;
    if (rows > 0)
        endRemoveRows();
}

} // namespace kith::models
