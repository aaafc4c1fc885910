// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations with how much of each is on this computer, as the page of the storage shows them.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#include <optional>
#include <vector>
#endif

#include <QAbstractListModel>
#include <QDate>
#include <QStyledItemDelegate>

namespace kith::ui {

/// Values only, like every row that a delegate paints.
struct DownloadRow {
    ConversationId id;
    QString name;
    int colour = 0;
    QString avatar;               // file id of the picture
    qint64 here = 0, missing = 0; // messages; missing ones may still come
    qint64 forgotten = 0;         // taken off this computer by the user
    qint64 bytes = 0;             // on disk, an estimate
    QDate oldest;                 // day of the oldest message here
    int gaps = 0;
    bool lost = false;                        // by the server: its data set is an older one
    bool left = false;                        // the server answers members only
    bool current = false;                     // being asked for
    std::optional<client::ClientError> error; // why the rest is not to be had

    bool operator==(const DownloadRow &other) const
    {
        return id == other.id && name == other.name && colour == other.colour && avatar == other.avatar &&
               here == other.here && missing == other.missing && forgotten == other.forgotten && bytes == other.bytes &&
               oldest == other.oldest && gaps == other.gaps && left == other.left && lost == other.lost &&
               current == other.current && error.has_value() == other.error.has_value();
    }
};

class DownloadModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        DetailRole = Qt::UserRole + 1,
        ColourRole,
        PartRole,
        CurrentRole,
        RefusedRole,
        SizeRole,
        SinceRole,
        WholeRole
    };
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const DownloadRow &row(int at) const { return m_rows.at(static_cast<std::size_t>(at)); }
    /// Rows keep their places while the list is looked at; those that are new come first.
    void show(const std::vector<DownloadRow> &rows);
    int indexOf(const ConversationId &id) const; // -1: not there
    static QString detail(const DownloadRow &row);

private:
    std::vector<DownloadRow> m_rows;
};

class DownloadDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    DownloadDelegate(const Theme &theme, QObject *parent = nullptr) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {56, m_theme.row(64)}; }

private:
    const Theme &m_theme;
};

} // namespace kith::ui
