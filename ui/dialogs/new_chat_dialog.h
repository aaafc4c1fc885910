// SPDX-License-Identifier: GPL-3.0-or-later
// Find people: one becomes a private conversation, several with a name a group. Also used to invite into a group.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/widgets/people_list.h"
#endif

#include <QDialog>
#include <QTimer>

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QStackedWidget;

namespace kith::ui {

class EmptyState;
class Field;

class NewChatDialog final : public QDialog {
    Q_OBJECT
public:
    enum class Purpose { Start, Invite };
    NewChatDialog(const Theme &theme, Purpose purpose, QWidget *parent = nullptr);

    /// The answer to the newest searchRequested; answers of an older number are dropped.
    void setFound(quint64 request, std::vector<User> users);
    void setFailed(quint64 request, const client::ClientError &error);
    void setBusy(bool busy);
    void showError(const client::ClientError &error);
    QLineEdit *searchEdit() const { return m_search; }
    Field *groupName() const { return m_name; }
    QListView *list() const { return m_list; }
    QPushButton *submitButton() const { return m_submit; }

signals:
    void searchRequested(quint64 request, const QString &text);
    void privateChosen(const kith::User &user);
    void groupChosen(const QString &name, const std::vector<kith::User> &members);

private:
    void search();
    void refresh();
    void submit();

    const Theme &m_theme;
    Purpose m_purpose;
    FoundModel m_model;
    QLineEdit *m_search;
    QLabel *m_chosen;
    Field *m_name;
    QStackedWidget *m_stack;
    QListView *m_list;
    EmptyState *m_empty;
    QLabel *m_problem;
    QPushButton *m_cancel;
    QPushButton *m_submit;
    QTimer m_pause;
    quint64 m_request = 0;
    bool m_busy = false;
    bool m_answered = false;
};

} // namespace kith::ui
