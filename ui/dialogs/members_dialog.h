// SPDX-License-Identifier: GPL-3.0-or-later
// A group: what it is about, who is in it, and what the reader's own role allows to do about that.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "core/models/members.h"
#include "ui/theme/theme.h"

#include <functional>
#endif

#include <QDialog>
#include <QIdentityProxyModel>
#include <QTimer>

class QLabel;
class QLineEdit;
class QListView;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace kith::ui {

class AvatarWidget;
class ElidedLabel;
class EmptyState;
class PictureEditor;

/// A MembersModel with the roles that PersonDelegate paints.
class MemberRoles final : public QIdentityProxyModel {
    Q_OBJECT
public:
    MemberRoles(const models::People &people, QObject *parent) : QIdentityProxyModel(parent), m_people(people) {}
    QVariant data(const QModelIndex &index, int role) const override;

private:
    const models::People &m_people;
};

class MembersDialog final : public QDialog {
    Q_OBJECT
public:
    MembersDialog(const Theme &theme, models::MembersModel &model, const models::People &people,
                  QWidget *parent = nullptr);

    /// The group as it is now, with the reader's own role: only what that allows is offered.
    void setGroup(const Head &head);
    void setLoading(bool loading);
    /// Beside the list; nothing takes it away. `again`: members are missing and may be asked for again.
    void showError(const std::optional<client::ClientError> &error, bool again = false);
    const ConversationId &conversation() const { return m_head.conversation; }

    QLineEdit *searchEdit() const { return m_search; }
    QListView *list() const { return m_list; }
    QPushButton *manageButton() const { return m_manage; }
    QPushButton *confirmButton() const { return m_confirm; } // hidden while nothing is asked
    PictureEditor *pictureEditor() const { return m_picture; }
    AvatarWidget *face() const { return m_face; }
    QString summary() const;
    /// What may be done to the current member, for menus and tests.
    void fillMenu(QMenu &menu);

signals:
    void inviteRequested();
    void editRequested();
    void removeRequested(const kith::UserId &user);
    void roleRequested(const kith::UserId &user, kith::Role role);
    void profileRequested(const kith::UserId &user);
    void loadRequested();
    /// Who is in sight, after a pause: whose presence is worth asking for.
    void inSight(const std::vector<kith::UserId> &users);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    const Member *current() const;
    models::MemberRights rights() const;
    void ask(const QString &question, const QString &action, std::function<void()> then);
    void refresh();
    void tellSight();

    models::MembersModel &m_model;
    const models::People &m_people;
    MemberRoles m_roles;
    Head m_head;
    bool m_loading = false;
    AvatarWidget *m_face;
    PictureEditor *m_picture;
    ElidedLabel *m_title;
    QPushButton *m_edit;
    QLabel *m_about;
    QLabel *m_summary;
    QLineEdit *m_search;
    QStackedWidget *m_stack;
    QListView *m_list;
    EmptyState *m_empty;
    QWidget *m_problemBox;
    QLabel *m_problem;
    QPushButton *m_again;
    QWidget *m_question;
    QLabel *m_questionText;
    QPushButton *m_confirm;
    QPushButton *m_add;
    QPushButton *m_manage;
    std::function<void()> m_then; // after the question
    QTimer m_pause;
};

} // namespace kith::ui
