// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of people as lists show them: avatar, name, user name or role, and whether they are chosen.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/members.h"
#include "ui/theme/theme.h"
#endif

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace kith::ui {

/// People found by a search, with a mark on those that are chosen.
class FoundModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { NameRole = Qt::UserRole + 1, DetailRole, ColourRole, ChosenRole, OnlineRole };
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const User &user(int row) const { return m_found.at(static_cast<std::size_t>(row)); }
    void reset(std::vector<User> users);
    void toggle(int row);
    const std::vector<User> &chosen() const { return m_chosen; }
    void drop(const UserId &user);

signals:
    void chosenChanged();

private:
    bool isChosen(const UserId &id) const;
    std::vector<User> m_found;
    std::vector<User> m_chosen;
};

class PersonDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    enum class Size { Full, Compact }; // Compact: for a list that has no focus of its own; its selected row is marked
    PersonDelegate(const Theme &theme, QObject *parent = nullptr) : PersonDelegate(theme, Size::Full, parent) {}
    PersonDelegate(const Theme &theme, Size size, QObject *parent)
        : QStyledItemDelegate(parent), m_theme(theme), m_size(size)
    {
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return m_size == Size::Full ? QSize(56, m_theme.row(56)) : QSize(48, m_theme.row(48));
    }

private:
    const Theme &m_theme;
    Size m_size;
};

} // namespace kith::ui
