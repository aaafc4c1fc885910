// SPDX-License-Identifier: GPL-3.0-or-later
// The hits of a search as rows with names, newest first; pages are added at the end.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/history/search.h"
#include "core/models/conversation_list.h"
#endif

#include <QAbstractListModel>

namespace kith::models {

struct HitRow {
    ConversationId conversation;
    Seq seq;
    history::SearchPlace place;
    QString text; // the snippet
    struct Mark {
        int start = 0, length = 0;
        bool operator==(const Mark &) const = default;
    };
    std::vector<Mark> marks;
    QString sender; // display name; empty for oneself, see own
    int senderColour = 0;
    QString senderAvatar; // file ids of the pictures
    bool own = false;
    QString name; // of the conversation
    int colour = 0;
    QString avatar;
    bool group = false, archive = false;

    bool operator==(const HitRow &) const = default;
};

class SearchHitsModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { RowRole = Qt::UserRole + 1 };

    SearchHitsModel(People &people, const ConversationListModel &list, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const HitRow &row(int index) const { return m_rows.at(static_cast<std::size_t>(index)); }
    int indexOf(const ConversationId &id, Seq seq) const; // -1 if it is not there

    void reset(const std::vector<history::SearchHit> &hits);
    void append(const std::vector<history::SearchHit> &hits);

private:
    HitRow make(const history::SearchHit &hit) const;
    void name(HitRow &row) const;
    void refresh();

    People &m_people;
    const ConversationListModel &m_list;
    std::vector<HitRow> m_rows;
    std::vector<UserId> m_senders; // of the rows
};

} // namespace kith::models

Q_DECLARE_METATYPE(kith::models::HitRow)
