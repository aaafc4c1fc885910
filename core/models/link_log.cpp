// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/link_log.h"

#include <QDateTime>
#include <QLocale>

namespace kith::models {

using client::LinkPhase;

LinkLogModel::LinkLogModel(const client::Recorder &recorder, QObject *parent)
    : QAbstractTableModel(parent), m_changes(recorder.changes())
{
    connect(&recorder, &client::Recorder::linkChanged, this, [this, &recorder] { add(recorder.changes().back()); });
}

void LinkLogModel::add(const client::LinkChange &change)
{
    beginInsertRows({}, 0, 0);
    m_changes.push_back(change);
    endInsertRows();
    if (rowCount() > 1)
        emit dataChanged(index(1, Lasted), index(1, Lasted)); // now it is known how long it lasted
    if (m_changes.size() <= client::Recorder::kMostChanges)
        return;
    const int last = rowCount() - 1;
    beginRemoveRows({}, last, last);
    m_changes.pop_front();
    endRemoveRows();
}

int LinkLogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_changes.size());
}

int LinkLogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QString LinkLogModel::stateName(const client::LinkStatus &status)
{
    switch (status.phase) {
    case LinkPhase::LoggedOut:
        return tr("Logged out");
    case LinkPhase::Offline:
        return tr("Offline");
    case LinkPhase::Connecting:
        return tr("Connecting");
    case LinkPhase::Online:
        return status.catchingUp ? tr("Connected, catching up") : tr("Connected");
    case LinkPhase::Waiting:
        return tr("Waiting");
    }
    return {};
}

QString LinkLogModel::lasted(int row) const
{
    if (row == 0)
        return {};
    const auto took = change(row - 1).at - change(row).at;
    if (took < std::chrono::seconds{1})
        return tr("%1 ms").arg(took.count());
    if (took < std::chrono::minutes{2})
        return tr("%1 s").arg(QLocale().toString(static_cast<double>(took.count()) / 1000, 'f', 1));
    return tr("%1 min").arg(std::chrono::duration_cast<std::chrono::minutes>(took).count());
}

QString LinkLogModel::why(int row) const
{
    const auto &status = change(row).status;
    QStringList parts;
    if (status.closed)
        parts << tr("code %1").arg(static_cast<int>(*status.closed));
    if (!status.reason.isEmpty())
        parts << status.reason;
    if (status.phase == LinkPhase::Waiting)
        parts << tr("next attempt in %1 s")
                     .arg(QLocale().toString(static_cast<double>(status.retryIn.count()) / 1000, 'f', 1));
    return parts.join(QStringLiteral(" · "));
}

QVariant LinkLogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::ToolTipRole && index.column() == Why)
        return why(index.row());
    if (role != Qt::DisplayRole)
        return {};
    const auto &one = change(index.row());
    switch (index.column()) {
    case Time:
        return QDateTime::fromMSecsSinceEpoch(toUnixMs(one.at)).toString(QStringLiteral("HH:mm:ss.zzz"));
    case State:
        return stateName(one.status);
    case Lasted:
        return lasted(index.row());
    case Why:
        return why(index.row());
    default:
        return {};
    }
}

QVariant LinkLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case State:
        return tr("Connection");
    case Lasted:
        return tr("Lasted");
    case Why:
        return tr("Why");
    default:
        return {};
    }
}

} // namespace kith::models
