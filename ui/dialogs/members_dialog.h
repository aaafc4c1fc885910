// SPDX-License-Identifier: GPL-3.0-or-later
// Who is in a group, with what owners and admins may do: add and remove.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "core/models/members.h"
#include "ui/theme/theme.h"
#endif

#include <QDialog>
#include <QIdentityProxyModel>

class QLabel;
class QListView;
class QPushButton;

namespace kith::ui {

/// A MembersModel with the roles that PersonDelegate paints.
class MemberRoles final : public QIdentityProxyModel {
    Q_OBJECT
public:
    using QIdentityProxyModel::QIdentityProxyModel;
    QVariant data(const QModelIndex &index, int role) const override;
};

class MembersDialog final : public QDialog {
    Q_OBJECT
public:
    MembersDialog(const Theme &theme, models::MembersModel &model, bool mayChange, QWidget *parent = nullptr);
    void showError(const client::ClientError &error);

signals:
    void inviteRequested();
    void removeRequested(const kith::UserId &user);

private:
    models::MembersModel &m_model;
    MemberRoles m_roles;
    QListView *m_list;
    QLabel *m_problem;
    QPushButton *m_remove;
};

} // namespace kith::ui
