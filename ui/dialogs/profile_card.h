// SPDX-License-Identifier: GPL-3.0-or-later
// Who somebody is, and what can be done about them; one's own card changes the own name and picture.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "core/models/conversation_list.h"
#endif
#include "ui/theme/theme.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace kith::ui {

class AvatarWidget;
class ConfirmButton;
class Field;
class PictureEditor;

/// A group that both are in.
struct SharedGroup {
    ConversationId conversation;
    QString name;
};

class ProfileCard final : public QDialog {
    Q_OBJECT
public:
    ProfileCard(const Theme &theme, const User &user, bool self, QWidget *parent = nullptr);

    const UserId &user() const { return m_user.id; }
    void setUser(const User &user);
    void setPresence(const std::optional<Presence> &presence);
    void setBlocked(bool blocked);
    /// Of the private conversation; nothing: there is none yet.
    void setMuted(std::optional<bool> muted);
    void setGroups(const std::vector<SharedGroup> &groups);
    /// Beside what failed: nothing else of the card goes.
    void showError(const client::ClientError &error);
    void setBusy(bool busy);

    QString presenceText() const;
    QPushButton *messageButton() const { return m_message; }
    QPushButton *muteButton() const { return m_mute; }
    QPushButton *searchButton() const { return m_search; }
    QPushButton *copyButton() const { return m_copy; }
    QPushButton *blockButton() const;
    QPushButton *unblockButton() const { return m_unblock; }
    QPushButton *saveButton() const { return m_save; }
    Field *nameField() const { return m_nameField; }           // null on the card of somebody else
    PictureEditor *pictureEditor() const { return m_picture; } // likewise
    QList<QPushButton *> groupButtons() const;

signals:
    void messageRequested();
    void muteRequested(const QPoint &global);
    void searchRequested();
    void blockRequested(bool blocked);
    void groupRequested(const kith::ConversationId &conversation);
    void renameRequested(const QString &name);

private:
    void addActions(QVBoxLayout *column);
    void addOwnName(QVBoxLayout *column);
    void refresh();

    const Theme &m_theme;
    User m_user;
    const bool m_self;
    bool m_blocked = false, m_busy = false;
    std::optional<bool> m_muted;
    AvatarWidget *m_avatar;
    QLabel *m_name;
    QLabel *m_username;
    QLabel *m_presence;
    QLabel *m_note; // that they are blocked
    QWidget *m_groups;
    QVBoxLayout *m_groupRows;
    QLabel *m_problem;
    PictureEditor *m_picture = nullptr;
    Field *m_nameField = nullptr;
    QPushButton *m_message = nullptr, *m_mute = nullptr, *m_search = nullptr, *m_copy, *m_unblock = nullptr;
    QPushButton *m_save = nullptr;
    ConfirmButton *m_block = nullptr;
};

} // namespace kith::ui
