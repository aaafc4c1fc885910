// SPDX-License-Identifier: GPL-3.0-or-later
// Who has read a message and who has received it, as the server says when asked.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "core/models/people.h"
#include "ui/theme/theme.h"
#endif

#include <QAbstractListModel>
#include <QDialog>

class QLabel;
class QListView;

namespace kith::ui {

/// Those who read it first, then those who have only received it; the roles are FoundModel's, for PersonDelegate.
class ReceiptsModel final : public QAbstractListModel {
    Q_OBJECT
public:
    explicit ReceiptsModel(models::People &people, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    void reset(const client::MessageReceipts &receipts);

private:
    models::People &m_people;
    std::vector<UserId> m_users;
    std::size_t m_read = 0; // so many of them, from the first
};

class ReceiptsDialog final : public QDialog {
    Q_OBJECT
public:
    ReceiptsDialog(const Theme &theme, models::People &people, const QString &text, QWidget *parent = nullptr);

    void showReceipts(const client::MessageReceipts &receipts);
    void showError(const client::ClientError &error);
    QListView *list() const { return m_list; }
    QString summary() const;

private:
    ReceiptsModel m_model;
    QLabel *m_summary;
    QListView *m_list;
    QLabel *m_problem;
};

} // namespace kith::ui
