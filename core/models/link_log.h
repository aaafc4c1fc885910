// SPDX-License-Identifier: GPL-3.0-or-later
// The link's changes as rows of a table, newest first.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/recorder.h"
#include <deque>
#endif

#include <QAbstractTableModel>

namespace kith::models {

class LinkLogModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Time, State, Lasted, Why, kColumns };

    explicit LinkLogModel(const client::Recorder &recorder, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Oldest first, as they happened.
    const std::deque<client::LinkChange> &changes() const { return m_changes; }

    static QString stateName(const client::LinkStatus &status);

private:
    const client::LinkChange &change(int row) const
    {
        return m_changes[m_changes.size() - 1 - static_cast<std::size_t>(row)];
    }
    QString lasted(int row) const;
    QString why(int row) const;
    void add(const client::LinkChange &change);

    std::deque<client::LinkChange> m_changes;
};

} // namespace kith::models
